/** Made-up trainings for strategies: all needs filled with seeded numbers, and helpers to permute and cut them. */
import { strategyStream } from '../../src/core/law.ts'
import type { NeedResults } from '../../src/core/needs.ts'
import { hashOrder } from '../../src/core/hashOrder.ts'
import { derive, rootKey, uniform } from '../../src/core/random.ts'
import type { QueryInput } from '../../src/core/strategy.ts'

export const CLASSES = 4
export const SIZE = 3

/** What a training would say of every row of a pool; strategies are given parts of it. */
export interface World {
  pool: number
  labels: Float64Array
  probabilities: Float64Array
  before: Float64Array
  meanProbabilities: Float64Array
  meanEntropy: Float64Array
  /** shares of the vote: real numbers, so that nothing ties */
  votes: Float64Array
  passVariance: Float64Array
  embeddings: Float64Array
  pixels: Float64Array
  pretextLoss: Float64Array
  predictedLoss: Float64Array
  /** of two heads, one after the other in each row */
  heads: Float64Array
  variance: Float64Array
}

/** How wide each member of a world is. */
const widths = {
  labels: 1,
  probabilities: CLASSES,
  before: CLASSES,
  meanProbabilities: CLASSES,
  meanEntropy: 1,
  votes: CLASSES,
  passVariance: CLASSES,
  embeddings: SIZE,
  pixels: SIZE,
  pretextLoss: 1,
  predictedLoss: 1,
  heads: 2 * CLASSES,
  variance: 1
} as const

export function world(seed: number, pool: number): World {
  const key = derive(rootKey(seed, 77))
  const at = (row: number, c: number, lane: number) => uniform(key, row * 64 + c, lane)
  const fill = (width: number, value: (row: number, c: number) => number) =>
    Float64Array.from({ length: pool * width }, (_, i) => value(Math.floor(i / width), i % width))
  const distributions = (lane: number) => {
    const p = fill(CLASSES, (row, c) => 0.001 + at(row, c, lane) ** 3)
    for (let i = 0; i < p.length; i += CLASSES) {
      const sum = p.subarray(i, i + CLASSES).reduce((a, b) => a + b)
      for (let c = i; c < i + CLASSES; c++) p[c] /= sum
    }
    return p
  }
  return {
    pool,
    labels: fill(1, row => Math.floor(CLASSES * at(row, 0, 6))),
    probabilities: distributions(1),
    before: distributions(10),
    meanProbabilities: distributions(2),
    meanEntropy: fill(1, row => 0.1 * at(row, 0, 3)),
    votes: distributions(7).map(v => 20 * v),
    passVariance: fill(CLASSES, (row, c) => 0.2 * at(row, c, 8)),
    embeddings: fill(SIZE, (row, c) => at(row, c, 4)),
    pixels: fill(SIZE, (row, c) => at(row, c, 9) - 0.5),
    pretextLoss: fill(1, row => at(row, 0, 10)),
    predictedLoss: fill(1, row => at(row, 0, 11) - 0.5),
    heads: headsOf(distributions(12), distributions(13)),
    variance: fill(1, row => at(row, 0, 5))
  }
}

/** Two heads' probabilities row by row, the first's before the second's. */
const headsOf = (first: Float64Array, second: Float64Array) =>
  Float64Array.from({ length: 2 * first.length }, (_, i) => {
    const [row, c] = [Math.floor(i / (2 * CLASSES)), i % (2 * CLASSES)]
    return c < CLASSES ? first[row * CLASSES + c] : second[row * CLASSES + c - CLASSES]
  })

const rowsOf = (from: Float64Array, rows: Uint32Array, width: number) =>
  Float32Array.from(
    { length: rows.length * width },
    (_, i) => from[rows[Math.floor(i / width)] * width + (i % width)]
  )

/** A linear head that is the same in every world. */
export const head = {
  weight: Float32Array.from({ length: SIZE * CLASSES }, (_, i) => uniform(rootKey(0, 78), i) - 0.5),
  bias: Float32Array.from({ length: CLASSES }, (_, c) => 0.1 * (uniform(rootKey(0, 79), c) - 0.5))
}

/** The input of a query on a world whose `labelled` rows are labelled; an oracle's labels are there for all. */
export function inputOf(w: World, labelled: number[], k: number, seed = 0, id = 'x'): QueryInput {
  const taken = new Set(labelled)
  const everything = Uint32Array.from({ length: w.pool }, (_, i) => i)
  const unlabelled = everything.filter(row => !taken.has(row))
  const known = Uint32Array.from(labelled).sort()
  const of = (name: keyof typeof widths, rows = unlabelled) => rowsOf(w[name], rows, widths[name])
  const needs: NeedResults = {
    probabilities: of('probabilities'),
    before: { probabilities: of('before'), untrained: false },
    embeddings: { size: SIZE, unlabelled: of('embeddings'), labelled: of('embeddings', known) },
    head: { weight: head.weight.slice(), bias: head.bias.slice() },
    passes: {
      passes: 20,
      meanProbabilities: of('meanProbabilities'),
      meanEntropy: of('meanEntropy'),
      votes: of('votes'),
      variance: of('passVariance')
    },
    viewVariance: of('variance'),
    predictedLoss: of('predictedLoss'),
    heads: [0, 1].map(h => of('heads').filter((_, i) => Math.floor(i / CLASSES) % 2 === h)),
    features: {
      pixels: { size: SIZE, values: of('pixels', everything) },
      encoder: { size: SIZE, values: of('pixels', everything) },
      pretextLoss: { size: 1, values: of('pretextLoss', everything) }
    }
  }
  return {
    k,
    classes: CLASSES,
    unlabelled,
    labelled: known,
    labels: of('labels', known),
    oracle: of('labels'),
    order: hashOrder(rootKey(seed, 1), everything),
    needs,
    stage: { round: 1, rounds: 3 },
    stream: strategyStream(seed, known.length, id)
  }
}

/** The world with its rows renamed: row i of the new one is row `from[i]` of the old. */
export function permuted(w: World, from: number[]): World {
  const out = { ...w }
  for (const name of Object.keys(widths) as (keyof typeof widths)[]) {
    const width = widths[name]
    const a = w[name]
    out[name] = Float64Array.from(
      { length: a.length },
      (_, i) => a[from[Math.floor(i / width)] * width + (i % width)]
    )
  }
  return out
}

/** Seeded numbers for random cases: a generator of `n` uniforms in [low, high). */
export function numbers(seed: number, lane: number) {
  const key = rootKey(seed, 80)
  let counter = 0
  return (n: number, low = 0, high = 1) =>
    Float32Array.from({ length: n }, () => low + (high - low) * uniform(key, counter++, lane))
}

/** The order of a permutation of 0 .. n-1. */
export const shuffled = (seed: number, n: number) => [
  ...hashOrder(
    rootKey(seed, 6),
    Array.from({ length: n }, (_, i) => i)
  )
]
