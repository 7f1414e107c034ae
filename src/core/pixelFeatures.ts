/**
 * The basis 'pixels': the images as a training sees them (minus the pool's mean over its standard deviation, per channel),
 * reduced to their first 64 principal components. It needs no training at all, which is why the first choice can stand
 * on it; it knows brightness and rough shape, and nothing of what an image shows.
 */
import type { Features } from './features.ts'
import { principalCoordinates } from './numeric/pca.ts'
import { Purpose, rootKey } from './random.ts'
import { normalisation, type View } from './view.ts'

export const COMPONENTS = 64

/** [pool, min(64, pixels)] */
export function pixelFeatures({ pool, shape }: Pick<View, 'pool' | 'shape'>): Features {
  const { height, width, channels } = shape
  const { deviation } = normalisation(pool.images, channels)
  const pixels = height * width * channels
  const scale = Float64Array.from({ length: pixels }, (_, i) => 1 / (255 * deviation[i % channels]))
  const size = Math.min(COMPONENTS, pixels)
  const values = principalCoordinates(
    { values: pool.images, size: pixels, scale },
    size,
    rootKey(0, Purpose.features)
  )
  return { size, values }
}
