/**
 * The catalogue: everything the page says, in English and Japanese. English gives the type, Japanese has to satisfy it,
 * so a missing message does not compile. No library: two languages, a few hundred strings, functions where there are
 * parameters, Intl for numbers. Here is what words are made of them with; the texts come by language.ts.
 */
import type { Messages } from './en.ts'
import type { Parameters, Say } from './notices.en.ts'

export type { Messages } from './en.ts'
export { formatOf, type Format, type Locale } from './format.ts'
export { loadLanguage, locales, preferredLocale, type Language } from './language.ts'
export type { Parameters } from './notices.en.ts'

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
