/**
 * Near-duplicates: part of the pool is replaced by copies of other pool images of the same class, moved by a pixel and
 * slightly noisy, as in video frames or crawled photos. A strategy that looks at each image alone asks for the same
 * thing again and again (the pathology that BatchBALD, Kirsch et al., NeurIPS 2019, shows on Repeated MNIST). Class
 * counts stay what they were. A copy of ready features is noisy by as much of each feature's spread.
 */
import { randomBytes } from './bytes.ts'
import { hashOrder } from '../core/hashOrder.ts'
import { below, derive, type Key } from '../core/random.ts'
import type { ImageShape } from '../core/network.ts'
import { rowLength, type ImageSet } from '../core/view.ts'
import { shareOf } from './noise.ts'

/** Noise of a copy: each value moves by at most this. */
const NOISE = 8

/**
 * Replaces `shareOf(share, pool)` images of a pool in place; fewer only where a class would be left without an original.
 * Originals are never copies themselves. Returns for each row the row it is a copy of, or itself [pool].
 */
export function replaceByDuplicates(pool: ImageSet, shape: ImageShape, share: number, key: Key): Uint32Array {
  const { images, features, labels } = pool
  const order = hashOrder(derive(key, 0), Array.from(labels.keys()))
  const members: number[][] = []
  for (const row of order) (members[labels[row]] ??= []).push(row)
  const spared = new Set(members.map(rows => rows[rows.length - 1]))
  const replaced = order.filter(row => !spared.has(row)).subarray(0, shareOf(share, labels.length))

  const isCopy = new Uint8Array(labels.length)
  for (const row of replaced) isCopy[row] = 1
  const source = Uint32Array.from(labels.keys())
  const size = rowLength(shape)
  const spread = features && spreads(features, size)
  for (const row of replaced) {
    // drawn again until it is an original: a row keeps its original at any share that leaves it one
    const choice = derive(key, 1, row)
    const rows = members[labels[row]]
    for (let i = 0; isCopy[source[row]]; i++) source[row] = rows[below(choice, i, rows.length)]
    const from = source[row] * size
    const to = row * size
    const noise = derive(key, 2, row)
    if (features)
      copyNoisy(features.subarray(from, from + size), features.subarray(to, to + size), spread!, noise)
    else copyMoved(images.subarray(from, from + size), images.subarray(to, to + size), shape, noise)
  }
  return source
}

/** A copy moved by one pixel in one of eight directions, its border repeated, with noise of up to ±NOISE a value. */
function copyMoved(source: Uint8Array, target: Uint8Array, shape: ImageShape, key: Key): void {
  const { height, width, channels } = shape
  const direction = below(key, 0, 8, 1)
  const cell = direction < 4 ? direction : direction + 1
  const dy = Math.floor(cell / 3) - 1
  const dx = (cell % 3) - 1
  randomBytes(target, key)
  for (let y = 0, at = 0; y < height; y++) {
    const fromRow = Math.min(Math.max(y - dy, 0), height - 1) * width
    for (let x = 0; x < width; x++) {
      const from = (fromRow + Math.min(Math.max(x - dx, 0), width - 1)) * channels
      for (let c = 0; c < channels; c++, at++) {
        const noise = (target[at] % (2 * NOISE + 1)) - NOISE
        target[at] = Math.min(Math.max(source[from + c] + noise, 0), 255)
      }
    }
  }
}

/** Standard deviation of each feature over the rows, [size]. */
function spreads(features: Float32Array, size: number): Float64Array {
  const n = features.length / size
  const mean = new Float64Array(size)
  features.forEach((value, i) => (mean[i % size] += value / n))
  const variance = new Float64Array(size)
  features.forEach((value, i) => {
    const difference = value - mean[i % size]
    variance[i % size] += (difference * difference) / n
  })
  return variance.map(Math.sqrt)
}

/** A copy of a vector of features with noise of up to ±NOISE/255 of each feature's spread. */
function copyNoisy(source: Float32Array, target: Float32Array, spread: Float64Array, key: Key): void {
  const noise = new Uint8Array(target.length)
  randomBytes(noise, key)
  source.forEach((value, i) => {
    target[i] = value + (((noise[i] % (2 * NOISE + 1)) - NOISE) / 255) * spread[i]
  })
}
