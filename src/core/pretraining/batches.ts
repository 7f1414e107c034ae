/**
 * The batches of PT4AL: the pool, hardest for the pretext task first, cut into as many batches as a run has rounds. The
 * losses are compared as numbers. (The released batches were sorted as text, so that the 4,079 losses written as 1.2e-05
 * count among the hardest: 82 % of the published first batch are the easiest images.)
 */

/**
 * Rows of each batch, hardest first, equal losses by row; the first n mod rounds batches hold one more. `losses` [pool].
 */
export function pretextBatches(losses: ArrayLike<number>, rounds: number): Uint32Array[] {
  const n = losses.length
  const order = Uint32Array.from({ length: n }, (_, row) => row)
  order.sort((a, b) => losses[b] - losses[a] || a - b)
  const [size, more] = [Math.floor(n / rounds), n % rounds]
  const start = (batch: number) => batch * size + Math.min(batch, more)
  return Array.from({ length: rounds }, (_, batch) => order.subarray(start(batch), start(batch + 1)))
}
