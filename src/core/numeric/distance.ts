/**
 * Squared Euclidean distances on row-major float arrays [rows, size], summed dimension by dimension, so that every
 * function here (and every machine) gives the same bits for the same pair, and d(a, b) those of d(b, a).
 */

/** ||a_i - b_j||^2 by direct differences: never negative, exact zero for equal rows. */
export function squaredDistance(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  size: number
): number {
  let sum = 0
  for (let d = 0, x = i * size, y = j * size; d < size; d++) {
    const diff = a[x + d] - b[y + d]
    sum += diff * diff
  }
  return sum
}

/** Dimensions between two looks at whether a sum has grown too large to matter. */
const BLOCK = 32

/** What `fourDistances` leaves behind. */
export const fourSums = new Float64Array(4)

/**
 * The squared distances of points i .. i+3 to the vector that begins at `at`, into `fourSums`: four sums do not wait for
 * each other. They may stop early when all four have reached `most`, and are then at least that.
 */
export function fourDistances(
  points: Float64Array,
  i: number,
  centre: Float64Array,
  at: number,
  size: number,
  most: number
): void {
  const a = i * size - at
  const b = a + size
  const c = b + size
  const e = c + size
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let d = at; d < at + size;) {
    const stop = Math.min(d + BLOCK, at + size)
    for (; d < stop; d++) {
      const v = centre[d]
      const d0 = points[a + d] - v
      const d1 = points[b + d] - v
      const d2 = points[c + d] - v
      const d3 = points[e + d] - v
      s0 += d0 * d0
      s1 += d1 * d1
      s2 += d2 * d2
      s3 += d3 * d3
    }
    if (s0 >= most && s1 >= most && s2 >= most && s3 >= most) break
  }
  fourSums[0] = s0
  fourSums[1] = s1
  fourSums[2] = s2
  fourSums[3] = s3
}

/** Lowers each nearest[i] to the squared distance from points[i] to centres[j], where that is less: O(rows x size). */
export function updateNearest(
  nearest: Float64Array,
  points: Float64Array,
  centres: Float64Array,
  j: number,
  size: number
): void {
  const n = nearest.length
  let i = 0
  for (; i + 3 < n; i += 4) {
    const most = Math.max(nearest[i], nearest[i + 1], nearest[i + 2], nearest[i + 3])
    fourDistances(points, i, centres, j * size, size, most)
    for (let f = 0; f < 4; f++) if (fourSums[f] < nearest[i + f]) nearest[i + f] = fourSums[f]
  }
  for (; i < n; i++) {
    const d = squaredDistance(points, i, centres, j, size)
    if (d < nearest[i]) nearest[i] = d
  }
}

/** Squared distances from centres[j] to all points, into `out` [rows]. */
export function distancesFrom(
  out: Float64Array,
  points: Float64Array,
  centres: Float64Array,
  j: number,
  size: number
): void {
  const n = out.length
  let i = 0
  for (; i + 3 < n; i += 4) {
    fourDistances(points, i, centres, j * size, size, Infinity)
    out.set(fourSums, i)
  }
  for (; i < n; i++) out[i] = squaredDistance(points, i, centres, j, size)
}

/**
 * The 1-center: the point whose largest distance to any other is smallest, ties to the lowest; -1 for none. The largest
 * distance met so far bounds each point's from below, and only the point of the smallest bound is looked at whole, so a
 * few of the n points are, and the answer is exact.
 */
export function oneCenter(points: Float64Array, size: number): number {
  const n = points.length / size
  const bound = new Float64Array(n)
  const exact = new Uint8Array(n)
  const from = new Float64Array(n)
  const raise = (i: number) => {
    distancesFrom(from, points, points, i, size)
    for (let j = 0; j < n; j++) if (from[j] > bound[j]) bound[j] = from[j]
    exact[i] = 1
    return argmax(from)
  }
  for (;;) {
    let best = -1
    for (let i = 0; i < n; i++) if (best < 0 || bound[i] < bound[best]) best = i
    if (best < 0 || exact[best]) return best
    // the farthest from it is far from most others too
    const far = raise(best)
    if (!exact[far]) raise(far)
  }
}

/** Index of the largest value, the lowest among equals; -1 for an empty array. */
export function argmax(values: ArrayLike<number>): number {
  let best = -1
  for (let i = 0; i < values.length; i++) if (best < 0 || values[i] > values[best]) best = i
  return best
}

/** The rows with each divided by its Euclidean length; a row of zeros stays one. */
export function unitRows(rows: ArrayLike<number>, size: number): Float64Array {
  const out = Float64Array.from(rows)
  for (let start = 0; start < out.length; start += size) {
    let squares = 0
    for (let d = start; d < start + size; d++) squares += out[d] * out[d]
    const length = Math.sqrt(squares)
    if (length > 0) for (let d = start; d < start + size; d++) out[d] /= length
  }
  return out
}
