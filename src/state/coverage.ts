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

export interface Measured {
  /** measurements that an experiment asks for */
  asked: number
  /** of these, those that a result has */
  there: number
}

/** For each initial size of an experiment. What cannot run in its setting is not asked for. */
export function measured(
  experiment: Experiment,
  result: Result | undefined,
  given: Given = {}
): Map<number, Measured> {
  const arms = runnableArms(experiment, given)
  const known = new Set<string>()
  if (result && comparable(experiment, result.experiment))
    for (const run of result.runs)
      for (const point of run.points) known.add(`${armKey(run.arm)}/${run.seed}/${point.labelCount}`)
  return new Map(
    experiment.initialSizes.map(initialSize => {
      let asked = 0
      let there = 0
      for (const arm of arms)
        if (arm.initialSize === initialSize)
          for (const seed of seedsOf(experiment))
            for (const count of countsOf(experiment, arm)) {
              asked++
              if (known.has(`${armKey(arm)}/${seed}/${count}`)) there++
            }
      return [initialSize, { asked, there }]
    })
  )
}

/** Share of what is asked for that is there, for each initial size: 0 .. 1. */
export const coverage = (...values: Parameters<typeof measured>): Map<number, number> =>
  new Map([...measured(...values)].map(([size, { asked, there }]) => [size, asked ? there / asked : 0]))

/** What a result has of all that its own experiment asks for. */
export function completeness(result: Result, given: Given = {}): Measured {
  const sizes = [...measured(result.experiment, result, given).values()]
  const sum = (of: (m: Measured) => number) => sizes.reduce((total, m) => total + of(m), 0)
  return { asked: sum(m => m.asked), there: sum(m => m.there) }
}
