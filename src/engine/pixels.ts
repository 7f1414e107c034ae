/**
 * From bytes to the network's input: images stay u8 in memory and become normalised float32 only batch by batch.
 * Normalisation is one look-up per byte, so every backend sees the same bits. Variations (training augmentation,
 * shifted views) move the raw bytes; what comes in at the border is a zero byte, normalised like any other.
 */
import { UNVARIED, type Variation } from '../core/law.ts'
import type { ImageShape } from '../core/network.ts'
import type { Normalisation } from '../core/view.ts'

/** Where the rows of a batch go: element (image, row, 0) lies at `start + image * imageStride + row * rowStride`. */
export interface PixelTarget {
  values: Float32Array
  start: number
  imageStride: number
  rowStride: number
}

/** Puts an image into a place of a batch. */
export type Write = (target: PixelTarget, slot: number) => void

/** The normalised value of byte b in channel c at [c * 256 + b]. */
export function normalisationTable(
  channels: number,
  { mean, deviation }: Normalisation
): Float32Array<ArrayBuffer> {
  const table = new Float32Array(channels * 256)
  for (let c = 0; c < channels; c++) {
    for (let b = 0; b < 256; b++) table[c * 256 + b] = (b / 255 - mean[c]) / deviation[c]
  }
  return table
}

/** Images of one set, u8 [n, height, width, channels], with the normalisation of the pool. */
export class Pixels {
  readonly count: number
  /** normalised value of byte b in channel c at [c * 256 + b] */
  private readonly table: Float32Array

  constructor(
    private readonly images: Uint8Array,
    readonly shape: ImageShape,
    normalisation: Normalisation
  ) {
    const { height, width, channels } = shape
    this.count = images.length / (height * width * channels)
    this.table = normalisationTable(channels, normalisation)
  }

  /** Writes image `id`, varied, as image number `slot` of the batch. */
  write(target: PixelTarget, slot: number, id: number, variation: Variation = UNVARIED): void {
    const { images, table } = this
    const { height, width, channels } = this.shape
    const { values, rowStride } = target
    const { dy, dx, mirror } = variation
    const rowBytes = width * channels
    // columns first .. last - 1 show a part of the image
    const left = mirror ? -dx : dx
    const first = Math.min(Math.max(left, 0), width)
    const last = Math.max(Math.min(width + left, width), first)
    const start = (mirror ? width - 1 - first - dx : first - dx) * channels
    const step = mirror ? -channels : channels
    let to = target.start + slot * target.imageStride
    for (let y = 0; y < height; y++, to += rowStride) {
      const inside = y - dy >= 0 && y - dy < height
      for (let c = 0; c < channels; c++) {
        const base = c * 256
        const zero = table[base]
        const end = to + c + rowBytes
        let at = to + c
        if (inside) {
          let byte = (id * height + y - dy) * rowBytes + start + c
          for (const stop = at + first * channels; at < stop; at += channels) values[at] = zero
          for (const stop = to + c + last * channels; at < stop; at += channels, byte += step)
            values[at] = table[base + images[byte]]
        }
        for (; at < end; at += channels) values[at] = zero
      }
    }
  }
}
