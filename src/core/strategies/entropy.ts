/**
 * Entropy: query where the predicted distribution is flattest.
 * Fails where: many classes are merely unlikely (their mass counts as much as a real doubt between two), and early:
 * from few labels it chases outliers and is often below random on hard data (Lueth et al. 2023).
 */
import { entropy as score } from '../numeric/scores.ts'
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

export const entropy: Strategy = {
  id: 'entropy',
  category: 'uncertainty',
  version: 1,
  formula: '−Σ_c p(c|x) ln p(c|x)',
  source:
    'Shannon, A mathematical theory of communication, 1948; Settles, Active learning literature survey, 2009',
  prefix: true,
  needs: () => [{ kind: 'probabilities' }],
  query: input => byScore(input, score(input.needs.probabilities!, input.classes))
}
