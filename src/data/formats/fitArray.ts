/** Images that lie decoded in one array, as most published sets do, brought to what the user chose. */
import type { ImageShape } from '../../core/network.ts'
import { DataError, remark, type Remark } from '../errors.ts'
import { greyOf, threeChannels } from './colour.ts'
import { limits, type ReadOptions } from './format.ts'
import { resampler } from './resample.ts'
import type { Bytes } from './source.ts'

/** What `fitArray` will do: to be asked once for all parts of a data set, since a pool's grey must not depend on its test part. */
export interface Fitting {
  shape: ImageShape
  remarks: Remark[]
  /** nothing changes */
  same: boolean
  /** the whole at once: u8 [n, height, width, channels] in, [n, shape] out; the array itself if nothing changes */
  apply(images: Bytes): Bytes
}

/**
 * `shape` is that of the images in the file; 1, 3 or (alpha is dropped) 4 channels. Without a chosen side images outside the limits become
 * 32 x 32. Colour 'asIs' keeps the channels the file has. Throws DataError 'unsupportedSize', 'unsupportedDimensions'.
 */
export function fitting(file: string, shape: ImageShape, { side, fit, colour }: ReadOptions): Fitting {
  const { height, width, channels } = shape
  const [short, long] = [Math.min(height, width), Math.max(height, width)]
  if (![1, 3, 4].includes(channels)) {
    throw new DataError('unsupportedDimensions', { file, dimensions: `n×${height}×${width}×${channels}` })
  }
  if (short < 1 || long > limits.longSide) {
    throw new DataError('unsupportedSize', { file, height, width, least: 1, most: limits.longSide })
  }
  const outside = short < limits.leastSide || long > limits.mostSide
  const target = side ?? (outside ? 32 : undefined)
  const resized = target !== undefined && (target !== height || target !== width)
  const outChannels = colour === 'asIs' ? Math.min(channels, 3) : colour === 'grey' ? 1 : 3
  const out: ImageShape = {
    height: target ?? height,
    width: target ?? width,
    channels: outChannels
  }

  const same = !resized && outChannels === channels

  function apply(images: Bytes): Bytes {
    if (same) return images
    const [from, to] = [height * width * channels, out.height * out.width * outChannels]
    const n = images.length / from
    const result = new Uint8Array(n * to)
    const opaque = new Uint8Array(height * width * 3)
    for (let i = 0; i < n; i++) {
      let image: Uint8Array = images.subarray(i * from, (i + 1) * from)
      if (channels === 4) {
        for (let p = 0; p < height * width; p++) opaque.set(image.subarray(4 * p, 4 * p + 3), 3 * p)
        image = opaque
      }
      const has = Math.min(channels, 3)
      if (resized) {
        const work = resampler({ height, width, channels: has }, target!, fit)
        for (let y = 0; y < height; y++) work.sink(image.subarray(y * width * has, (y + 1) * width * has), y)
        image = work.result()
      }
      const place = result.subarray(i * to, (i + 1) * to)
      if (has === outChannels) place.set(image)
      else if (has === 1) threeChannels(image, place)
      else greyOf(image, place)
    }
    return result
  }

  return { shape: out, remarks: resized ? [remark('fitted', { side: target! })] : [], same, apply }
}
