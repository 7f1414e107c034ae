/**
 * k-center greedy (core-set): again and again, take the candidate farthest from everything labelled or picked, in the
 * embedding (hidden layer; numeric/farthest.ts). With nothing labelled the first pick is the 1-center: the candidate
 * whose largest distance to any other is smallest, as in BASE's code.
 * Fails where: there are outliers (it goes for them first), and early, when the embedding is close to noise.
 */
import { geometryOf, type Strategy } from '../strategy.ts'
import { pointsOf } from './basis.ts'

export const kCenter: Strategy = {
  id: 'kCenter',
  category: 'diversity',
  version: 1,
  formula: 'x_i = argmax_x min_{c ∈ L ∪ {x_j: j<i}} ‖h(x) − h(c)‖₂',
  source:
    'Sener & Savarese, Active learning for convolutional neural networks: a core-set approach, ICLR 2018',
  prefix: true,
  needs: () => [{ kind: 'embeddings' }],
  query: async input => {
    const picks = await geometryOf(input).farthestFirst(pointsOf('embedding', input), input.k)
    return { picks: picks.map(i => input.unlabelled[i]) }
  }
}
