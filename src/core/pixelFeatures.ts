/**
 * The basis 'pixels': the images as a training sees them (minus the pool's mean over its standard deviation, per channel),
 * reduced to their first 64 principal components. It needs no training at all, which is why the first choice can stand
 * on it; it knows brightness and rough shape, and nothing of what an image shows. Of ready features the components are
 * taken as they are.
 */
import type { Features } from './features.ts'
import { principalCoordinates } from './numeric/pca.ts'
import { Purpose, rootKey } from './random.ts'
import { normalisation, rowLength, valuesOf, type View } from './view.ts'

export const COMPONENTS = 64

/** [pool, min(64, values of a row)] */
export function pixelFeatures({ pool, shape }: Pick<View, 'pool' | 'shape'>): Features {
  const length = rowLength(shape)
  const scale = new Float64Array(length).fill(1)
  if (!pool.features) {
    const { deviation } = normalisation(pool.images, shape.channels)
    for (let i = 0; i < length; i++) scale[i] = 1 / (255 * deviation[i % shape.channels])
  }
  const size = Math.min(COMPONENTS, length)
  const rows = { values: valuesOf(pool), size: length, scale }
  return { size, values: principalCoordinates(rows, size, rootKey(0, Purpose.features)) }
}
