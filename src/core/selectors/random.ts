/** Random: the first rows of the seed's order of draws. Sets are nested, and Random as a strategy goes on along the same order. */
import type { Selector } from '../selector.ts'

export const random: Selector = {
  id: 'random',
  version: 1,
  source: '',
  nested: true,
  select: ({ size, order }) => order.slice(0, size)
}
