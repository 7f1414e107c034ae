/**
 * TypiClust from nothing (as its authors begin): as many clusters as the set has images (500 at most), large ones first, of
 * each the most typical image. Not nested: another size has other clusters. More than 50 clusters of many images are fitted
 * on a sample of them (numeric/kmeans.ts).
 */
import type { Basis } from '../features.ts'
import type { Selector } from '../selector.ts'
import { typicalPicks } from '../strategies/typiClust.ts'

export const typiClust = <B extends Basis>(basis: B): Selector & { id: `typiClust:${B}` } => ({
  id: `typiClust:${basis}`,
  version: 1,
  source:
    'Hacohen, Dekel & Weinshall, Active learning on a budget: opposite strategies suit high and low budgets, ICML 2022',
  bases: [basis],
  nested: false,
  select: ({ size, features, stream }) => {
    const { size: length, values } = features[basis]!
    const unlabelled = Float64Array.from(values)
    return typicalPicks({ size: length, unlabelled, labelled: new Float64Array(0) }, size, stream)
  }
})
