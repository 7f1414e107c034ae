/**
 * The dataset map of a contrastive pretraining (Chen et al., "Making Your First Choice", 2022, after Swayamdipta et al. 2020):
 * for each image and epoch the probability of telling its second view among all views of its batch, and over the epochs the
 * mean of that (confidence), its population deviation (variability), and how often the other view is the nearest of all (correctness). No label is involved: the "right answer" is the
 * image's own other view. Of every method it is the views of one batch that are compared, as in the paper, also where
 * MoCo trains against its queue. The temperature is the paper's 0.05; the authors' code divides by it again and again, so that
 * its map named 0.05 is one at 0.001, where nearly every probability is 0 or 1.
 */
import type { Features } from '../features.ts'
import { expPortable } from '../numeric/portable.ts'
import { innerProducts } from '../numeric/innerProducts.ts'
import { isRow, type Kept } from './snapshot.ts'

export const MAP_TEMPERATURE = 0.05

/** What one batch says of each of its n images. */
export interface Recognition {
  /** [n]: the mean over its two views of a softmax over all other views */
  probabilities: Float64Array
  /** [n]: in how many of its views, of 2, no other view is more similar than its own second one, as a share */
  nearest: Float64Array
}

/** How well each image's pair is told. `views`: unit rows [2 n, size], views i and i + n belong together. */
export function recognition(views: Float64Array, size: number, temperature = MAP_TEMPERATURE): Recognition {
  const rows = views.length / size
  const n = rows / 2
  const sums = new Float64Array(rows)
  const most = new Float64Array(rows)
  const pairs = new Float64Array(n)
  const similarities = innerProducts(views, views, size)
  // all exponents are less 1 / temperature, the largest there can be: at this temperature none underflows
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      const e = expPortable((similarities[i * rows + j] - 1) / temperature)
      sums[i] += e
      sums[j] += e
      if (e > most[i]) most[i] = e
      if (e > most[j]) most[j] = e
      if (i - j === n) pairs[j] = e
    }
  const told = (e: number, i: number) => (e === most[i] ? 1 : 0)
  return {
    probabilities: pairs.map((e, i) => (e / sums[i] + e / sums[i + n]) / 2),
    nearest: pairs.map((e, i) => (told(e, i) + told(e, i + n)) / 2)
  }
}

/** Mean and deviation over epochs of each image's probability (Welford), and the mean of how often its pair is the nearest. */
export class Dynamics {
  private readonly counts: Float64Array
  private readonly means: Float64Array
  private readonly squares: Float64Array
  private readonly right: Float64Array
  /** `from`: what `kept` gave */
  constructor(pool: number, from: Kept = {}) {
    const part = (name: string) => (from[name] as Float64Array | undefined)?.slice() ?? new Float64Array(pool)
    this.counts = part('counts')
    this.means = part('means')
    this.squares = part('squares')
    this.right = part('right')
  }

  /** Whether `kept` gave this, of so many images. */
  static fits(kept: Kept, pool: number): boolean {
    return ['counts', 'means', 'squares', 'right'].every(name => isRow(kept[name], Float64Array, pool))
  }

  /** What it has been told so far. */
  kept(): Kept {
    const { counts, means, squares, right } = this
    return { counts: counts.slice(), means: means.slice(), squares: squares.slice(), right: right.slice() }
  }

  /** One epoch's recognition of some images. */
  add(ids: ArrayLike<number>, { probabilities, nearest }: Recognition): void {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]
      const from = probabilities[i] - this.means[id]
      this.means[id] += from / ++this.counts[id]
      this.squares[id] += from * (probabilities[i] - this.means[id])
      this.right[id] += nearest[i]
    }
  }

  /** The product 'dynamics': confidence, variability and correctness of every image, [pool, 3]. */
  features(): Features {
    const values = new Float32Array(3 * this.counts.length)
    this.counts.forEach((count, id) => {
      const epochs = Math.max(1, count)
      values.set([this.means[id], Math.sqrt(this.squares[id] / epochs), this.right[id] / epochs], 3 * id)
    })
    return { size: 3, values }
  }
}
