import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rowNames, table } from '../../src/core/experiment/table.ts'
import type { DataErrorCode, Remarks } from '../../src/data/errors.ts'
import type { StoreErrorCode } from '../../src/store/errors.ts'
import type { EngineErrorCode } from '../../src/engine/errors.ts'
import type { ExchangeErrorCode } from '../../src/core/exchange/errors.ts'
import type { Problem } from '../../src/core/experiment/read.ts'
import { selectorIds } from '../../src/core/selectors/index.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { formatOf, locales, preferredLocale, sayNotice, type Messages } from '../../src/i18n/index.ts'

/** Fails to compile, naming what is missing, when a code has no message. */
type Nothing<T extends never> = T
type Refusal = ReturnType<NonNullable<Strategy['refuses']>>
export type Missing = [
  Nothing<
    Exclude<
      DataErrorCode | keyof Remarks | StoreErrorCode | EngineErrorCode | NonNullable<Refusal>,
      keyof Messages['notices']
    >
  >,
  Nothing<Exclude<NonNullable<Refusal>, keyof Messages['refusals']>>,
  Nothing<Exclude<ExchangeErrorCode, keyof Messages['exchange']>>,
  Nothing<Exclude<Problem['code'], keyof Messages['problems']>>,
  Nothing<Exclude<Strategy['category'], keyof Messages['categories']>>
]

/** Every text of a catalogue by its path; functions are called with made-up words. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') {
    const words = new Proxy({}, { get: (_, key) => (key === Symbol.toPrimitive ? () => '7' : '7') })
    const made = [words, '7', '7', '7']
    const group = [{ strategies: 'A', initialSizes: '5' }]
    for (const given of [made, [7, 7, 7], ['7', group], [group]]) {
      try {
        return [[path, String((value as (...all: unknown[]) => unknown)(...given))]]
      } catch {
        // it takes something else
      }
    }
    throw new Error(`${path} cannot be called`)
  }
  return Object.entries(value as object).flatMap(([key, v]) => texts(v, path ? `${path}.${key}` : key))
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory()
      ? sources(join(folder, entry.name))
      : /\.(ts|svelte)$/.test(entry.name)
        ? [join(folder, entry.name)]
        : []
  )
}

describe.each(locales)('the catalogue in %s', locale => {
  const m = catalogues[locale]

  it('has the same messages as the other language, and none is empty', () => {
    const paths = texts(m).map(([path]) => path)
    expect(paths).toEqual(texts(catalogues.en).map(([path]) => path))
    for (const [path, text] of texts(m)) expect(text.trim(), path).not.toBe('')
  })

  it('has a label and a help text for every row, and a name for every option', () => {
    for (const name of rowNames) {
      expect(m.rows[name].label, name).toBeTruthy()
      expect(m.rows[name].help, name).toBeTruthy()
      const row = table[name]
      if (row.kind === 'choice')
        expect(Object.keys(m.options[name as keyof typeof m.options]), name).toEqual([...row.options])
    }
    expect(Object.keys(m.rows)).toEqual(expect.arrayContaining(rowNames))
  })

  it('has every strategy', () => {
    expect(Object.keys(m.strategies).sort()).toEqual([...strategyIds].sort())
  })

  it('has every initial selector', () => {
    expect(Object.keys(m.selectors).sort()).toEqual([...selectorIds].sort())
  })

  it('has every code that the sources throw or tell', () => {
    const root = join(import.meta.dirname, '../../src')
    const thrown = /\b(?:Data|Store|Engine|Runtime|Pool|Lab)Error\(\s*'([a-zA-Z]+)'/g
    const told = /\b(?:notice|remark)\(\s*'([a-zA-Z]+)'/g
    const passedOn = /(?:\bcode = |\?\? |\bfailed\(\w+, )'([a-z]+[A-Z][a-zA-Z]+|lost|diverged)'/g
    for (const file of sources(root)) {
      const text = readFileSync(file, 'utf8')
      for (const pattern of [thrown, told, ...(file.includes('runtime') ? [passedOn] : [])])
        for (const [, code] of text.matchAll(pattern)) expect(Object.keys(m.notices), file).toContain(code)
    }
  })
})

describe('Japanese', () => {
  it('is written in Japanese', () => {
    const foreign = new Set([
      'page.data.shape',
      'page.header.backends.webgpu',
      'page.header.backends.wasm',
      'options.unlabelled.meanTeacher'
    ])
    const named =
      /^(options\.pretraining\.\w+|maps\.(arrangements\.\w+|arranging)|strategies\.[\w:]+\.name|selectors\.[\w:]+\.(name|short)|charts\.controls\.(svg|png|csv))$/
    for (const [path, text] of texts(catalogues.ja))
      if (!foreign.has(path) && !named.test(path) && /[a-z]{3}/i.test(text.replace(/7/g, '')))
        expect(text, path).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
  })
})

describe('choosing', () => {
  it('takes the first language that it has', () => {
    expect(preferredLocale(['fr', 'ja-JP', 'en'])).toBe('ja')
    expect(preferredLocale(['de'])).toBe('en')
    expect(preferredLocale([])).toBe('en')
  })

  it('says something about a code that it does not know', () => {
    expect(sayNotice(catalogues.en, formatOf('en'), 'ofTheFuture')).toContain('ofTheFuture')
    // of Chromium, Firefox, Safari
    for (const message of [
      'Failed to fetch dynamically imported module: https://x/assets/parquetFile-D.js',
      'error loading dynamically imported module: https://x/assets/parquetFile-D.js',
      'Importing a module script failed.'
    ])
      expect(sayNotice(catalogues.en, formatOf('en'), 'unexpected', { message })).toMatch(
        /^A part of the page/
      )
    expect(sayNotice(catalogues.en, formatOf('en'), 'exchange.ofTheFuture')).toContain('ofTheFuture')
    expect(sayNotice(catalogues.en, formatOf('en'), 'toString')).toContain('toString')
  })
})

describe('numbers', () => {
  it('are written as people write them', () => {
    const [en, ja] = [formatOf('en'), formatOf('ja')]
    expect([en.number(12345), en.percent(0.25), en.bytes(47_040_016)]).toEqual(['12,345', '25%', '47 MB'])
    expect([0, 1, 999, 1000, 2400].map(en.bytes)).toEqual(['0 kB', '1 kB', '1 kB', '1 kB', '2 kB'])
    expect([0.2, 12, 61, 200, 3700, 7200].map(s => en.duration(s))).toEqual([
      '1 sec',
      '12 sec',
      '1 min 5 sec',
      '3 min 20 sec',
      '1 hr 2 min',
      '2 hr'
    ])
    expect([12, 61, 3700].map(s => ja.duration(s))).toEqual(['12秒', '1分5秒', '1時間2分'])
  })
})
