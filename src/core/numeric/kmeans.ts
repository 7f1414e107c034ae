/**
 * k-means: k-means++ seeding (Arthur & Vassilvitskii, SODA 2007), then Lloyd's iterations until no point changes its
 * cluster or the limit is reached. One start. An emptied cluster is seeded again with the point farthest from its centre.
 * Bounds by the triangle inequality (Hamerly, SDM 2010) spare most distances and change no assignment: ties go to the
 * lowest centre, and where rounding could decide, the distance is computed. Many clusters of many points are fitted on a
 * sample (where TypiClust's code takes mini-batches), and then all points go to their nearest centre.
 */
import type { Stream } from '../random.ts'
import { Cloud } from './cloud.ts'
import { squaredDistance } from './distance.ts'
import { drawInProportion } from './sampling.ts'

export interface Clusters {
  /** [clusters, size] */
  centres: Float64Array
  /** cluster of each point, the nearest centre [points] */
  of: Uint32Array
  count: number
}

const ITERATIONS = 30
/** Bounds must miss by more than rounding can account for. */
const SAFE = 1 + 1e-9

/** With more clusters than this the centres are fitted on a sample. */
const FEW = 50

/** Rows of that sample. */
const sampleSize = (clusters: number) => Math.max(2000, 4 * clusters)

/** Clusters `points` [n, size] into min(count, n) clusters. */
export function kMeans(points: Float64Array, size: number, count: number, stream: Stream): Clusters {
  const n = points.length / size
  const k = Math.min(count, n)
  const fitted = sampleSize(k)
  if (k <= FEW || n <= fitted) return fit(points, size, k, stream)
  const sample = new Float64Array(fitted * size)
  draw(n, fitted, stream).forEach((row, i) =>
    sample.set(points.subarray(row * size, (row + 1) * size), i * size)
  )
  const { centres } = fit(sample, size, k, stream)
  const search = new Search(centres, size)
  const of = Uint32Array.from({ length: n }, (_, i) => {
    search.at(points, i)
    return search.first
  })
  return { centres, of, count: k }
}

function fit(points: Float64Array, size: number, k: number, stream: Stream): Clusters {
  const { centres, of, distance } = seed(points, size, k, stream)
  return lloyd(points, size, centres, of, distance)
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
  return { centres, of, distance: nearest.map(Math.sqrt) }
}

/** Lloyd's iterations. `of` and `distance`: any centre of each point with the distance to it. */
function lloyd(
  points: Float64Array,
  size: number,
  centres: Float64Array,
  of: Uint32Array,
  distance: Float64Array
): Clusters {
  const n = of.length
  /** no less than the distance to the own centre; no more than that to any other */
  const upper = distance
  const lower = new Float64Array(n)
  const search = new Search(centres, size)
  let iterations = 0
  for (;;) {
    search.update()
    const half = search.halfWayToNext()
    let changed = iterations === 0
    for (let i = 0; i < n; i++) {
      const enough = Math.max(lower[i], half[of[i]])
      if (upper[i] * SAFE < enough) continue
      upper[i] = Math.sqrt(squaredDistance(points, i, centres, of[i], size))
      if (upper[i] * SAFE < enough) continue
      search.at(points, i)
      if (search.first !== of[i]) changed = true
      of[i] = search.first
      upper[i] = Math.sqrt(search.firstSquared)
      lower[i] = Math.sqrt(search.secondSquared)
    }
    if (!changed || iterations === ITERATIONS) break
    iterations++
    const moved = move(points, size, centres, of)
    let far = 0
    for (const m of moved) if (m > far) far = m
    for (let i = 0; i < n; i++) {
      upper[i] += moved[of[i]]
      lower[i] -= far
    }
  }
  return { centres, of, count: centres.length / size }
}

/** Puts every centre in the middle of its points, and an empty one on the point farthest from its centre; how far each went. */
function move(points: Float64Array, size: number, centres: Float64Array, of: Uint32Array): Float64Array {
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
  const moved = new Float64Array(k)
  for (let c = 0; c < k; c++) moved[c] = Math.sqrt(squaredDistance(sums, c, centres, c, size)) * SAFE
  centres.set(sums)
  return moved
}

/** What a point and the centres have to do with each other. */
class Search {
  /** the nearest centre, ties to the lowest, and how far it and the next one are */
  first = 0
  firstSquared = 0
  secondSquared = 0
  private readonly cloud: Cloud
  constructor(
    private readonly centres: Float64Array,
    size: number
  ) {
    this.cloud = new Cloud(centres, size)
  }

  /** Takes the centres where they are now. */
  update(): void {
    this.cloud.move(this.centres)
  }

  at(points: Float64Array, i: number): void {
    const distances = this.cloud.distances(points, i)
    let first = 0
    let least = Infinity
    let second = Infinity
    for (let c = 0; c < this.cloud.count; c++) {
      const d = distances[c]
      if (d < least) {
        second = least
        least = d
        first = c
      } else if (d < second) second = d
    }
    this.first = first
    this.firstSquared = least
    this.secondSquared = second
  }

  /** Half the distance of each centre to the nearest other one. */
  halfWayToNext(): Float64Array {
    const { count } = this.cloud
    return Float64Array.from({ length: count }, (_, c) => {
      const distances = this.cloud.distances(this.centres, c)
      let least = Infinity
      for (let b = 0; b < count; b++) if (b !== c && distances[b] < least) least = distances[b]
      return Math.sqrt(least) / 2
    })
  }
}
