import { describe, expect, it } from 'vitest'
import { headed, wrap } from '../../src/charts/heading.ts'
import { learningScene, type LearningOptions } from '../../src/charts/learning.ts'
import type { Mark, TextMark } from '../../src/charts/scene.ts'
import { randomIsFlat, sensitivityScene } from '../../src/charts/sensitivity.ts'
import { learningSummary, sensitivitySummary } from '../../src/charts/summary.ts'
import { escapeXml, toSvg } from '../../src/charts/svg.ts'
import { textWidth } from '../../src/charts/text.ts'
import { fold } from '../../src/core/curves.ts'
import { charts as en } from '../../src/i18n/charts.en.ts'
import { charts as ja } from '../../src/i18n/charts.ja.ts'
import { fixture, nameOf, withoutRecords } from './fixture.ts'

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
  it('has gaps where nobody measured, and says why nothing can be ranked there', () => {
    const scene = sensitivityScene({ ...options, scale: 'plain', width: 860, n: 100 })
    for (const s of scene.series) expect(s.points.map(p => p.initialSize)).toEqual([20, 50, 100])
    const words = texts(scene.marks).map(t => t.text)
    expect(words).toContain(en.sensitivity.sameTraining)
    expect(words).toContain(en.sensitivity.notMeasured)
  })

  it('knows that random is flat by construction', () => {
    expect(randomIsFlat(options)).toBe(true)
    expect(randomIsFlat({ ...options, hidden: new Set(['random']) })).toBe(false)
    expect(randomIsFlat({ ...options, n: 20 })).toBe(false)
  })
})

describe('summaries', () => {
  it('say who is ahead, who is below, and what cannot be told', () => {
    expect(learningSummary(options)).toMatch(
      /^At 300 labels, ahead of random: .*Margin.*\. Below random: Consistency/
    )
    const clear = fold(fixture({ strategies: ['random', 'margin', 'consistency'] }))
    expect(sensitivitySummary({ ...options, curves: clear })).toMatch(
      /^At 300 labels the best strategy: from 20.*, Margin\./
    )
    expect(sensitivitySummary(options)).toMatch(/cannot be told/)
  })

  it('never let a number of labels pass for the size of an initial set', () => {
    expect(en.summary.best('300', [{ strategies: 'Margin', initialSizes: '50' }])).toBe(
      'At 300 labels the best strategy: from 50, Margin.'
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

  it('say nothing from one seed', () => {
    const one = { ...options, curves: fold(fixture({ measured: 1 })) }
    expect(learningSummary(one)).toBe(
      `${en.summary.silent('300')} The ceiling, with all 2,000 labels: 98.4% (3 seeds).`
    )
    expect(sensitivitySummary(one)).toBe(en.summary.silent('300'))
    expect(learningSummary({ ...one, messages: ja, locale: 'ja' })).toBe(
      `${ja.summary.silent('300')}上限（全2,000枚のラベル）：98.4%（3シード）。`
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
