/** Points in a plane: what a map of images says in numbers, for those who read it as a table. */

/**
 * Of each point, the share of its k nearest others that have its label; the mean of that by label, [labels], NaN where there is no
 * point. `positions` [points, 2].
 */
export function neighbourPurity(
  positions: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  k = 10
): number[] {
  const n = labels.length
  const sums = new Float64Array(classes)
  const counts = new Uint32Array(classes)
  const near = Math.min(k, n - 1)
  const nearest = new Float64Array(near)
  const whose = new Int32Array(near)
  for (let i = 0; i < n; i++) {
    nearest.fill(Infinity)
    for (let j = 0; j < n; j++) {
      if (i === j) continue
      const dx = positions[2 * i] - positions[2 * j]
      const dy = positions[2 * i + 1] - positions[2 * j + 1]
      const d = dx * dx + dy * dy
      let at = near - 1
      if (at < 0 || d >= nearest[at]) continue
      for (; at > 0 && nearest[at - 1] > d; at--) {
        nearest[at] = nearest[at - 1]
        whose[at] = whose[at - 1]
      }
      nearest[at] = d
      whose[at] = labels[j]
    }
    counts[labels[i]]++
    if (near) sums[labels[i]] += whose.reduce((same, label) => same + (label === labels[i] ? 1 : 0), 0) / near
  }
  return Array.from(sums, (sum, c) => (counts[c] ? sum / counts[c] : NaN))
}
