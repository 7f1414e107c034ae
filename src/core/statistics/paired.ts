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
import { tQuantile, tTwoSided } from './student.ts'

export interface Comparison {
  /** mean of A - B, in accuracy */
  difference: number
  /** 95 % interval of it */
  interval: Interval
  /** two-sided p-value of no difference */
  p: number
  /** seeds both arms have */
  seeds: number
  /** what the difference may be off by: interval and p go by whichever says less */
  errors: readonly ErrorTerm[]
  /** absent where only seeds were looked at */
  components?: Components
}

export interface ErrorTerm {
  /** variance of the mean */
  variance: number
  df: number
}

/** What the variance of a mean difference of accuracies is made of, with S seeds: (seed + rest) / S + image. */
export interface Components {
  seed: number
  /** of all test images together: more seeds do not make it less */
  image: number
  rest: number
}

/** How far below and above the difference a two-sided interval reaches that misses with probability `p`, 0 < p < 1. */
export const reach = ({ errors }: Pick<Comparison, 'errors'>, p: number): number =>
  Math.max(...errors.map(e => tQuantile(1 - p / 2, e.df) * Math.sqrt(e.variance)))

function combine(difference: number, errors: ErrorTerm[], seeds: number): Comparison {
  const half = Math.max(...errors.map(e => critical(e.df) * Math.sqrt(e.variance)))
  const p = Math.max(
    ...errors.map(e =>
      e.variance > 0 ? tTwoSided(difference / Math.sqrt(e.variance), e.df) : difference === 0 ? 1 : 0
    )
  )
  return { difference, interval: { low: difference - half, high: difference + half }, p, seeds, errors }
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
  const [ofSeeds, ofImages] = [seedSquare, imageSquare].map(square => Math.max(0, square - restSquare))
  return {
    ...combine(total / (S * M), errorsFrom(seedSquare, imageSquare, restSquare, S, M), S),
    components: { seed: ofSeeds / M, image: ofImages / (S * M), rest: restSquare / M }
  }
}

/** Both errors of a mean over S seeds and M images, from the mean squares. */
function errorsFrom(
  seedSquare: number,
  imageSquare: number,
  restSquare: number,
  S: number,
  M: number
): ErrorTerm[] {
  const whole = restSquare + Math.max(0, seedSquare - restSquare) + Math.max(0, imageSquare - restSquare)
  const spread =
    seedSquare ** 2 / (S - 1) + imageSquare ** 2 / (M - 1) + restSquare ** 2 / ((S - 1) * (M - 1))
  const df = spread > 0 ? Math.max(1, Math.min(whole ** 2 / spread, (S - 1) * (M - 1))) : S - 1
  return [
    { variance: whole / (S * M), df },
    { variance: seedSquare / (S * M), df: S - 1 }
  ]
}

/** What a comparison with such components, `seeds` seeds and `testSize` images may be off by. */
export const errorsOf = ({ seed, image, rest }: Components, seeds: number, testSize: number): ErrorTerm[] =>
  errorsFrom((seed + rest) * testSize, (seeds * image + rest) * testSize, rest * testSize, seeds, testSize)
