/**
 * Farthest first (Gonzalez, Theoretical Computer Science 1985), the greedy k-center: again and again the candidate farthest
 * from everything labelled or picked. Keeps one nearest distance per candidate: O((labelled + k) x candidates x size) time,
 * never an n x n matrix.
 */
import { Cloud } from './cloud.ts'
import { argmax } from './distance.ts'

export interface Points {
  size: number
  /** [unlabelled, size] */
  unlabelled: Float64Array
  /** [labelled, size] */
  labelled: Float64Array
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

/**
 * min(k, candidates) of the candidates, farthest first, as indices into `unlabelled`, ties to the lowest. With nothing labelled
 * the first is the 1-center: the candidate whose largest distance to any other is smallest. `begun`: the first picks,
 * where somebody knows them already.
 */
export function farthestFirst(points: Points, k: number, begun: ArrayLike<number> = []): Uint32Array {
  const { size, unlabelled, labelled } = points
  const wanted = size ? Math.min(k, unlabelled.length / size) : 0
  const picks = new Uint32Array(wanted)
  picks.set(begun)
  if (begun.length === wanted) return picks
  const cloud = new Cloud(unlabelled, size)
  const nearest = nearestLabelled(points)
  for (let p = 0; p < wanted; p++) {
    if (p >= begun.length) picks[p] = p === 0 && !labelled.length ? cloud.centre() : argmax(nearest)
    cloud.lower(nearest, unlabelled, picks[p])
    nearest[picks[p]] = -1
  }
  return picks
}
