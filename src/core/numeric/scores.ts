/**
 * Scores of predicted distributions. All take probabilities row-major [rows, classes] and return one number a row,
 * higher = query first. Logs are natural; 0 log 0 = 0.
 */
import { logPortable } from './portable.ts'

// portable: a last bit that differs between JavaScript engines would flip a pick
const plogp = (p: number) => (p > 0 ? p * logPortable(p) : 0)

/** Entropy of one row of a [rows, classes] array, in nats. */
export function rowEntropy(p: ArrayLike<number>, row: number, classes: number): number {
  let h = 0
  for (let c = row * classes; c < (row + 1) * classes; c++) h -= plogp(p[c])
  return h
}

/** -sum p ln p */
export function entropy(p: ArrayLike<number>, classes: number): Float64Array {
  return Float64Array.from({ length: p.length / classes }, (_, i) => rowEntropy(p, i, classes))
}

/** 1 - max p */
export function leastConfidence(p: ArrayLike<number>, classes: number): Float64Array {
  return Float64Array.from({ length: p.length / classes }, (_, i) => 1 - topTwo(p, i, classes)[0])
}

/** -(p(1) - p(2)): the negated difference of the two largest probabilities */
export function negativeMargin(p: ArrayLike<number>, classes: number): Float64Array {
  return Float64Array.from({ length: p.length / classes }, (_, i) => {
    const [first, second] = topTwo(p, i, classes)
    return second - first
  })
}

function topTwo(p: ArrayLike<number>, row: number, classes: number): [number, number] {
  let first = -Infinity
  let second = -Infinity
  for (let c = row * classes; c < (row + 1) * classes; c++) {
    if (p[c] > first) {
      second = first
      first = p[c]
    } else if (p[c] > second) second = p[c]
  }
  return [first, second]
}

/** BALD: entropy of the mean prediction minus the mean entropy of the passes, in nats. meanEntropy [rows]. */
export function mutualInformation(
  mean: ArrayLike<number>,
  meanEntropy: ArrayLike<number>,
  classes: number
): Float64Array {
  return Float64Array.from(meanEntropy, (h, i) => rowEntropy(mean, i, classes) - h)
}

/**
 * The k rows of the highest score: a stable sort of `turns`, an order of all rows, so that of equal ones the first in it comes
 * first; absent: the lowest row. Scores that are not a number throw.
 */
export function topK(scores: ArrayLike<number>, k: number, turns?: ArrayLike<number>): Uint32Array {
  const index = turns ? Array.from(turns) : Array.from({ length: scores.length }, (_, i) => i)
  for (const i of index) if (Number.isNaN(scores[i])) throw new RangeError('a score is not a number')
  index.sort((a, b) => scores[b] - scores[a])
  return Uint32Array.from(index.slice(0, k))
}
