/**
 * Least confidence: query where the most probable class is least probable.
 * Fails where: images look alike (the batch is redundant), and early, when confidence means little.
 * For two classes it ranks exactly like margin and entropy.
 */
import { leastConfidence as score } from '../numeric/scores.ts'
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

export const leastConfidence: Strategy = {
  id: 'leastConfidence',
  category: 'uncertainty',
  version: 1,
  formula: '1 − max_c p(c|x)',
  source: 'Lewis & Gale, A sequential algorithm for training text classifiers, SIGIR 1994',
  prefix: true,
  needs: () => [{ kind: 'probabilities' }],
  query: input => byScore(input, score(input.needs.probabilities!, input.classes))
}
