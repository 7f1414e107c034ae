/**
 * Margin: query where the two most probable classes are closest.
 * Fails where: the batch is redundant, as for all per-image scores; it ignores all classes but two.
 * The margin is one of softmax probabilities, not of logits.
 */
import { negativeMargin } from '../numeric/scores.ts'
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

export const margin: Strategy = {
  id: 'margin',
  category: 'uncertainty',
  version: 1,
  formula: '−(p₍₁₎ − p₍₂₎)',
  source: 'Scheffer, Decomain & Wrobel, Active hidden Markov models for information extraction, IDA 2001',
  prefix: true,
  needs: () => [{ kind: 'probabilities' }],
  query: input => byScore(input, negativeMargin(input.needs.probabilities!, input.classes))
}
