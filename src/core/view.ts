/**
 * A data set is what the user has; a view is what an experiment sees: the data set with its knobs applied.
 * Images are u8 [n, height, width, channels]; labels are class indices.
 */
import type { ImageShape } from './network.ts'

export interface ImageSet {
  /** u8 [n, height, width, channels] */
  images: Uint8Array
  /** [n], 0 .. classes-1 */
  labels: Uint16Array
}

export interface Dataset {
  name: string
  shape: ImageShape
  classNames: string[]
  pool: ImageSet
  test: ImageSet
  /** SHA-256 (hex) of shape, class count, pool and test: images then labels */
  fingerprint: string
}

/** A view, ready for the engine. Row r of the pool is "image id" r in every stream of the law. */
export interface View {
  /** key of the view: hash of the data set's fingerprint and the knobs */
  key: string
  name: string
  /** fingerprint of the view's own bytes */
  fingerprint: string
  shape: ImageShape
  classNames: string[]
  pool: ImageSet
  test: ImageSet
  /** pool labels before label noise, for those who look into a noisy view; the same array when there is none */
  trueLabels: Uint16Array
}

/** Per-channel mean and standard deviation (population) of the pool, in units of pixel / 255. Exact integer sums. */
export interface Normalisation {
  mean: number[]
  deviation: number[]
}

export function normalisation(images: Uint8Array, channels: number): Normalisation {
  const n = images.length / channels
  const mean: number[] = []
  const deviation: number[] = []
  for (let c = 0; c < channels; c++) {
    let sum = 0
    let squares = 0
    for (let i = c; i < images.length; i += channels) {
      sum += images[i]
      squares += images[i] * images[i]
    }
    const m = sum / n
    mean.push(m / 255)
    deviation.push(Math.max(Math.sqrt(Math.max(squares / n - m * m, 0)) / 255, 1e-6))
  }
  return { mean, deviation }
}
