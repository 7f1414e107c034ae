/** D^2 sampling: the draw of k-means++ (Arthur & Vassilvitskii, SODA 2007), which BADGE uses too. */
import type { Stream } from '../random.ts'

/**
 * An index drawn in proportion to its weight (not negative), by one uniform number and a scan in order. If all that is
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
