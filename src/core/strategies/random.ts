/**
 * Random: the baseline every strategy must beat. It goes on along the seed's order of initial draws, so its labelled
 * set at N is the same whatever the initial size: one training serves all initial sizes (the cold-start law).
 * Fails where: nothing to fail, but with few seeds its own spread is often larger than the gap to other strategies.
 */
import type { Strategy } from '../strategy.ts'

export const random: Strategy = {
  id: 'random',
  category: 'baseline',
  version: 1,
  formula: 'P(x) = 1 / |U|',
  source: '',
  prefix: true,
  needs: () => [],
  query: ({ k, labelled, order }) => {
    // fewer than what is left of the pool
    const taken = new Uint8Array(order.length)
    for (const row of labelled) taken[row] = 1
    const picks: number[] = []
    for (const row of order) {
      if (picks.length === k) break
      if (!taken[row]) picks.push(row)
    }
    return { picks: Uint32Array.from(picks) }
  }
}
