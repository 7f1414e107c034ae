/** Parts of a whole: evenly spaced; in proportion to weights (D^2 sampling: the draw of k-means++ and of BADGE). */
import type { Stream } from '../random.ts'

/** Evenly spaced positions of 0 .. n - 1, ascending, [min(n, most)]. */
export function everyNth(n: number, most: number): Uint32Array {
  const m = Math.min(n, most)
  return Uint32Array.from({ length: m }, (_, i) => Math.floor((i * n) / m))
}

/**
 * An index drawn in proportion to its weight (not negative; Arthur & Vassilvitskii, SODA 2007), by one uniform number and a scan in order. If all that is
 * left is rounding (at most 1e-12 x `scale`, the size weights are measured against), uniformly among the indices that
 * `taken` leaves. -1 when all are taken.
 */
export function drawInProportion(
  weights: Float64Array,
  taken: Uint8Array,
  scale: number,
  stream: Stream
): number {
  let total = 0
  let free = 0
  for (let i = 0; i < weights.length; i++)
    if (!taken[i]) {
      total += weights[i]
      free++
    }
  if (!free) return -1
  const even = !(total > 1e-12 * scale)
  let left = stream.uniform() * (even ? free : total)
  let last = -1
  for (let i = 0; i < weights.length; i++) {
    if (taken[i] || (!even && weights[i] === 0)) continue
    last = i
    left -= even ? 1 : weights[i]
    if (left < 0) return i
  }
  // the scan may end a rounding short of the total
  return last
}
