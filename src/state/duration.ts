/**
 * How long an experiment takes here, said before it is run: judged by the seconds in the records of one that was computed here and
 * consists of the same trainings. Where something of it was never timed here, nothing is said.
 */
import { methodsNeeded, recipeOf, runnableArms, type Given } from '../core/experiment/parts.ts'
import { CEILING, planOf } from '../core/experiment/plan.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { median } from '../core/numeric/median.ts'
import type { Result } from '../core/result.ts'
import { findStrategy } from '../core/strategies/index.ts'
import { comparable } from './coverage.ts'

/** What would compute it. */
interface Machine {
  numericsId: string | undefined
  workers: number
}

/** Whether everything that takes time in `e` was timed in `by`, by this machine. */
function wasTimed(e: Experiment, by: Result, { numericsId, workers }: Machine): boolean {
  const ownTraining = (id: string) => findStrategy(id)?.recipe !== undefined
  return (
    workers > 0 &&
    by.numerics.every(({ id }) => id === numericsId) &&
    comparable(e, by.experiment) &&
    e.strategies.every(id => by.experiment.strategies.includes(id)) &&
    !by.experiment.strategies.some(ownTraining) &&
    // nobody knows how long its pretraining takes
    !methodsNeeded(e).length
  )
}

/** Seconds that all of its trainings take, as if none were done; `by`: what was computed here last. */
export function secondsOf(
  e: Experiment,
  given: Given,
  by: Result | undefined,
  machine: Machine
): number | undefined {
  const records = by?.runs.flatMap(run => run.points.flatMap(point => point.record ?? [])) ?? []
  if (!by || !records.length || !wasTimed(e, by, machine)) return undefined
  const step = median(records.map(({ measurement: m }) => m.seconds.train / m.steps))
  const test = median(records.map(({ measurement: m }) => m.seconds.test))
  // not every round asks for something
  const queries = records.flatMap(({ querySeconds }) => querySeconds ?? [])
  const query = queries.length ? (median(queries) * queries.length) / records.length : 0
  let [seed, last] = [0, 0]
  for (const [name, { steps }] of planOf(e, [e.firstSeed], runnableArms(e, given), recipeOf(e, given))) {
    const seconds = steps * step + test + query
    if (name === CEILING) last = seconds
    else seed += seconds
  }
  // the ceiling comes when the others are done
  return (e.seeds * seed) / machine.workers + last
}
