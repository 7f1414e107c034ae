/**
 * k-center greedy (core-set): again and again, take the candidate farthest from everything labelled or picked, in the
 * embedding (hidden layer). Keeps one nearest distance per candidate: O((labelled + k) x candidates x size) time, never
 * an n x n matrix. With nothing labelled the first pick is the 1-center: the candidate whose largest distance to any
 * other is smallest, as in BASE's code.
 * Fails where: there are outliers (it goes for them first), and early, when the embedding is close to noise.
 */
import { Cloud } from '../numeric/cloud.ts'
import { argmax } from '../numeric/distance.ts'
import type { Strategy } from '../strategy.ts'
import { pointsOf, type Points } from './basis.ts'

export const kCenter: Strategy = {
  id: 'kCenter',
  category: 'diversity',
  version: 1,
  formula: 'x_i = argmax_x min_{c ∈ L ∪ {x_j: j<i}} ‖h(x) − h(c)‖₂',
  source:
    'Sener & Savarese, Active learning for convolutional neural networks: a core-set approach, ICLR 2018',
  prefix: true,
  needs: () => [{ kind: 'embeddings' }],
  query: input => ({
    picks: farthestFirst(pointsOf('embedding', input), input.k).map(i => input.unlabelled[i])
  })
}

/** Squared distance of each candidate to the nearest labelled row, Infinity where none is labelled [unlabelled]. */
export function nearestLabelled({ size, unlabelled, labelled }: Points): Float64Array {
  const cloud = new Cloud(labelled, size)
  return Float64Array.from({ length: unlabelled.length / size }, (_, i) => {
    const to = cloud.distances(unlabelled, i)
    let least = Infinity
    for (let j = 0; j < cloud.count; j++) if (to[j] < least) least = to[j]
    return least
  })
}

/** min(k, candidates) of the candidates, farthest first, as indices into `unlabelled`. */
export function farthestFirst(points: Points, k: number): Uint32Array {
  const { size, unlabelled, labelled } = points
  const cloud = new Cloud(unlabelled, size)
  const nearest = nearestLabelled(points)
  const picks = new Uint32Array(Math.min(k, nearest.length))
  for (let p = 0; p < picks.length; p++) {
    const i = p === 0 && !labelled.length ? cloud.centre() : argmax(nearest)
    picks[p] = i
    cloud.lower(nearest, unlabelled, i)
    nearest[i] = -1
  }
  return picks
}
