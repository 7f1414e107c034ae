import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dodge } from '../../src/charts/dodge.ts'

const places = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 14 })

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

  it('no other places are nearer: small steps away from the solution cost more', () => {
    fc.assert(
      fc.property(
        places,
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 14, maxLength: 14 }),
        (given, steps) => {
          const cost = (at: number[]) => at.reduce((sum, v, i) => sum + (v - given[i]) ** 2, 0)
          const moved = dodge(given, 20, -1e6, 1e6)
          const other = moved.map((v, i) => v + steps[i])
          const sorted = [...other].sort((a, b) => a - b)
          const allowed =
            sorted.every((v, i) => !i || v - sorted[i - 1] >= 20) &&
            given.every((g, i) => given.every((h, j) => g >= h || other[i] < other[j]))
          if (allowed) expect(cost(other)).toBeGreaterThanOrEqual(cost(moved) - 1e-6)
        }
      )
    )
  })
})
