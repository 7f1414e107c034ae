/**
 * The dataset map of a contrastive pretraining (Chen et al., "Making Your First Choice", 2022, after Swayamdipta et al. 2020):
 * for each image and epoch the probability of telling its second view among all views of its batch, and over the epochs the
 * mean of that (confidence) and its population deviation (variability). No label is involved: the "right answer" is the
 * image's own other view. Of every method it is the views of one batch that are compared, as in the paper, also where
 * MoCo trains against its queue. The temperature is the paper's 0.05; the authors' code divides by it again and again, so that
 * its map named 0.05 is one at 0.001, where nearly every probability is 0 or 1.
 */
import type { Features } from '../features.ts'
import { dot } from '../numeric/unit.ts'
import { expPortable } from '../numeric/portable.ts'

export const MAP_TEMPERATURE = 0.05

/**
 * The probability of each image's pair, [n]: the mean over its two views of a softmax over all other views. `views`: unit
 * rows [2 n, size], views i and i + n belong together.
 */
export function pairProbabilities(
  views: Float64Array,
  size: number,
  temperature = MAP_TEMPERATURE
): Float64Array {
  const rows = views.length / size
  const n = rows / 2
  const sums = new Float64Array(rows)
  const pairs = new Float64Array(n)
  // all exponents are less 1 / temperature, the largest there can be: at this temperature none underflows
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      const e = expPortable((dot(views, i, views, j, size) - 1) / temperature)
      sums[i] += e
      sums[j] += e
      if (i - j === n) pairs[j] = e
    }
  return pairs.map((e, i) => (e / sums[i] + e / sums[i + n]) / 2)
}

/** Mean and deviation of each image's probability over epochs (Welford). */
export class Dynamics {
  private readonly counts: Uint32Array
  private readonly means: Float64Array
  private readonly squares: Float64Array
  constructor(pool: number) {
    this.counts = new Uint32Array(pool)
    this.means = new Float64Array(pool)
    this.squares = new Float64Array(pool)
  }

  /** One epoch's probability of some images. */
  add(ids: ArrayLike<number>, probabilities: ArrayLike<number>): void {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]
      const from = probabilities[i] - this.means[id]
      this.means[id] += from / ++this.counts[id]
      this.squares[id] += from * (probabilities[i] - this.means[id])
    }
  }

  /** The product 'dynamics': confidence and variability of every image, [pool, 2]. */
  features(): Features {
    const values = new Float32Array(2 * this.counts.length)
    this.counts.forEach((count, id) => {
      values[2 * id] = this.means[id]
      values[2 * id + 1] = Math.sqrt(this.squares[id] / Math.max(1, count))
    })
    return { size: 2, values }
  }
}
