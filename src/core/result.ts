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
  /** who chose the initial set; absent: drawn at random */
  selector?: string
  initialSize: number
}

/** The strategy that others are measured against, and the selector that is meant by naming none. */
export const RANDOM = 'random'

/**
 * What an arm is besides its initial size, as one name: the strategy, and after a plus the selector if it is not random.
 * Where arms are compared (curves, verdicts, charts), this name stands in the strategy's place.
 */
export const lineOf = ({ strategy, selector }: Omit<Arm, 'initialSize'>) =>
  selector === undefined ? strategy : `${strategy}+${selector}`

export function readLine(line: string): Omit<Arm, 'initialSize'> {
  const at = line.indexOf('+')
  return at < 0 ? { strategy: line } : { strategy: line.slice(0, at), selector: line.slice(at + 1) }
}

export const armKey = (arm: Arm) => `${lineOf(arm)}@${arm.initialSize}`

/**
 * The line that a line is measured against: Random from the same initial sets; for that one, Random from random ones, which
 * itself has none.
 */
export function baselineOf(line: string): string | undefined {
  const { strategy, selector } = readLine(line)
  if (strategy !== RANDOM) return lineOf({ strategy: RANDOM, selector })
  return selector === undefined ? undefined : RANDOM
}

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
  /** test images of the largest class (core/majority.ts); absent in results of before it was told */
  majority?: number
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
  /** the strategy compared with; random when left out */
  against?: string
  /** its selector; the arm's own when left out */
  againstSelector?: string
  /** its initial size; the arm's own when left out */
  againstSize?: number
  /** of the runs that are compared */
  numericsId: string
  seeds: number[]
  images: number
  cells: number
}

/** The arm that a discordance compares with. */
export function otherSide({
  arm,
  against = RANDOM,
  againstSelector,
  againstSize = arm.initialSize
}: Pick<Discordance, 'arm' | 'against' | 'againstSelector' | 'againstSize'>): Arm {
  const selector = againstSelector ?? arm.selector ?? RANDOM
  return { strategy: against, ...(selector === RANDOM ? {} : { selector }), initialSize: againstSize }
}

/** How a discordance names the line it compares with. */
export function against(arm: Arm, line: string): Pick<Discordance, 'against' | 'againstSelector'> {
  const { strategy, selector } = readLine(line)
  return {
    ...(strategy === RANDOM ? {} : { against: strategy }),
    ...(selector === arm.selector ? {} : { againstSelector: selector ?? RANDOM })
  }
}

/** How a discordance names the same line from another size. */
export const betweenSizes = (
  { strategy }: Arm,
  againstSize: number
): Pick<Discordance, 'against' | 'againstSize'> => ({
  ...(strategy === RANDOM ? {} : { against: strategy }),
  againstSize
})

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
  /** why the work on it ended before all was computed; of a file */
  incomplete?: string
}

/** Some seeds of a result. Sums over all of its seeds say nothing of them and are left out. */
export function ofSeeds({ discordances: _, ...result }: Result, firstSeed: number, seeds: number): Result {
  const among = ({ seed }: { seed: number }) => seed >= firstSeed && seed < firstSeed + seeds
  return {
    ...result,
    experiment: { ...result.experiment, firstSeed, seeds },
    runs: result.runs.filter(among),
    ceiling: result.ceiling.filter(among)
  }
}
