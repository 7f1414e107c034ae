/** The registry: a new strategy is one file, one line here, its messages and its tests. */
import type { Setting, Strategy } from '../strategy.ts'
import type { Need } from '../needs.ts'
import { needKey } from '../needs.ts'
import { badge } from './badge.ts'
import { balancedRandom } from './balancedRandom.ts'
import { bald } from './bald.ts'
import { base } from './base.ts'
import { cbalEntropy } from './cbalEntropy.ts'
import { cbalKCenter } from './cbalKCenter.ts'
import { clusterMargin } from './clusterMargin.ts'
import { consistency } from './consistency.ts'
import { entropy } from './entropy.ts'
import { kCenter } from './kCenter.ts'
import { kMeans } from './kMeans.ts'
import { learningLoss } from './learningLoss.ts'
import { leastConfidence } from './leastConfidence.ts'
import { margin } from './margin.ts'
import { mase } from './mase.ts'
import { mcdal } from './mcdal.ts'
import { mcEntropy } from './mcEntropy.ts'
import { meanStd } from './meanStd.ts'
import { probCover } from './probCover.ts'
import { pt4al } from './pt4al.ts'
import { random } from './random.ts'
import { tod } from './tod.ts'
import { typiClust } from './typiClust.ts'
import { variationRatios } from './variationRatios.ts'

/** In the order they are shown. */
export const strategies = {
  random,
  balancedRandom,
  leastConfidence,
  margin,
  entropy,
  mase,
  mcEntropy,
  bald,
  variationRatios,
  meanStd,
  consistency,
  tod,
  learningLoss,
  mcdal,
  kCenter,
  kMeans,
  badge,
  clusterMargin,
  'typiClust:pixels': typiClust('pixels'),
  'typiClust:encoder': typiClust('encoder'),
  'typiClust:embedding': typiClust('embedding'),
  'probCover:pixels': probCover('pixels'),
  'probCover:encoder': probCover('encoder'),
  'probCover:embedding': probCover('embedding'),
  pt4al,
  base,
  cbalEntropy,
  cbalKCenter
} as const

export type StrategyId = keyof typeof strategies

export const strategyIds = Object.keys(strategies) as StrategyId[]

/** The strategy of an id, or undefined: links may name one that this version does not know. */
export function findStrategy(id: string): Strategy | undefined {
  return Object.hasOwn(strategies, id) ? strategies[id as StrategyId] : undefined
}

/** What several strategies ask of one training, each need once. */
export function unionOfNeeds(asked: readonly Strategy[], setting: Setting): Need[] {
  const union = new Map<string, Need>()
  for (const s of asked) for (const need of s.needs(setting)) union.set(needKey(need), need)
  return [...union.values()]
}
