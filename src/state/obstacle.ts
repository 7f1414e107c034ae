/** Why an experiment cannot be run in this browser. */
import { refusedIn, type Given, type Refused } from '../core/experiment/parts.ts'
import { trainingCount } from '../core/experiment/plan.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { findSelector } from '../core/selectors/index.ts'
import { consistsOfFeatures, type StoredDataset } from '../core/storedDataset.ts'
import { findStrategy } from '../core/strategies/index.ts'

export type Obstacle =
  | { kind: 'unknown'; names: string[] }
  | { kind: 'missing'; name: string; fingerprint: string }
  /** its data set has fewer images than it asks for */
  | { kind: 'tooLarge'; part: 'poolSize' | 'testSize'; asked: number; available: number }
  /** none of its strategies, or of its initial selectors, can run in its setting: no arm is left */
  | { kind: 'refused'; what: 'strategies' | 'selectors'; refused: readonly Refused[] }
  /** nobody would see its end, and planning it alone would stop the page */
  | { kind: 'tooMany'; trainings: number; limit: number }

/** Trainings of one experiment. With as many the page still answers, but stands still for a second or so when it begins with them, and whenever it draws them all. */
export const MOST_TRAININGS = 50_000

/** Whether it is about what is to be trained, and not about the images: these can be looked at and pretrained on. */
export const spares = (obstacle: Obstacle | undefined) =>
  obstacle?.kind === 'refused' || obstacle?.kind === 'tooMany'

/** What is known of an experiment's data set before it is opened. */
export const givenOf = (
  { source }: Experiment,
  stored: readonly Pick<StoredDataset, 'fingerprint' | 'features'>[]
): Given => ({
  features: consistsOfFeatures(source, stored)
})

/** The first that stands in its way; `unknown`: rows and names of it that this version does not know. */
export function obstacleTo(
  e: Experiment,
  unknown: readonly string[],
  stored: readonly StoredDataset[]
): Obstacle | undefined {
  const strange = [
    ...e.strategies.filter(id => !findStrategy(id)),
    ...e.selectors.filter(id => !findSelector(id))
  ]
  const names = [...unknown, ...strange.filter(id => !unknown.includes(id))]
  if (names.length) return { kind: 'unknown', names }
  const { source } = e
  if (source.kind === 'stored') {
    const { fingerprint, name } = source
    const set = stored.find(d => d.fingerprint === fingerprint)
    if (!set) return { kind: 'missing', name, fingerprint }
    for (const part of ['poolSize', 'testSize'] as const)
      if (e[part] > set[part]) return { kind: 'tooLarge', part, asked: e[part], available: set[part] }
  }
  const given = givenOf(e, stored)
  const refused = refusedIn(e, given)
  for (const what of ['selectors', 'strategies'] as const)
    if (refused[what].length && refused[what].length === e[what].length)
      return { kind: 'refused', what, refused: refused[what] }
  const trainings = trainingCount(e, given)
  if (trainings > MOST_TRAININGS) return { kind: 'tooMany', trainings, limit: MOST_TRAININGS }
}
