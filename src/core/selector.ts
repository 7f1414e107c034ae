/**
 * What an initial selector is: a rule that chooses the initial set, before any network has seen a label. Like a strategy it
 * is a pure function and one file, with a line in the registry of core/selectors; unlike one it can stand only on what the
 * pool itself says: features of a basis, which is part of its name ('kMeans:pixels'), and what the seed draws. A basis may be a
 * product of a pretraining without labels.
 */
import type { Basis, FeatureSet } from './features.ts'
import type { Stream } from './random.ts'
import type { Stage } from './strategy.ts'

export interface SelectionInput {
  /** number of rows to choose, 1 <= size <= pool */
  size: number
  seed: number
  classes: number
  /** the seed's order of initial draws, all pool rows */
  order: Uint32Array
  /** of the selector's bases, all pool rows */
  features: FeatureSet
  /** labels of all pool rows: given to oracles only */
  oracle?: ArrayLike<number>
  /** given to staged selectors: round 0 of how many */
  stage?: Stage
  stream: Stream
}

export interface Selector {
  /** the rule, and after a colon its basis if it has one */
  id: string
  /** increase when a change of code may change a set: part of the selection's key */
  version: number
  /** author, title, venue, year */
  source: string
  /** what it stands on; a set is requested from somebody who holds the features */
  bases?: readonly Basis[]
  /** cheats: reads labels that nobody has paid for */
  oracle?: true
  /** the set of size n is a prefix of the set of size n + 1 */
  nested: boolean
  /** nothing is drawn: every seed has the same set, and only weights and batches differ between seeds */
  fixed?: true
  /** chooses by how many rounds the run has, which then is part of the selection's key */
  staged?: true
  /** pool rows in the order they were chosen [size] */
  select(input: SelectionInput): Uint32Array
}
