import { describe, expect, it } from 'vitest'
import { accuracyAxis } from '../../src/charts/accuracy.ts'
import { readingText } from '../../src/charts/cursor.ts'
import { fillPanels } from '../../src/charts/fill.ts'
import { headed } from '../../src/charts/heading.ts'
import {
  learningNotes,
  learningScene,
  type LearningOptions,
  type LearningScene
} from '../../src/charts/learning.ts'
import type { Frame } from '../../src/charts/layout.ts'
import type { GroupMark, Mark, Scene, TextMark } from '../../src/charts/scene.ts'
import { sensitivityScene } from '../../src/charts/sensitivity.ts'
import { flatRandom, sensitivityNotes } from '../../src/charts/sensitivityNotes.ts'
import { startLosses } from '../../src/core/statistics/startLoss.ts'
import { learningSummary, sensitivitySummary } from '../../src/charts/summary.ts'
import { escapeXml, toSvg } from '../../src/charts/svg.ts'
import { csvOf } from '../../src/charts/csv.ts'
import { sensitivityRows, tableOf } from '../../src/charts/table.ts'
import { joined, textWidth, wrap } from '../../src/charts/text.ts'
import { fitTitle, leastTitleRoom, titleLook } from '../../src/charts/titles.ts'
import { seedRange } from '../../src/charts/options.ts'
import { atLabels, fold, type CurvePoint, type Curves } from '../../src/core/curves.ts'
import { countCorrect } from '../../src/core/record.ts'
import { selectorIds } from '../../src/core/selectors/index.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'
import { rankingAt } from '../../src/core/statistics/verdict.ts'
import { charts as en } from '../../src/i18n/charts.en.ts'
import { charts as ja } from '../../src/i18n/charts.ja.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { fixture, nameOf, namesOf, withoutRecords, type FixtureOptions } from './fixture.ts'

const whole = fold(fixture())
const options: LearningOptions = {
  curves: whole,
  n: 300,
  width: 1500,
  scale: 'logError',
  facet: 'initial',
  showSeeds: false,
  theme: 'light',
  hidden: new Set(),
  messages: en,
  locale: 'en',
  strategyName: nameOf
}

/** Few images and lines: quick. */
const few = { seeds: 3, testSize: 100, initialSizes: [20, 100], strategies: ['random', 'margin'] }

const flat = (marks: readonly Mark[]): Mark[] =>
  marks.flatMap(m => (m.kind === 'group' ? flat(m.marks) : [m]))
const texts = (marks: readonly Mark[]) => flat(marks).filter((m): m is TextMark => m.kind === 'text')
const widths = [340, 390, 620, 860, 1200, 1500, 1880]

function boxOf(t: TextMark) {
  const width = textWidth(t.text, t.size, t.bold)
  const left = t.anchor === 'end' ? t.x - width : t.anchor === 'middle' ? t.x - width / 2 : t.x
  return { left, right: left + width, top: t.y - t.size * 0.75, bottom: t.y + t.size * 0.2 }
}

/** Pairs of texts whose boxes overlap by more than a pixel. */
function collisions(marks: readonly Mark[]): string[] {
  const boxes = texts(marks).map(t => ({ ...boxOf(t), text: t.text }))
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter(
        b => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
      )
      .map(b => `${a.text} / ${b.text}`)
  )
}

/** What nothing may be: on one another, outside the chart, or under the handle of the line at N, nor within 4 px beside it. */
function expectLegible(scene: Scene, handles: readonly Frame[] = []) {
  expect(collisions(scene.marks)).toEqual([])
  for (const t of texts(scene.marks)) {
    const { left, right, top, bottom } = boxOf(t)
    expect([t.text, left >= 0, right <= scene.width + 1]).toEqual([t.text, true, true])
    expect([t.text, top >= 0, bottom <= scene.height + 1]).toEqual([t.text, true, true])
    const under = (h: Frame) => left < h.right + 4 && h.left - 4 < right && top < h.bottom && h.top < bottom
    if (t.fill !== 'onAccent') expect([t.text, handles.some(under)]).toEqual([t.text, false])
  }
  for (const h of handles) expect(h.right).toBeLessThanOrEqual(scene.width)
}

/** Every line is named: whole, or cut short with its whole name at hand. */
function expectNamed(scene: Scene, names: readonly string[]) {
  const seen = new Set(texts(scene.marks).map(t => t.full ?? t.text))
  const titles = texts(scene.marks).map(t => t.text)
  for (const name of names) {
    // a title in two lines
    const split = titles.some((t, i) => `${t} ${titles[i + 1]}` === name || `${t}${titles[i + 1]}` === name)
    expect([name, seen.has(name) || split]).toEqual([name, true])
  }
}

const tiny = { querySize: 20, budget: 60, testSize: 60, poolSize: 300 }
const crowds = {
  '11 strategies': { strategies: strategyIds.slice(0, 11), initialSizes: [10, 20], seeds: 3 },
  '14 strategies from 3 sizes': {
    strategies: strategyIds.slice(0, 14),
    initialSizes: [10, 20, 40],
    seeds: 2
  },
  'all strategies': { strategies: [...strategyIds], initialSizes: [20], seeds: 2 },
  '3 selectors': {
    ...few,
    initialSizes: [10, 20],
    selectors: ['random', 'kMeans:pixels', 'typiClust:pixels']
  },
  'all selectors': { ...few, initialSizes: [10, 20], selectors: [...selectorIds] }
} as const

describe.each(Object.entries(crowds))('%s', (_, rows) => {
  const curves = fold(fixture({ ...tiny, ...(rows as FixtureOptions), ...tiny }))
  const several = 'selectors' in rows
  const drawn = (['en', 'ja'] as const).flatMap(locale => widths.map(width => ({ locale, width })))

  it.each(drawn)(
    'are all named, none on another or outside the chart ($locale, $width px)',
    ({ locale, width }) => {
      const strategyName = namesOf(catalogues[locale], several)
      const names = curves.strategies.map(strategyName)
      const messages = catalogues[locale].charts
      const o = { ...options, curves, n: 60, width, locale, messages, strategyName }
      for (const facet of ['initial', 'strategy'] as const) {
        const scene = learningScene({ ...o, facet })
        expectLegible(scene, scene.handles)
        expectNamed(scene, names)
        const sizes = curves.initialSizes.map(size => messages.from(String(size)))
        expectNamed(scene, sizes)
      }
      const scene = sensitivityScene({ ...o, scale: 'plain' })
      expectLegible(scene)
      expectNamed(scene, names)
      for (const s of scene.series)
        for (const { x, y } of s.points) {
          expect(x > scene.frame.left && x < scene.frame.right).toBe(true)
          expect(y >= scene.frame.top && y <= scene.frame.bottom).toBe(true)
        }
    }
  )
})

it('sentences become the parts of one line', () => {
  expect(joined('mean over 3 seeds', 'Training: warm start.')).toBe(
    'mean over 3 seeds · Training: warm start'
  )
  expect(joined('3シードの平均', undefined, '学習：ウォームスタート。')).toBe(
    '3シードの平均 · 学習：ウォームスタート'
  )
})

describe('on a wall', () => {
  const rooms = [
    { width: 1168, height: 390 },
    { width: 1168, height: 320 },
    { width: 688, height: 330 },
    { width: 866, height: 250 }
  ]
  const results: Record<string, FixtureOptions> = {
    'one size': { ...few, initialSizes: [20] },
    'four sizes': { seeds: 3, testSize: 100 },
    'six sizes': { ...few, initialSizes: [10, 20, 50, 70, 100, 200] },
    'all strategies': { ...few, strategies: [...strategyIds] },
    'three selectors': { ...few, selectors: ['random', 'kMeans:pixels', 'typiClust:pixels'] }
  }
  const cases = Object.keys(results).flatMap(result =>
    rooms.flatMap(room => (['en', 'ja'] as const).map(locale => ({ result, locale, ...room })))
  )

  it.each(cases)(
    '$result fill the room, in large text, and what has no room comes on other pages ($locale, $width x $height)',
    ({ result, locale, width, height }) => {
      const curves = fold(fixture(results[result]))
      const messages = catalogues[locale].charts
      const strategyName = namesOf(catalogues[locale], 'selectors' in results[result])
      const o = {
        ...options,
        curves,
        width,
        height,
        fill: fillPanels,
        named: true,
        locale,
        messages,
        strategyName
      }
      for (const facet of ['initial', 'strategy'] as const) {
        const titles: string[] = []
        let page = 0
        for (let pages = 1; page < pages; page++) {
          const scene = learningScene({ ...o, facet, page })
          expectLegible(scene, scene.handles)
          expect(Math.abs(scene.height - height)).toBeLessThanOrEqual(1)
          for (const { frame } of scene.panels) {
            expect(frame.right - frame.left).toBeGreaterThan(90)
            expect(frame.bottom - frame.top).toBeGreaterThan(90)
          }
          const { drawn } = scene
          expect([drawn.page, drawn.first, drawn.of]).toEqual([
            page,
            titles.length,
            facet === 'initial' ? curves.initialSizes.length : curves.strategies.length
          ])
          titles.push(...scene.panels.map(p => p.title))
          pages = drawn.pages
        }
        expect(titles).toHaveLength(
          facet === 'initial' ? curves.initialSizes.length : curves.strategies.length
        )
        // a page that is gone is the last one
        expect(learningScene({ ...o, facet, page: 99 }).drawn.page).toBe(page - 1)
      }
      const scene = sensitivityScene({ ...o, scale: 'plain' })
      expectLegible(scene)
      expect(Math.abs(scene.height - height)).toBeLessThanOrEqual(1)
      for (const { marks } of [scene, learningScene(o)])
        for (const { size } of texts(marks)) expect(size).toBeGreaterThanOrEqual(15)
    }
  )
})

describe('titles of panels', () => {
  const sizes = { text: 15, title: 18 }
  const long = 'ProbCover (embedding) · hard to contrast, enc.'

  it('are all large, or all of ordinary size, in two lines where they must', () => {
    expect(titleLook(['Margin', 'BALD'], 120, sizes)).toEqual({ size: 18, lines: 1 })
    expect(titleLook(['Margin', 'Learning loss (+ module)'], 240, sizes)).toEqual({ size: 15, lines: 1 })
    const look = titleLook(['Margin', long], 240, sizes)
    expect(look).toEqual({ size: 15, lines: 2 })
    expect(fitTitle('Margin', 240, look)).toEqual({ lines: ['Margin'] })
    expect(fitTitle(long, 240, look).lines).toHaveLength(2)
    expect(fitTitle(long, 240, look).full).toBeUndefined()
    expect(leastTitleRoom([long], sizes)).toBeLessThan(240)
  })

  it('that are cut short have the whole name at hand, on the page and in files', () => {
    for (const title of [long, 'Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa']) {
      const { lines, full } = fitTitle(title, 120, { size: 15, lines: 2 })
      expect(full).toBe(title)
      expect(lines.at(-1)).toMatch(/…$/)
      for (const l of lines) expect(textWidth(l, 15, true)).toBeLessThanOrEqual(120)
    }
    const scene = learningScene({
      ...options,
      facet: 'strategy',
      width: 340,
      strategyName: () => `${long} ${long}`
    })
    expect(toSvg(scene, { theme: 'light', title: '', description: '' })).toContain(
      `<title>${long} ${long}</title>`
    )
  })
})

describe('many lines', () => {
  const all = fold(fixture({ ...tiny, ...crowds['all strategies'], ...tiny, seeds: 10, testSize: 500 }))
  const o: LearningOptions = {
    ...options,
    curves: all,
    n: 60,
    width: 972,
    strategyName: namesOf(catalogues.en)
  }

  it('have a legend in the chart only where the page has none', () => {
    const inside = learningScene(o)
    const outside = learningScene({ ...o, named: true })
    expect(outside.height).toBeLessThan(inside.height - 100)
    expect(texts(outside.marks).map(t => t.text)).not.toContain('BADGE')
    // panels for strategies need the sizes explained, page or not
    const sizes = learningScene({ ...o, named: true, facet: 'strategy' })
    expect(texts(sizes.marks).map(t => t.text)).toContain('from 20')
  })

  it('have a band for the one in focus only, and say so', () => {
    const bandsOf = (scene: Scene) =>
      scene.marks.filter((m): m is GroupMark => m.kind === 'group' && m.whenFocused === true)
    const scene = learningScene(o)
    expect(scene.bands).toBe('focused')
    expect(bandsOf(scene).map(m => m.key)).toEqual(all.strategies)
    expect(learningNotes(o, scene)[0]).toBe(en.learning.focusedBands)
    expect(learningNotes(o, scene, true)).toEqual([en.learning.noBands])
    const svg = toSvg(scene, { theme: 'light', title: '', description: '' })
    expect(svg).not.toMatch(/ opacity="0\.17"/)
    const hidden = new Set(all.strategies.slice(7))
    const seven = learningScene({ ...o, hidden })
    expect(seven.bands).toBe('all')
    expect(bandsOf(seven)).toEqual([])
    expect(learningNotes(o, seven)).not.toContain(en.learning.focusedBands)
  })

  it('have no bands where these fill the panel twice over, and one has its own', () => {
    const result = fixture({ ...few, seeds: 3, testSize: 1000, initialSizes: [20] })
    const bandsWith = (apart: number, strategies: string[]) => {
      for (const run of result.runs)
        for (const point of run.points) point.correct = 500 + point.labelCount / 10 + apart * run.seed
      const hidden = new Set(few.strategies.filter(s => !strategies.includes(s)))
      return learningScene({ ...options, curves: fold(result), hidden }).bands
    }
    expect(bandsWith(1, few.strategies)).toBe('all')
    expect(bandsWith(200, few.strategies)).toBe('focused')
    expect(bandsWith(200, ['margin'])).toBe('all')
  })

  it('of two seeds have none, and do not widen the axis: that is said', () => {
    const result = fixture({ ...few, seeds: 2, testSize: 1000, initialSizes: [20] })
    for (const run of result.runs)
      for (const point of run.points) point.correct = 200 + 2 * point.labelCount + 60 * run.seed
    const scene = learningScene({ ...options, curves: fold(result) })
    const filled = flat(scene.marks).filter(m => m.kind === 'path' && m.fill?.startsWith('#') && m.opacity)
    expect(filled).toEqual([])
    expect(learningNotes(options, scene)).toEqual([en.learning.fewSeeds(3)])
    const ys = (seeds: number) => {
      const curves = fold({ ...result, runs: result.runs.filter(run => run.seed < seeds) })
      const { panels } = learningScene({ ...options, curves: { ...curves, ceiling: undefined } })
      return panels[0].series.flatMap(s => s.points.map(p => p.y))
    }
    const span = (values: number[]) => Math.max(...values) - Math.min(...values)
    expect(span(ys(2))).toBeCloseTo(span(ys(1)), -1)
  })

  it('have the more bands the fainter ones', () => {
    const opacity = (lines: number) => {
      const { marks } = learningScene({ ...o, hidden: new Set(all.strategies.slice(lines)) })
      return Math.max(
        ...flat(marks).map(m => (m.kind === 'path' && m.fill?.startsWith('#') && m.opacity) || 0)
      )
    }
    expect(opacity(4)).toBeCloseTo(0.11, 9)
    expect(opacity(7)).toBeLessThan(0.09)
  })

  it('leave the label of the ceiling in front of them', () => {
    const { marks } = learningScene({ ...o, hidden: new Set(all.strategies.slice(3)) })
    const all3 = flat(marks)
    const label = all3.findIndex(m => m.kind === 'text' && m.text.startsWith('ceiling'))
    expect(all3[label]).toMatchObject({ halo: true })
    const bands = all3.map((m, i) => (m.kind === 'path' && m.opacity === 0.11 ? i : -1))
    expect(label).toBeGreaterThan(Math.max(...bands))
  })
})

describe('bars of intervals', () => {
  const heads = (scene: Scene) =>
    flat(scene.marks).filter(
      m => m.kind === 'path' && m.fill === 'none' && /^M[^L]+L[^L]+L[^L]+$/.test(m.d) && m.width === 1.6
    )
  /** At 300 labels, right answers of 1,000 by line and seed. */
  const at = (values: Record<string, number[]>, part: Partial<LearningOptions> = {}) => {
    const result = fixture({
      ...few,
      testSize: 1000,
      seeds: Object.values(values)[0].length,
      initialSizes: [20],
      strategies: Object.keys(values)
    })
    for (const run of result.runs) run.points.at(-1)!.correct = values[run.arm.strategy][run.seed]
    return sensitivityScene({ ...options, curves: fold(result), width: 860, scale: 'plain', ...part })
  }
  const bars = (scene: Scene) =>
    flat(scene.marks).filter(m => m.kind === 'path' && m.width === 1.6 && m.fill === undefined)

  it('are whole where that leaves the means a quarter of the axis', () => {
    const scene = at({ random: [500, 502, 504], margin: [540, 542, 544] })
    expect([scene.intervals, scene.cut]).toEqual([2, []])
    expect([bars(scene).length, heads(scene)]).toEqual([2, []])
    const [a, b] = scene.series.map(s => s.points[0].y)
    expect(Math.abs(a - b)).toBeGreaterThan((scene.frame.bottom - scene.frame.top) / 4.5)
  })

  it('that are longer end in arrowheads, and are counted in words; the others stay whole', () => {
    const scene = at({ random: [500, 501, 502], margin: [420, 520, 620], bald: [560, 561, 562] })
    expect(scene.cut).toEqual([{ strategy: 'margin', initialSize: 20, low: true, high: true }])
    expect(heads(scene)).toHaveLength(2)
    const ys = scene.series.map(s => s.points[0].y)
    expect(Math.max(...ys) - Math.min(...ys)).toBeGreaterThan((scene.frame.bottom - scene.frame.top) / 4.5)
    for (const messages of [en, ja])
      expect(sensitivityNotes({ ...options, messages }, scene)[0]).toBe(
        messages.sensitivity.cutBars('1', '3')
      )
  })

  it('of two seeds are not drawn, and do not widen the axis: that is said', () => {
    const two = at({ random: [500, 540], margin: [560, 620] })
    expect([two.intervals, bars(two), heads(two)]).toEqual([0, [], []])
    for (const messages of [en, ja])
      expect(sensitivityNotes({ ...options, messages }, two)[0]).toBe(messages.sensitivity.fewSeeds(3))
    const ys = (scene: ReturnType<typeof at>) => scene.series.map(s => s.points[0].y)
    expect(ys(two)).toEqual(ys(at({ random: [520], margin: [590] })))
  })

  it('of many lines are those of the one in focus where they fill the chart, and in files none: that is said', () => {
    const sizes = [10, 20, 30, 40, 50, 60]
    const drawn = (count: number, initialSizes: number[], width = 860) => {
      const strategies = strategyIds.slice(0, count)
      const curves = fold(fixture({ ...tiny, strategies, initialSizes, seeds: 3 }))
      return sensitivityScene({ ...options, curves, n: 60, width, scale: 'plain' })
    }
    const shown = (scene: Scene) =>
      scene.marks.flatMap(m => (m.kind === 'group' ? m.marks : [])).filter(m => m.kind === 'group')
    const strokes = (scene: Scene) =>
      toSvg(scene, { theme: 'light', title: '', description: '' }).match(/stroke-width="1\.6"/g) ?? []
    // few lines, or few sizes: there is room
    for (const [count, some] of [
      [7, sizes],
      [8, sizes.slice(-2)]
    ] as const) {
      const scene = drawn(count, [...some])
      expect([scene.bars, shown(scene)]).toEqual(['all', []])
      expect([bars(scene).length, strokes(scene).length > 0]).toEqual([count * some.length, true])
    }
    const many = drawn(8, sizes)
    expect(many.bars).toBe('focused')
    expect(shown(many).map(m => [m.key, m.whenFocused])).toEqual(
      strategyIds.slice(0, 8).flatMap(id => sizes.map(() => [id, true]))
    )
    const cut = many.cut.length ? [en.sensitivity.cutBars(String(many.cut.length), '48')] : []
    expect(cut).toHaveLength(1)
    expect(sensitivityNotes(options, many)[0]).toBe(en.sensitivity.focusedBars)
    expect(sensitivityNotes(options, many)).toEqual(expect.arrayContaining(cut))
    expect(sensitivityNotes(options, many, true)).not.toEqual(expect.arrayContaining(cut))
    expect(sensitivityNotes(options, many, true)[0]).toBe(en.sensitivity.noBars)
    expect(strokes(many)).toEqual([])
  })
})

describe('the accuracy axis', () => {
  /** Points with one accuracy each. */
  const at = (...accuracies: number[]) =>
    accuracies.map(mean => ({ mean, values: [mean], seeds: [0] }) as unknown as CurvePoint)

  it('says 100 % where all images are right, and nothing between that and the last but one', () => {
    for (const testSize of [28, 39, 1000])
      for (const accuracies of [[1], [0.5, 0.8, 1], [0.96, 1]]) {
        const { ticks, y } = accuracyAxis(at(...accuracies), { testSize }, 'logError', 300, 0)
        expect(ticks.at(-1)).toBe(1)
        for (const v of ticks.slice(0, -1)) expect(v).toBeLessThanOrEqual(1 - 1 / testSize + 1e-9)
        expect(y(1)).toBeGreaterThanOrEqual(0)
      }
    const { ticks } = accuracyAxis(at(0.5, 0.8), { testSize: 100 }, 'logError', 300, 0)
    expect(ticks).not.toContain(1)
    // a mean over seeds is finer than one image: it does not lie where 100 % is
    const three = at(0.5, 5 / 6, 1).map(p => ({ ...p, seeds: [0, 1, 2] }))
    const { y } = accuracyAxis(three, { testSize: 2 }, 'logError', 300, 0)
    expect(y(5 / 6) - y(1)).toBeGreaterThan(20)
  })

  it('makes no more of one value than the test set can tell', () => {
    for (const scale of ['logError', 'plain'] as const)
      for (const testSize of [50, 100, 1000, 10000])
        for (const mean of [0.1, 0.5, 0.763, 0.9]) {
          const { ticks } = accuracyAxis(at(mean), { testSize }, scale, 300, 0)
          const steps = ticks.slice(1).map((v, i) => v - ticks[i])
          expect(Math.min(...steps)).toBeGreaterThanOrEqual(1 / testSize - 1e-9)
          expect(Math.max(...ticks) - Math.min(...ticks)).toBeGreaterThan(0.008)
        }
  })

  it('has two ticks or more, wherever the first points lie', () => {
    const frames: [number, number][] = [
      [210, 0],
      [250, 0],
      [420, 0]
    ]
    for (const scale of ['logError', 'plain'] as const)
      for (const [bottom, top] of frames)
        for (const testSize of [100, 1000, 10000])
          for (let i = 0; i <= 100; i++)
            for (const spread of [0, 0.004, 0.05, 0.3]) {
              const points = [i / 100, Math.min(1, i / 100 + spread)].map(mean => ({
                mean,
                values: [mean],
                seeds: [0]
              }))
              const axis = accuracyAxis(points as CurvePoint[], { testSize }, scale, bottom, top)
              const ys = axis.ticks.map(axis.y)
              if (ys.length < 2 || ys.some((y, k) => k > 0 && ys[k - 1] - y < 14))
                expect({ scale, bottom, testSize, i, spread, ticks: axis.ticks }).toBe('two ticks apart')
              for (const y of ys) expect(y >= top - 1e-9 && y <= bottom + 1e-9).toBe(true)
            }
  })
})

describe.each(widths)('learning curves, %i px wide', width => {
  const kinds = (['initial', 'strategy'] as const).flatMap(facet =>
    [en, ja].map(messages => ({ facet, messages, locale: messages === en ? 'en' : 'ja' }))
  )
  it.each(kinds)('have no text on another, none cut off, none too small ($facet, $locale)', kind => {
    for (const n of [300, 150]) {
      const scene = learningScene({ ...options, ...kind, width, n })
      expect(collisions(scene.marks)).toEqual([])
      for (const t of texts(scene.marks)) {
        expect(t.size).toBeGreaterThanOrEqual(width > 1200 ? 14 : 12)
        expect(boxOf(t).left).toBeGreaterThanOrEqual(0)
        expect(boxOf(t).right).toBeLessThanOrEqual(width + 1)
        expect(t.y).toBeLessThanOrEqual(scene.height)
      }
      expect(JSON.stringify(scene)).not.toMatch(/NaN|null/)
    }
  })
})

describe.each(widths.filter(w => w <= 1200))('sensitivity, %i px wide', width => {
  it('has no text on another, none cut off', () => {
    for (const messages of [en, ja])
      for (const n of [300, 100, 20]) {
        const locale = messages === en ? 'en' : 'ja'
        const scene = sensitivityScene({ ...options, scale: 'plain', messages, locale, width, n })
        expect(collisions(scene.marks)).toEqual([])
        for (const t of texts(scene.marks)) expect(boxOf(t).right).toBeLessThanOrEqual(width + 1)
      }
  })
})

describe('learning curves', () => {
  it('have one accuracy scale, one panel an initial size, the initial set shaded', () => {
    const { panels, marks } = learningScene(options)
    expect(panels.map(p => p.initialSize)).toEqual([20, 50, 100, 200])
    const first = panels.map(p => p.frame.bottom - p.frame.top)
    expect(new Set(first).size).toBe(1)
    const shades = flat(marks).filter(m => m.kind === 'path' && m.fill === 'shade')
    expect(shades).toHaveLength(4)
    // random at 300 is one training for all initial sizes: one height in all panels
    const ends = panels.map(p => p.series.find(s => s.key === 'random')!.points.at(-1)!.y - p.frame.top)
    for (const y of ends) expect(y).toBeCloseTo(ends[0], 6)
  })

  it('have one panel a strategy by the switch, with random beside it', () => {
    const { panels } = learningScene({ ...options, facet: 'strategy', hidden: new Set(['bald']) })
    expect(panels.map(p => p.id)).toEqual(['random', 'margin', 'entropy', 'kCenter', 'consistency'])
    expect(panels[1].series.filter(s => s.baseline).map(s => s.key)).toEqual(['random'])
    expect(panels[1].series.filter(s => !s.baseline).map(s => s.arm.initialSize)).toEqual([20, 50, 100, 200])
  })

  it('mark what is below random, and say what the mark means', () => {
    const { panels, marks } = learningScene(options)
    const below = panels.flatMap(p =>
      p.series.filter(s => s.below).map(s => `${s.arm.strategy}@${s.arm.initialSize}`)
    )
    expect(below).toContain('consistency@20')
    expect(below).not.toContain('kCenter@20')
    expect(texts(marks).map(t => t.text)).toContain('below random at 300 labels')
  })

  it('have that mark beside the name, or where there is none at N, beside the point', () => {
    for (const n of [100, 300]) {
      const o = { ...options, n, width: 340, hidden: new Set(['entropy']) }
      // names too long to stand beside panels
      const bare = learningScene({
        ...o,
        strategyName: id => `${nameOf(id)} with a name as long as this one`
      })
      const wedges = bare.marks.flatMap(m =>
        m.kind === 'group' && m.marks.length === 1 && m.marks[0].kind === 'path' && m.marks[0].fill !== 'none'
          ? [{ key: m.key, mark: m.marks[0] }]
          : []
      )
      const marked = wedges.filter(({ mark }) => mark.stroke === 'surface')
      const below = bare.panels.flatMap(({ series, x }) =>
        series
          .filter(s => s.below)
          .map(s => ({
            key: s.key,
            x: x(n),
            y: s.points.find(p => p.point.labelCount === n)!.y
          }))
      )
      expect(below.length).toBeGreaterThan(0)
      expect(marked.map(m => m.key)).toEqual(below.map(b => b.key))
      marked.forEach(({ mark }, i) => {
        const places = [...mark.d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
          Number(x),
          Number(y)
        ])
        expect(places[0][0]).toBeCloseTo(below[i].x + 14, 1)
        expect(Math.abs(places[0][1] - below[i].y)).toBeLessThan(40)
        expect(places[0][0]).toBeLessThan(340 - 5)
      })
    }
    const named = flat(learningScene({ ...options, n: 100 }).marks)
    expect(named.filter(m => m.kind === 'path' && m.stroke === 'surface' && m.width === 1.5)).toEqual([])
  })

  it('put points where they were measured, higher when more accurate, on both scales', () => {
    for (const scale of ['logError', 'plain'] as const) {
      const [panel] = learningScene({ ...options, scale }).panels
      const margin = panel.series.find(s => s.key === 'margin')!
      expect(margin.points.map(p => p.point.labelCount)).toEqual([20, 50, 100, 150, 200, 250, 300])
      expect(panel.labelsAt(panel.x(150))).toBeCloseTo(150, 9)
      const all = panel.series.flatMap(s => s.points).sort((a, b) => a.point.mean - b.point.mean)
      for (let i = 1; i < all.length; i++) expect(all[i].y).toBeLessThanOrEqual(all[i - 1].y + 1e-9)
    }
  })

  it('keep every line inside its panel, with two seeds and a perfect score too', () => {
    const result = fixture({ measured: 2 })
    result.runs[0].points[3].correct = result.dataset.testSize
    const { panels } = learningScene({ ...options, curves: fold(result), showSeeds: true })
    for (const { frame, series } of panels)
      for (const { y } of series.flatMap(s => s.points)) {
        expect(y).toBeGreaterThanOrEqual(frame.top)
        expect(y).toBeLessThanOrEqual(frame.bottom)
      }
  })

  it('tie a name to its line, not across the plot to one that has not come far', () => {
    const ties = (upTo: number) => {
      const result = fixture({ measured: 2 })
      for (const run of result.runs)
        if (run.arm.strategy !== 'random') run.points = run.points.filter(p => p.labelCount <= upTo)
      const { marks } = learningScene({ ...options, curves: fold(result) })
      const labels = marks.flatMap(m =>
        m.kind === 'group' && m.marks.some(t => t.kind === 'text' && t.bold) ? [m.marks] : []
      )
      return labels.flatMap(label => {
        const [from, to] = label
          .flatMap(t => (t.kind === 'path' && t.fill === 'none' ? [t.d] : []))
          .flatMap(d => [...d.matchAll(/[ML]([\d.]+)/g)].map(([, x]) => Number(x)))
        return to === undefined ? [] : [to - from]
      })
    }
    expect(ties(300).length).toBeGreaterThan(0)
    expect(Math.max(...ties(150), ...ties(300))).toBeLessThan(34)
    expect(ties(150).length).toBeLessThan(ties(300).length)
  })

  it('take a result with nothing in it, or next to nothing', () => {
    const empty = { ...fixture({ measured: 1 }), runs: [], ceiling: [] }
    expect(learningScene({ ...options, curves: fold(empty) }).panels).toEqual([])
    sensitivityScene({ ...options, curves: fold(empty) })
    expect(learningSummary({ ...options, curves: fold(empty) })).toBe(en.summary.empty)
    const one = fixture({ measured: 1, initialSizes: [300], strategies: ['random'] })
    for (const facet of ['initial', 'strategy'] as const)
      expect(JSON.stringify(learningScene({ ...options, facet, curves: fold(one) }))).not.toMatch(/NaN|null/)
    expect(JSON.stringify(sensitivityScene({ ...options, curves: fold(one) }))).not.toMatch(/NaN|null/)
  })
})

describe('sensitivity', () => {
  it.each([1280, 860, 360])('has its names next to the last initial size (%i px)', width => {
    for (const curves of [
      options.curves,
      fold(fixture(few)),
      fold(fixture({ ...few, initialSizes: [20] }))
    ]) {
      const scene = sensitivityScene({ ...options, curves, scale: 'plain', width })
      const markers = scene.series.flatMap(s => s.points.map(p => p.x))
      const names = texts(scene.marks).filter(t => scene.series.some(s => s.label === t.text))
      expect(names).toHaveLength(scene.series.length)
      for (const { x, text, size } of names) {
        expect(x - Math.max(...markers)).toBeCloseTo(10, 9)
        expect(x + textWidth(text, size, true)).toBeLessThanOrEqual(width)
      }
    }
  })

  it('says what a marker in the place of words means, once for each line', () => {
    const curves = fold(fixture({ strategies: ['random', 'margin', 'consistency'] }))
    const drawn = (part: Partial<LearningOptions>) =>
      sensitivityScene({ ...options, curves, scale: 'plain', ...part })
    const best = curves.initialSizes.filter(size => rankingAt(curves, size, 300).kind === 'best')
    expect(best.length).toBeGreaterThan(1)
    // words fit
    const words = texts(drawn({ width: 860 }).marks).filter(t => t.text === 'best: Margin')
    expect(words).toHaveLength(best.length)
    for (const messages of [en, ja])
      for (const name of ['Margin', 'a name that is as long as names of lines with selectors may be']) {
        const strategyName = (id: string) => (id === 'margin' ? name : nameOf(id))
        const scene = drawn({ width: 340, messages, locale: messages === en ? 'en' : 'ja', strategyName })
        const said = texts(scene.marks).map(t => t.full ?? t.text)
        expect(said.filter(t => t === messages.sensitivity.best(name))).toHaveLength(1)
        expectLegible(scene)
      }
  })

  it('says what signs in the place of words mean', () => {
    const noted = (n: number) => {
      const messages = {
        ...en,
        sensitivity: { ...en.sensitivity, either: (a: string, b: string) => `${a}/${b}` }
      }
      const scene = sensitivityScene({ ...options, messages, scale: 'plain', width: 340, n })
      return texts(scene.marks).map(t => t.text)
    }
    const { sameTraining, notMeasured, undecided } = en.sensitivity
    expect(noted(300)).toContain(`? ${undecided}`)
    expect(noted(20)).toContain(`– ${sameTraining} / ${notMeasured}`)
    // where there is room, the words themselves
    const wide = texts(sensitivityScene({ ...options, scale: 'plain', width: 860, n: 20 }).marks)
    expect(wide.filter(t => /^[?–] /.test(t.text))).toEqual([])
  })

  it('has gaps where nobody measured, and says why nothing can be ranked there', () => {
    const scene = sensitivityScene({ ...options, scale: 'plain', width: 860, n: 100 })
    for (const s of scene.series) expect(s.points.map(p => p.initialSize)).toEqual([20, 50, 100])
    const words = texts(scene.marks).map(t => t.text)
    expect(words).toContain(en.sensitivity.sameTraining)
    expect(words).toContain(en.sensitivity.notMeasured)
  })

  it('know that random is flat by construction, and of which Random that is true', () => {
    expect(flatRandom(options)).toBe('alone')
    expect(flatRandom({ ...options, hidden: new Set(['random']) })).toBeUndefined()
    expect(flatRandom({ ...options, n: 20 })).toBeUndefined()
    const chosen = fold(fixture({ ...few, selectors: ['random', 'kMeans:pixels', 'typiClust:pixels'] }))
    const shown = { ...options, curves: chosen }
    const said = (o: LearningOptions) =>
      sensitivityNotes(o, { bars: 'all', fewSeeds: false, cut: [], intervals: 1, haunted: false }).filter(
        note => !/four times/.test(note)
      )
    expect(flatRandom(shown)).toBe('among')
    expect(said({ ...shown, strategyName: namesOf(catalogues.en, true) })).toEqual([
      en.sensitivity.randomFlatAmong('Random\u00a0· random')
    ])
    const others = chosen.strategies.filter(s => s.includes('+'))
    expect(said({ ...shown, hidden: new Set(others) })).toEqual([en.sensitivity.randomFlat])
    // equal by chance, where a training goes on from the one before
    expect(
      flatRandom({
        ...options,
        curves: fold({ ...fixture(), experiment: { ...fixture().experiment, mode: 'warm' } })
      })
    ).toBeUndefined()
    // Random from chosen initial sets alone slopes: not a word
    const only = fold(fixture({ ...few, selectors: ['kMeans:pixels'] }))
    expect(only.strategies).toContain('random+kMeans:pixels')
    expect(said({ ...options, curves: only })).toEqual([])
  })

  it('say nothing of flatness where equal means come from different seeds', () => {
    const result = fixture({ ...few, seeds: 2 })
    const randomFrom = (size: number) =>
      result.runs.filter(run => run.arm.strategy === 'random' && run.arm.initialSize === size)
    const [a, b] = randomFrom(20).map(run => run.points.at(-1)!)
    ;[a.correct, b.correct] = [b.correct + 1, a.correct - 1]
    const curves = fold(result)
    const means = atLabels(curves, 300)
      .find(s => s.strategy === 'random')!
      .points.map(p => p.point!.mean)
    expect(new Set(means).size).toBe(1)
    expect(flatRandom({ ...options, curves })).toBeUndefined()
  })
})

describe('summaries', () => {
  it('say who is ahead, who is below, and what is not decided', () => {
    expect(learningSummary(options)).toMatch(
      /^At 300 labels, ahead of random: .*Margin.*\. Below random: Consistency/
    )
    const clear = fold(fixture({ strategies: ['random', 'margin', 'consistency'] }))
    expect(sensitivitySummary({ ...options, curves: clear })).toMatch(
      /^Best at 300 labels: Margin \(from 20.*\)\./
    )
    expect(sensitivitySummary(options)).toMatch(/it is not decided which strategy is best/)
    // who is behind the leader is out, from where that is decided
    const running = new Map(
      whole.initialSizes.map(size => {
        const ranking = rankingAt(whole, size, 300)
        return [size, ranking.kind === 'undecided' ? [ranking.leader, ...ranking.rivals].sort() : []]
      })
    )
    expect([20, 50].map(size => running.get(size)!.join())).toEqual(Array(2).fill('bald,entropy,margin'))
    expect(Math.min(running.get(100)!.length, running.get(200)!.length)).toBeGreaterThan(4)
    expect(sensitivitySummary(options)).toMatch(
      /Candidates for the best: Margin, Entropy, and BALD \(from 20 and 50\)\. /
    )
  })

  it('say what a start loses at most: the safest first, the worst of the lines that are shown, no more than can be taken in', () => {
    const sizes = [20, 30, 50, 100, 150, 200]
    const made = fold(fixture({ initialSizes: sizes, strategies: ['random', 'margin', 'consistency'] }))
    const losses = startLosses(made, 300)
    const worst = (lines: string[]) =>
      sizes
        .map(initialSize => ({
          initialSize,
          most: Math.max(
            ...losses
              .filter(l => l.initialSize === initialSize && lines.includes(l.strategy))
              .map(l => l.limit)
          )
        }))
        .sort((a, b) => a.most - b.most)
        // rounded up
        .map(({ initialSize, most }) => [String(initialSize), (Math.ceil(1000 * most) / 10).toFixed(1)])
    const [first, second, third, fourth] = worst(['margin', 'consistency'])
    expect(sensitivitySummary({ ...options, curves: made })).toContain(
      `Whichever of these strategies you take, starting from ${first[0]} costs at most ${first[1]} points against its best initial size (95% confidence); ${[second, third, fourth].map(([size, most]) => `from ${size}, at most ${most} points`).join('; ')}; 2 more in the numbers.`
    )
    const [alone] = worst(['margin'])
    expect(sensitivitySummary({ ...options, curves: made, hidden: new Set(['consistency']) })).toContain(
      ` With Margin, starting from ${alone[0]} costs at most ${alone[1]} points`
    )
    const few = fold(fixture({ initialSizes: [20, 50], strategies: ['random', 'margin'], seeds: 4 }))
    expect(sensitivitySummary({ ...options, curves: few })).not.toMatch(/at most/)
  })

  it('never let a number of labels pass for the size of an initial set', () => {
    expect(en.summary.best('300', [{ strategies: 'Margin', initialSizes: '50' }])).toBe(
      'Best at 300 labels: Margin (from 50).'
    )
    const groups = [{ strategies: 'Margin', initialSizes: '50' }]
    const { summary, sensitivity, belowRandomAt } = ja
    for (const text of [
      sensitivity.title('300'),
      belowRandomAt('300'),
      summary.silent('300'),
      summary.above('300', groups),
      summary.belowAt('300', groups),
      summary.noneDiffers('300'),
      summary.best('300', groups),
      summary.cannotTellAt('300', '50')
    ])
      expect(text).toContain('ラベル300枚')
  })

  it('say why nothing can be said', () => {
    const both = (curves: Curves, n: number) => {
      const o = { ...options, curves, n }
      return [learningSummary(o).split('.')[0] + '.', sensitivitySummary(o)]
    }
    // at the initial size nothing has been queried
    const { sameTraining, noBaseline, apart, silent } = en.summary
    expect(both(whole, 20)).toEqual([
      'At 20 labels all strategies share the same training: nothing has been queried yet.',
      sameTraining('20')
    ])
    // one line has come to N, the others have not
    const ahead = fixture({ ...few, seeds: 5, initialSizes: [20] })
    for (const run of ahead.runs)
      if (run.arm.strategy !== 'random') run.points = run.points.filter(p => p.labelCount <= 50)
    expect(both(fold(ahead), 300)).toEqual([silent('300'), silent('300')])
    // only Random has come to the next initial size: from the smaller one the others have queried by then
    const early = fixture({ ...few, seeds: 5 })
    for (const run of early.runs)
      if (run.arm.strategy !== 'random')
        run.points = run.points.filter(p => p.labelCount <= Math.max(50, run.arm.initialSize))
    expect(both(fold(early), 100)).toEqual([silent('100'), silent('100')])
    // Random alone, from two kinds of initial sets that are not drawn: nothing is compared, nothing is said
    const alone = fixture({
      ...few,
      strategies: ['random'],
      selectors: ['kMeans:pixels', 'typiClust:pixels']
    })
    expect(learningSummary({ ...options, curves: fold(alone) })).toMatch(/^The ceiling/)
    const without = fixture({ ...few, seeds: 5, strategies: ['margin', 'bald'] })
    expect(both(fold(without), 300)[0]).toBe(noBaseline('300'))
    expect(both(fold(without), 300)[1]).not.toBe(noBaseline('300'))
    const result = fixture({ ...few, seeds: 6 })
    result.runs = result.runs.filter(r => (r.arm.strategy === 'random') === r.seed < 3)
    const [curve, start] = both(fold(result), 300)
    expect([curve, start.startsWith(apart('300'))]).toEqual([apart('300'), true])
  })

  it('name hidden lines as such', () => {
    const clear = fold(fixture({ strategies: ['random', 'margin', 'consistency'] }))
    const o = { ...options, curves: clear, hidden: new Set(['margin']) }
    expect(learningSummary(o)).toContain('Margin (hidden) (from')
    expect(sensitivitySummary(o)).toContain('Margin (hidden)')
    const under = texts(sensitivityScene(o).marks).map(t => t.text)
    expect(under).toContain('best: Margin (hidden)')
  })

  it('say which Random is meant where there are several', () => {
    const result = fixture({ selectors: ['random', 'kMeans:pixels'], strategies: ['random', 'margin'] })
    const [ofStrategies, ofRandom, ofBoth] = [
      { strategies: true, random: false },
      { strategies: false, random: true },
      { strategies: true, random: true }
    ].map(en.summary.whichRandom)
    expect(new Set([ofStrategies, ofRandom, ofBoth]).size).toBe(3)
    expect(learningSummary({ ...options, curves: fold(result) })).toContain(ofStrategies)
    expect(learningSummary(options)).not.toContain(ofStrategies)
    // where Random itself differs with its initial set, as all lines do at the initial size, it is not compared with itself
    for (const run of result.runs)
      if (run.arm.strategy === 'random' && run.arm.selector)
        for (const point of run.points) {
          const { correct } = point.record!.measurement
          correct.fill(0, 0, 12)
          point.correct = countCorrect(correct)
        }
    const worse = { ...options, curves: fold(result) }
    expect(learningSummary(worse)).toContain(ofBoth)
    const [size] = result.experiment.initialSizes
    const only = { ...result, runs: result.runs.filter(run => run.arm.strategy === 'random') }
    expect(learningSummary({ ...worse, curves: fold(only), n: size })).toContain(ofRandom)
  })

  it('count the seeds of what is shown', () => {
    const part = fold(fixture({ ...few, seeds: 4, measured: 2.5 }))
    const points = part.curves.flatMap(c => c.points)
    expect(seedRange(points)).toEqual({ least: 2, most: 3 })
    expect(seedRange([])).toEqual({ least: 0, most: 0 })
    expect(en.learning.subtitle({ least: 2, most: 3 })).toMatch(/over 2 to 3 seeds$/)
    expect(en.learning.subtitle({ least: 3, most: 3 })).toMatch(/over 3 seeds$/)
  })

  it('say nothing from one seed', () => {
    const one = { ...options, curves: fold(fixture({ measured: 1 })) }
    expect(learningSummary(one)).toBe(
      `${en.summary.silent('300')} The ceiling, trained with all 2,000 labels: 98.4% (3 seeds).`
    )
    expect(sensitivitySummary(one)).toBe(en.summary.silent('300'))
    expect(learningSummary({ ...one, messages: ja, locale: 'ja' })).toBe(
      `${ja.summary.silent('300')}上限（プール2,000枚すべてで学習）：98.4%（3シード）。`
    )
  })
})

describe('summaries of a result without the sums over test images', () => {
  it('say that these are missing, not seeds', () => {
    const bare = { ...options, curves: fold(withoutRecords(fixture({ testSize: 100 }))) }
    expect(learningSummary(bare)).toContain(en.summary.withoutSums('300'))
    expect(sensitivitySummary(bare)).toBe(en.summary.withoutSums('300'))
    const japanese = { ...bare, messages: ja, locale: 'ja' }
    expect(sensitivitySummary(japanese)).toBe(ja.summary.withoutSums('300'))
    const one = { ...options, curves: fold(withoutRecords(fixture({ measured: 1, testSize: 100 }))) }
    expect(sensitivitySummary(one)).toBe(en.summary.silent('300'))
  })
})

describe('files', () => {
  it('wrap their heading', () => {
    const lines = wrap('one two three four five six seven', 15, 100)
    expect(lines.join(' ')).toBe('one two three four five six seven')
    for (const line of lines) expect(textWidth(line, 15)).toBeLessThanOrEqual(100)
    expect(wrap('初期セットの枚数が各戦略に与える影響。', 15, 120).join('')).toBe(
      '初期セットの枚数が各戦略に与える影響。'
    )
    expect(wrap('Random · ProbCover・エンコーダー', 15, 150)).toEqual([
      'Random ·',
      'ProbCover・',
      'エンコーダー'
    ])
    expect(wrap('正解率：98.5%（3シード）。', 15, 90).slice(-1)[0]).not.toMatch(/^[）。]/)
  })

  it('escape what a link may have brought in', () => {
    expect(escapeXml('<script>&"\u0000\u001b')).toBe('&lt;script&gt;&amp;&quot;')
    const scene = learningScene({ ...options, strategyName: () => '<img onerror=1>' })
    expect(toSvg(scene, { theme: 'light', title: '<b>', description: '' })).not.toMatch(/<img|<b>/)
  })

  // fixtures one can look at: open the files in a browser
  const small = fold(
    fixture({
      seeds: 4,
      initialSizes: [20, 100],
      strategies: ['random', 'margin', 'bald', 'consistency'],
      testSize: 400
    })
  )
  const shown: LearningOptions = { ...options, curves: small, width: 860 }
  it.each([
    ['learning-light-en', shown],
    [
      'learning-strategies-dark-ja',
      { ...shown, facet: 'strategy', theme: 'dark', messages: ja, locale: 'ja' }
    ],
    ['learning-phone-ja', { ...shown, width: 360, messages: ja, locale: 'ja' }]
  ] as [string, LearningOptions][])('%s looks as it did', async (name, o) => {
    const scene = headed(learningScene(o), { title: o.messages.learning.title, lines: [learningSummary(o)] })
    const svg = toSvg(scene, {
      theme: o.theme,
      title: o.messages.learning.title,
      description: learningSummary(o)
    })
    await expect(svg).toMatchFileSnapshot(`./gallery/${name}.svg`)
  })

  it.each([
    ['sensitivity-light-en', { ...shown, scale: 'plain', width: 760 }],
    [
      'sensitivity-phone-dark-ja',
      { ...shown, scale: 'plain', width: 360, theme: 'dark', messages: ja, locale: 'ja' }
    ]
  ] as [string, LearningOptions][])('%s looks as it did', async (name, o) => {
    const title = o.messages.sensitivity.title('300')
    const scene = headed(sensitivityScene(o), { title, lines: [sensitivitySummary(o)] })
    const svg = toSvg(scene, { theme: o.theme, title, description: sensitivitySummary(o) })
    await expect(svg).toMatchFileSnapshot(`./gallery/${name}.svg`)
  })
})

describe('curves kept for comparison', () => {
  const mine = fixture({ ...few, seeds: 4 })
  const lower: typeof mine = {
    ...mine,
    experiment: { ...mine.experiment, mode: 'warm' },
    runs: mine.runs
      .filter(run => run.arm.strategy === 'margin')
      .map(run => ({ ...run, points: run.points.map(p => ({ ...p, correct: Math.max(0, p.correct - 30) })) }))
  }
  const ghost = { curves: fold(lower), name: 'Training mode: warm' }
  const o = { ...options, curves: fold(mine), ghost }
  const thin = (marks: readonly Mark[]) =>
    marks
      .flatMap(m => (m.kind === 'group' ? m.marks.map(inner => ({ ...inner, key: m.key })) : []))
      .filter(m => m.kind === 'path' && m.width === 1.3)

  it('are thin lines on the same scale, of the lines that both have, and said to be', () => {
    const scene = learningScene(o)
    expect(new Set(thin(scene.marks).map(m => m.key))).toEqual(new Set(['margin']))
    // a line and a tick at each label count, in each panel
    const counts = few.initialSizes.map(
      size => scene.panels.find(p => p.initialSize === size)!.series[1].points.length
    )
    expect(thin(scene.marks)).toHaveLength(counts.reduce((sum, n) => sum + n + 1, 0))
    const without = learningScene({ ...o, ghost: undefined })
    expect(thin(without.marks)).toEqual([])
    // and what the pointer or a key reads has them
    const [margin, random] = ['margin', 'random'].map(key => scene.panels[0].series.find(s => s.key === key)!)
    const [first] = margin.points
    expect(first.ghost).toBeCloseTo(first.point.mean - 0.3, 12)
    expect(random.points[0].ghost).toBeUndefined()
    const text = readingText({ series: margin, placed: first }, en, 'en', nameOf)
    expect(text).toMatch(/, kept curves \d+\.\d%$/)
    // the axis reaches down to them
    // not further for bands that are not drawn of them
    const wide = {
      ...ghost,
      curves: {
        ...ghost.curves,
        curves: ghost.curves.curves.map(c => ({
          ...c,
          points: c.points.map(p => ({ ...p, interval: { low: 0, high: 1 }, values: [0, 1] }))
        }))
      }
    }
    const ys = (scene: LearningScene) =>
      scene.panels.flatMap(p => p.series.flatMap(s => s.points.map(p => p.y)))
    expect(ys(learningScene({ ...o, ghost: wide, showSeeds: true }))).toEqual(
      ys(learningScene({ ...o, showSeeds: true }))
    )
    expect(sensitivityScene({ ...o, ghost: wide }).series).toEqual(sensitivityScene(o).series)
    const low = (scene: LearningScene) =>
      Math.max(...scene.panels[0].series.flatMap(s => s.points.map(p => p.y)))
    expect(low(scene)).toBeLessThan(low(without))
    expect(learningNotes(o, scene)).toContain(en.ghost('Training mode: warm'))
    const at = sensitivityScene(o)
    expect(new Set(thin(at.marks).map(m => m.key))).toEqual(new Set(['margin']))
    expect(sensitivityNotes(o, at)).toContain(en.ghost('Training mode: warm'))
    expectLegible(at)
  })

  it('are in the tables, with the difference where seeds can be paired', () => {
    const rows = sensitivityRows({ curves: o.curves, hidden: new Set(), n: 300, ghost })
    const table = tableOf(rows, 'sensitivity', en, 'en', nameOf)
    const [kept, over] = [en.table.ghost, en.table.overGhost].map(head => table.columns.indexOf(head))
    const cells = table.rows.map(row => [row[0], row[kept], row[over]])
    for (const [name, mean, difference] of cells) {
      expect(mean !== '').toBe(name === 'Margin')
      expect(difference !== '').toBe(name === 'Margin')
    }
    // and in the CSV
    const [heads, ...lines] = csvOf(rows, 'sensitivity')
      .trimEnd()
      .split('\r\n')
      .map(line => line.split(','))
    const at = heads.indexOf('minus_kept')
    const names = ['', '_low', '_high', '_p', '_pairs'].map(end => `minus_kept${end}`)
    expect(heads.slice(at - 1, at + 5)).toEqual(['kept', ...names])
    for (const line of lines) {
      expect(line).toHaveLength(heads.length)
      if (line[0] !== 'margin') expect(line.slice(at - 1)).toEqual(Array(6).fill(''))
      else expect(Number(line[at])).toBeCloseTo(Number(line[4]) - Number(line[at - 1]), 10)
    }
    const plain = tableOf(
      sensitivityRows({ curves: o.curves, hidden: new Set(), n: 300 }),
      'sensitivity',
      en,
      'en',
      nameOf
    )
    expect(plain.columns).not.toContain(en.table.ghost)
  })
})
