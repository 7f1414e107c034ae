/**
 * MASE: query where the embedding is closest to a decision boundary of the linear head, measured as a distance in
 * feature space, where the margin compares probabilities.
 * Fails where: the batch is redundant and imbalanced (BASE is the remedy); weight decay rescales what distances mean.
 */
import { boundaryDistances } from '../numeric/boundaries.ts'
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

export const mase: Strategy = {
  id: 'mase',
  category: 'uncertainty',
  version: 1,
  formula: '−min_{c ≠ ŷ} (z_ŷ − z_c) / ‖w_ŷ − w_c‖₂',
  source: 'Emam et al., Active learning at the ImageNet scale, arXiv 2111.12880, 2021',
  prefix: true,
  needs: () => [{ kind: 'embeddings' }, { kind: 'head' }],
  query: input => {
    const { embeddings, head } = input.needs
    const { margin } = boundaryDistances(embeddings!.unlabelled, embeddings!.size, head!.weight, head!.bias)
    return byScore(
      input,
      margin.map(d => -d)
    )
  }
}
