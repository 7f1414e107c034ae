/**
 * Making Your First Choice: cluster the features of a contrastive pretraining into more clusters than there are classes, then
 * go round them in a shuffled order, taking from each the image that comes first in the dataset map: the hardest to contrast
 * (lowest confidence: images that cannot be told apart are typical), the easiest, or the most ambiguous one (highest
 * variability). The authors recommend the first. Their 30 clusters are three a class on their ten-class sets, and three a class
 * here; they cluster in a UMAP plane of two dimensions, here the features themselves are clustered, as the paper says. Nested:
 * the clusters do not depend on the size of the set.
 */
import { kMeans } from '../numeric/kmeans.ts'
import { unitRows } from '../numeric/unit.ts'
import type { Selector } from '../selector.ts'

const CLUSTERS_A_CLASS = 3

/** What of [confidence, variability, ...] comes first. */
const rules = {
  hard: (confidence: number) => -confidence,
  easy: (confidence: number) => confidence,
  ambiguous: (_: number, variability: number) => variability
}

export const firstChoice = <R extends keyof typeof rules>(
  rule: R
): Selector & { id: `firstChoice:${R}` } => ({
  id: `firstChoice:${rule}`,
  version: 1,
  source:
    'Chen et al., Making your first choice: to address cold start problem in vision active learning, arXiv 2210.02442, 2022',
  bases: ['encoder', 'dynamics'],
  nested: true,
  select: ({ size, classes, features, stream }) => {
    const { encoder, dynamics } = features
    const points = unitRows(encoder!.values, encoder!.size).rows
    const clusters = kMeans(points, encoder!.size, CLUSTERS_A_CLASS * classes, stream)
    const order = shuffled(clusters.centres.length / encoder!.size, below => stream.below(below))
    const { size: wide, values: map } = dynamics!
    const scores = Float64Array.from(clusters.of, (_, i) => rules[rule](map[wide * i], map[wide * i + 1]))
    return roundRobin(scores, clusters.of, order).slice(0, size)
  }
})

/** 0 .. n-1 in random order (Fisher and Yates). */
function shuffled(n: number, below: (n: number) => number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}

/**
 * All rows: the highest score of each cluster in the clusters' order, then the second of each, and so on; clusters that have no
 * more are passed over. Ties to the lower row. `of`: cluster of each row.
 */
export function roundRobin(
  scores: ArrayLike<number>,
  of: ArrayLike<number>,
  order: ArrayLike<number>
): Uint32Array {
  const members = new Map<number, number[]>(Array.from(order, cluster => [cluster, []]))
  for (let i = 0; i < of.length; i++) members.get(of[i])!.push(i)
  const queues = [...members.values()].map(rows => rows.sort((a, b) => scores[b] - scores[a] || a - b))
  const out = new Uint32Array(of.length)
  for (let filled = 0, rank = 0; filled < out.length; rank++)
    for (const queue of queues) if (rank < queue.length) out[filled++] = queue[rank]
  return out
}
