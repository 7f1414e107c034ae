/** How far the predictions of several heads lie apart (MCDAL; Cho et al., TNNLS 2022), and the gradient of that. */
import { softmaxOf } from './losses.ts'

/** sum over classes of |p - q|, row by row of [rows, classes], added to `out` [rows]. */
export function addDistances(
  out: Float64Array,
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  classes: number
): void {
  for (let at = 0; at < p.length; at++) out[Math.floor(at / classes)] += Math.abs(p[at] - q[at])
}

export interface Discrepancy {
  /** d(1, 2) + d(1, 0) + d(2, 0), each the mean over rows and classes of |softmax - softmax| */
  discrepancy: number
  /** at the logits of heads 1 and 2, [rows, classes]; head 0 is a constant */
  gradients: [Float32Array, Float32Array]
}

/** Of the logits [rows, classes] of the main head and two auxiliary ones. */
export function discrepancyOf(
  main: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  classes: number
): Discrepancy {
  const [p, p1, p2] = [main, first, second].map(logits => softmaxOf(logits, classes))
  const n = p.length
  const distances = new Float64Array(n / classes)
  for (const [a, b] of [
    [p1, p2],
    [p1, p],
    [p2, p]
  ])
    addDistances(distances, a, b, classes)
  const slope = (own: Float64Array, other: Float64Array) =>
    Float64Array.from(own, (v, at) => (Math.sign(v - other[at]) + Math.sign(v - p[at])) / n)
  return {
    discrepancy: distances.reduce((a, b) => a + b, 0) / n,
    gradients: [throughSoftmax(p1, slope(p1, p2), classes), throughSoftmax(p2, slope(p2, p1), classes)]
  }
}

/** From the gradient at probabilities to that at their logits: p (g - p·g), row by row. */
function throughSoftmax(p: Float64Array, gradient: Float64Array, classes: number): Float32Array {
  const out = new Float32Array(p.length)
  for (let from = 0; from < p.length; from += classes) {
    let along = 0
    for (let c = from; c < from + classes; c++) along += p[c] * gradient[c]
    for (let c = from; c < from + classes; c++) out[c] = p[c] * (gradient[c] - along)
  }
  return out
}
