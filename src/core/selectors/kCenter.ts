/**
 * k-center greedy: first the 1-center (the image whose largest distance to any other is smallest), then again and again the
 * image farthest from all chosen ones. Nested, and the same for every seed.
 */
import type { Basis } from '../features.ts'
import { farthestFirst } from '../numeric/farthest.ts'
import type { Selector } from '../selector.ts'

export const kCenter = <B extends Basis>(basis: B): Selector & { id: `kCenter:${B}` } => ({
  id: `kCenter:${basis}`,
  version: 1,
  source:
    'Sener & Savarese, Active learning for convolutional neural networks: a core-set approach, ICLR 2018',
  bases: [basis],
  nested: true,
  fixed: true,
  select: ({ size, features }) => {
    const { size: length, values } = features[basis]!
    const unlabelled = Float64Array.from(values)
    return farthestFirst({ size: length, unlabelled, labelled: new Float64Array(0) }, size)
  }
})
