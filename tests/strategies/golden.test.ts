/** Hand-computable vectors: T1 to T4 of the methods' specification, and BatchBALD-redux's published information values. */
import { describe, expect, it } from 'vitest'
import {
  entropy,
  leastConfidence,
  mutualInformation,
  negativeMargin,
  rowEntropy,
  topK
} from '../../src/core/numeric/scores.ts'
import { strategies } from '../../src/core/strategies/index.ts'
import type { QueryInput } from '../../src/core/strategy.ts'
import { strategyStream } from '../../src/core/law.ts'

const close = (actual: ArrayLike<number>, expected: number[], digits = 6) =>
  expected.forEach((e, i) => expect(actual[i]).toBeCloseTo(e, digits))

const input = (rest: Partial<QueryInput>): QueryInput => ({
  k: 1,
  classes: 2,
  unlabelled: new Uint32Array(0),
  labelled: new Uint32Array(0),
  order: new Uint32Array(0),
  needs: {},
  stream: strategyStream(0, 0, 'golden'),
  ...rest
})

describe('T1: three classes, A B C D', () => {
  const p = [0.5, 0.4, 0.1, 0.6, 0.2, 0.2, 0.34, 0.33, 0.33, 0.9, 0.05, 0.05]
  const probabilities = Float32Array.from(p)
  const ask = (id: 'leastConfidence' | 'margin' | 'entropy') => [
    ...strategies[id].query(
      input({ k: 4, classes: 3, unlabelled: Uint32Array.of(0, 1, 2, 3), needs: { probabilities } })
    ).picks
  ]
  it('least confidence .5 .4 .66 .1: C A B D', () => {
    close(leastConfidence(p, 3), [0.5, 0.4, 0.66, 0.1])
    expect(ask('leastConfidence')).toEqual([2, 0, 1, 3])
  })
  it('margins .1 .4 .01 .85: C A B D', () => {
    close(negativeMargin(p, 3), [-0.1, -0.4, -0.01, -0.85])
    expect(ask('margin')).toEqual([2, 0, 1, 3])
  })
  it('entropy: C B A D', () => {
    close(entropy(p, 3), [0.943348, 0.950271, 1.098513, 0.394398])
    expect(ask('entropy')).toEqual([2, 1, 0, 3])
  })
})

/** Mean and mean entropy over passes, from the definition. passes [pass][row][class] */
function reduce(passes: number[][][]) {
  const rows = passes[0].length
  const classes = passes[0][0].length
  const mean = Array.from(
    { length: rows * classes },
    (_, i) => passes.reduce((a, p) => a + p[Math.floor(i / classes)][i % classes], 0) / passes.length
  )
  const meanEntropy = Array.from(
    { length: rows },
    (_, i) =>
      passes.reduce((a, p) => a - p[i].reduce((h, q) => h + (q > 0 ? q * Math.log(q) : 0), 0), 0) /
      passes.length
  )
  return { mean, meanEntropy, classes }
}

describe('T2: BALD and the entropy of the mean', () => {
  const { mean, meanEntropy, classes } = reduce([
    [
      [0.9, 0.1],
      [0.5, 0.5],
      [0.9, 0.1],
      [0.8, 0.2]
    ],
    [
      [0.1, 0.9],
      [0.5, 0.5],
      [0.9, 0.1],
      [0.6, 0.4]
    ]
  ])
  it('values', () => {
    close(mutualInformation(mean, meanEntropy, classes), [0.368064, 0, 0, 0.024157])
    close(entropy(mean, classes), [0.693147, 0.693147, 0.325083, 0.610864])
  })
  it('picks', () => {
    const passes = {
      passes: 2,
      meanProbabilities: Float32Array.from(mean),
      meanEntropy: Float32Array.from(meanEntropy)
    }
    expect([
      ...strategies.bald.query(input({ k: 2, unlabelled: Uint32Array.of(4, 5, 6, 7), needs: { passes } }))
        .picks
    ]).toEqual([4, 7])
  })
})

describe('BatchBALD-redux: four linear mixtures of two distributions, twenty steps', () => {
  const ends = [
    [
      [0.7, 0.1, 0.1, 0.1],
      [0.3, 0.3, 0.2, 0.2]
    ],
    [
      [0.1, 0.7, 0.1, 0.1],
      [0.2, 0.3, 0.3, 0.2]
    ],
    [
      [0.1, 0.1, 0.7, 0.1],
      [0.2, 0.2, 0.3, 0.3]
    ],
    [
      [0.1, 0.1, 0.1, 0.7],
      [0.3, 0.2, 0.2, 0.3]
    ]
  ]
  const passes = Array.from({ length: 20 }, (_, t) =>
    ends.map(([a, b]) => a.map((v, c) => v + ((b[c] - v) * t) / 19))
  )
  const { mean, meanEntropy, classes } = reduce(passes)
  it('conditional entropy 1.2069, marginal 1.2376, BALD 0.030715639666', () => {
    for (let i = 0; i < 4; i++) {
      expect(meanEntropy[i]).toBeCloseTo(1.2069, 4)
      expect(rowEntropy(mean, i, classes)).toBeCloseTo(1.2376, 4)
      expect(mutualInformation(mean, meanEntropy, classes)[i]).toBeCloseTo(0.030715639666, 9)
    }
  })
  it('uniform over four: ln 4', () =>
    expect(rowEntropy([0.25, 0.25, 0.25, 0.25], 0, 4)).toBeCloseTo(1.3863, 4))
})

describe('T3: consistency ranks by variance', () => {
  it('.213333 0 .013333: x1 x3 x2', () => {
    const viewVariance = Float32Array.of(0.213333, 0, 0.013333)
    expect([
      ...strategies.consistency.query(
        input({ k: 3, unlabelled: Uint32Array.of(1, 2, 3), needs: { viewVariance } })
      ).picks
    ]).toEqual([1, 3, 2])
  })
})

describe('T4: k-center greedy from (0, 0)', () => {
  const points = [
    [1, 0],
    [5, 0],
    [0, 4],
    [5, 5]
  ]
  it('picks 4, 2, 3', () => {
    const embeddings = {
      size: 2,
      unlabelled: Float32Array.from(points.flat()),
      labelled: Float32Array.of(0, 0)
    }
    const picks = strategies.kCenter.query(
      input({
        k: 3,
        unlabelled: Uint32Array.of(1, 2, 3, 4),
        labelled: Uint32Array.of(0),
        needs: { embeddings }
      })
    ).picks
    expect([...picks]).toEqual([4, 2, 3])
  })
})

describe('top k', () => {
  it('is stable and refuses what is not a number', () => {
    expect([...topK([1, 3, 3, 2], 3)]).toEqual([1, 2, 3])
    expect(() => topK([1, NaN], 1)).toThrow(RangeError)
  })
})
