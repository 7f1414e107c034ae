/** The registry: a new strategy is one file, one line here, its messages and its tests. */
import type { Setting, Strategy } from '../strategy.ts'
import type { Need } from '../needs.ts'
import { needKey } from '../needs.ts'
import { bald } from './bald.ts'
import { consistency } from './consistency.ts'
import { entropy } from './entropy.ts'
import { kCenter } from './kCenter.ts'
import { leastConfidence } from './leastConfidence.ts'
import { margin } from './margin.ts'
import { random } from './random.ts'

/** In the order they are shown. */
export const strategies = { random, leastConfidence, margin, entropy, bald, kCenter, consistency } as const

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
