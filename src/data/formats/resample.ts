/**
 * Images of any size to a square: a central crop, black bars or a stretch, then a triangle filter whose width grows with
 * the reduction, first along the rows, then along the columns, in 22-bit fixed point: to the bit what Pillow's
 * resize(..., BILINEAR) gives, which torchvision and most courses use. Coefficients need + - * / only, so every machine
 * gets the same bytes. Rows are taken one by one; of a large image only its narrowed rows are kept.
 */
import type { ImageShape } from '../../core/network.ts'
import type { Fit } from './format.ts'
import type { RowSink } from './png.ts'

const PRECISION = 22

interface Taps {
  /** the first input of each output */
  first: Int32Array
  /** how many inputs each output has */
  count: Int32Array
  /** [outputs, most inputs] in 2^-PRECISION */
  weights: Int32Array
  most: number
}

const kept = new Map<number, Taps>()

/** Weights from `inputs` to `outputs`. */
function tapsOf(inputs: number, outputs: number): Taps {
  const key = inputs * 4096 + outputs
  const old = kept.get(key)
  if (old) return old
  const scale = inputs / outputs
  const support = Math.max(scale, 1)
  const most = Math.ceil(support) * 2 + 1
  const taps = {
    first: new Int32Array(outputs),
    count: new Int32Array(outputs),
    weights: new Int32Array(outputs * most),
    most
  }
  for (let o = 0; o < outputs; o++) {
    const centre = (o + 0.5) * scale
    const from = Math.max(Math.trunc(centre - support + 0.5), 0)
    const to = Math.min(Math.trunc(centre + support + 0.5), inputs)
    const triangle = Array.from({ length: to - from }, (_, i) =>
      Math.max(1 - Math.abs((i + from - centre + 0.5) * (1 / support)), 0)
    )
    const sum = triangle.reduce((a, b) => a + b, 0)
    taps.first[o] = from
    taps.count[o] = to - from
    triangle.forEach((w, i) => {
      taps.weights[o * most + i] = Math.trunc(0.5 + (w / sum) * 2 ** PRECISION)
    })
  }
  // photographs come in few sizes
  if (kept.size > 64) kept.clear()
  kept.set(key, taps)
  return taps
}

const clip = (sum: number) => {
  const value = sum >> PRECISION
  return value < 0 ? 0 : value > 255 ? 255 : value
}

export interface Resampler {
  sink: RowSink
  /** u8 [side, side, channels], after the last row */
  result(): Uint8Array<ArrayBuffer>
}

export function resampler({ height, width, channels }: ImageShape, side: number, fit: Fit): Resampler {
  const square = Math.min(height, width)
  const [cropHeight, cropWidth] = fit === 'crop' ? [square, square] : [height, width]
  const [top, left] = [(height - cropHeight) >> 1, (width - cropWidth) >> 1]
  const long = Math.max(height, width)
  const scaled = (size: number) => (fit === 'pad' ? Math.max(Math.round((size * side) / long), 1) : side)
  const [outHeight, outWidth] = [scaled(height), scaled(width)]
  const across = tapsOf(cropWidth, outWidth)
  const down = tapsOf(cropHeight, outHeight)
  const rowLength = outWidth * channels
  const narrow = new Uint8Array(cropHeight * rowLength)

  const sink: RowSink = (row, y) => {
    const line = y - top
    if (line < 0 || line >= cropHeight) return
    for (let x = 0; x < outWidth; x++) {
      const [from, weights] = [left + across.first[x], x * across.most]
      for (let c = 0; c < channels; c++) {
        let sum = 1 << (PRECISION - 1)
        for (let i = 0; i < across.count[x]; i++)
          sum += row[(from + i) * channels + c] * across.weights[weights + i]
        narrow[line * rowLength + x * channels + c] = clip(sum)
      }
    }
  }

  function result(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(side * side * channels)
    const corner = (((side - outHeight) >> 1) * side + ((side - outWidth) >> 1)) * channels
    for (let y = 0; y < outHeight; y++) {
      const [from, weights] = [down.first[y], y * down.most]
      for (let x = 0; x < rowLength; x++) {
        let sum = 1 << (PRECISION - 1)
        for (let i = 0; i < down.count[y]; i++)
          sum += narrow[(from + i) * rowLength + x] * down.weights[weights + i]
        out[corner + y * side * channels + x] = clip(sum)
      }
    }
    return out
  }

  return { sink, result }
}
