/**
 * A data set is what the user has; a view is what an experiment sees: the data set with its knobs applied.
 * Images are u8 [n, height, width, channels]; labels are class indices. A data set may hold ready features instead, such
 * as the embeddings of a large pretrained encoder: f32 [n, d], in a shape of one row of d columns.
 */
import type { ImageShape } from './network.ts'

/** What can be looked at, of images or of features: exactly one of the two has a length. */
export interface Rows {
  /** u8 [n, height, width, channels]; of length 0 where there are features */
  images: Uint8Array
  /** f32 [n, d], finite; then the shape is 1 x d x 1 */
  features?: Float32Array
}

export interface ImageSet extends Rows {
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

/** Values of one row: of an image, or of a vector of features. */
export const rowLength = ({ height, width, channels }: ImageShape) => height * width * channels

/** The values of all rows, [n, rowLength], whichever they are. */
export const valuesOf = ({ images, features }: Rows): Uint8Array | Float32Array => features ?? images

/** Length d of the features of a data set or view; undefined where there are images. */
export function featureLength(data: { shape: ImageShape; pool: Rows }): number | undefined {
  return data.pool.features && rowLength(data.shape)
}

/** Copies rows, [ids.length]. */
export function takeRows(from: Rows, ids: ArrayLike<number>, shape: ImageShape): Rows {
  const size = rowLength(shape)
  const copy = <A extends Uint8Array | Float32Array>(source: A, out: A): A => {
    for (let i = 0; i < ids.length; i++)
      out.set(source.subarray(ids[i] * size, (ids[i] + 1) * size), i * size)
    return out
  }
  const { images, features } = from
  if (!features) return { images: copy(images, new Uint8Array(ids.length * size)) }
  return { images: new Uint8Array(0), features: copy(features, new Float32Array(ids.length * size)) }
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
