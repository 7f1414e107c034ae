/**
 * PT4AL's first choice: the pool is sorted by the loss of a pretext task (rotation), hardest first, and cut into as many
 * batches as the run has rounds; the initial set strides evenly through the hardest one: positions 0, s, 2s, ... with
 * s = floor(batch / size). (The authors' cold-start script strides through batch 5, the middle of the ranking; the paper
 * says the first.) A set larger than the batch takes the whole of it and strides through the next. The step depends on the
 * size and on the number of rounds, so sets are not nested. Nothing is drawn but by the pretraining, which has a seed of
 * its own: every seed has the same set.
 */
import { pretextBatches } from '../pretraining/batches.ts'
import type { Selector } from '../selector.ts'

export const pt4al: Selector = {
  id: 'pt4al',
  version: 1,
  source: 'Yi, Seo, Park & Choi, PT4AL: using self-supervised pretext tasks for active learning, ECCV 2022',
  bases: ['pretextLoss'],
  nested: false,
  fixed: true,
  staged: true,
  select: ({ size, features, stage }) => {
    const picks: number[] = []
    for (const batch of pretextBatches(features.pretextLoss!.values, stage!.rounds)) {
      const wanted = Math.min(size - picks.length, batch.length)
      const step = Math.floor(batch.length / wanted)
      for (let i = 0; i < wanted; i++) picks.push(batch[i * step])
    }
    return Uint32Array.from(picks)
  }
}
