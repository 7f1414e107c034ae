/**
 * Variation ratios: the share of Monte Carlo dropout passes that do not vote for the most voted class. True votes, as
 * Freeman defines them: DeepAL+ takes 1 - max p of a single pass instead (least confidence by another name) and
 * realistic-al that of the mean, neither of which counts a vote.
 * Fails where: votes are few, so many images tie (the seed decides among them); sure and unsure votes count the same.
 */
import type { Strategy } from '../strategy.ts'
import { PASSES } from './bald.ts'
import { byScore } from './byScore.ts'
import { drawnTurns } from './ties.ts'

export const variationRatios: Strategy = {
  id: 'variationRatios',
  category: 'uncertainty',
  version: 2,
  formula: '1 − max_c |{t: argmax p_t = c}| / T, t = 1..T, T = 20',
  source:
    'Freeman, Elementary applied statistics, 1965; Gal, Islam & Ghahramani, Deep Bayesian active learning with image data, ICML 2017',
  prefix: true,
  needs: () => [{ kind: 'passes', passes: PASSES }],
  refuses: setting => (setting.dropout > 0 ? undefined : 'needsDropout'),
  query: input => {
    const { votes, passes } = input.needs.passes!
    const { classes } = input
    const scores = Float64Array.from({ length: input.unlabelled.length }, (_, i) => {
      let most = 0
      for (let c = i * classes; c < (i + 1) * classes; c++) if (votes[c] > most) most = votes[c]
      return 1 - most / passes
    })
    return byScore(input, scores, drawnTurns(input.unlabelled, input.stream))
  }
}
