/**
 * Two numbers that say how a pretraining goes, comparable over methods, batch sizes and epochs. Labels are used for the first
 * of them alone and never for the encoder: nothing is trained on them and no epoch is chosen by them. The images are
 * the pool's; test images take no part.
 */
import { expPortable } from '../numeric/portable.ts'
import { hashOrder } from '../hashOrder.ts'
import { innerProducts } from '../numeric/innerProducts.ts'
import { unitRows } from '../numeric/unit.ts'
import { Purpose, rootKey } from '../random.ts'

const REFERENCES = 1500
const QUERIES = 300
export const NEIGHBOURS = 20
const TEMPERATURE = 0.1

/** Pool rows that are looked at, the same for every pretraining on a pool of that size: neighbours come from `references`. */
export function monitoredRows(pool: number): { queries: Uint32Array; references: Uint32Array } {
  const order = hashOrder(
    rootKey(0, Purpose.pretraining),
    Array.from({ length: pool }, (_, i) => i)
  )
  const queries = Math.max(1, Math.min(QUERIES, Math.floor(pool / 5)))
  return { queries: order.slice(0, queries), references: order.slice(queries, queries + REFERENCES) }
}

/** Moments of each component over rows, [size]: mean, and population deviation where it is not nothing. */
export interface Moments {
  mean: Float64Array
  deviation: Float64Array
}

export function momentsOf(rows: ArrayLike<number>, size: number): Moments {
  const n = rows.length / size
  const [mean, deviation] = [new Float64Array(size), new Float64Array(size)]
  for (let at = 0; at < rows.length;) for (let d = 0; d < size; d++, at++) mean[d] += rows[at] / n
  for (let at = 0; at < rows.length;)
    for (let d = 0; d < size; d++, at++) {
      const from = rows[at] - mean[d]
      deviation[d] += (from * from) / n
    }
  for (let d = 0; d < size; d++) deviation[d] = deviation[d] > 1e-12 ? Math.sqrt(deviation[d]) : 1
  return { mean, deviation }
}

/** Rows less the mean over the deviation, component by component, float32 [rows, size]. */
export function standardised(rows: ArrayLike<number>, { mean, deviation }: Moments): Float32Array {
  const out = new Float32Array(rows.length)
  for (let at = 0; at < rows.length;)
    for (let d = 0; d < mean.length; d++, at++) out[at] = (rows[at] - mean[d]) / deviation[d]
  return out
}

/** Of all rows of a [n, size] with all rows of b [m, size], [n, m]. */
export type InnerProducts = (a: Float64Array, b: Float64Array, size: number) => Float32Array | Float64Array

/** Share of the queries that `neighbourHits` has right. */
export function neighbourAccuracy(...asked: Parameters<typeof neighbourHits>): number {
  const hits = neighbourHits(...asked)
  return hits.reduce((sum, hit) => sum + hit, 0) / hits.length
}

/**
 * Which queries their k nearest neighbours name rightly, [queries] of 0 and 1: by cosine, votes weighted exp(cosine / 0.1)
 * (Wu et al. 2018; k = 20 for some thousand images). Ties to the lower row and the lower class.
 */
export function neighbourHits(
  references: ArrayLike<number>,
  referenceLabels: ArrayLike<number>,
  queries: ArrayLike<number>,
  queryLabels: ArrayLike<number>,
  size: number,
  { k = NEIGHBOURS, multiply = innerProducts }: { k?: number; multiply?: InnerProducts } = {}
): Uint8Array {
  const bank = unitRows(references, size)
  const asked = unitRows(queries, size)
  const m = bank.lengths.length
  const classes = 1 + Math.max(...Array.from(referenceLabels), ...Array.from(queryLabels))
  const hits = new Uint8Array(queryLabels.length)
  const similarities = multiply(asked.rows, bank.rows, size)
  for (let i = 0; i < queryLabels.length; i++) {
    const own = similarities.subarray(i * m, (i + 1) * m)
    const votes = new Float64Array(classes)
    for (const j of largest(own, k)) votes[referenceLabels[j]] += expPortable(own[j] / TEMPERATURE)
    let best = 0
    for (let c = 1; c < classes; c++) if (votes[c] > votes[best]) best = c
    if (best === queryLabels[i]) hits[i] = 1
  }
  return hits
}

/** Indices of the k largest values, the largest first; equal ones by index. */
function largest(values: Float32Array | Float64Array, k: number): number[] {
  const near: number[] = []
  for (let j = 0; j < values.length; j++) {
    if (near.length === k && values[j] <= values[near[k - 1]]) continue
    if (near.length === k) near.pop()
    let at = near.length
    while (at > 0 && values[near[at - 1]] < values[j]) at--
    near.splice(at, 0, j)
  }
  return near
}

/**
 * How far unit rows spread, 0 .. 1: sqrt(size) times the root mean variance of their components, which is
 * sqrt(1 - |mean row|²). Chen and He's collapse check: near 1 for directions all around, 0 when all are one.
 */
export function spread(rows: ArrayLike<number>, size: number): number {
  const unit = unitRows(rows, size)
  const n = unit.lengths.length
  const mean = new Float64Array(size)
  for (let at = 0; at < unit.rows.length; at++) mean[at % size] += unit.rows[at] / n
  let square = 0
  for (const m of mean) square += m * m
  return Math.sqrt(Math.max(0, 1 - square))
}
