import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dodge } from '../../src/charts/dodge.ts'
import { evenly } from '../support/evenly.ts'

// tenths, so that some are one
const places = fc.array(
  fc.integer({ min: 0, max: 3000 }).map(v => v / 10),
  { minLength: 1, maxLength: 14 }
)

describe('labels that move apart', () => {
  it('never overlap, stay within their panel and keep their order', () => {
    fc.assert(
      fc.property(places, given => {
        const moved = dodge(given, 20, 10, 290)
        const order = given.map((_, i) => i).sort((a, b) => given[a] - given[b] || a - b)
        order.forEach((index, rank) => {
          expect(moved[index]).toBeGreaterThanOrEqual(10 - 1e-9)
          expect(moved[index]).toBeLessThanOrEqual(290 + 1e-9)
          if (rank) expect(moved[index] - moved[order[rank - 1]]).toBeGreaterThanOrEqual(20 - 1e-9)
        })
      })
    )
  })

  it('do not move when there is room', () => {
    expect(dodge([100, 50, 200], 20, 0, 300)).toEqual([100, 50, 200])
  })

  it('move as little as possible: two at one place part evenly', () => {
    expect(dodge([100, 100], 20, 0, 300)).toEqual([90, 110])
    expect(dodge([100, 100, 160], 20, 0, 300)).toEqual([90, 110, 160])
    expect(dodge([0, 0], 20, 0, 300)).toEqual([0, 20])
  })

  it('are the isotonic regression by its min-max formula, cut where the panel ends', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 60 }), (given, gap) => {
        const [low, high] = [10, 290]
        const order = given.map((_, i) => i).sort((a, b) => given[a] - given[b] || a - b)
        const less = order.map((index, rank) => given[index] - rank * gap)
        const mean = (from: number, to: number) =>
          less.slice(from, to + 1).reduce((a, b) => a + b) / (to + 1 - from)
        const room = Math.max(low, high - (given.length - 1) * gap)
        const moved = dodge(given, gap, low, high)
        order.forEach((index, rank) => {
          const starts = [...less.keys()].slice(0, rank + 1)
          const ends = [...less.keys()].slice(rank)
          const fitted = Math.max(...starts.map(a => Math.min(...ends.map(b => mean(a, b)))))
          expect(moved[index]).toBeCloseTo(Math.min(room, Math.max(low, fitted)) + rank * gap, 6)
        })
      })
    )
    // the second two part first, and then push the first
    expect(dodge([100, 121, 121], 20, 0, 300)).toEqual([94, 114, 134])
    expect(dodge([280, 290], 20, 10, 290)).toEqual([270, 290])
    // there is no room for all of them: from the top on
    expect(dodge([5, 6, 7], 20, 0, 30)).toEqual([0, 20, 40])
  })

  it('no other places are nearer: small steps away from the solution cost more', () => {
    fc.assert(
      fc.property(places, fc.array(evenly(-3, 3), { minLength: 14, maxLength: 14 }), (given, steps) => {
        const cost = (at: number[]) => at.reduce((sum, v, i) => sum + (v - given[i]) ** 2, 0)
        const moved = dodge(given, 20, -1e6, 1e6)
        const other = moved.map((v, i) => v + steps[i])
        const sorted = [...other].sort((a, b) => a - b)
        const allowed =
          sorted.every((v, i) => !i || v - sorted[i - 1] >= 20) &&
          given.every((g, i) => given.every((h, j) => g >= h || other[i] < other[j]))
        if (allowed) expect(cost(other)).toBeGreaterThanOrEqual(cost(moved) - 1e-6)
      })
    )
  })
})
