import { describe, expect, it } from 'vitest'
import { cursorMarks, locate, moveCursor, readingsAt, readingText } from '../../src/charts/cursor.ts'
import { learningScene } from '../../src/charts/learning.ts'
import { pValue, sentences, upperLimit } from '../../src/charts/format.ts'
import type { ChartMessages } from '../../src/charts/messages.ts'
import type { Cursor } from '../../src/charts/options.ts'
import { sensitivityScene } from '../../src/charts/sensitivity.ts'
import { moveSizeCursor, readingOf, sizeCursorMarks, sizesOf } from '../../src/charts/sizeCursor.ts'
import { csvOf, field } from '../../src/charts/csv.ts'
import { learningRows, sensitivityRows, tableOf } from '../../src/charts/table.ts'
import { fold, pointAt } from '../../src/core/curves.ts'
import type { Result } from '../../src/core/result.ts'
import { againstBestSize } from '../../src/core/statistics/sizes.ts'
import { startLosses } from '../../src/core/statistics/startLoss.ts'
import { charts as en } from '../../src/i18n/charts.en.ts'
import { charts as ja } from '../../src/i18n/charts.ja.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { fixture, nameOf, namesOf } from './fixture.ts'

const curves = fold(fixture({ seeds: 4, testSize: 300 }))
const hidden = new Set<string>()
const options = {
  curves,
  hidden,
  n: 300,
  width: 1200,
  scale: 'plain',
  facet: 'initial',
  showSeeds: false,
  theme: 'light',
  messages: en,
  locale: 'en',
  strategyName: nameOf
} as const
const { panels } = learningScene(options)

describe('reading learning curves by keyboard', () => {
  const press = (cursor: Cursor | undefined, ...keys: string[]) =>
    keys.reduce((c, key) => moveCursor(panels, c, key) ?? c, cursor)

  it('starts at the highest line of the first panel, at the last label count', () => {
    const start = press(undefined, 'ArrowLeft')!
    expect(start).toEqual({ ...readingsAt(panels[0], 300)[0].series.arm, labelCount: 300 })
  })

  it('moves along label counts that were measured, and stops at the ends', () => {
    const start = press(undefined, 'ArrowUp')
    expect(press(start, 'ArrowLeft')!.labelCount).toBe(250)
    expect(press(start, 'Home')!.labelCount).toBe(20)
    expect(press(start, 'Home', 'ArrowLeft')!.labelCount).toBe(20)
    expect(press(start, 'Home', 'ArrowRight')!.labelCount).toBe(50)
    expect(press(start, 'End', 'ArrowRight')!.labelCount).toBe(300)
  })

  it('goes down through every line of every panel, and back up the same way', () => {
    let cursor = press(undefined, 'ArrowDown')
    const seen = [cursor]
    for (let i = 0; i < 23; i++) seen.push((cursor = press(cursor, 'ArrowDown')))
    expect(new Set(seen.map(c => `${c!.strategy}@${c!.initialSize}`)).size).toBe(24)
    expect(press(cursor, 'ArrowDown')).toEqual(cursor)
    for (let i = 22; i >= 0; i--) expect((cursor = press(cursor, 'ArrowUp'))).toEqual(seen[i])
  })

  it('jumps from panel to panel and keeps the label count where it was measured', () => {
    const start = press(undefined, 'ArrowUp', 'Home')
    const next = press(start, 'PageDown')!
    expect(next.initialSize).toBe(50)
    expect(next.labelCount).toBe(50)
    expect(press(next, 'PageUp')!.initialSize).toBe(20)
  })

  it('jumps from panel to panel with the line it is on, where that was measured elsewhere too', () => {
    const start = { strategy: 'margin', initialSize: 20, labelCount: 20 }
    const visited = [1, 2, 3].map(i => press(start, ...Array<string>(i).fill('PageDown')))
    expect(visited).toEqual(
      [50, 100, 200].map(size => ({ strategy: 'margin', initialSize: size, labelCount: size }))
    )
    const { panels: bySize } = learningScene({ ...options, facet: 'strategy' })
    const from = { strategy: 'margin', initialSize: 100, labelCount: 150 }
    expect(moveCursor(bySize, from, 'PageDown')).toMatchObject({ initialSize: 100, labelCount: 150 })
    expect(moveCursor(bySize, from, 'PageDown')!.strategy).not.toBe('margin')
  })

  it('leaves other keys alone', () => {
    expect(moveCursor(panels, undefined, 'a')).toBeUndefined()
    expect(moveCursor([], undefined, 'ArrowLeft')).toBeUndefined()
  })

  it('says the numbers', () => {
    const cursor = { strategy: 'margin', initialSize: 50, labelCount: 300 }
    const { series } = locate(panels, cursor)!
    const placed = series.points.at(-1)!
    const p = pointAt(curves, cursor, 300)!
    const pc = (v: number) => (v * 100).toFixed(1)
    expect(readingText({ series, placed }, en, 'en', nameOf)).toBe(
      `Margin from 50, 300 labels: ${pc(p.mean)}%, ${pc(p.interval!.low)} to ${pc(p.interval!.high)}%, 4 seeds, AUBC so far ${pc(p.area!)}%`
    )
    expect(readingText({ series, placed }, ja, 'ja', nameOf)).toContain('Margin、初期50枚、ラベル300枚')
  })

  it('draws the cursor in every panel that was measured there', () => {
    const drawn = panels.map(
      p => cursorMarks(p, { labelCount: 100, strategy: 'margin', initialSize: 20 }, 7).length
    )
    expect(drawn).toEqual([2, 1, 1, 0])
  })
})

describe('reading the sensitivity chart by keyboard', () => {
  const scene = sensitivityScene(options)
  const press = (cursor: Cursor | undefined, ...keys: string[]) =>
    keys.reduce((c, key) => moveSizeCursor(scene, c, key, 300) ?? c, cursor)

  it('moves along the initial sizes and from line to line', () => {
    expect(sizesOf(scene)).toEqual([20, 50, 100, 200])
    const start = press(undefined, 'ArrowRight')!
    expect(start.initialSize).toBe(20)
    expect(press(start, 'ArrowRight', 'ArrowRight')!.initialSize).toBe(100)
    expect(press(start, 'ArrowRight', 'ArrowRight')!.strategy).toBe(start.strategy)
    expect(press(start, 'End', 'ArrowRight')!.initialSize).toBe(200)
    expect(press(start, 'Home', 'ArrowLeft')!.initialSize).toBe(20)
    const lower = press(start, 'ArrowDown')!
    expect(readingOf(scene, lower)!.placed.point.mean).toBeLessThanOrEqual(
      readingOf(scene, start)!.placed.point.mean
    )
    expect(press(lower, 'ArrowUp')).toEqual(start)
    expect(moveSizeCursor(scene, start, 'Enter', 300)).toBeUndefined()
    expect(sizeCursorMarks(scene, start, 7)).toHaveLength(2)
    expect(sizeCursorMarks(scene, { labelCount: 300 }, 7)).toEqual([])
  })
})

describe('numbers', () => {
  it('are all in the table, in the language of the page', () => {
    const rows = learningRows({ curves, hidden })
    expect(rows).toHaveLength(curves.curves.reduce((sum, c) => sum + c.points.length, 0) + 1)
    const table = tableOf(rows, 'learning', en, 'en', nameOf)
    for (const row of table.rows) expect(row).toHaveLength(table.columns.length)
    expect(table.numeric).toHaveLength(table.columns.length)
    const at = tableOf(sensitivityRows({ curves, hidden, n: 300 }), 'sensitivity', ja, 'ja', nameOf)
    const verdict = at.columns.indexOf('判定')
    expect(at.columns[verdict - 1]).toBe('正解率')
    for (const row of at.rows) expect(row).toHaveLength(at.columns.length)
    expect(at.rows).toHaveLength(24)
    expect(at.rows.find(r => r[0] === 'Consistency' && r[1] === '20')![verdict]).toMatch(/Random|判定/)
  })

  it('are in the CSV to the last digit, one record a line', () => {
    const rows = sensitivityRows({ curves, hidden: new Set(['bald']), n: 300 })
    const [head, ...lines] = csvOf(rows, 'sensitivity').trimEnd().split('\r\n')
    expect(head.split(',')).toHaveLength(26)
    expect(lines).toHaveLength(20)
    const margin = lines.find(l => l.startsWith('margin,50,'))!.split(',')
    const p = pointAt(curves, { strategy: 'margin', initialSize: 50 }, 300)!
    expect(Number(margin[4])).toBeCloseTo(p.mean, 11)
    expect(margin).toHaveLength(26)
    // of whom it is the difference, over how many seeds
    const random = pointAt(curves, { strategy: 'random', initialSize: 50 }, 300)!
    const pairs = p.seeds.filter(seed => random.seeds.includes(seed)).length
    expect(margin.slice(17, 20)).toEqual([String(pairs), 'random', 'random'])
    // and what the initial size makes of it
    const best = againstBestSize(curves, 300).find(r => r.strategy === 'margin' && r.initialSize === 50)
    const column = (name: string) => margin[head.split(',').indexOf(name)]
    if (best) expect(Number(column('minus_best_size'))).toBeCloseTo(best.comparison!.difference, 11)
    else expect([column('best_size'), column('minus_best_size')]).toEqual(['50', ''])
    expect(margin[12]).toBe('random')
    expect(csvOf(learningRows({ curves, hidden }), 'learning').split('\r\n')[0].split(',')).toHaveLength(10)
  })

  it('have the area under the curve up to each row, and what it is', () => {
    const rows = learningRows({ curves, hidden }).filter(
      r => r.arm.strategy === 'margin' && r.arm.initialSize === 100
    )
    const table = tableOf(rows, 'learning', en, 'en', nameOf)
    expect(table.columns.at(-1)).toBe('AUBC so far')
    expect(table.note).toContain('trapezoid')
    const [a, b, c] = rows.map(r => r.point)
    expect(table.rows[0].at(-1)).toBe('')
    expect(rows[1].point.area).toBeCloseTo((a.mean + b.mean) / 2, 12)
    const [first, second] = [b.labelCount - a.labelCount, c.labelCount - b.labelCount]
    const twoSteps = ((a.mean + b.mean) / 2) * first + ((b.mean + c.mean) / 2) * second
    expect(rows[2].point.area).toBeCloseTo(twoSteps / (first + second), 12)
    // at N, where another initial size stands in every row, there is no such column
    const at = tableOf(sensitivityRows({ curves, hidden, n: 300 }), 'sensitivity', en, 'en', nameOf)
    expect(at.columns).not.toContain('AUBC so far')
    expect(at.note).not.toContain('trapezoid')
  })

  it('say with whom a line is compared where that differs, and over how many seeds', () => {
    const result = fixture({
      seeds: 5,
      testSize: 100,
      initialSizes: [20, 100],
      strategies: ['random', 'margin'],
      selectors: ['random', 'kMeans:pixels']
    })
    // Random lacks two of the seeds
    result.runs = result.runs.filter(run => run.arm.strategy !== 'random' || run.seed < 3)
    const rows = sensitivityRows({ curves: fold(result), hidden, n: 300 })
    const table = tableOf(rows, 'sensitivity', en, 'en', namesOf(catalogues.en, true))
    const column = (name: string) => table.columns.indexOf(name)
    const of = (strategy: string) => table.rows.find(row => row[0] === strategy && row[1] === '20')!
    expect(of('Margin\u00a0· random')[column('Compared with')]).toBe('Random\u00a0· random')
    expect(of('Margin\u00a0· k-means')[column('Compared with')]).toBe('Random\u00a0· k-means')
    expect(of('Random\u00a0· k-means')[column('Compared with')]).toBe('Random\u00a0· random')
    expect(of('Margin\u00a0· random')[column('Seeds')]).toBe('5')
    expect(of('Margin\u00a0· random')[column('Against random (points)')]).toMatch(/, 3 seeds$/)
    expect(of('Random\u00a0· k-means')[column('Against random (points)')]).not.toMatch(/seeds/)
    const [head, ...lines] = csvOf(rows, 'sensitivity').trimEnd().split('\r\n')
    const at = (name: string) => head.split(',').indexOf(name)
    const line = lines
      .map(l => l.split(','))
      .find(l => l[0] === 'margin' && l[at('selector')] === 'kMeans:pixels')!
    expect([line[at('seeds')], line[at('pairs')]]).toEqual(['5', '3'])
    expect([line[at('baseline')], line[at('baseline_selector')]]).toEqual(['random', 'kMeans:pixels'])
    // one Random for all: no such column
    const plain = tableOf(sensitivityRows({ curves, hidden, n: 300 }), 'sensitivity', en, 'en', nameOf)
    expect(plain.columns).not.toContain('Compared with')
  })

  it('have no area behind a gap, and one of the seeds that all its points have', () => {
    const arm = { strategy: 'margin', initialSize: 20 }
    const result = fixture({ seeds: 3, testSize: 100, initialSizes: [20], budget: 150 })
    const run = (seed: number) => result.runs.find(r => r.arm.strategy === 'margin' && r.seed === seed)!
    const rightOf = (seed: number, i: number) => run(seed).points[i].correct / 100
    const expected = [0, 1].map(
      seed => (15 * (rightOf(seed, 0) + rightOf(seed, 1)) + 25 * (rightOf(seed, 1) + rightOf(seed, 2))) / 80
    )
    // the third seed has come to its second point
    run(2).points.splice(2)
    const area = (n: number) => pointAt(fold(result), arm, n)!.area
    expect(area(100)).toBeCloseTo((expected[0] + expected[1]) / 2, 12)
    for (const r of result.runs) r.points = r.points.filter(p => p.labelCount !== 50)
    expect(area(100)).toBeUndefined()
    expect(area(150)).toBeUndefined()
  })

  it('have what each size loses at most, from five seeds on, and say what that is', () => {
    const enough = fold(fixture({ strategies: ['random', 'margin', 'consistency'], seeds: 6, testSize: 300 }))
    const rows = sensitivityRows({ curves: enough, hidden, n: 300 })
    const table = tableOf(rows, 'sensitivity', en, 'en', nameOf)
    expect(table.note).toContain(en.table.lossMeans)
    const losses = startLosses(enough, 300)
    expect(losses.length).toBe(8)
    const [head, ...lines] = csvOf(rows, 'sensitivity').trimEnd().split('\r\n')
    const places = [table.columns.indexOf(en.table.lossLimit), head.split(',').indexOf('loss_limit')]
    rows.forEach(({ arm }, i) => {
      const limit = losses.find(l => l.strategy === arm.strategy && l.initialSize === arm.initialSize)?.limit
      expect(table.rows[i][places[0]]).toBe(limit === undefined ? '' : upperLimit(limit, 'en'))
      expect(lines[i].split(',')[places[1]]).toBe(field(limit))
    })
    const few = tableOf(sensitivityRows({ curves, hidden, n: 300 }), 'sensitivity', en, 'en', nameOf)
    expect(few.columns).not.toContain(en.table.lossLimit)
  })

  it('have the p that the verdict goes by, and say what it is corrected for', () => {
    const rows = sensitivityRows({ curves, hidden, n: 250 })
    const compared = rows.filter(r => r.comparison)
    // the interval is of one comparison, the verdict of all from its initial size: they may differ
    const unlike = compared.filter(r => r.comparison!.p < 0.05 !== r.adjusted! < 0.05)
    expect(unlike.length).toBeGreaterThan(0)
    for (const row of compared) {
      const { interval, p } = row.comparison!
      expect(interval.low > 0 || interval.high < 0).toBe(p < 0.05)
      expect(row.verdict !== 'undecided').toBe(row.adjusted! < 0.05)
      expect(row.adjusted!).toBeGreaterThanOrEqual(p)
    }
    // of all lines from that size, hidden ones too
    const without = sensitivityRows({ curves, hidden: new Set(['bald']), n: 250 })
    expect(without.map(r => r.adjusted)).toEqual(
      rows.filter(r => r.arm.strategy !== 'bald').map(r => r.adjusted)
    )
    for (const [messages, locale] of [
      [en, 'en'],
      [ja, 'ja']
    ] as const) {
      const table = tableOf(rows, 'sensitivity', messages, locale, nameOf)
      expect(table.note).toBe(sentences([messages.table.verdictMeans, messages.table.sizeMeans], locale))
      const column = table.columns.indexOf(messages.table.adjusted)
      for (const [i, row] of rows.entries())
        expect(table.rows[i][column]).toBe(row.adjusted === undefined ? '' : pValue(row.adjusted, locale))
    }
    const [head, ...lines] = csvOf(rows, 'sensitivity').trimEnd().split('\r\n')
    const [holm, paid] = ['p_holm', 'p_verdict'].map(name => head.split(',').indexOf(name))
    lines.forEach((l, i) => {
      expect(l.split(',')[holm]).toBe(String(field(rows[i].holm)))
      expect(l.split(',')[paid]).toBe(String(field(rows[i].adjusted)))
    })
  })

  it('write p to three decimals, never over its threshold', () => {
    expect([0.00004, 0.0123, 0.0499, 0.04999, 0.05, 0.0501, 1].map(p => pValue(p, 'en'))).toEqual([
      '<0.001',
      '0.012',
      '0.0499',
      '0.04999',
      '0.050',
      '0.050',
      '1.000'
    ])
  })

  it('end with the ceiling: the size of the pool, and an interval only from two seeds', () => {
    const one = { ...fixture({ seeds: 4, testSize: 300 }), ceiling: [] as Result['ceiling'] }
    const without = learningRows({ curves: fold(one), hidden })
    expect(without.some(r => r.arm.strategy === 'ceiling')).toBe(false)
    one.ceiling = [{ seed: 3, numericsId: 'n1', correct: 294, labelCount: 2000 }]
    const rows = learningRows({ curves: fold(one), hidden: new Set(['margin']) })
    expect(csvOf(rows, 'learning').trimEnd().split('\r\n').at(-1)).toBe('ceiling,,2000,1,0.98,,,,,')
    const last = (messages: ChartMessages, locale: string) =>
      tableOf(rows, 'learning', messages, locale, nameOf).rows.at(-1)
    expect(last(en, 'en')).toEqual(['Ceiling', '', '2,000', '1', '98.0%', '', '', ''])
    expect(last(ja, 'ja')).toEqual(['上限', '', '2,000', '1', '98.0%', '', '', ''])
  })

  it('do not let a name become a formula or break its field', () => {
    const [row] = learningRows({ curves, hidden })
    const named = (strategy: string) =>
      csvOf([{ ...row, arm: { strategy, initialSize: 20 } }], 'learning').split('\r\n')[1]
    expect(named('=SUM(1)')).toMatch(/^'=SUM\(1\),20/)
    expect(named('a,"b"')).toMatch(/^"a,""b""",20/)
  })
})
