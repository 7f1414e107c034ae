/**
 * What one step of each pretraining minimises, as a function of the parameters, in float64 from the definitions: the
 * trunk of reference.ts, heads with batch normalisation, the losses of tests/pretraining/slow.ts. Its finite
 * differences say what the engine's gradients must be. And the images that a step sees, once it is drawn how they are
 * distorted.
 */
import type { ImageShape } from '../../src/core/network.ts'
import type { Colours, Distortion } from '../../src/core/pretraining/distortion.ts'
import type { Puzzle } from '../../src/core/pretraining/jigsaw.ts'
import type { PretrainingNetwork } from '../../src/core/pretraining/layout.ts'
import type { HeadLayer } from '../../src/core/pretraining/methods/index.ts'
import type { Normalisation } from '../../src/core/view.ts'
import * as slow from '../pretraining/slow.ts'
import * as reference from './reference.ts'

const EPSILON = 1e-5

/** Flattened trunk features of images [batch, features]. */
export function features(
  laid: PretrainingNetwork,
  parameters: reference.Matrix[],
  images: reference.Matrix,
  batch: number
) {
  let x = images
  laid.net.channels.forEach((out, l) => {
    const map = laid.net.maps[l]
    const y = reference.conv(x, parameters[2 * l], parameters[2 * l + 1], batch, map, out)
    x = reference.reluPool(y, batch, map.height, map.width, out).pooled
  })
  return x
}

/** A head on rows; batch normalisation looks at each of `groups` equal parts of the batch alone. */
export function head(
  layers: readonly HeadLayer[],
  parameters: reference.Matrix[],
  input: reference.Matrix,
  batch: number,
  groups: number
) {
  let x = input
  let at = 0
  for (const { outputs, norm, relu } of layers) {
    x = reference.dense(x, parameters[at], parameters[at + 1], batch, false)
    if (norm !== 'none') {
      const rows = batch / groups
      const before = x
      x = before.map((v, i) => {
        const [group, j] = [Math.floor(i / (rows * outputs)), i % outputs]
        const column = Array.from({ length: rows }, (_, r) => before[(group * rows + r) * outputs + j])
        const mean = column.reduce((a, b) => a + b, 0) / rows
        const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows
        const standard = (v - mean) / Math.sqrt(variance + EPSILON)
        return norm === 'affine' ? standard * parameters[at + 2][j] + parameters[at + 3][j] : standard
      })
    }
    if (relu) x = x.map(v => Math.max(v, 0))
    at += norm === 'affine' ? 4 : 2
  }
  return x
}

/** Outputs of the projection head. */
export function project(
  laid: PretrainingNetwork,
  flat: ArrayLike<number>,
  images: reference.Matrix,
  batch: number,
  groups = 1
) {
  const parameters = reference.split(laid.net, flat)
  const own = parameters.slice(laid.at.projection)
  return head(laid.projection, own, features(laid, parameters, images, batch), batch, groups)
}

/** The symmetric SimSiam loss of two views, [first views, second views]; `stopped` are the projections' parameters held still. */
export function simsiam(
  laid: PretrainingNetwork,
  flat: ArrayLike<number>,
  stopped: ArrayLike<number>,
  images: reference.Matrix,
  batch: number
) {
  const parameters = reference.split(laid.net, flat)
  const z = project(laid, flat, images, batch, 2)
  const p = slow.rowsOf(
    head(laid.prediction, parameters.slice(laid.at.prediction), z, batch, 2),
    laid.outputs
  )
  const target = slow.rowsOf(project(laid, stopped, images, batch, 2), laid.outputs)
  const n = batch / 2
  // Chen and He, equation 2, batch mean: D(p1, z2) / 2 + D(p2, z1) / 2
  return (
    slow.negativeCosine(p.slice(0, n), target.slice(n)) / 2 +
    slow.negativeCosine(p.slice(n), target.slice(0, n)) / 2
  )
}

/** A pool's images, and by what they are normalised. */
export interface Pictures {
  images: Uint8Array
  shape: ImageShape
  norm: Normalisation
}

/** The place of the image, before it is distorted, that a pixel shows; undefined: none, it is black. */
type Cut = (y: number, x: number) => readonly [number, number] | undefined

/** A view of image `id` as the network sees it, [height, width, channels]: each pixel a sum of hats over the whole image. */
export function distorted(
  { images, shape, norm }: Pictures,
  id: number,
  { place, colours }: Distortion,
  cut: Cut = (y, x) => [y, x]
): reference.Matrix {
  const { height, width, channels } = shape
  const hat = (distance: number) => Math.max(0, 1 - Math.abs(distance))
  const [cy, cx] = [(height - 1) / 2, (width - 1) / 2]
  const pixels: number[][] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = new Array<number>(channels).fill(0)
      pixels.push(pixel)
      const from = cut(y, x)
      if (!from) continue
      const [v, u] = [from[0] - cy, from[1] - cx]
      const toX = place.xx * u + place.xy * v + place.x + cx
      const toY = place.yx * u + place.yy * v + place.y + cy
      for (let i = 0; i < height * width; i++) {
        const share = hat(toX - (i % width)) * hat(toY - Math.floor(i / width))
        if (share)
          for (let c = 0; c < channels; c++)
            pixel[c] += (share * images[(id * height * width + i) * channels + c]) / 255
      }
    }
  }
  const seen = colours ? coloured(pixels, colours) : pixels
  return Float64Array.from(seen.flatMap(pixel => pixel.map((v, c) => (v - norm.mean[c]) / norm.deviation[c])))
}

/** Brightness, contrast about the mean luma, then saturation and hue in the YIQ plane (NTSC), each cut to 0 .. 1. */
function coloured(pixels: number[][], { brightness, contrast, saturation, hue }: Colours): number[][] {
  const unit = (v: number) => Math.min(1, Math.max(0, v))
  const luma = (p: number[]) => (p.length === 3 ? 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2] : p[0])
  const bright = pixels.map(p => p.map(v => unit(brightness * v)))
  const mean = bright.reduce((sum, p) => sum + luma(p), 0) / bright.length
  const apart = bright.map(p => p.map(v => unit(mean + contrast * (v - mean))))
  if (pixels[0].length !== 3) return apart
  const [cos, sin] = hue
  return apart.map(p => {
    const [r, g, b] = p
    const i = saturation * (0.596 * r - 0.274 * g - 0.322 * b)
    const q = saturation * (0.211 * r - 0.523 * g + 0.312 * b)
    const [turnedI, turnedQ] = [cos * i - sin * q, sin * i + cos * q]
    return [
      luma(p) + 0.956 * turnedI + 0.621 * turnedQ,
      luma(p) - 0.272 * turnedI - 0.647 * turnedQ,
      luma(p) - 1.106 * turnedI + 1.703 * turnedQ
    ].map(unit)
  })
}

/** An image [side, side, channels] turned by a quarter. */
export const quarterTurned = (image: reference.Matrix, side: number, channels: number): reference.Matrix =>
  image.map((_, at) => {
    const [c, pixel] = [at % channels, Math.floor(at / channels)]
    const [y, x] = [Math.floor(pixel / side), pixel % side]
    return image[(x * side + side - 1 - y) * channels + c]
  })

/** The orders of four tiles, as they stand in a dictionary. */
const orders = Array.from({ length: 256 }, (_, i) => [i >> 6, (i >> 4) & 3, (i >> 2) & 3, i & 3]).filter(
  tiles => new Set(tiles).size === 4
)

/** Each tile of a puzzle is scaled up from a square of .85 of its quarter's sides; an odd last row or column is black. */
export const puzzled =
  ({ height, width }: ImageShape, { label, moves }: Puzzle): Cut =>
  (y, x) => {
    const [h, w] = [Math.floor(height / 2), Math.floor(width / 2)]
    const [row, column] = [Math.floor(y / h), Math.floor(x / w)]
    if (row > 1 || column > 1) return undefined
    const tile = orders[label][2 * row + column]
    const [right, down] = moves[2 * row + column]
    const top = Math.floor(tile / 2) * h + down * (h - 0.85 * h)
    const left = (tile % 2) * w + right * (w - 0.85 * w)
    return [top + 0.85 * (y - row * h + 0.5) - 0.5, left + 0.85 * (x - column * w + 0.5) - 0.5]
  }

/** Images one after the other, as a batch. */
export function batch(images: readonly reference.Matrix[]): reference.Matrix {
  const size = images[0].length
  const all = new Float64Array(images.length * size)
  images.forEach((image, i) => all.set(image, i * size))
  return all
}
