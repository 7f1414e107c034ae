/**
 * BASE: balanced MASE. Each class in turn takes its share of the query: the images closest to its own boundary, whether
 * they are predicted to be of the class (distance to the nearest boundary) or of another (distance to the boundary
 * between the two). Lower classes choose first and get the remainder, as in the authors' code.
 * Fails where: the quotas are of boundaries, not of labels; what they bring in true classes is only as good as the network.
 */
import { boundaryDistances } from '../numeric/boundaries.ts'
import type { Strategy } from '../strategy.ts'

export const base: Strategy = {
  id: 'base',
  category: 'balanced',
  version: 1,
  formula: '|Q_c| = k/C: argmin_x [ŷ = c] min_{j≠c} D_j(x) + [ŷ ≠ c] D_c(x)',
  source: 'Emam et al., Active learning at the ImageNet scale, arXiv 2111.12880, 2021',
  prefix: false,
  needs: () => [{ kind: 'embeddings' }, { kind: 'head' }],
  query: ({ k, classes, unlabelled, needs }) => {
    const { size, unlabelled: points } = needs.embeddings!
    const { predicted, distance, margin } = boundaryDistances(
      points,
      size,
      needs.head!.weight,
      needs.head!.bias
    )
    const n = unlabelled.length
    const wanted = Math.min(k, n)
    const left = new Set(unlabelled.keys())
    const picks: number[] = []
    for (let c = 0; c < classes; c++) {
      const quota = Math.floor(wanted / classes) + (c < wanted % classes ? 1 : 0)
      const to = (i: number) => (predicted[i] === c ? margin[i] : distance[i * classes + c])
      const nearest = [...left].sort((a, b) => compare(to(a), to(b)) || a - b).slice(0, quota)
      for (const i of nearest) {
        left.delete(i)
        picks.push(unlabelled[i])
      }
    }
    return { picks: Uint32Array.from(picks) }
  }
}

/** a - b for numbers that may be infinite. */
const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0)
