/**
 * Consistency: query where the prediction changes most when the image is varied in ways that do not change what it
 * shows: the image and five copies moved by a pixel; and a mirrored one where the experiment says that mirroring is harmless.
 * The original trains with unlabelled data too and draws 50 random copies; here the views are fixed, so that the score
 * draws nothing. The variance is the population's (ddof 0), summed over classes.
 * Fails where: the network is already invariant to the variation, or the variation is not harmless (mirrored digits).
 */
import type { Variation } from '../law.ts'
import type { Strategy } from '../strategy.ts'
import { byScore } from './byScore.ts'

/** Down, up, right, left, down-right; zeros come in. */
const SHIFTS: readonly [number, number][] = [
  [0, 0],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1]
]

export const consistency: Strategy = {
  id: 'consistency',
  category: 'uncertainty',
  version: 1,
  formula: 'Σ_c Var_j p(c|T_j(x)), T_j ∈ {(0,0), (±1,0), (0,±1), (1,1)}',
  source:
    'Gao et al., Consistency-based semi-supervised active learning: towards minimizing labeling cost, ECCV 2020',
  prefix: true,
  needs: ({ augmentation }) => {
    const views: Variation[] = SHIFTS.map(([dy, dx]) => ({ dy, dx, mirror: false }))
    if (augmentation === 'flip') views.push({ dy: 0, dx: 0, mirror: true })
    return [{ kind: 'viewVariance', views }]
  },
  refuses: ({ features }) => (features ? 'needsImages' : undefined),
  query: input => byScore(input, input.needs.viewVariance!)
}
