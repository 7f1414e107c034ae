/**
 * Class imbalance as long-tailed benchmarks and CBAL (Bengar et al., WACV 2022) build it: class 0 is the largest and
 * the classes fall off exponentially (Cui et al., CVPR 2019) or in one step (Buda, Maki and Mazurowski 2018).
 */
import type { Imbalance } from '../core/datasource.ts'

/** The positive root r^(1/n) for 0 < r <= 1, by bisection: the same bits on every machine. */
function root(r: number, n: number): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 64; i++) {
    const middle = (low + high) / 2
    let power = 1
    for (let k = 0; k < n; k++) power *= middle
    if (power < r) low = middle
    else high = middle
  }
  return high
}

/** Sizes of the classes relative to the largest, [classes]: exponential r^(c/(C-1)); step 1 for c < floor(C/2), else r. */
export function relativeSizes(kind: Imbalance, classes: number, ratio: number): number[] {
  const sizes = new Array<number>(classes).fill(1)
  if (kind === 'step') sizes.fill(ratio, Math.floor(classes / 2))
  if (kind === 'exponential' && classes > 1) {
    const factor = root(ratio, classes - 1)
    for (let c = 1; c < classes; c++) sizes[c] = sizes[c - 1] * factor
    sizes[classes - 1] = ratio
  }
  return sizes
}

/**
 * Class sizes of a pool of exactly `total` images, [classes]: in proportion to `relativeSizes`, rounded by largest
 * remainders (ties to the lower class), and every class has at least one image where total >= classes.
 */
export function classSizes(kind: Imbalance, classes: number, total: number, ratio: number): number[] {
  const relative = relativeSizes(kind, classes, ratio)
  const floor = total >= classes ? 1 : 0
  const scale = total / relative.reduce((a, b) => a + b, 0)
  const sizes = relative.map(size => Math.max(Math.floor(size * scale), floor))
  const rest = relative.map((size, c) => size * scale - sizes[c])
  let left = total - sizes.reduce((a, b) => a + b, 0)
  for (; left > 0; left--) {
    const c = rest.indexOf(Math.max(...rest))
    sizes[c]++
    rest[c]--
  }
  for (; left < 0; left++) {
    const c = sizes.indexOf(Math.max(...sizes))
    sizes[c]--
  }
  return sizes
}
