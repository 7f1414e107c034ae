/**
 * The catalogue: everything the page says, in English and Japanese. English gives the type, Japanese has to satisfy it,
 * so a missing message does not compile. No library: two languages, a few hundred strings, functions where there are
 * parameters, Intl for numbers.
 */
import * as chartsEn from './charts.en.ts'
import * as chartsJa from './charts.ja.ts'
import * as exchangeEn from './exchange.en.ts'
import * as exchangeJa from './exchange.ja.ts'
import { catalogue as catalogueEn } from './hub.en.ts'
import { catalogue as catalogueJa } from './hub.ja.ts'
import { lessons as lessonsEn } from './lessons.en.ts'
import { lessons as lessonsJa } from './lessons.ja.ts'
import { library as libraryEn } from './library.en.ts'
import { library as libraryJa } from './library.ja.ts'
import * as mapsEn from './maps.en.ts'
import * as mapsJa from './maps.ja.ts'
import * as noticesEn from './notices.en.ts'
import * as noticesJa from './notices.ja.ts'
import * as pageEn from './page.en.ts'
import * as pageJa from './page.ja.ts'
import * as roundsEn from './rounds.en.ts'
import * as roundsJa from './rounds.ja.ts'
import * as rowsEn from './rows.en.ts'
import * as rowsJa from './rows.ja.ts'
import * as selectorsEn from './selectors.en.ts'
import * as selectorsJa from './selectors.ja.ts'
import * as strategiesEn from './strategies.en.ts'
import * as strategiesJa from './strategies.ja.ts'
import type { Locale } from './format.ts'
import type { Parameters, Say } from './notices.en.ts'

export { formatOf, type Format, type Locale } from './format.ts'
export type { Parameters } from './notices.en.ts'

const en = {
  ...pageEn,
  ...rowsEn,
  ...strategiesEn,
  ...selectorsEn,
  ...mapsEn,
  ...roundsEn,
  ...noticesEn,
  ...exchangeEn,
  ...chartsEn,
  catalogue: catalogueEn,
  lessons: lessonsEn,
  library: libraryEn
}
const ja = {
  ...pageJa,
  ...rowsJa,
  ...strategiesJa,
  ...selectorsJa,
  ...mapsJa,
  ...roundsJa,
  ...noticesJa,
  ...exchangeJa,
  ...chartsJa,
  catalogue: catalogueJa,
  lessons: lessonsJa,
  library: libraryJa
}
type Codes<T> = { [K in keyof T]: Say }
export type Messages = Omit<typeof en, 'notices' | 'exchange'> & {
  notices: Codes<typeof en.notices>
  exchange: Codes<typeof en.exchange>
}

export const catalogues: Record<Locale, Messages> = { en, ja }
export const locales = Object.keys(catalogues) as Locale[]

/** The first language of the reader's that the page speaks; English if there is none. */
export function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const known = locales.find(locale => language.toLowerCase().split('-')[0] === locale)
    if (known) return known
  }
  return 'en'
}

/** A row of the experiment by its name on the page, with its group's where another row bears the same name; undefined if there is none. */
export function rowName(messages: Messages, row: string): string | undefined {
  const { rows, page } = messages
  if (!Object.hasOwn(rows, row)) return undefined
  const { label } = rows[row as keyof Messages['rows']]
  const group = row.startsWith('pretraining')
    ? page.pretraining.heading
    : row.startsWith('unlabelled') && row !== 'unlabelled'
      ? rows.unlabelled.label
      : undefined
  return group ? messages.inGroup(group, label) : label
}

/** What a message about a file or link says of a row of the experiment. */
function aboutRow(messages: Messages, { field = '', problem = '', limit = '' }: Parameters): Parameters {
  const row = rowName(messages, field)
  const why = Object.hasOwn(messages.problems, problem)
    ? messages.problems[problem as keyof Messages['problems']](limit)
    : ''
  return { ...(row && { row }), why }
}

/** How browsers say that a part of the page, loaded when it is needed, did not come: after a new version, or without a network. */
const partDidNotCome = /dynamically imported module|importing a module script/i

/** The message of a notice or error code; those of files and links are written 'exchange.<code>'. */
export function sayNotice(
  messages: Messages,
  format: { number(n: number): string },
  code: string,
  parameters: Record<string, string | number> = {}
): string {
  const written = Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [
      key,
      typeof value === 'number' ? format.number(value) : value
    ])
  )
  const { selector = '' } = written
  if (Object.hasOwn(messages.selectors, selector))
    written.selector = messages.selectors[selector as keyof Messages['selectors']].name
  const [, inExchange] = /^exchange\.(.*)$/.exec(code) ?? []
  const table: Record<string, Say> = inExchange ? messages.exchange : messages.notices
  const key =
    code === 'unexpected' && partDidNotCome.test(written.message) ? 'partMissing' : (inExchange ?? code)
  if (!Object.hasOwn(table, key)) return messages.notices.unknown({ code })
  if (!inExchange) return table[key](written)
  const text = table[key]({ ...written, ...aboutRow(messages, written) })
  return written.file ? messages.inFile(written.file, text) : text
}
