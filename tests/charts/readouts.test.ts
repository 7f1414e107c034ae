import { describe, expect, it } from 'vitest'
import { countsOf, readingsAt, type Reading } from '../../src/charts/cursor.ts'
import { learningScene } from '../../src/charts/learning.ts'
import type { Frame } from '../../src/charts/layout.ts'
import { placeReadout, placeReadouts } from '../../src/charts/readouts.ts'
import { textWidth } from '../../src/charts/text.ts'
import { fold } from '../../src/core/curves.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'
import { charts as en } from '../../src/i18n/charts.en.ts'
import { charts as ja } from '../../src/i18n/charts.ja.ts'
import { fixture, nameOf } from './fixture.ts'

const curves = fold(fixture({ seeds: 2, testSize: 100 }))
const meet = (a: Frame, b: Frame) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

describe.each([
  ['en', en],
  ['ja', ja]
] as const)('readouts in %s', (locale, messages) => {
  it.each([360, 700, 860, 1000, 1300, 1880])('of a chart %i px wide do not cover each other', width => {
    const { panels } = learningScene({
      curves,
      n: 300,
      width,
      scale: 'plain',
      facet: 'initial',
      showSeeds: false,
      theme: 'light',
      hidden: new Set(),
      messages,
      locale,
      strategyName: nameOf
    })
    panels.forEach((panel, active) => {
      const plot = panel.frame.right - panel.frame.left
      const alone = panels.filter(p => p.frame.top === panel.frame.top).length === 1
      for (const labelCount of countsOf([panel])) {
        const placed = placeReadouts(panels, active, labelCount, width, { messages, locale })
        const front = placed[active]!
        expect(front.full).toBe(alone || plot >= 220)
        placed.forEach((p, i) => {
          if (!p || i === active) return
          expect(p.full).toBe(false)
          expect(meet(p.box, front.box)).toBe(false)
        })
        for (const [i, p] of placed.entries()) {
          if (!p || p.full) continue
          expect(p.box.left).toBeGreaterThan(panels[i].frame.left - 0.01)
          expect(p.box.right).toBeLessThan(panels[i].frame.right + 0.01)
        }
      }
    })
  })
})

describe('where a readout stands', () => {
  const words = { messages: en, locale: 'en' }
  const frame = { left: 0, right: 400, top: 10, bottom: 210 }
  const reading = (x: number, more: object = {}): Reading => ({
    series: {
      arm: { strategy: 'margin', initialSize: 20 },
      key: 'margin',
      label: 'Margin',
      colour: 'ink',
      dash: '',
      marker: 'circle',
      points: []
    },
    placed: {
      x,
      y: 100,
      point: {
        labelCount: 100,
        seeds: [0],
        correct: [9],
        values: [0.9],
        mean: 0.9,
        provisional: false,
        ...more
      }
    }
  })
  const wide = { left: -1000, right: 1000 }

  it('is below right of a point on the left, and above left of one on the right', () => {
    const left = placeReadout([reading(100)], frame, false, wide, words)
    expect(left).toMatchObject({ full: false, toLeft: false })
    expect(left.box.left).toBe(110)
    expect(left.box.bottom).toBe(206)
    const right = placeReadout([reading(300)], frame, false, wide, words)
    expect(right.toLeft).toBe(true)
    expect(right.box.right).toBe(290)
    expect(right.box.top).toBe(14)
    // the same box, a row high
    for (const { box } of [left, right]) {
      expect(box.right - box.left).toBeCloseTo(20 + 19 + textWidth('90.0%', 13), 9)
      expect(box.bottom - box.top).toBe(14 + 19)
    }
  })

  it('has a row for each line and one for its heading', () => {
    const rows = [reading(100), reading(100), reading(100)]
    const { box, heading } = placeReadout(
      rows,
      frame,
      true,
      wide,
      words,
      'a heading that is wider than all of its rows together'
    )
    expect(heading).toMatch(/^a heading/)
    expect(box.bottom - box.top).toBe(14 + 4 * 19)
    expect(box.right - box.left).toBeCloseTo(20 + textWidth(heading!, 13), 9)
  })

  it('changes sides where it would leave its bounds, and is moved in where both would', () => {
    expect(placeReadout([reading(100)], frame, false, { left: -1000, right: 150 }, words)).toMatchObject({
      toLeft: true,
      box: { right: 90 }
    })
    expect(placeReadout([reading(300)], frame, false, { left: 250, right: 1000 }, words)).toMatchObject({
      toLeft: false,
      box: { left: 310 }
    })
    for (const x of [100, 300]) {
      const { box } = placeReadout([reading(x)], frame, false, { left: x - 50, right: x + 50 }, words)
      expect(box.left).toBeGreaterThanOrEqual(x - 50)
      expect(box.right).toBeLessThanOrEqual(x + 50)
    }
  })

  it('in full has room for names, intervals, what is kept beside, and areas if these are asked for and there are some', () => {
    const interval = { low: 0.85, high: 0.95 }
    const at = (r: Reading, full = true, areas = false, bounds = wide) => {
      const placed = placeReadout([r], frame, full, bounds, words, undefined, areas)
      return { ...placed, width: placed.box.right - placed.box.left }
    }
    const [values, named] = [at(reading(100), false), at(reading(100))]
    expect(named.width - values.width).toBeGreaterThanOrEqual(textWidth('Margin', 13))
    const range = at(reading(100, { interval }))
    expect(range.width - named.width).toBeGreaterThanOrEqual(textWidth(en.range('85.0', '95.0'), 13))
    const kept = { ...reading(100), placed: { ...reading(100).placed, ghost: 0.8 } }
    expect(at(kept).width - named.width).toBeGreaterThanOrEqual(textWidth(en.kept('80.0%'), 13))
    const summed = reading(100, { area: 0.7 })
    expect(at(summed, true, true)).toMatchObject({ area: 'AUBC' })
    expect(at(summed, true, true).width - named.width).toBeGreaterThanOrEqual(58)
    for (const none of [
      at(summed),
      at(summed, false, true),
      at(reading(100), true, true),
      at(summed, true, true, { left: 0, right: named.width + 20 })
    ])
      expect(none.area).toBeUndefined()
  })
})

describe('readouts of many lines', () => {
  const strategies = strategyIds.slice(0, 20)
  const many = fold(fixture({ seeds: 2, testSize: 100, strategies }))
  const { panels } = learningScene({
    curves: many,
    n: 300,
    width: 1000,
    scale: 'plain',
    facet: 'initial',
    showSeeds: false,
    theme: 'light',
    hidden: new Set(),
    messages: en,
    locale: 'en',
    strategyName: nameOf
  })
  const place = (strategy?: string) =>
    placeReadouts(panels, 0, 300, 1000, { messages: en, locale: 'en' }, { strategy, initialSize: 20 })

  it('stay within the height of their panel, and say how many are left out', () => {
    for (const [i, p] of place().entries()) {
      if (!p) continue
      const { top, bottom } = panels[i].frame
      expect([p.box.top >= top, p.box.bottom <= bottom]).toEqual([true, true])
      expect(p.more).toBeGreaterThan(0)
      expect(p.readings.length + p.more).toBe(20)
      // the best ones
      expect(p.readings).toEqual(readingsAt(panels[i], 300).slice(0, p.readings.length))
    }
  })

  it('have the line that is pointed at', () => {
    for (const strategy of strategies)
      expect(place(strategy)[0]!.readings.map(r => r.series.arm.strategy)).toContain(strategy)
  })
})
