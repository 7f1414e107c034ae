/**
 * How far float32 may be off, and so when it is to be believed.
 *
 * The processor's distance c of a pair is a float64 sum; the device's g is a float32 sum, in any order, of the squares of
 * differences of coordinates rounded to float32. Let D and E be the exact distances (not squared) of the coordinates as given
 * and as rounded, u the largest relative error of one operation: 2^-53 in float64; 2^-23 in float32, as WGSL leaves open whether
 * it rounds to the nearest. Squares of differences have no cancellation but that of the inputs' own rounding:
 *
 *   g = E^2 (1 + t) + z, |t| <= gamma = (size + 2) u / (1 - (size + 2) u): a difference has one error and enters twice, its
 *       square one more, a sum of size terms at most size - 1 (Higham, Accuracy and stability of numerical algorithms, section 3.1;
 *       fused or reordered sums have fewer). |z| <= f = size 2^-120: a device may take numbers below 2^-126 for zero, and each
 *       of no more than 3 size operations loses no more than that (coordinates too: next to sqrt(f) that is nothing)
 *   |E - D| <= e, the lengths of the two rows' rounding errors added (triangle inequality)
 *   c = D^2 (1 + s), |s| <= eps, the same as gamma for float64
 *
 * Let g_w belong to the larger distance. sqrt((g + f) / (1 - gamma)) + e is no less than D, and sqrt((g_w - f) / (1 + gamma)) - e no
 * more than D_w. With 1 / sqrt(1 -+ gamma) within 1 +- .51 gamma (gamma <= .01), q = 1 - 1.02 gamma - 2 eps and
 * h = 2 e + 2 sqrt(f), c < c_w follows from
 *
 *   sqrt(g) < q sqrt(g_w) - h,  and so from  g < g_w - (2.04 gamma + 4 eps) g_w - 2 h sqrt(g_w)
 *
 * (squared, with q^2 >= 1 - 2.04 gamma - 4 eps; where q sqrt(g_w) < h the right side is not positive, and nothing is below it). That is the limit
 * which kernels/geometry.ts takes, itself in float32: 8 u for its own rounding. It grows with g_w wherever it is positive, and a
 * smallest of several distances keeps its place in the argument, since all that it was taken of do.
 */

/** limit(g) = g - relative g - root sqrt(g) */
export interface Bound {
  relative: number
  root: number
}

/** Coordinates beyond these (the largest of all of them) could overflow, or vanish beside what a device takes for zero. */
const LARGEST = 2 ** 50
const SMALLEST = 2 ** -30
/** gamma stays below .01 */
const LONGEST = 1 << 16

/** What float32 makes of some rows. */
export interface Rounding {
  /** no less than the length of any row's rounding error */
  error: number
  /** the largest coordinate, by its absolute value */
  largest: number
}

/** Of distances between rows, or undefined where float32 is of no use: numbers that are none, or out of all proportion. */
export function boundOf(size: number, points: Rounding, centres: Rounding): Bound | undefined {
  const largest = Math.max(points.largest, centres.largest)
  const error = points.error + centres.error
  if (!(largest >= SMALLEST && largest <= LARGEST && error < Infinity) || size > LONGEST) return undefined
  const gamma = (u: number) => ((size + 2) * u) / (1 - (size + 2) * u)
  const u = 2 ** -23
  const h = 2 * error + 2 * Math.sqrt(size * 2 ** -120)
  return {
    relative: 1.001 * (2.04 * gamma(u) + 4 * gamma(2 ** -53) + 8 * u),
    root: 1.001 * 2 * h
  }
}

/** What the kernels compute in float32. */
export const limitOf = ({ relative, root }: Bound, value: number): number =>
  value - relative * value - root * Math.sqrt(value)
