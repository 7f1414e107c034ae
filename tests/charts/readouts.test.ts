import { describe, expect, it } from 'vitest'
import { countsOf, readingsAt } from '../../src/charts/cursor.ts'
import { learningScene } from '../../src/charts/learning.ts'
import type { Frame } from '../../src/charts/layout.ts'
import { placeReadouts } from '../../src/charts/readouts.ts'
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
