/** The losses of learning loss and MCDAL: the specification's vectors, and gradients against finite differences. */
import { describe, expect, it } from 'vitest'
import { addDistances, discrepancyOf } from '../../src/core/recipes/discrepancy.ts'
import { softmaxOf } from '../../src/core/recipes/losses.ts'
import { crossEntropies, rankingLoss } from '../../src/core/recipes/ranking.ts'
import { numbers } from '../strategies/setup.ts'

const seeds = Array.from({ length: 200 }, (_, i) => i)
const softmax = (z: number[]) => {
  const e = z.map(Math.exp)
  return e.map(v => v / e.reduce((a, b) => a + b))
}
const rowsOf = (values: ArrayLike<number>, width: number) =>
  Array.from({ length: values.length / width }, (_, i) =>
    Array.from({ length: width }, (_, c) => values[i * width + c])
  )
/** Central differences of a function of a list. */
const differences = (f: (x: number[]) => number, x: number[], h = 1e-6) =>
  x.map((_, i) => {
    const moved = (by: number) => f(x.map((v, at) => (at === i ? v + by : v)))
    return (moved(h) - moved(-h)) / (2 * h)
  })
const near = (got: ArrayLike<number>, expected: number[], digits: number) =>
  expected.forEach((e, i) => expect(got[i]).toBeCloseTo(e, digits))

describe('T10: the ranking loss', () => {
  it('pairs (0, 3) and (1, 2): .2 and 1.8, so 1', () => {
    const { loss, gradient } = rankingLoss([2, 1, 3, 0.5], [1.5, 1, 0.2, 0.7], 1)
    expect(loss).toBeCloseTo(1, 12)
    near(gradient, [-0.5, 0.5, -0.5, 0.5], 7)
  })
  it('the middle of an odd batch has no partner, and one image no loss', () => {
    const { loss, gradient } = rankingLoss([1, 9, 2], [0, 5, 3], 1)
    expect([loss, ...gradient]).toEqual([0, 0, 0, 0])
    expect(rankingLoss([1], [2], 1)).toEqual({ loss: 0, gradient: new Float32Array(1) })
  })
  it('is its definition, and its gradient that of the loss', () => {
    for (const seed of seeds) {
      const draw = numbers(seed, 20)
      const n = 2 + Math.floor(draw(1)[0] * 9)
      const losses = [...draw(n, 0, 3)]
      const predictions = [...draw(n, -1, 1)]
      const margin = draw(1, 0.2, 1.5)[0]
      const slow = (p: number[]) => {
        const terms = []
        for (let i = 0; i < n - 1 - i; i++) {
          const [a, b] = [i, n - 1 - i]
          const sign = losses[a] > losses[b] ? 1 : -1
          terms.push(Math.max(0, margin - sign * (p[a] - p[b])))
        }
        return terms.reduce((x, y) => x + y) / terms.length
      }
      const { loss, gradient } = rankingLoss(losses, predictions, margin)
      expect(loss).toBeCloseTo(slow(predictions), 10)
      near(gradient, differences(slow, predictions), 5)
    }
  })
  it('of logits far apart, wherever the largest stands', () => {
    for (const row of [
      [1000, 0, -1000],
      [-1000, 1000, 0],
      [0, -1000, 1000]
    ])
      expect([...softmaxOf(row, 3)]).toEqual(row.map(z => (z === 1000 ? 1 : 0)))
    expect(crossEntropies([1000, -1000], [0], 2)[0]).toBeCloseTo(0, 12)
  })
  it('cross-entropies row by row', () => {
    for (const seed of seeds.slice(0, 20)) {
      const logits = numbers(seed, 21)(5 * 3, -4, 4)
      const labels = [0, 2, 1, 1, 0]
      const expected = rowsOf(logits, 3).map((row, i) => -Math.log(softmax(row)[labels[i]]))
      near(crossEntropies(logits, labels, 3), expected, 10)
    }
  })
})

describe('T11: discrepancy', () => {
  const [p, p1, p2] = [
    [0.8, 0.2],
    [0.6, 0.4],
    [0.3, 0.7]
  ]
  const logits = (row: number[]) => row.map(Math.log)
  it('of three heads: a score of 2, in training 1; of three equal ones 0', () => {
    const score = new Float64Array(1)
    for (const [a, b] of [
      [p1, p2],
      [p, p1],
      [p, p2]
    ])
      addDistances(score, a, b, 2)
    expect(score[0]).toBeCloseTo(2, 12)
    expect(discrepancyOf(logits(p), logits(p1), logits(p2), 2).discrepancy).toBeCloseTo(1, 12)
    const { discrepancy, gradients } = discrepancyOf(logits(p), logits(p), logits(p), 2)
    expect(discrepancy).toBe(0)
    for (const gradient of gradients) expect([...gradient].map(Math.abs)).toEqual([0, 0])
  })
  it('is its definition, and its gradients those of the heads', () => {
    for (const seed of seeds) {
      const draw = numbers(seed, 22)
      const [rows, classes] = [1 + (seed % 4), 2 + (seed % 5)]
      const heads = [0, 1, 2].map(() => [...draw(rows * classes, -2, 2)])
      const slow = ([z, z1, z2]: number[][]) => {
        const [a, b, c] = [z, z1, z2].map(values => rowsOf(values, classes).flatMap(softmax))
        const d = (x: number[], y: number[]) => x.reduce((s, v, i) => s + Math.abs(v - y[i]), 0) / x.length
        return d(b, c) + d(b, a) + d(c, a)
      }
      const { discrepancy, gradients } = discrepancyOf(heads[0], heads[1], heads[2], classes)
      expect(discrepancy).toBeCloseTo(slow(heads), 10)
      gradients.forEach((gradient, h) => {
        const own = (z: number[]) => slow(heads.map((other, i) => (i === h + 1 ? z : other)))
        near(gradient, differences(own, heads[h + 1]), 5)
      })
    }
  })
})
