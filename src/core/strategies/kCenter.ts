/**
 * k-center greedy (core-set): again and again, take the candidate farthest from everything labelled or picked, in the
 * embedding (hidden layer). Keeps one nearest distance per candidate: O((labelled + k) x candidates x size) time, never
 * an n x n matrix. With nothing labelled the first pick is the first free row of the seed's order.
 * Fails where: there are outliers (it goes for them first), and early, when the embedding is close to noise.
 */
import { argmax, updateNearest } from '../numeric/distance.ts'
import type { Strategy } from '../strategy.ts'

export const kCenter: Strategy = {
  id: 'kCenter',
  category: 'diversity',
  version: 1,
  formula: 'argmax_x min_{c ∈ L} ‖h(x) − h(c)‖₂, one by one',
  source:
    'Sener & Savarese, Active learning for convolutional neural networks: a core-set approach, ICLR 2018',
  prefix: true,
  needs: () => [{ kind: 'embeddings' }],
  query: ({ k, unlabelled, labelled, order, needs }) => {
    const { size, unlabelled: points, labelled: centres } = needs.embeddings!
    const nearest = new Float64Array(unlabelled.length).fill(Infinity)
    for (let j = 0; j < labelled.length; j++) updateNearest(nearest, points, centres, j, size)
    const picks: number[] = []
    const take = (i: number) => {
      picks.push(unlabelled[i])
      updateNearest(nearest, points, points, i, size)
      nearest[i] = -1
    }
    if (!labelled.length && unlabelled.length && k > 0) {
      const free = new Map(Array.from(unlabelled, (row, i) => [row, i]))
      take(free.get(order.find(row => free.has(row))!)!)
    }
    while (picks.length < Math.min(k, unlabelled.length)) take(argmax(nearest))
    return { picks: Uint32Array.from(picks) }
  }
}
