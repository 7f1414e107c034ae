/**
 * MCDAL: two more heads on the network's embedding learn the labelled images and, on unlabelled ones, to disagree with each
 * other and with the network's own head as much as they can; query where the three disagree most. The heads are part of the
 * training (engine/recipes/discrepancy.ts) and leave the network as it is: on equal labels these arms classify like those
 * without the heads, bit for bit. The authors' code subtracts the mean score of the labelled images, a constant.
 * Fails where: the heads disagree where images look odd rather than where labels help. A fork of the authors' code trains the
 * heads not at all and queries by random ones: figures made with it are not MCDAL's.
 */
import { addDistances } from '../recipes/discrepancy.ts'
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

export const mcdal: Strategy = {
  id: 'mcdal',
  category: 'uncertainty',
  version: 1,
  formula: '‖p₁ − p₂‖₁ + ‖p − p₁‖₁ + ‖p − p₂‖₁',
  source:
    'Cho, Kim, Jung & Kweon, MCDAL: maximum classifier discrepancy for active learning, IEEE TNNLS 2022',
  prefix: true,
  needs: () => [{ kind: 'probabilities' }, { kind: 'heads' }],
  recipe: base => ({ ...base, discrepancy: { weight: 1 } }),
  query: input => {
    const { classes, needs, unlabelled } = input
    const p = needs.probabilities!
    const [first, second] = needs.heads!
    const scores = new Float64Array(unlabelled.length)
    addDistances(scores, first, second, classes)
    addDistances(scores, p, first, classes)
    addDistances(scores, p, second, classes)
    return byScore(input, scores)
  }
}
