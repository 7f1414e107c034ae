/** Why an experiment cannot be run in this browser. */
import { refusedIn, type Given, type Refused } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { findSelector } from '../core/selectors/index.ts'
import { consistsOfFeatures, type StoredDataset } from '../core/storedDataset.ts'
import { findStrategy } from '../core/strategies/index.ts'

export type Obstacle =
  | { kind: 'unknown'; names: string[] }
  | { kind: 'missing'; name: string; fingerprint: string }
  /** none of its strategies, or of its initial selectors, can run in its setting: no arm is left */
  | { kind: 'refused'; what: 'strategies' | 'selectors'; refused: readonly Refused[] }

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
  if (source.kind === 'stored' && !stored.some(d => d.fingerprint === source.fingerprint))
    return { kind: 'missing', name: source.name, fingerprint: source.fingerprint }
  const refused = refusedIn(e, givenOf(e, stored))
  for (const what of ['selectors', 'strategies'] as const)
    if (refused[what].length && refused[what].length === e[what].length)
      return { kind: 'refused', what, refused: refused[what] }
}
