/**
 * TypiClust: cluster everything into as many clusters as there will be labels, and take from each cluster that has fewest
 * labels the most typical image: typicality is the inverse of the mean distance to the 20 nearest neighbours inside the
 * cluster (fewer in small ones). Made for few labels and self-supervised features; which features stand in for them here is
 * part of the strategy's name. Distances are L2, as in the paper: the authors' code forgets the root, which can change the
 * order. With more than 50 clusters of many points the centres are fitted on a sample, where the code takes mini-batches.
 * Fails where: the features do not cluster by class; and late: with many labels typical images teach nothing new.
 */
import type { Basis } from '../features.ts'
import { kMeansBy } from '../geometry.ts'
import { squaredDistance } from '../numeric/distance.ts'
import type { Points } from '../numeric/farthest.ts'
import { kMeans } from '../numeric/kmeans.ts'
import { unitRows } from '../numeric/unit.ts'
import type { Stream } from '../random.ts'
import { geometryOf, type Strategy } from '../strategy.ts'
import { needOf, pointsOf } from './basis.ts'

const MOST_CLUSTERS = 500
/** Clusters of this size or less wait until the others are used up. */
const SMALL = 5
const NEIGHBOURS = 20

export const typiClust = <B extends 'embedding' | Basis>(basis: B): Strategy & { id: `typiClust:${B}` } => ({
  id: `typiClust:${basis}`,
  category: 'coldStart',
  version: 1,
  formula: 'argmax_{x ∈ C_j} 1 / mean_{x′ ∈ NN₂₀(x)} ‖x − x′‖₂, j = 1..|L| + k',
  source:
    'Hacohen, Dekel & Weinshall, Active learning on a budget: opposite strategies suit high and low budgets, ICML 2022',
  // the number of clusters depends on k
  prefix: false,
  needs: () => [needOf(basis)],
  query: async input => {
    const { unlabelled, k, stream } = input
    if (!unlabelled.length) return { picks: new Uint32Array(0) }
    const { points, size, clusters, candidates, wanted } = crowd(pointsOf(basis, input), k)
    const { of } = await kMeansBy(geometryOf(input), points, size, clusters, stream)
    return { picks: pickFromClusters(points, size, of, candidates, wanted).map(i => unlabelled[i]) }
  }
})

/** min(k, candidates) of the candidates, as indices into `unlabelled`. Rows are brought to unit length first. */
export function typicalPicks(given: Points, k: number, stream: Stream): Uint32Array {
  if (!given.unlabelled.length) return new Uint32Array(0)
  const { points, size, clusters, candidates, wanted } = crowd(given, k)
  const { of } = kMeans(points, size, clusters, stream)
  return pickFromClusters(points, size, of, candidates, wanted)
}

/** What is clustered, and into how many clusters: everybody at unit length, the candidates first. */
function crowd({ size, unlabelled, labelled }: Points, k: number) {
  const all = new Float64Array(unlabelled.length + labelled.length)
  all.set(unlabelled)
  all.set(labelled, unlabelled.length)
  const points = unitRows(all, size).rows
  const candidates = unlabelled.length / size
  const wanted = Math.min(k, candidates)
  const clusters = Math.min(labelled.length / size + wanted, MOST_CLUSTERS)
  return { points, size, clusters, candidates, wanted }
}

interface Cluster {
  id: number
  size: number
  labels: number
  /** candidates, ascending */
  members: number[]
}

/**
 * Clusters with fewest labels first, larger ones before smaller (ties to the lower number), each in turn giving its most
 * typical candidate; the small ones when the others have none left. The first `candidates` points may be picked, the rest
 * is labelled. `of`: cluster of each point.
 */
export function pickFromClusters(
  points: Float64Array,
  size: number,
  of: Uint32Array,
  candidates: number,
  k: number
): Uint32Array {
  const clusters = new Map<number, Cluster>()
  of.forEach((id, i) => {
    const cluster = clusters.get(id) ?? { id, size: 0, labels: 0, members: [] }
    clusters.set(id, cluster)
    cluster.size++
    if (i < candidates) cluster.members.push(i)
    else cluster.labels++
  })
  const order = [...clusters.values()].sort((a, b) => a.labels - b.labels || b.size - a.size || a.id - b.id)
  const picks: number[] = []
  for (const kind of [order.filter(c => c.size > SMALL), order.filter(c => c.size <= SMALL)])
    while (picks.length < k && kind.some(c => c.members.length))
      for (const { members } of kind) {
        if (picks.length === k) break
        if (!members.length) continue
        const at = mostTypical(points, size, members)
        picks.push(...members.splice(at, 1))
      }
  return Uint32Array.from(picks)
}

/** Position in `members` of the most typical one, the first among equals. */
function mostTypical(points: Float64Array, size: number, members: readonly number[]): number {
  let best = 0
  let most = -1
  const typical = typicality(points, size, members)
  typical.forEach((t, at) => {
    if (t > most) [best, most] = [at, t]
  })
  return best
}

/**
 * 1 / mean distance to the min(20, floor(members / 2)) nearest other members; Infinity where these are copies; a single
 * member has 0.
 */
export function typicality(points: Float64Array, size: number, members: readonly number[]): number[] {
  const neighbours = Math.min(NEIGHBOURS, members.length >> 1)
  const nearest = new Float64Array(neighbours)
  return members.map(i => {
    if (!neighbours) return 0
    nearest.fill(Infinity)
    for (const j of members) {
      if (j === i) continue
      const d = squaredDistance(points, i, points, j, size)
      if (d >= nearest[neighbours - 1]) continue
      let at = neighbours - 1
      for (; at > 0 && nearest[at - 1] > d; at--) nearest[at] = nearest[at - 1]
      nearest[at] = d
    }
    let sum = 0
    for (const d of nearest) sum += Math.sqrt(d)
    return neighbours / sum
  })
}
