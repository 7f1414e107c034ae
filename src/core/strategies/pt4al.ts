/**
 * PT4AL: the pool is sorted by how hard a pretext task (rotation) is on each image and cut into as many batches as the run has
 * rounds, hardest first; each query takes from its own batch the images that the network is least confident about. Where
 * less than k of the batch are left it takes them all and goes on in the next one (after the last: in the first). The
 * confidence is the softmax's, as in the paper; the authors' code brings logits to unit length before it, which changes the
 * order, and its batches are sorted as text (core/pretraining/batches.ts). How many rounds a run has must be known before,
 * so the same query under another budget is another one. The pretext network learns from distorted images and keeps its
 * last weights, where the paper's sees them as they are and keeps the weights that were best on its own training images.
 * Fails where: images look the same when they are turned (0, 1, 8): the task is ambiguous there, and they count as hard;
 * and an image whose batch has passed is not looked at again.
 */
import { leastConfidence, topK } from '../numeric/scores.ts'
import { pretextBatches } from '../pretraining/batches.ts'
import type { QueryInput, Strategy } from '../strategy.ts'

export const pt4al: Strategy = {
  id: 'pt4al',
  category: 'coldStart',
  version: 1,
  formula: 'B_0, B_1, …: ¼ Σ_r CE(r, g(rot_r x)) ↓; x ∈ B_i: 1 − max_c p(c|x)',
  source: 'Yi, Seo, Park & Choi, PT4AL: using self-supervised pretext tasks for active learning, ECCV 2022',
  staged: true,
  prefix: true,
  needs: () => [{ kind: 'probabilities' }, { kind: 'features', basis: 'pretextLoss' }],
  query: input => ({ picks: leastConfidentOf(batchesFrom(input), input) })
}

/** The run's batches, this query's first. */
function batchesFrom({ needs, stage }: QueryInput): Uint32Array[] {
  const { round, rounds } = stage!
  const batches = pretextBatches(needs.features!.pretextLoss!.values, rounds)
  return [...batches.slice(round), ...batches.slice(0, round)]
}

/** min(k, candidates) pool rows, from one batch after the other. */
function leastConfidentOf(
  batches: readonly Uint32Array[],
  { k, classes, unlabelled, needs }: QueryInput
): Uint32Array {
  const doubt = leastConfidence(needs.probabilities!, classes)
  const index = new Map(Array.from(unlabelled, (row, i) => [row, i]))
  const picks: number[] = []
  for (const batch of batches) {
    if (picks.length === k) break
    // ascending, so that equal doubts go to the lowest row
    const rows = batch.filter(row => index.has(row)).sort()
    const best = topK(
      Array.from(rows, row => doubt[index.get(row)!]),
      k - picks.length
    )
    for (const i of best) picks.push(rows[i])
  }
  return Uint32Array.from(picks)
}
