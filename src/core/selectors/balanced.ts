/**
 * Class-balanced random: as many images of each class as of any other (up to one), drawn blindly inside a class. An oracle:
 * it reads labels before they are paid for. Several papers begin this way without saying so (realistic-al; Bengar et al.,
 * ICCV workshops 2021, draw initial sets uniformly over the classes).
 */
import { balancedOrder } from '../law.ts'
import type { Selector } from '../selector.ts'

export const balanced: Selector = {
  id: 'balanced',
  version: 1,
  source: 'Bengar et al., Reducing label effort: self-supervised meets active learning, ICCV workshops 2021',
  oracle: true,
  nested: true,
  select: ({ size, seed, classes, oracle, order }) => balancedOrder(seed, oracle!, classes, order, size)
}
