/**
 * Writes distorted views of images into a batch: core/pretraining's distortions and puzzles applied to bytes, sampled
 * bilinearly; what lies outside the image is a zero byte. Float64 with + - x / alone, so the input has the same bits on
 * every machine.
 */
import type { ImageShape } from '../../core/network.ts'
import type { Affine, Colours, Distortion } from '../../core/pretraining/distortion.ts'
import { permutations, SHOWN, type Puzzle } from '../../core/pretraining/jigsaw.ts'
import type { Normalisation } from '../../core/view.ts'
import type { PixelTarget } from '../pixels.ts'

const unitCut = (v: number) => (v < 0 ? 0 : v > 1 ? 1 : v)

export class Distorter {
  /** the view being made, [height, width, channels], 0 .. 1 */
  private readonly made: Float64Array
  /** an image of one channel within a frame of zeros, [height + 2, width + 2] */
  private readonly framed: Uint8Array

  constructor(
    private readonly images: Uint8Array,
    readonly shape: ImageShape,
    private readonly normalisation: Normalisation
  ) {
    this.made = new Float64Array(shape.height * shape.width * shape.channels)
    this.framed = new Uint8Array((shape.height + 2) * (shape.width + 2))
  }

  /** Writes image `id`, distorted, as image number `slot` of the batch. */
  write(target: PixelTarget, slot: number, id: number, { place, colours }: Distortion): void {
    const { height, width, channels } = this.shape
    if (channels === 1) this.lookAtAll(id, place)
    else {
      let at = 0
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++, at += channels) this.look(id, place, y, x, at)
    }
    if (colours) this.colour(colours)
    this.put(target, slot)
  }

  /** Writes image `id`, distorted, as a puzzle. An odd last row or column stays black. */
  writePuzzle(
    target: PixelTarget,
    slot: number,
    id: number,
    { place, colours }: Distortion,
    { label, moves }: Puzzle
  ): void {
    const { height, width, channels } = this.shape
    const [h, w] = [height >> 1, width >> 1]
    this.made.fill(0)
    permutations[label].forEach((tile, p) => {
      const [moveX, moveY] = moves[p]
      const top = (tile >> 1) * h + moveY * (1 - SHOWN) * h
      const left = (tile & 1) * w + moveX * (1 - SHOWN) * w
      for (let i = 0; i < h; i++) {
        for (let j = 0; j < w; j++) {
          const at = (((p >> 1) * h + i) * width + (p & 1) * w + j) * channels
          this.look(id, place, top + (i + 0.5) * SHOWN - 0.5, left + (j + 0.5) * SHOWN - 0.5, at)
        }
      }
    })
    if (colours) this.colour(colours)
    this.put(target, slot)
  }

  /** made[at ..] = what the view of an image has at row y, column x, which may lie between pixels. */
  private look(id: number, place: Affine, y: number, x: number, at: number): void {
    const { height, width } = this.shape
    const [cy, cx] = [(height - 1) / 2, (width - 1) / 2]
    const [u, v] = [x - cx, y - cy]
    const fromX = place.xx * u + place.xy * v + place.x + cx
    const fromY = place.yx * u + place.yy * v + place.y + cy
    this.sample(id, fromY, fromX, at)
  }

  /** made[at ..] = the image's colours at a place between pixels. */
  private sample(id: number, y: number, x: number, at: number): void {
    const { images, made } = this
    const { height, width, channels } = this.shape
    const [top, left] = [Math.floor(y), Math.floor(x)]
    const [fy, fx] = [y - top, x - left]
    const start = ((id * height + top) * width + left) * channels
    const up = top >= 0 && top < height
    const down = top + 1 >= 0 && top + 1 < height
    const west = left >= 0 && left < width
    const east = left + 1 >= 0 && left + 1 < width
    const row = width * channels
    for (let c = 0; c < channels; c++) {
      const a = up && west ? images[start + c] : 0
      const b = up && east ? images[start + channels + c] : 0
      const d = down && west ? images[start + row + c] : 0
      const e = down && east ? images[start + row + channels + c] : 0
      const above = a + fx * (b - a)
      made[at + c] = (above + fy * (d + fx * (e - d) - above)) / 255
    }
  }

  /** `look` at every row and column of an image of one channel, in one loop: three times as fast, the same bits. */
  private lookAtAll(id: number, place: Affine): void {
    const { made, framed } = this
    const { height, width } = this.shape
    const row = width + 2
    this.frame(id)
    const [cy, cx] = [(height - 1) / 2, (width - 1) / 2]
    const { xx, xy, yx, yy, x: moveX, y: moveY } = place
    let at = 0
    for (let y = 0; y < height; y++) {
      const v = y - cy
      const [alongX, alongY] = [xy * v, yy * v]
      for (let x = 0; x < width; x++, at++) {
        const u = x - cx
        const fromX = xx * u + alongX + moveX + cx
        const fromY = yx * u + alongY + moveY + cy
        const top = Math.floor(fromY)
        const left = Math.floor(fromX)
        if (top < -1 || top >= height || left < -1 || left >= width) {
          made[at] = 0
          continue
        }
        const fx = fromX - left
        const start = (top + 1) * row + left + 1
        const [a, b] = [framed[start], framed[start + 1]]
        const [d, e] = [framed[start + row], framed[start + row + 1]]
        const above = a + fx * (b - a)
        made[at] = (above + (fromY - top) * (d + fx * (e - d) - above)) / 255
      }
    }
  }

  private frame(id: number): void {
    const { images, framed } = this
    const { height, width } = this.shape
    let from = id * height * width
    for (let y = 1; y <= height; y++) {
      const start = y * (width + 2) + 1
      for (let to = start; to < start + width; to++) framed[to] = images[from++]
    }
  }

  private colour({ brightness, contrast, saturation, hue: [cos, sin] }: Colours): void {
    const { made } = this
    const { channels } = this.shape
    let mean = 0
    if (channels === 1)
      for (let at = 0; at < made.length; at++) mean += made[at] = unitCut(brightness * made[at])
    else {
      for (let at = 0; at < made.length; at++) made[at] = unitCut(brightness * made[at])
      for (let at = 0; at < made.length; at += channels) mean += this.luma(at)
    }
    mean /= made.length / channels
    for (let at = 0; at < made.length; at++) made[at] = unitCut(mean + contrast * (made[at] - mean))
    if (channels !== 3 || (saturation === 1 && sin === 0)) return
    for (let at = 0; at < made.length; at += 3) {
      const luma = this.luma(at)
      // the chroma plane of YIQ, turned
      const [r, g, b] = [made[at] - luma, made[at + 1] - luma, made[at + 2] - luma]
      const i = saturation * (0.596 * r - 0.274 * g - 0.322 * b)
      const q = saturation * (0.211 * r - 0.523 * g + 0.312 * b)
      const [ti, tq] = [cos * i - sin * q, sin * i + cos * q]
      made[at] = unitCut(luma + 0.956 * ti + 0.621 * tq)
      made[at + 1] = unitCut(luma - 0.272 * ti - 0.647 * tq)
      made[at + 2] = unitCut(luma - 1.106 * ti + 1.703 * tq)
    }
  }

  private luma(at: number): number {
    const { made } = this
    if (this.shape.channels !== 3) return made[at]
    return 0.299 * made[at] + 0.587 * made[at + 1] + 0.114 * made[at + 2]
  }

  private put({ values, start, imageStride, rowStride }: PixelTarget, slot: number): void {
    const { made } = this
    const { height, width, channels } = this.shape
    const { mean, deviation } = this.normalisation
    let at = 0
    for (let y = 0; y < height; y++) {
      let to = start + slot * imageStride + y * rowStride
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) values[to++] = (made[at++] - mean[c]) / deviation[c]
      }
    }
  }
}
