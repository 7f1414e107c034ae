/**
 * Learning loss: a module beside the network learns to predict each image's loss; query where it predicts the largest one.
 * The module is part of the training (engine/recipes/lossPrediction.ts): its own loss is added to the cross-entropy, and its
 * gradient changes the network too until 60 % of the steps are done, so even the first training of these arms is their own.
 * Of a pool of more than 10,000 a random subset of that size is scored, as in the paper. The authors go on with the weights
 * of the round before; that is a mode here. (No code of the authors; the values are those of the common reimplementation.)
 * Fails where: few labels: the module sees only losses of images that the network learns by heart. In the reimplementation it
 * is only comparable with entropy, and querying by the true loss, which it imitates, is worse still.
 */
import { topK } from '../numeric/scores.ts'
import { hashOrder } from '../hashOrder.ts'
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

/** M of the paper. */
export const SUBSET = 10000

export const learningLoss: Strategy = {
  id: 'learningLoss',
  category: 'uncertainty',
  version: 1,
  formula: 'l̂(x); CE + λ · mean_{(i,j)} max(0, ξ − sgn(l_i − l_j)(l̂_i − l̂_j)), λ = ξ = 1',
  source: 'Yoo & Kweon, Learning loss for active learning, CVPR 2019',
  prefix: true,
  needs: () => [{ kind: 'predictedLoss' }],
  recipe: base => ({ ...base, lossPrediction: { weight: 1, margin: 1, detachAfter: 0.6 } }),
  query: input => {
    const { unlabelled, k, stream } = input
    const scores = input.needs.predictedLoss!
    if (unlabelled.length <= SUBSET) return byScore(input, scores)
    const index = Uint32Array.from(unlabelled.keys())
    const subset = hashOrder(stream.key, index).slice(0, Math.max(SUBSET, k)).sort()
    const best = topK(
      Array.from(subset, i => scores[i]),
      k
    )
    return { picks: best.map(at => unlabelled[subset[at]]) }
  }
}
