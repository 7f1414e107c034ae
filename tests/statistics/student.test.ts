import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areasSoFar } from '../../src/core/statistics/area.ts'
import { holm } from '../../src/core/statistics/holm.ts'
import { tInterval } from '../../src/core/statistics/interval.ts'
import { pairedT } from '../../src/core/statistics/paired.ts'
import { tQuantile, tTwoSided } from '../../src/core/statistics/student.ts'
import { evenly } from '../support/evenly.ts'

describe("Student's t", () => {
  // Published tables (NIST/SEMATECH e-Handbook 1.3.6.7.2, extended digits); df 1 and 2 from the closed forms.
  it.each([
    [0.975, 1, 12.7062047],
    [0.975, 2, 4.3026527],
    [0.975, 3, 3.1824463],
    [0.975, 4, 2.7764451],
    [0.975, 5, 2.5705818],
    [0.975, 9, 2.2621572],
    [0.975, 10, 2.2281389],
    [0.975, 29, 2.0452296],
    [0.975, 30, 2.0422725],
    [0.975, 100, 1.9839715],
    [0.995, 4, 4.6040949],
    [0.95, 7, 1.8945786],
    [0.999, 20, 3.5518083]
  ])('quantile %f with %i degrees of freedom', (p, df, published) => {
    expect(tQuantile(p, df)).toBeCloseTo(published, 6)
  })

  it('has the closed forms of one and two degrees of freedom', () => {
    for (const p of [0.5001, 0.6, 0.9, 0.975, 0.9999]) {
      expect(tQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 6)
      const a = 2 * p - 1
      expect(tQuantile(p, 2)).toBeCloseTo(a * Math.sqrt(2 / (1 - a * a)), 8)
    }
  })

  it('tends to the normal distribution', () => {
    expect(tQuantile(0.975, 1e6)).toBeCloseTo(1.959964 + (1.959964 ** 3 + 1.959964) / 4e6, 6)
  })

  it('inverts the tail for real degrees of freedom, falls with them, and is odd', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 5000, noNaN: true }),
        fc.double({ min: 0.501, max: 0.9995, noNaN: true }),
        (df, p) => {
          const t = tQuantile(p, df)
          expect(tTwoSided(t, df)).toBeCloseTo(2 * (1 - p), 8)
          expect(tQuantile(1 - p, df)).toBeCloseTo(-t, 8)
          expect(tQuantile(p, df * 1.5)).toBeLessThanOrEqual(t + 1e-9)
        }
      ),
      { numRuns: 200 }
    )
  })

  it('agrees with numerical integration of the density between whole degrees of freedom', () => {
    const df = 2.7
    const t = tQuantile(0.975, df)
    const density = (x: number) => (1 + (x * x) / df) ** (-(df + 1) / 2)
    const integral = (to: number) => {
      // x = tan(u) maps the half line to [0, pi/2); Simpson's rule
      const end = Math.atan(to)
      const n = 20000
      let sum = 0
      for (let i = 0; i <= n; i++) {
        const u = (end * i) / n
        const w = i === 0 || i === n ? 1 : i % 2 ? 4 : 2
        sum += w * density(Math.tan(u)) * (1 + Math.tan(u) ** 2)
      }
      return (sum * end) / n / 3
    }
    expect(integral(t) / integral(1e9)).toBeCloseTo(0.95, 6)
  })

  it('refuses what it is not defined for', () => {
    expect(() => tQuantile(1, 4)).toThrow(RangeError)
    expect(() => tQuantile(0.9, 0.5)).toThrow(RangeError)
  })
})

describe('intervals and paired differences', () => {
  const a = [0.7, 0.72, 0.71, 0.73, 0.74]
  const b = [0.68, 0.71, 0.69, 0.7, 0.72]
  const d = a.map((v, i) => v - b[i])

  it('T20: five seeds', () => {
    const c = pairedT(d)!
    expect(c.difference).toBeCloseTo(0.02, 12)
    expect(c.interval.low).toBeCloseTo(0.01122011, 7)
    expect(c.interval.high).toBeCloseTo(0.02877989, 7)
    expect(c.p).toBeCloseTo(tTwoSided(6.324555, 4), 8)
    expect(tInterval(d)).toEqual(c.interval)
  })

  it('T20: the first three seeds', () => {
    expect(pairedT(d.slice(0, 3))!.p).toBeCloseTo(tTwoSided(5, 2), 8)
  })

  it('says nothing with one seed', () => {
    expect(pairedT([0.1])).toBeUndefined()
    expect(tInterval([0.9])).toBeUndefined()
  })
})

describe('area under the budget curve', () => {
  /** of one seed */
  const areaUnder = (counts: readonly number[], values: readonly number[]) =>
    areasSoFar(counts.map((labelCount, i) => ({ labelCount, seeds: [0], values: [values[i]] }))).at(-1)

  it('T19', () => {
    expect(areaUnder([0, 100, 200], [0.5, 0.7, 0.8])).toBeCloseTo(0.675, 12)
    expect(areaUnder([0, 100, 200, 250], [0.5, 0.7, 0.8, 0.82])).toBeCloseTo(0.702, 12)
    expect(areaUnder([20], [0.5])).toBeUndefined()
  })

  it('is a mean over the seeds that were measured at every point up to there', () => {
    const at = (labelCount: number, of: Record<number, number>) => ({
      labelCount,
      seeds: Object.keys(of).map(Number),
      values: Object.values(of)
    })
    const points = [
      at(20, { 0: 0.5, 3: 0.4, 5: 0.6 }),
      at(50, { 3: 0.6, 5: 0.7 }),
      // back again, and a new one: both have a gap before
      at(100, { 0: 0.9, 3: 0.8, 5: 0.7, 7: 1 }),
      at(200, { 5: 0.9 }),
      at(300, { 0: 0.9 }),
      at(400, { 5: 0.9 })
    ]
    const third = (30 * 0.5 + 50 * 0.7) / 80
    const fifth = (30 * 0.65 + 50 * 0.7) / 80
    const expected = [undefined, (0.5 + 0.65) / 2, (third + fifth) / 2, (80 * fifth + 100 * 0.8) / 180]
    areasSoFar(points).forEach((area, i) =>
      expected[i] === undefined ? expect(area).toBeUndefined() : expect(area).toBeCloseTo(expected[i], 12)
    )
    // nothing is interpolated: up to the first point of the grid that nobody measured
    const defined = (grid: number[]) => areasSoFar(points.slice(0, 4), grid).map(area => area !== undefined)
    expect(defined([20, 50, 100, 200, 300])).toEqual([false, true, true, true])
    expect(defined([20, 50, 75, 100, 200])).toEqual([false, true, false, false])
    expect(defined([20, 30, 50, 100, 200])).toEqual([false, false, false, false])
  })

  it('of a constant is the constant, whatever the steps', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 9999 }), { minLength: 2 }),
        evenly(0, 1),
        (counts, v) => {
          const sorted = [...counts].sort((x, y) => x - y)
          expect(
            areaUnder(
              sorted,
              sorted.map(() => v)
            )
          ).toBeCloseTo(v, 10)
        }
      )
    )
  })
})

describe("Holm's correction", () => {
  it('steps down through the ordered p-values', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
    expect(holm([])).toEqual([])
    expect(holm([0.9, 0.8])).toEqual([1, 1])
  })
})
