/**
 * Squared Euclidean distances on row-major float arrays [rows, size], summed dimension by dimension, so that every machine
 * gets the same bits for the same pair, and d(a, b) those of d(b, a). For many of them see cloud.ts.
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

/** Index of the largest value, the lowest among equals; -1 for an empty array. */
export function argmax(values: ArrayLike<number>): number {
  let best = -1
  for (let i = 0; i < values.length; i++) if (best < 0 || values[i] > values[best]) best = i
  return best
}
