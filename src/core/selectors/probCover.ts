/**
 * ProbCover from nothing (as its authors begin): again and again the image whose ball holds most images that are not
 * covered. Nested. Seeds differ in whom they take of equals, in the radius, by the k-means behind it, and in large pools in who
 * takes part.
 */
import type { Basis } from '../features.ts'
import type { Selector } from '../selector.ts'
import { coveringPicks } from '../strategies/probCover.ts'

export const probCover = <B extends Basis>(basis: B): Selector & { id: `probCover:${B}` } => ({
  id: `probCover:${basis}`,
  version: 2,
  source: 'Yehuda et al., Active learning through a covering lens, NeurIPS 2022',
  bases: [basis],
  nested: true,
  select: ({ size, classes, order, features, stream }) => {
    const { size: length, values } = features[basis]!
    const unlabelled = Float64Array.from(values)
    const rows = Uint32Array.from({ length: order.length }, (_, i) => i)
    return coveringPicks(
      { size: length, unlabelled, labelled: new Float64Array(0) },
      { k: size, classes, unlabelled: rows, order },
      stream
    )
  }
})
