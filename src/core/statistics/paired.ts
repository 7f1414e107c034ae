/**
 * Is one arm better than another? Paired by seed, with the finite test set as a source of error of its own.
 *
 * D[s, i] = (A right) - (B right) on test image i with seed s. Seeds and images are both samples, crossed with each
 * other: D = mean + seed + image + rest (two-way random effects, one observation a cell). The variance of the grand
 * mean is then (MS_seed + MS_image - MS_rest) / (S M), with Satterthwaite's degrees of freedom. All of it follows from
 * integers: the sum of each seed, images = sum_i (sum_s D)^2 and cells = sum_{s,i} D^2.
 *
 * Two floors keep small samples honest. Variance components are not negative. And the interval is never narrower than
 * the plain paired t-interval over seeds: with three seeds their spread is small by chance every so often, and the
 * wide quantile of two degrees of freedom is what insures against that; images may only add to it.
 */
import { critical, mean, variance, type Interval } from './interval.ts'
import { tTwoSided } from './student.ts'

export interface Comparison {
  /** mean of A - B, in accuracy */
  difference: number
  /** 95 % interval of it */
  interval: Interval
  /** two-sided p-value of no difference */
  p: number
  /** seeds both arms have */
  seeds: number
}

interface Error {
  /** variance of the mean */
  variance: number
  df: number
}

function combine(difference: number, errors: Error[], seeds: number): Comparison {
  const half = Math.max(...errors.map(e => critical(e.df) * Math.sqrt(e.variance)))
  const p = Math.max(
    ...errors.map(e =>
      e.variance > 0 ? tTwoSided(difference / Math.sqrt(e.variance), e.df) : difference === 0 ? 1 : 0
    )
  )
  return { difference, interval: { low: difference - half, high: difference + half }, p, seeds }
}

/** The plain paired t-test over seeds; undefined for fewer than two. `differences` [seeds]. */
export function pairedT(differences: readonly number[]): Comparison | undefined {
  const seeds = differences.length
  if (seeds < 2) return undefined
  return combine(mean(differences), [{ variance: variance(differences) / seeds, df: seeds - 1 }], seeds)
}

/** The integers a comparison is made of. */
export interface PairedCounts {
  /** for each seed: test images only A had right less those only B had right [seeds] */
  sums: readonly number[]
  /** sum over images of the squared sum over seeds of D */
  images: number
  /** sum over seeds and images of D squared */
  cells: number
  testSize: number
}

/** Compares two arms over the seeds both have; undefined for fewer than two. */
export function compareCrossed({ sums, images, cells, testSize }: PairedCounts): Comparison | undefined {
  const S = sums.length
  const M = testSize
  if (S < 2 || M < 2) return undefined
  let total = 0
  let squares = 0
  for (const sum of sums) {
    total += sum
    squares += sum * sum
  }
  const correction = (total * total) / (S * M)
  const seedSquare = (squares / M - correction) / (S - 1)
  const imageSquare = (images / S - correction) / (M - 1)
  const restSquare = Math.max(0, cells - squares / M - images / S + correction) / ((S - 1) * (M - 1))
  const whole = restSquare + Math.max(0, seedSquare - restSquare) + Math.max(0, imageSquare - restSquare)
  const spread =
    seedSquare ** 2 / (S - 1) + imageSquare ** 2 / (M - 1) + restSquare ** 2 / ((S - 1) * (M - 1))
  const df = spread > 0 ? Math.max(1, Math.min(whole ** 2 / spread, (S - 1) * (M - 1))) : S - 1
  return combine(
    total / (S * M),
    [
      { variance: whole / (S * M), df },
      { variance: seedSquare / (S * M), df: S - 1 }
    ],
    S
  )
}
