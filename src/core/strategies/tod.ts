/**
 * Temporal output discrepancy, from cycle to cycle: query where the network says something else than it did a round ago. The
 * distance between the two outputs is a lower bound of the loss that training took away meanwhile, so a large one speaks of an
 * image that was, and may still be, badly known. Outputs are probabilities, as in the authors' code (which takes half the
 * square of this norm: the same order).
 * In the first round there is no earlier cycle. As in the code the network is compared with one that never learned, and the
 * smallest discrepancies are taken: images about which training has said least. (The largest would be those it is surest of;
 * on the built-in digits that costs 20 points at the next round.) The code's other network is some random one, here it is the
 * one that this training began with. The code scores a random part of a large pool, here all of it.
 * Fails where: every round starts from new weights, since much of the difference is chance then: the authors train on from
 * round to round, and so does warm start here.
 */
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

export const tod: Strategy = {
  id: 'tod',
  category: 'uncertainty',
  version: 2,
  formula: '‖pₜ(·|x) − pₜ₋₁(·|x)‖₂',
  source: 'Huang et al., Semi-supervised active learning with temporal output discrepancy, ICCV 2021',
  prefix: true,
  needs: () => [{ kind: 'probabilities' }, { kind: 'before' }],
  query: input => {
    const { classes, needs, unlabelled } = input
    const now = needs.probabilities!
    const { probabilities: before, untrained } = needs.before!
    const scores = Float64Array.from(unlabelled, (_, i) => {
      let squares = 0
      for (let at = i * classes; at < (i + 1) * classes; at++) squares += (now[at] - before[at]) ** 2
      return untrained ? -Math.sqrt(squares) : Math.sqrt(squares)
    })
    return byScore(input, scores)
  }
}
