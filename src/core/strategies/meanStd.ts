/**
 * Mean STD: the standard deviation of each class's probability over Monte Carlo dropout passes (population form, ddof 0),
 * averaged over the classes.
 * Fails where: it sees only spread; an image on which all passes agree that it is a coin toss scores nothing.
 */
import type { Strategy } from '../strategy.ts'
import { PASSES } from './bald.ts'
import { byScore } from './byScore.ts'

export const meanStd: Strategy = {
  id: 'meanStd',
  category: 'uncertainty',
  version: 1,
  formula: '(1/C) Σ_c std_t p_t(c|x), t = 1..20',
  source:
    'Kampffmeyer, Salberg & Jenssen, Semantic segmentation of small objects and modeling of uncertainty, CVPR workshops 2016',
  prefix: true,
  needs: () => [{ kind: 'passes', passes: PASSES }],
  refuses: setting => (setting.dropout > 0 ? undefined : 'needsDropout'),
  query: input => {
    const { variance } = input.needs.passes!
    const { classes } = input
    const scores = Float64Array.from({ length: input.unlabelled.length }, (_, i) => {
      let sum = 0
      for (let c = i * classes; c < (i + 1) * classes; c++) sum += Math.sqrt(variance[c])
      return sum / classes
    })
    return byScore(input, scores)
  }
}
