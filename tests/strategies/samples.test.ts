/** What happens to large pools: rules that look at a part of the rows, against the same rule on that part. */
import { describe, expect, it } from 'vitest'
import { clustering, kMeans, type Question } from '../../src/core/numeric/kmeans.ts'
import { eigen, principalCoordinates } from '../../src/core/numeric/pca.ts'
import { hashOrder } from '../../src/core/hashOrder.ts'
import { rootKey, Stream } from '../../src/core/random.ts'
import { clustersOf } from '../../src/core/strategies/clusterMargin.ts'
import { strategies } from '../../src/core/strategies/index.ts'
import { SUBSET } from '../../src/core/strategies/learningLoss.ts'
import type { QueryInput } from '../../src/core/strategy.ts'
import { coveringPicks, pureRadius } from '../../src/core/strategies/probCover.ts'
import { numbers } from './setup.ts'
import * as slow from './slow.ts'

const stream = (seed: number) => new Stream(rootKey(seed, 82))
const rows = (length: number, from = 0) => Uint32Array.from({ length }, (_, i) => from + i)
const nearest = (centres: number[][], x: number[]) => {
  const d = centres.map(c => x.reduce((s, v, j) => s + (v - c[j]) ** 2, 0))
  return d.indexOf(Math.min(...d))
}

describe('large pools', () => {
  it('k-means: more than 50 clusters of more than 2,000 rows are fitted on 2,000 drawn ones', () => {
    const [n, size, k] = [2200, 2, 51]
    const points = Float64Array.from(numbers(1, 1)(n * size, -1, 1))
    const got = kMeans(points, size, k, stream(1))
    // selection sampling: each row with the chance that what is still wanted has among what is left
    const s = stream(1)
    const sample: number[] = []
    for (let row = 0; sample.length < 2000; row++)
      if (s.uniform() < (2000 - sample.length) / (n - row)) sample.push(row)
    const drawn = Float64Array.from(sample.flatMap(row => [points[2 * row], points[2 * row + 1]]))
    const { centres } = kMeans(drawn, size, k, s)
    expect(got.centres).toEqual(centres)
    const where = slow.matrix(centres, size)
    expect([...got.of]).toEqual(slow.matrix(points, size).map(x => nearest(where, x)))
  })

  it('k-means: of more than 500 clusters four rows each are fitted, where there are more', () => {
    const points = Float64Array.from(numbers(2, 1)(2500, -1, 1))
    const fitted = (k: number, n = 2500) => {
      const { value } = clustering(points.slice(0, n), 1, k, stream(1)).next()
      return (value as Question).points.length
    }
    expect([fitted(50), fitted(51), fitted(500), fitted(501), fitted(600)]).toEqual([
      2500, 2000, 2000, 2004, 2400
    ])
    expect([fitted(600, 2400), fitted(600, 2401)]).toEqual([2400, 2400])
    // drawn, and not the first ones
    const asked = clustering(points, 1, 600, stream(1)).next().value as Question
    expect(asked.points).not.toEqual(points.slice(0, 2400))
  })

  it('Cluster-Margin: the first rows of the order are clustered, the others join the nearest mean', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [n, m, largest] = [70, 5, 30]
      const h = numbers(seed, 2)(n * 2, -1, 1)
      const order = hashOrder(rootKey(seed, 4), rows(n + m))
      const input = {
        unlabelled: rows(n, m),
        labelled: rows(m),
        order,
        needs: { embeddings: { size: 2, unlabelled: h, labelled: new Float32Array(2 * m) } }
      }
      const got = [...clustersOf(input, rows(n), largest)]
      const points = slow.matrix(h, 2)
      const sample = [...order]
        .filter(row => row >= m)
        .slice(0, largest)
        .map(row => row - m)
      sample.sort((a, b) => a - b)
      const groups = slow.averageLinkage(
        sample.map(i => points[i]),
        20
      )
      const means = groups.map(g =>
        [0, 1].map(d => g.reduce((s, i) => s + points[sample[i]][d], 0) / g.length)
      )
      const expected = points.map((x, i) => {
        const at = sample.indexOf(i)
        return at < 0 ? nearest(means, x) : groups.findIndex(g => g.includes(at))
      })
      expect(got).toEqual(expected)
      expect([...clustersOf(input, rows(n), n)]).not.toEqual(expected)
    }
  })

  it('Cluster-Margin: 3,000 are clustered, neither one more nor one less', async () => {
    const n = 3001
    // row n - 1 comes first in the order, and so on: sites by place in the order
    const order = rows(n).reverse()
    const place = (row: number) => n - 1 - row
    // twenty sites, and one more for the last that is clustered: of two so close to each other one cluster is made, and with
    // yet another site of two others too
    const site = (at: number) => (at < 2 ? at : at === 3 ? 22 : 10 * at)
    const x = Float32Array.from(rows(n), row => {
      if (place(row) === 3000) return site(20) + 4
      return place(row) === 2999 ? site(20) : site(place(row) % 20)
    })
    // the first that is not clustered, the last that is, one of the site next to them, and many of another site
    const chosen = [3000, 2999, 19, ...rows(27).map(i => 20 * (i + 5) + 5)].map(place)
    const margins = Float32Array.from(rows(n), row => (chosen.includes(row) ? chosen.indexOf(row) / 100 : 1))
    const probabilities = Float32Array.from([...margins].flatMap(m => [(1 + m) / 2, (1 - m) / 2]))
    const embeddings = { size: 1, unlabelled: x, labelled: new Float32Array(0) }
    const input = { k: 3, classes: 2, unlabelled: rows(n), labelled: rows(0), order }
    const needs = { probabilities, embeddings }
    const { picks } = await strategies.clusterMargin.query({
      ...input,
      labels: [],
      needs,
      stream: stream(1)
    })
    // of 2,999 or less the first three would be in one cluster, of 3,001 each in its own
    expect([...picks].map(place)).toEqual([19, 3000, 105])
  })

  it('learning loss: the best of 10,000 drawn ones', async () => {
    const n = SUBSET + 500
    const predictedLoss = numbers(3, 7)(n)
    const ask = async (seed: number, k: number) => {
      const input = { k, unlabelled: rows(n, 7), needs: { predictedLoss }, stream: stream(seed) }
      return [...(await strategies.learningLoss.query(input as QueryInput)).picks].map(row => row - 7)
    }
    const ordered = slow.best([...predictedLoss], n)
    const whole = await Promise.all([1, 2, 3].map(seed => ask(seed, SUBSET)))
    for (const picks of whole) {
      const drawn = new Set(picks)
      expect(String(picks)).toBe(String(ordered.filter(i => drawn.has(i))))
    }
    expect(String(whole[0])).not.toBe(String(whole[1]))
    expect(await ask(1, 20)).toEqual(whole[0].slice(0, 20))
    expect(await ask(1, n)).toHaveLength(n)
    // so many are not too many yet: all have a score
    const input = {
      k: 3,
      unlabelled: rows(SUBSET, 7),
      needs: { predictedLoss: predictedLoss.slice(0, SUBSET) }
    }
    const { scores } = await strategies.learningLoss.query({ ...input, stream: stream(1) } as QueryInput)
    expect(scores).toEqual(predictedLoss.slice(0, SUBSET))
  })

  it('ProbCover: the first rows of the order take part', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [n, most, k] = [60, 25, 6]
      const h = numbers(seed, 3)(n * 3, -1, 1)
      const order = hashOrder(rootKey(seed, 5), rows(n))
      const covering = { k, classes: 3, unlabelled: rows(n), order }
      const points = { size: 3, unlabelled: Float64Array.from(h), labelled: new Float64Array(0) }
      const part = [...order.slice(0, most)].sort((a, b) => a - b)
      const all = slow.matrix(h, 3)
      const taking = part.map(i => all[i])
      const picks = slow.probCover(taking, [], k, 3, stream(seed), slow.turnsOf(part, stream(seed)))
      const got = coveringPicks(points, covering, stream(seed), most)
      expect([...got]).toEqual(picks.map(i => part[i]))
    }
  })

  it('ProbCover: 8,000 take part, neither one more nor one less', () => {
    const n = 8001
    const order = rows(n).reverse()
    const place = (row: number) => n - 1 - row
    // two groups of copies at right angles: in the order 4,000 of one, 4,000 of the other with the lower rows, and the first
    // again; so of 8,000 they tie and the seed decides, and of one more or one less the first group has more
    const first = (row: number) => place(row) < 4000 || place(row) === 8000
    const unlabelled = Float64Array.from([...rows(n)].flatMap(row => (first(row) ? [1, 0] : [0, 1])))
    const points = { size: 2, unlabelled, labelled: new Float64Array(0) }
    const groups = [1, 2, 3, 4, 5].map(seed => {
      const [pick] = coveringPicks(points, { k: 1, classes: 2, unlabelled: rows(n), order }, stream(seed))
      expect(place(pick)).toBeLessThan(8000)
      return first(pick)
    })
    expect(new Set(groups).size).toBe(2)
  })

  it('ProbCover: purity is measured on a thousand balls, evenly spaced', () => {
    // two groups on a line
    const n = 1300
    const draw = numbers(4, 5)
    const points = Float64Array.from({ length: n * 2 }, (_, i) => (i % 2 ? 0 : draw(1, -1, 1)[0]))
    for (let i = 0; i < n; i++) points[2 * i] += 0.15 * Math.sign(points[2 * i])
    const { of } = kMeans(points, 2, 2, stream(4))
    const pureTo = Array.from({ length: 1000 }, (_, b) => {
      const i = Math.floor((b * n) / 1000)
      let least = Infinity
      for (let j = 0; j < n; j++)
        if (of[j] !== of[i]) least = Math.min(least, Math.abs(points[2 * j] - points[2 * i]))
      return least
    })
    const radii = Array.from({ length: 22 }, (_, step) => (step + 1) * 0.05)
    const pure = radii.filter(r => pureTo.filter(d => d >= r).length >= 950)
    const labelled = new Float64Array(0)
    expect(pureRadius({ size: 2, unlabelled: points, labelled }, 2, stream(4))).toBe(pure.at(-1))
  })

  it('principal components are fitted on 2,000 evenly spaced rows', () => {
    const [n, size] = [2600, 3]
    const draw = numbers(2, 6)
    const values = Float32Array.from(
      Array.from({ length: n }, () => {
        const [a, b, c] = draw(3, -1, 1)
        return [5 * a, a + 2 * b, 0.3 * c]
      }).flat()
    )
    const scale = new Float64Array(size).fill(1)
    const got = principalCoordinates({ values, size, scale }, 2, rootKey(0, 21))
    const all = slow.matrix(values, size)
    const fitted = Array.from({ length: 2000 }, (_, i) => all[Math.floor(i * 1.3)])
    const mean = [0, 1, 2].map(d => fitted.reduce((s, x) => s + x[d], 0) / 2000)
    const covariance = [0, 1, 2].flatMap(a =>
      [0, 1, 2].map(b => fitted.reduce((s, x) => s + (x[a] - mean[a]) * (x[b] - mean[b]), 0))
    )
    const { vectors, order } = eigen(Float64Array.from(covariance), size)
    for (const [j, column] of [order[0], order[1]].entries()) {
      const direction = [0, 1, 2].map(d => vectors[d * size + column])
      const top = direction.reduce((x, y) => (Math.abs(y) > Math.abs(x) ? y : x))
      const errors = all.map((x, i) => {
        const along = x.reduce((s, v, d) => s + (v - mean[d]) * direction[d] * Math.sign(top), 0)
        return Math.abs(got[2 * i + j] - along)
      })
      expect(Math.max(...errors)).toBeLessThan(1e-4)
    }
  })
})
