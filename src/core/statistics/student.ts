/**
 * Student's t distribution: what a handful of seeds entitles one to say. The tail is the regularised incomplete beta
 * function (continued fraction by Lentz's method, Numerical Recipes 6.4), the quantile its inverse by a safeguarded
 * Newton iteration. Any real number of degrees of freedom from 1 up, as Satterthwaite's rule gives them.
 */

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
]

/** ln of the gamma function for x >= 0.5 (Lanczos, g = 7; relative error about 1e-15). */
function lnGamma(x: number): number {
  let sum = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (x - 1 + i)
  const t = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/** Continued fraction of the incomplete beta function; converges fast for x < (a + 1) / (a + b + 2). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const away = (v: number) => (Math.abs(v) < tiny ? tiny : v)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m < 20000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return fraction
}

/** Regularised incomplete beta function I_x(a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b
}

/** Two-sided p-value: the probability of |T| >= |t| with `df` >= 1 degrees of freedom. */
export function tTwoSided(t: number, df: number): number {
  if (t === 0) return 1
  return incompleteBeta(1 / (1 + (t * t) / df), df / 2, 0.5)
}

/** Density of the t distribution. */
function tDensity(t: number, df: number): number {
  const ln = lnGamma((df + 1) / 2) - lnGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  return Math.exp(ln - ((df + 1) / 2) * Math.log1p((t * t) / df))
}

/** The t with P(T <= t) = p, for 0 < p < 1 and real `df` >= 1. */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError('a probability lies between 0 and 1')
  if (!(df >= 1)) throw new RangeError('at least one degree of freedom')
  if (p < 0.5) return -tQuantile(1 - p, df)
  if (p === 0.5) return 0
  const tail = 2 * (1 - p)
  let low = 0
  let high = 1
  while (tTwoSided(high, df) > tail) {
    low = high
    high *= 2
  }
  let t = (low + high) / 2
  for (let i = 0; i < 200; i++) {
    const excess = tTwoSided(t, df) - tail
    if (excess > 0) low = t
    else high = t
    const newton = t + excess / (2 * tDensity(t, df))
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - t) <= 1e-13 * (1 + t)) return next
    t = next
  }
  return t
}
