/**
 * Cluster-Margin: of the ten times k images with the smallest margins, take one from each cluster in turn, small clusters
 * first. Clusters come from average linkage on the embeddings, cut at 20 (cure-lab and BASE's repository; the paper names
 * a distance threshold); their sizes are counted among the k_m small margins, and inside a cluster the smallest margin
 * comes first, where the paper draws. The paper clusters once, before the first round; a query here is a function of its
 * own training, so the clusters follow the network. Above 3,000 candidates, the first 3,000 of the seed's order are
 * clustered and the others join the cluster of the nearest mean. (cure-lab looks clusters up by position in the list of
 * margins instead of by image, which makes them random.)
 * Fails where: early, when the embedding is close to noise; and the number of clusters is a guess.
 */
import { squaredDistance } from '../numeric/distance.ts'
import { averageLinkage } from '../numeric/hierarchy.ts'
import { negativeMargin, topK } from '../numeric/scores.ts'
import type { QueryInput, Strategy } from '../strategy.ts'
import { gather, pointsOf } from './basis.ts'

const CLUSTERS = 20
const LARGEST = 3000
/** k_m / k */
const FILTER = 10

export const clusterMargin: Strategy = {
  id: 'clusterMargin',
  category: 'hybrid',
  version: 1,
  formula: 'M = {x: p₍₁₎ − p₍₂₎ ↑, 10·k}; x ∈ M ∩ C_1, M ∩ C_2, …, |M ∩ C_j| ↑',
  source: 'Citovsky et al., Batch active learning at scale, NeurIPS 2021',
  // which clusters are small depends on k
  prefix: false,
  needs: () => [{ kind: 'probabilities' }, { kind: 'embeddings' }],
  query: input => {
    const candidates = topK(negativeMargin(input.needs.probabilities!, input.classes), FILTER * input.k)
    const clusters = clustersOf(input, candidates)
    return { picks: roundRobin(candidates, clusters, input.k).map(i => input.unlabelled[i]) }
  }
}

/** The cluster of each of some candidates (indices into `unlabelled`); with more than `largest` rows, by a sample of them. */
export function clustersOf(
  input: Pick<QueryInput, 'unlabelled' | 'labelled' | 'order' | 'needs'>,
  candidates: Uint32Array,
  largest = LARGEST
): Uint32Array {
  const { size, unlabelled: points } = pointsOf('embedding', input)
  const n = input.unlabelled.length
  const index = new Map(Array.from(input.unlabelled, (row, i) => [row, i]))
  const sample =
    n <= largest
      ? Uint32Array.from({ length: n }, (_, i) => i)
      : Uint32Array.from(input.order.filter(row => index.has(row)).subarray(0, largest), row =>
          index.get(row)!
        ).sort()
  const sampled = gather(points, size, sample)
  const of = averageLinkage(sampled, size, CLUSTERS)
  const place = new Map(Array.from(sample, (i, at) => [i, at]))
  const means = meansOf(sampled, size, of)
  return candidates.map(i => {
    const at = place.get(i)
    return at === undefined ? nearestMean(means, points, i, size) : of[at]
  })
}

function meansOf(points: Float64Array, size: number, of: Uint32Array): Float64Array {
  const counts: number[] = []
  for (const c of of) counts[c] = (counts[c] ?? 0) + 1
  const means = new Float64Array(counts.length * size)
  of.forEach((c, i) => {
    for (let d = 0; d < size; d++) means[c * size + d] += points[i * size + d]
  })
  return means.map((v, i) => v / counts[Math.floor(i / size)])
}

function nearestMean(means: Float64Array, points: Float64Array, i: number, size: number): number {
  let best = 0
  let least = Infinity
  for (let c = 0; c < means.length / size; c++) {
    const d = squaredDistance(points, i, means, c, size)
    if (d < least) [best, least] = [c, d]
  }
  return best
}

/**
 * k of the candidates, one from each cluster in turn: clusters by their number of candidates (ties to the lower number), in
 * each the candidates in the order given. `clusters`: of each candidate.
 */
export function roundRobin(candidates: Uint32Array, clusters: Uint32Array, k: number): Uint32Array {
  const members = new Map<number, number[]>()
  candidates.forEach((i, at) => members.set(clusters[at], [...(members.get(clusters[at]) ?? []), i]))
  const turns = [...members].sort(([a, x], [b, y]) => x.length - y.length || a - b).map(([, list]) => list)
  const picks: number[] = []
  const wanted = Math.min(k, candidates.length)
  for (let turn = 0; picks.length < wanted; turn++)
    for (const list of turns) if (turn < list.length) picks.push(list[turn])
  return Uint32Array.from(picks.slice(0, wanted))
}
