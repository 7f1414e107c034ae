/**
 * MC entropy: the entropy of the mean prediction of Monte Carlo dropout passes. Unlike BALD it does not ask whether the
 * passes disagree: an image on which every pass is undecided scores as high as one on which they contradict each other.
 * Fails where: as entropy does; without dropout it is entropy itself (refused).
 */
import { entropy } from '../numeric/scores.ts'
import type { Strategy } from '../strategy.ts'
import { PASSES } from './bald.ts'
import { byScore } from './byScore.ts'

export const mcEntropy: Strategy = {
  id: 'mcEntropy',
  category: 'uncertainty',
  version: 1,
  formula: 'H[mean_t p_t], t = 1..20',
  source: 'Gal, Islam & Ghahramani, Deep Bayesian active learning with image data, ICML 2017',
  prefix: true,
  needs: () => [{ kind: 'passes', passes: PASSES }],
  refuses: setting => (setting.dropout > 0 ? undefined : 'needsDropout'),
  query: input => byScore(input, entropy(input.needs.passes!.meanProbabilities, input.classes))
}
