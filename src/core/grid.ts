/** Label counts of an arm: where it is measured. */

export type Grid = 'aligned' | 'literal'

/**
 * 'aligned': the initial size, then the multiples of the query size above it, then the budget (20, 50, 100, ...), so that
 * arms of all initial sizes meet at the same counts and compare exactly. 'literal': the initial size plus multiples of
 * the query size (20, 70, 120, ...), then the budget: the papers' way. An initial size at or above the budget gives
 * itself alone.
 */
export function labelCounts(grid: Grid, initialSize: number, querySize: number, budget: number): number[] {
  const counts = [initialSize]
  const first =
    grid === 'aligned' ? (Math.floor(initialSize / querySize) + 1) * querySize : initialSize + querySize
  for (let n = first; n < budget; n += querySize) counts.push(n)
  if (initialSize < budget) counts.push(budget)
  return counts
}
