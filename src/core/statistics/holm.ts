/** Several comparisons at once: Holm's step-down correction (Holm 1979), which needs no independence. */

/** Adjusted p-values in the order given: below alpha means rejected with a family-wise error of alpha. */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b])
  const adjusted = new Array<number>(p.length)
  let largest = 0
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, p[index] * (p.length - rank)))
    adjusted[index] = largest
  })
  return adjusted
}
