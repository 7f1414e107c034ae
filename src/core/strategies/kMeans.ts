/**
 * k-means: cluster the candidates' embeddings into k clusters and take from each the image nearest to its centre. With more
 * than 50 clusters of many candidates the centres are fitted on a sample of them (numeric/kmeans.ts).
 * (The FAISS variant of DeepAL+ searches the wrong index and so labels the first k rows of the pool.)
 * Fails where: it looks away from the labels: a new centre may fall where everything is labelled already.
 */
import { kMeansBy } from '../geometry.ts'
import { squaredDistance } from '../numeric/distance.ts'
import type { Clusters } from '../numeric/kmeans.ts'
import { geometryOf, type Strategy } from '../strategy.ts'
import { pointsOf } from './basis.ts'

export const kMeans: Strategy = {
  id: 'kMeans',
  category: 'diversity',
  version: 1,
  formula: 'argmin_{x ∈ C_j} ‖h(x) − μ_j‖₂, j = 1..k',
  source:
    'Zhdanov, Diverse mini-batch active learning, arXiv 1901.05954, 2019; Zhan et al., A comparative survey of deep active learning, arXiv 2203.13450, 2022',
  prefix: false,
  needs: () => [{ kind: 'embeddings' }],
  query: async input => {
    const { size, unlabelled: points } = pointsOf('embedding', input)
    const k = Math.min(input.k, input.unlabelled.length)
    if (!k) return { picks: new Uint32Array(0) }
    const clusters = await kMeansBy(geometryOf(input), points, size, k, input.stream)
    return { picks: nearestToCentres(points, size, clusters, k).map(i => input.unlabelled[i]) }
  }
}

/**
 * Of each cluster the point nearest to its centre, cluster by cluster, ties to the lowest. Clusters that stayed empty
 * (fewer distinct points than clusters) are made up for by the points nearest to a centre among the rest.
 */
export function nearestToCentres(
  points: Float64Array,
  size: number,
  { centres, of, count }: Pick<Clusters, 'centres' | 'of' | 'count'>,
  k: number
): Uint32Array {
  const n = points.length / size
  const distance = Float64Array.from({ length: n }, (_, i) =>
    squaredDistance(points, i, centres, of[i], size)
  )
  const best = new Int32Array(count).fill(-1)
  for (let i = 0; i < n; i++) {
    const b = best[of[i]]
    if (b < 0 || distance[i] < distance[b]) best[of[i]] = i
  }
  const picks = [...best].filter(i => i >= 0)
  if (picks.length < k) {
    const rest = [...distance.keys()].filter(i => !picks.includes(i))
    rest.sort((a, b) => distance[a] - distance[b] || a - b)
    picks.push(...rest.slice(0, k - picks.length))
  }
  return Uint32Array.from(picks.slice(0, k))
}
