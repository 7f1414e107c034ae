/**
 * What can so many seeds tell apart? "Not decided" leaves open whether there is nothing to be found or too little was done to find
 * it. The spread of the comparisons that were made says how large a true difference must be for a comparison with so many seeds to
 * decide it four times in five (Cohen 1988), by the rules that verdicts go by: Student's t, looking again, the number
 * of strategies compared, the finite test set. It takes nothing from the differences found: a power that does says no more
 * than their p (Hoenig and Heisey 2001, The American Statistician 55, 19).
 */
import type { Curves } from '../curves.ts'
import { median } from '../numeric/median.ts'
import { ALPHA } from './alpha.ts'
import { affordable, LEAST_SEEDS } from './looks.ts'
import { errorsOf, type Components } from './paired.ts'
import { tQuantile } from './student.ts'
import { contestAt, rankingAt } from './verdict.ts'

/** what a normal number is below four times in five */
const FOUR_IN_FIVE = 0.8416
/** more seeds are worth naming where they make it so much smaller */
const HELPS = 0.95
/** Numbers of seeds that one might go on to; looks.ts pays for a hundred. */
const FURTHER = [10, 20, 40, 80]

/**
 * The true difference, in accuracy, that one of so many comparisons decides about four times in five with `seeds` seeds (from 2 on).
 * The estimated error is itself off by a share of about sqrt(1 / 2 df), which few seeds have to make up for (the normal
 * approximation of the non-central t: Johnson and Welch 1940, Biometrika 31, 362).
 */
export function detectable(
  components: Components,
  seeds: number,
  testSize: number,
  comparisons: number
): number {
  const p = affordable(ALPHA / comparisons, seeds)
  const found = errorsOf(components, seeds, testSize).map(({ variance, df }) => {
    const t = tQuantile(1 - p / 2, df)
    return (t * (1 - 1 / (4 * df)) + FOUR_IN_FIVE * Math.sqrt(1 + (t * t) / (2 * df))) * Math.sqrt(variance)
  })
  return Math.max(...found)
}

export interface Resolution {
  seeds: number
  /** in accuracy */
  difference: number
}

/**
 * What the leaders' comparisons with their rivals at N can find where it is not decided who is best, the one in the middle: with
 * the seeds they have, and with the next two larger numbers of them, where these help. Empty where everything is decided, or with
 * fewer than five seeds.
 */
export function resolutionsAt(curves: Curves, labelCount: number): Resolution[] {
  const compared = curves.initialSizes.flatMap(size => {
    if (rankingAt(curves, size, labelCount).kind !== 'undecided') return []
    const { comparisons } = contestAt(curves, size, labelCount)!
    return comparisons.flatMap(c =>
      c?.components ? [{ components: c.components, seeds: c.seeds, of: comparisons.length }] : []
    )
  })
  const most = Math.max(0, ...compared.map(({ seeds }) => seeds))
  if (most < LEAST_SEEDS) return []
  const known = compared.filter(({ seeds }) => seeds === most)
  const resolutions = [most, ...FURTHER.filter(seeds => seeds > most).slice(0, 2)].map(seeds => ({
    seeds,
    difference: median(known.map(c => detectable(c.components, seeds, curves.testSize, c.of)))
  }))
  // there comes a number from which on seeds do not help: the test set remains as small as it is
  return resolutions.filter(({ difference }, i) => !i || difference < HELPS * resolutions[i - 1].difference)
}
