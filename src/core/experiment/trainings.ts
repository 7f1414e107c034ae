/** How many trainings an experiment comes to: arms share those that are the same by the law of one round. */
import { RANDOM, type Arm } from '../result.ts'
import { findStrategy } from '../strategies/index.ts'
import { countsOf, runnableArms, seedsOf, type Given } from './parts.ts'
import type { Experiment } from './table.ts'

/** What tells an arm's training at a label count from those of other arms with the same seed. */
function trainingOf({ strategy, selector = RANDOM, initialSize }: Arm, count: number, warm: boolean): string {
  const adds = findStrategy(strategy)?.recipe ? strategy : ''
  const own = `${adds} ${selector} ${count}`
  if (count === initialSize) return warm ? `${own} from ${initialSize}` : own
  // Random goes on along one order of images
  if (!warm && strategy === RANDOM && selector === RANDOM) return own
  return `${strategy} ${selector} ${initialSize} ${count}`
}

/** Trainings of all arms and seeds that can run in this setting, without the ceiling. */
export function trainingCount(e: Experiment, given: Given = {}): number {
  const warm = e.mode === 'warm'
  const different = new Set(
    runnableArms(e, given).flatMap(arm => countsOf(e, arm).map(count => trainingOf(arm, count, warm)))
  )
  return different.size * seedsOf(e).length
}
