/** How much of an experiment a result holds, initial size by initial size: what the dial shows as computed or queued. */
import { countsOf, runnableArms, seedsOf, type Given } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { canonical } from '../core/keys.ts'
import { armKey, type Result } from '../core/result.ts'

/** Rows that say which trainings are made, not what one of them is: results of other values of theirs are still of use. */
const which = ['initialSizes', 'selectors', 'strategies', 'seeds', 'firstSeed', 'budget'] as const

/** Whether trainings of the two experiments mean the same. */
export function comparable(a: Experiment, b: Experiment): boolean {
  const what = (e: Experiment) => {
    const rest: Record<string, unknown> = {
      ...e,
      source: e.source.kind === 'synthetic' ? e.source.id : e.source.fingerprint
    }
    for (const row of which) delete rest[row]
    return canonical(rest)
  }
  return what(a) === what(b)
}

/**
 * Share of the measurements an experiment asks for that the result has, for each of its initial sizes: 0 .. 1. What cannot run
 * in its setting is not asked for.
 */
export function coverage(
  experiment: Experiment,
  result: Result | undefined,
  given: Given = {}
): Map<number, number> {
  const arms = runnableArms(experiment, given)
  const measured = new Set<string>()
  if (result && comparable(experiment, result.experiment))
    for (const run of result.runs)
      for (const point of run.points) measured.add(`${armKey(run.arm)}/${run.seed}/${point.labelCount}`)
  return new Map(
    experiment.initialSizes.map(initialSize => {
      let asked = 0
      let there = 0
      for (const arm of arms)
        if (arm.initialSize === initialSize)
          for (const seed of seedsOf(experiment))
            for (const count of countsOf(experiment, arm)) {
              asked++
              if (measured.has(`${armKey(arm)}/${seed}/${count}`)) there++
            }
      return [initialSize, asked ? there / asked : 0]
    })
  )
}
