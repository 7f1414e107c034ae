/**
 * Balanced random: as many images of each class as of any other, drawn blindly inside a class. It cheats: it reads the
 * labels before they are paid for, as the labeller would give them (with label noise: wrong ones too); the authors of BASE
 * call it a baseline that cheats. Beside Random it tells how much of a strategy's gain is balance and how much information.
 * Classes take turns, in an order drawn for each turn, each going on along the seed's order of initial draws; a class that
 * is used up is passed over.
 */
import { inTurns } from '../law.ts'
import type { Strategy } from '../strategy.ts'

export const balancedRandom: Strategy = {
  id: 'balancedRandom',
  category: 'baseline',
  version: 1,
  formula: '|Q_c| ∈ {⌊k/C⌋, ⌈k/C⌉}, P(x|c) = 1 / |U_c|',
  source: 'Emam et al., Active learning at the ImageNet scale, arXiv 2111.12880, 2021',
  prefix: true,
  oracle: true,
  needs: () => [],
  query: ({ k, classes, unlabelled, oracle, order, stream }) => {
    const classOf = new Map<number, number>()
    unlabelled.forEach((row, i) => classOf.set(row, oracle![i]))
    const queues: number[][] = Array.from({ length: classes }, () => [])
    for (const row of order) if (classOf.has(row)) queues[classOf.get(row)!].push(row)
    return { picks: inTurns(queues, stream.key, k) }
  }
}
