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
    this.table = new Float32Array(channels * 256)
    for (let c = 0; c < channels; c++) {
      for (let b = 0; b < 256; b++) {
        this.table[c * 256 + b] = (b / 255 - normalisation.mean[c]) / normalisation.deviation[c]
      }
    }
  }

  /** Writes image `id`, varied, as image number `slot` of the batch. */
  write(target: PixelTarget, slot: number, id: number, variation: Variation = UNVARIED): void {
    const { images, table } = this
    const { height, width, channels } = this.shape
    const { values, rowStride } = target
    const { dy, dx, mirror } = variation
    const source = id * height * width * channels
    let to = target.start + slot * target.imageStride
    for (let y = 0; y < height; y++, to += rowStride) {
      const fromY = y - dy
      const inside = fromY >= 0 && fromY < height
      const rowStart = source + fromY * width * channels
      for (let x = 0, at = to; x < width; x++) {
        const fromX = (mirror ? width - 1 - x : x) - dx
        const byteAt = rowStart + fromX * channels
        const visible = inside && fromX >= 0 && fromX < width
        for (let c = 0; c < channels; c++) values[at++] = table[c * 256 + (visible ? images[byteAt + c] : 0)]
      }
    }
  }
}
