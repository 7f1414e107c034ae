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
  const wanted = new Set(arms.map(armKey))
  const seeds = new Set(seedsOf(experiment))
  const sizes = new Map(
    experiment.initialSizes.map(initialSize => {
      const ofSize = arms.filter(arm => arm.initialSize === initialSize)
      const counts = new Set(ofSize.length ? countsOf(experiment, ofSize[0]) : [])
      return [initialSize, { counts, asked: ofSize.length * seeds.size * counts.size, there: 0 }]
    })
  )
  if (result && comparable(experiment, result.experiment))
    for (const { arm, seed, points } of result.runs) {
      const size = sizes.get(arm.initialSize)
      if (!size || !wanted.has(armKey(arm)) || !seeds.has(seed)) continue
      for (const { labelCount } of points) if (size.counts.has(labelCount)) size.there++
    }
  return new Map([...sizes].map(([size, { asked, there }]) => [size, { asked, there }]))
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
