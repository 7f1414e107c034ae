/**
 * BALD: query where Monte Carlo dropout passes are each sure and disagree: the mutual information between prediction
 * and weights. One mask a pass for all images (consistent masks), and only the head is run again.
 * Fails where: a network has no dropout (all passes are equal: refused), and in batches (it repeats itself: BatchBALD).
 */
import { mutualInformation } from '../numeric/scores.ts'
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

/** Monte Carlo passes of every strategy that asks for some: one need serves them all. */
export const PASSES = 20

export const bald: Strategy = {
  id: 'bald',
  category: 'uncertainty',
  version: 1,
  formula: 'H[mean_t p_t] − mean_t H[p_t], t = 1..20',
  source:
    'Houlsby et al., arXiv 1112.5745; Gal, Islam & Ghahramani, Deep Bayesian active learning with image data, ICML 2017',
  prefix: true,
  needs: () => [{ kind: 'passes', passes: PASSES }],
  refuses: setting => (setting.dropout > 0 ? undefined : 'needsDropout'),
  query: input => {
    const { meanProbabilities, meanEntropy } = input.needs.passes!
    return byScore(input, mutualInformation(meanProbabilities, meanEntropy, input.classes))
  }
}
