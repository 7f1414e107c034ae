import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Dynamics, recognition } from '../../src/core/pretraining/dynamics.ts'
import * as slow from './slow.ts'
import { evenly } from '../support/evenly.ts'

describe('T17: the dataset map', () => {
  it('two identical pairs that are orthogonal to each other, at 0.5', () => {
    const views = Float64Array.of(1, 0, 0, 1, 1, 0, 0, 1)
    for (const p of recognition(views, 2, 0.5).probabilities) expect(p).toBeCloseTo(0.786986, 6)
  })
  it('at the temperature of the paper, .05, where nothing else is said', () => {
    const views = Float64Array.of(1, 0, 0.8, 0.6, 0.96, 0.28, 0.6, 0.8)
    expect(recognition(views, 2)).toEqual(recognition(views, 2, 0.05))
    expect(recognition(views, 2)).not.toEqual(recognition(views, 2, 0.06))
  })
  it('confidence is the mean over epochs, variability the population deviation', () => {
    const dynamics = new Dynamics(3)
    for (const p of [0.2, 0.4, 0.9])
      dynamics.add([1], { probabilities: Float64Array.of(p), nearest: Float64Array.of(p > 0.3 ? 1 : 0) })
    const { size, values } = dynamics.features()
    expect(size).toBe(3)
    expect([...values].map(v => +v.toFixed(6))).toEqual([0, 0, 0, 0.5, 0.294392, 0.666667, 0, 0, 0])
  })
})

describe('what is kept of a map between epochs', () => {
  const told = (p: number) => ({ probabilities: Float64Array.of(p, 1 - p), nearest: Float64Array.of(1, 0) })

  it('is a copy, from which it goes on as if nothing had been', () => {
    const [whole, first] = [new Dynamics(3), new Dynamics(3)]
    whole.add([0, 2], told(0.3))
    first.add([0, 2], told(0.3))
    const kept = first.kept()
    const copy = structuredClone(kept)
    first.add([2, 1], told(0.8))
    expect(kept).toEqual(copy)
    const again = new Dynamics(3, kept)
    for (const map of [whole, again]) map.add([0, 1], told(0.6))
    expect(again.features()).toEqual(whole.features())
    expect(kept).toEqual(copy)
  })

  it('fits a pool with all of its parts and no other', () => {
    const kept = new Dynamics(3).kept()
    expect(Dynamics.fits(kept, 3)).toBe(true)
    expect(Dynamics.fits(kept, 4)).toBe(false)
    for (const name of Object.keys(kept)) {
      expect(Dynamics.fits({ ...kept, [name]: new Float64Array(2) }, 3), name).toBe(false)
      expect(Dynamics.fits({ ...kept, [name]: Float64Array.of(1, NaN, 0) }, 3), name).toBe(false)
      expect(Dynamics.fits({ ...kept, [name]: new Float32Array(3) }, 3), name).toBe(false)
    }
  })
})

describe('the probability of a pair', () => {
  it('is the mean of two softmaxes over all other views', () => {
    const value = evenly(-1, 1)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0.05, 0.2, 1),
        fc.array(value, { minLength: 30, maxLength: 30 }),
        (n, temperature, values) => {
          const rows = slow
            .rowsOf(values.map((v, i) => v + (i % 3 ? 0 : 2)).slice(0, 6 * n), 3)
            .map(slow.unit)
          const cosine = (a: number[], b: number[]) => a.reduce((sum, v, d) => sum + v * b[d], 0)
          const share = (i: number, j: number) =>
            Math.exp(cosine(rows[i], rows[j]) / temperature) /
            rows.reduce(
              (sum, row, m) => (m === i ? sum : sum + Math.exp(cosine(rows[i], row) / temperature)),
              0
            )
          const { probabilities, nearest } = recognition(Float64Array.from(rows.flat()), 3, temperature)
          // ties are told by rounding
          const told = (i: number, j: number, slack: number) =>
            rows.every(
              (row, m) => m === i || m === j || cosine(rows[i], row) < cosine(rows[i], rows[j]) + slack
            )
              ? 0.5
              : 0
          nearest.forEach((share, i) => {
            const within = (slack: number) => told(i, i + n, slack) + told(i + n, i, slack)
            expect(share).toBeLessThanOrEqual(within(1e-9))
            expect(share).toBeGreaterThanOrEqual(within(-1e-9))
          })
          probabilities.forEach((p, i) => expect(p).toBeCloseTo((share(i, i + n) + share(i + n, i)) / 2, 9))
        }
      ),
      { numRuns: 300 }
    )
  })
})
