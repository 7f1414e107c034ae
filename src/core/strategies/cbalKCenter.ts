/**
 * CBAL over k-center: k greedy steps, each taking the image that minimises
 * -(distance to the nearest labelled or picked) + (lambda / C) ||Omega - p_i - sum of the picks' p||_1.
 * With nothing labelled the first pick is the 1-center. lambda = 5, the authors' for ten classes.
 * Fails where: lambda weighs classes against distances, and the scale of an embedding is nobody's choice; outliers.
 */
import { nearestLabelledBy } from '../geometry.ts'
import { Cloud } from '../numeric/cloud.ts'
import { geometryOf, type Strategy } from '../strategy.ts'
import { pointsOf } from './basis.ts'
import { charge, neededCounts, shortage } from './cbal.ts'

const LAMBDA = 5

export const cbalKCenter: Strategy = {
  id: 'cbalKCenter',
  category: 'balanced',
  version: 1,
  formula:
    'x_i = argmin_x −min_{c ∈ L ∪ {x_j: j<i}} ‖h(x) − h(c)‖₂ + (λ/C) ‖Ω − p(x) − Σ_{j<i} p(x_j)‖₁, λ = 5',
  source: 'Bengar et al., Class-balanced active learning for image classification, WACV 2022',
  // Omega depends on k
  prefix: false,
  needs: () => [{ kind: 'probabilities' }, { kind: 'embeddings' }],
  query: async input => {
    const p = input.needs.probabilities!
    const points = pointsOf('embedding', input)
    const { size, unlabelled } = points
    const n = input.unlabelled.length
    const r = neededCounts(input)
    const cloud = new Cloud(unlabelled, size)
    const nearest = await nearestLabelledBy(geometryOf(input), points)
    const taken = new Uint8Array(n)
    const picks: number[] = []
    const next = () => {
      if (!picks.length && !input.labelled.length) return cloud.centre()
      let best = -1
      let least = Infinity
      for (let i = 0; i < n; i++) {
        if (taken[i]) continue
        const value = (LAMBDA / input.classes) * shortage(r, p, i) - Math.sqrt(nearest[i])
        if (value < least) [best, least] = [i, value]
      }
      return best
    }
    while (picks.length < Math.min(input.k, n)) {
      const i = next()
      picks.push(i)
      taken[i] = 1
      charge(r, p, i)
      cloud.lower(nearest, unlabelled, i)
    }
    return { picks: Uint32Array.from(picks, i => input.unlabelled[i]) }
  }
}
