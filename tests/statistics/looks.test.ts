import { describe, expect, it } from 'vitest'
import { table } from '../../src/core/experiment/table.ts'
import { derive, rootKey, Stream } from '../../src/core/random.ts'
import { paid } from '../../src/core/statistics/looks.ts'
import { tQuantile } from '../../src/core/statistics/student.ts'

/** The largest p of one look at so many seeds whose paid p is below `level`. */
function threshold(level: number, seeds: number): number {
  let [low, high] = [0, level]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (paid(middle, seeds) < level) low = middle
    else high = middle
  }
  return low
}

/** Two independent normal numbers (Box and Muller). */
function normals(stream: Stream): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()))
  const turn = 2 * Math.PI * stream.uniform()
  return [radius * Math.cos(turn), radius * Math.sin(turn)]
}

describe('looking again', () => {
  const courses = 6000
  const most = table.seeds.max
  const levels = [0.05, 0.01]
  /** t that a look at S seeds must reach, by level */
  const reach = levels.map(level =>
    Array.from({ length: most + 1 }, (_, S) =>
      S < 2 ? Infinity : tQuantile(1 - threshold(level, S) / 2, S - 1)
    )
  )

  it('after every seed decides as often as the level says where there is nothing, and does not give much away', () => {
    const stream = new Stream(derive(rootKey(5, 99), 1))
    const decided = levels.map(() => 0)
    let once = 0
    for (let course = 0; course < courses; course++) {
      let [sum, square] = [0, 0]
      const open = levels.map(() => true)
      for (let S = 1; S <= most; S += 2) {
        for (const [i, value] of normals(stream).entries()) {
          sum += value
          square += value * value
          const n = S + i
          if (n < 2) continue
          const t = Math.abs(sum) / Math.sqrt((n * square - sum * sum) / (n - 1))
          levels.forEach((_, l) => {
            if (open[l] && t > reach[l][n]) {
              open[l] = false
              decided[l]++
            }
          })
          if (n === 10 && t > tQuantile(0.975, 9)) once++
        }
      }
    }
    // three standard errors of the simulation to either side
    const error = (level: number) => 3 * Math.sqrt((level * (1 - level)) / courses)
    levels.forEach((level, l) => {
      expect(decided[l] / courses).toBeLessThan(level + error(level))
      expect(decided[l] / courses).toBeGreaterThan(0.8 * level - error(level))
    })
    // the simulation itself: a single look is right in one in twenty
    expect(Math.abs(once / courses - 0.05)).toBeLessThan(error(0.05))
  })

  it('keeps the order of p-values, and never makes one smaller', () => {
    for (const seeds of [2, 3, 4, 5, 10, 20, 21, 50, 100]) {
      let before = 0
      for (let p = 1e-12; p <= 1; p *= 1.1) {
        const value = paid(p, seeds)
        expect(value).toBeGreaterThanOrEqual(before)
        expect(value).toBeGreaterThanOrEqual(p)
        expect(value).toBeLessThanOrEqual(1)
        before = value
      }
      expect([paid(0, seeds), paid(1, seeds)]).toEqual([0, 1])
    }
  })

  it('costs least from 5 to 20 seeds, the same for all of these', () => {
    const cost = (seeds: number) => paid(0.001, seeds)
    expect(new Set([5, 10, 20].map(cost)).size).toBe(1)
    for (const [cheaper, dearer] of [
      [5, 4],
      [4, 3],
      [3, 2],
      [20, 21],
      [21, 50],
      [50, 100]
    ])
      expect(cost(cheaper)).toBeLessThan(cost(dearer))
  })
})
