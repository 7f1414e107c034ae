/**
 * k-means: as many clusters as the set has images, of each the image nearest to its centre. Not nested: another size has
 * other clusters. More than 50 clusters of many images are fitted on a sample of them (numeric/kmeans.ts).
 */
import type { Basis } from '../features.ts'
import { kMeans as cluster } from '../numeric/kmeans.ts'
import type { Selector } from '../selector.ts'
import { nearestToCentres } from '../strategies/kMeans.ts'

export const kMeans = <B extends Basis>(basis: B): Selector & { id: `kMeans:${B}` } => ({
  id: `kMeans:${basis}`,
  version: 1,
  source:
    'Pourahmadi, Nooralinejad & Pirsiavash, A simple baseline for low-budget active learning, arXiv 2110.12033, 2021',
  bases: [basis],
  nested: false,
  select: ({ size, features, stream }) => {
    const { size: length, values } = features[basis]!
    const points = Float64Array.from(values)
    return nearestToCentres(points, length, cluster(points, length, size, stream), size)
  }
})
