/** Made-up trainings for strategies: all needs filled with seeded numbers, and helpers to permute and cut them. */
import { strategyStream } from '../../src/core/law.ts'
import type { NeedResults } from '../../src/core/needs.ts'
import { derive, hashOrder, rootKey, uniform } from '../../src/core/random.ts'
import type { QueryInput } from '../../src/core/strategy.ts'

export const CLASSES = 4
export const SIZE = 3

/** What a training would say of every row of a pool; strategies are given parts of it. */
export interface World {
  pool: number
  probabilities: Float64Array
  meanProbabilities: Float64Array
  meanEntropy: Float64Array
  embeddings: Float64Array
  variance: Float64Array
}

export function world(seed: number, pool: number): World {
  const key = derive(rootKey(seed, 77))
  const at = (row: number, c: number, lane: number) => uniform(key, row * 64 + c, lane)
  const distributions = (lane: number) => {
    const p = new Float64Array(pool * CLASSES)
    for (let i = 0; i < pool; i++) {
      let sum = 0
      for (let c = 0; c < CLASSES; c++) sum += p[i * CLASSES + c] = 0.001 + at(i, c, lane) ** 3
      for (let c = 0; c < CLASSES; c++) p[i * CLASSES + c] /= sum
    }
    return p
  }
  return {
    pool,
    probabilities: distributions(1),
    meanProbabilities: distributions(2),
    meanEntropy: Float64Array.from({ length: pool }, (_, i) => 0.1 * at(i, 0, 3)),
    embeddings: Float64Array.from({ length: pool * SIZE }, (_, i) => at(Math.floor(i / SIZE), i % SIZE, 4)),
    variance: Float64Array.from({ length: pool }, (_, i) => at(i, 0, 5))
  }
}

const rowsOf = (from: Float64Array, rows: Uint32Array, width: number) =>
  Float32Array.from(
    { length: rows.length * width },
    (_, i) => from[rows[Math.floor(i / width)] * width + (i % width)]
  )

/** The input of a query on a world whose `labelled` rows are labelled. */
export function inputOf(w: World, labelled: number[], k: number, seed = 0, id = 'x'): QueryInput {
  const taken = new Set(labelled)
  const everything = Uint32Array.from({ length: w.pool }, (_, i) => i)
  const unlabelled = everything.filter(row => !taken.has(row))
  const known = Uint32Array.from(labelled).sort()
  const needs: NeedResults = {
    probabilities: rowsOf(w.probabilities, unlabelled, CLASSES),
    embeddings: {
      size: SIZE,
      unlabelled: rowsOf(w.embeddings, unlabelled, SIZE),
      labelled: rowsOf(w.embeddings, known, SIZE)
    },
    passes: {
      passes: 20,
      meanProbabilities: rowsOf(w.meanProbabilities, unlabelled, CLASSES),
      meanEntropy: rowsOf(w.meanEntropy, unlabelled, 1)
    },
    viewVariance: rowsOf(w.variance, unlabelled, 1)
  }
  return {
    k,
    classes: CLASSES,
    unlabelled,
    labelled: known,
    order: hashOrder(rootKey(seed, 1), everything),
    needs,
    stream: strategyStream(seed, known.length, id)
  }
}

/** The world with its rows renamed: row i of the new one is row `from[i]` of the old. */
export function permuted(w: World, from: number[]): World {
  const move = (a: Float64Array, width: number) =>
    Float64Array.from({ length: a.length }, (_, i) => a[from[Math.floor(i / width)] * width + (i % width)])
  return {
    pool: w.pool,
    probabilities: move(w.probabilities, CLASSES),
    meanProbabilities: move(w.meanProbabilities, CLASSES),
    meanEntropy: move(w.meanEntropy, 1),
    embeddings: move(w.embeddings, SIZE),
    variance: move(w.variance, 1)
  }
}
