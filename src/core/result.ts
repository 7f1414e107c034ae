/**
 * A result: what an experiment has given so far, whether computed here, shipped with the page, opened from a file or
 * read from a link. The charts know nothing else.
 */
import type { BackendName } from './engine.ts'
import type { Experiment } from './experiment/table.ts'
import type { RoundRecord } from './record.ts'
import type { ImageShape } from './network.ts'

/** One line on a chart. */
export interface Arm {
  strategy: string
  initialSize: number
}

export const armKey = (arm: Arm) => `${arm.strategy}@${arm.initialSize}`

/** One measured round of a run. */
export interface Point {
  labelCount: number
  /** test images predicted right: an exact count */
  correct: number
  /** all that was kept of the round; absent in links, which carry counts only */
  record?: RoundRecord
}

/** One arm with one seed. Points ascend in label count and may have gaps at the end (not yet measured). */
export interface Run {
  arm: Arm
  seed: number
  /** the numerics of all its points: points of different numerics are never joined in one run */
  numericsId: string
  points: Point[]
}

/** Which data it was measured on; for a reader who may not have them. */
export interface DatasetCard {
  name: string
  /** fingerprint of the view's bytes */
  fingerprint: string
  shape: ImageShape
  classNames: string[]
  poolSize: number
  testSize: number
}

export interface Numerics {
  id: string
  backend: BackendName
  /** adapter or instruction set */
  detail: string
}

/**
 * Sums over test images that let the finite test set count as a source of error where only counts are left (links):
 * for D[s, i] = (arm right) - (other right) on image i with seed s, over the seeds both have,
 * images: sum_i (sum_s D)^2 and cells: sum_{s,i} D^2. Exact integers.
 */
export interface Discordance {
  arm: Arm
  labelCount: number
  /** the strategy compared with, from the same initial size; random when left out */
  against?: string
  seeds: number[]
  images: number
  cells: number
}

export interface Result {
  experiment: Experiment
  dataset: DatasetCard
  numerics: Numerics[]
  runs: Run[]
  /** trainings on the whole labelled pool, one a seed: the ceiling */
  ceiling: { seed: number; numericsId: string; correct: number; labelCount: number }[]
  /** given where runs have no records */
  discordances?: Discordance[]
  /** of a later version: can be shown and not run */
  unknown?: string[]
}
