/**
 * BADGE: k-means++ seeding on gradient embeddings. The gradient of the last layer's weights, if the predicted class were
 * true, is g = (p - onehot(ŷ)) ⊗ h: long where the network is unsure, and pointing elsewhere for other images. First the
 * longest one, as in the authors' code (plain k-means++ would draw it), then draws in proportion to the squared distance
 * from what was picked. Only candidates count: labelled rows are no centres. The outer products are never formed:
 * g_i . g_j = (a_i . a_j)(h_i . h_j) with a = p - onehot (Zhang et al., arXiv 2306.09910).
 * Fails where: it draws, so two batches of one training differ; with k above the number of distinct gradients the rest is random.
 */
import { argmax } from '../numeric/distance.ts'
import { drawInProportion } from '../numeric/sampling.ts'
import type { Strategy } from '../strategy.ts'

export const badge: Strategy = {
  id: 'badge',
  category: 'hybrid',
  version: 1,
  formula: 'g(x) = (p − e_ŷ) ⊗ h(x); x_1 = argmax ‖g‖₂, P(x_i = x) ∝ min_{j<i} ‖g(x) − g(x_j)‖₂²',
  source: 'Ash et al., Deep batch active learning by diverse, uncertain gradient lower bounds, ICLR 2020',
  prefix: true,
  needs: () => [{ kind: 'probabilities' }, { kind: 'embeddings' }],
  query: ({ k, classes, unlabelled, needs, stream }) => {
    const { size, unlabelled: hidden } = needs.embeddings!
    const n = unlabelled.length
    const g = new Gradients(needs.probabilities!, classes, Float64Array.from(hidden), size)
    const longest = argmax(g.squares)
    const nearest = new Float64Array(n).fill(Infinity)
    const taken = new Uint8Array(n)
    const picks: number[] = []
    while (picks.length < Math.min(k, n)) {
      const i = picks.length ? drawInProportion(nearest, taken, g.squares[longest], stream) : longest
      picks.push(unlabelled[i])
      taken[i] = 1
      g.updateNearest(nearest, i)
    }
    return { picks: Uint32Array.from(picks) }
  }
}

/** Gradient embeddings in factored form. */
export class Gradients {
  /** ||g_i||^2 = ||a_i||^2 ||h_i||^2 [rows] */
  readonly squares: Float64Array
  private readonly a: Float64Array

  /** `probabilities` [rows, classes], `hidden` [rows, size]; the predicted class is the lowest of equal ones. */
  constructor(
    probabilities: ArrayLike<number>,
    private readonly classes: number,
    private readonly hidden: Float64Array,
    private readonly size: number
  ) {
    const a = (this.a = Float64Array.from(probabilities))
    const n = a.length / classes
    for (let i = 0; i < n; i++) a[i * classes + argmax(a.subarray(i * classes, (i + 1) * classes))] -= 1
    this.squares = Float64Array.from({ length: n }, (_, i) => this.dot(i, i))
  }

  /** g_i . g_j */
  private dot(i: number, j: number): number {
    const { a, hidden, classes, size } = this
    let first = 0
    for (let c = 0, x = i * classes, y = j * classes; c < classes; c++) first += a[x + c] * a[y + c]
    let second = 0
    for (let d = 0, x = i * size, y = j * size; d < size; d++) second += hidden[x + d] * hidden[y + d]
    return first * second
  }

  /** Lowers each nearest[i] to ||g_i - g_j||^2 where that is less; rounding does not make it negative. */
  updateNearest(nearest: Float64Array, j: number): void {
    const { squares } = this
    for (let i = 0; i < nearest.length; i++) {
      const d = Math.max(0, squares[i] + squares[j] - 2 * this.dot(i, j))
      if (d < nearest[i]) nearest[i] = d
    }
  }
}
