/**
 * k-means: k-means++ seeding (Arthur & Vassilvitskii, SODA 2007), then Lloyd's iterations until no point changes its
 * cluster or the limit is reached. One start. An emptied cluster is seeded again with the point farthest from its centre.
 * Many clusters of many points are fitted on a sample (where TypiClust's code takes mini-batches), and then all points go
 * to their nearest centre. The nearest centres, what most of the time goes into, are asked for (`clustering`): here they are
 * found on the spot; whoever can wait may have them found elsewhere (core/geometry.ts).
 */
import type { Stream } from '../random.ts'
import { Cloud } from './cloud.ts'
import { squaredDistance } from './distance.ts'
import { NearestCentres, type Known } from './nearest.ts'
import { drawInProportion } from './sampling.ts'

export interface Clusters {
  /** [clusters, size] */
  centres: Float64Array
  /** cluster of each point, the nearest centre [points] */
  of: Uint32Array
  count: number
}

/** Which of `centres` [centres, size] is nearest to each of `points` [n, size], ties to the lowest? */
export interface Question {
  points: Float64Array
  size: number
  centres: Float64Array
  known?: Known
}

const ITERATIONS = 30

/** With more clusters than this the centres are fitted on a sample. */
const FEW = 50

/** Rows of that sample. */
const sampleSize = (clusters: number) => Math.max(2000, 4 * clusters)

/** Clusters `points` [n, size] into min(count, n) clusters. */
export function kMeans(points: Float64Array, size: number, count: number, stream: Stream): Clusters {
  const asking = clustering(points, size, count, stream)
  let held: { points: Float64Array; centres: NearestCentres } | undefined
  for (let step = asking.next(); ;) {
    if (step.done) return step.value
    const { points, size, centres, known } = step.value
    if (held?.points !== points) held = { points, centres: new NearestCentres(points, size) }
    step = asking.next(held.centres.nearest(centres, known))
  }
}

/** k-means as the questions that it asks, each to be answered before the next. */
export function* clustering(
  points: Float64Array,
  size: number,
  count: number,
  stream: Stream
): Generator<Question, Clusters, Uint32Array> {
  const n = points.length / size
  const k = Math.min(count, n)
  const fitted = sampleSize(k)
  if (k <= FEW || n <= fitted) return yield* fit(points, size, k, stream)
  const sample = new Float64Array(fitted * size)
  draw(n, fitted, stream).forEach((row, i) =>
    sample.set(points.subarray(row * size, (row + 1) * size), i * size)
  )
  const { centres } = yield* fit(sample, size, k, stream)
  return { centres, of: yield { points, size, centres }, count: k }
}

/** Lloyd's iterations from k-means++'s seeds. */
function* fit(
  points: Float64Array,
  size: number,
  k: number,
  stream: Stream
): Generator<Question, Clusters, Uint32Array> {
  const { centres, known } = seed(points, size, k, stream)
  let of: Uint32Array = known.of
  for (let iteration = 0; ; iteration++) {
    const next: Uint32Array = yield { points, size, centres, ...(iteration === 0 && { known }) }
    const changed = iteration === 0 || next.some((c, i) => c !== of[i])
    of = next
    if (!changed || iteration === ITERATIONS) return { centres, of, count: k }
    move(points, size, centres, of)
  }
}

/** `m` of n rows without replacement, ascending (Knuth's algorithm S). */
function draw(n: number, m: number, stream: Stream): Uint32Array {
  const out = new Uint32Array(m)
  for (let row = 0, left = m; left > 0; row++) if (stream.uniform() * (n - row) < left) out[m - left--] = row
  return out
}

/** k-means++: centres, and for each point the first of its nearest centres with the distance to it. */
function seed(points: Float64Array, size: number, k: number, stream: Stream) {
  const n = points.length / size
  const centres = new Float64Array(k * size)
  const of = new Uint32Array(n)
  const nearest = new Float64Array(n).fill(Infinity)
  const taken = new Uint8Array(n)
  let largest = 0
  for (let i = 0; i < n; i++) {
    let squares = 0
    for (let d = i * size; d < (i + 1) * size; d++) squares += points[d] * points[d]
    largest = Math.max(largest, squares)
  }
  const cloud = new Cloud(points, size)
  for (let c = 0; c < k; c++) {
    const chosen = c === 0 ? stream.below(n) : drawInProportion(nearest, taken, largest, stream)
    taken[chosen] = 1
    centres.set(points.subarray(chosen * size, (chosen + 1) * size), c * size)
    const distances = cloud.distances(points, chosen)
    for (let i = 0; i < n; i++)
      if (distances[i] < nearest[i]) {
        nearest[i] = distances[i]
        of[i] = c
      }
  }
  return { centres, known: { of, distance: nearest.map(Math.sqrt) } }
}

/** Puts every centre in the middle of its points, and an empty one on the point farthest from its centre. */
function move(points: Float64Array, size: number, centres: Float64Array, of: Uint32Array): void {
  const k = centres.length / size
  const sums = new Float64Array(centres.length)
  const counts = new Uint32Array(k)
  for (let i = 0; i < of.length; i++) {
    counts[of[i]]++
    const to = of[i] * size
    const from = i * size
    for (let d = 0; d < size; d++) sums[to + d] += points[from + d]
  }
  for (let c = 0; c < k; c++)
    if (counts[c]) for (let d = c * size; d < (c + 1) * size; d++) sums[d] /= counts[c]
  const used = new Set<number>()
  for (let c = 0; c < k; c++) {
    if (counts[c]) continue
    let far = -1
    let most = -1
    for (let i = 0; i < of.length; i++) {
      const d = squaredDistance(points, i, centres, of[i], size)
      if (d > most && !used.has(i)) [far, most] = [i, d]
    }
    used.add(far)
    sums.set(points.subarray(far * size, (far + 1) * size), c * size)
  }
  centres.set(sums)
}
