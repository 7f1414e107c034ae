/**
 * A view's images on the GPU: bytes, uploaded once, in as many parts as the largest binding demands. Trainings and
 * their answers hold on to the view they began with; it is freed when a newer one has come and the last of them ends.
 */
import { normalisation, type ImageSet, type View } from '../../core/view.ts'
import { normalisationTable } from '../pixels.ts'
import type { Gpu } from './gpu.ts'

/** One set: images u8, four to a word. */
export interface ResidentSet {
  parts: GPUBuffer[]
  partBytes: number
  /** u32 [n] */
  labels: GPUBuffer
  count: number
}

/** Bytes that are copied at a time: whole words. */
const PIECE = 1 << 24

export class ResidentView {
  private users = 1

  private constructor(
    private readonly gpu: Gpu,
    readonly view: View,
    readonly pool: ResidentSet,
    readonly test: ResidentSet,
    /** normalised value of byte b in channel c at [c * 256 + b] */
    readonly table: GPUBuffer
  ) {}

  /** `binding`: bytes of the largest part. */
  static async upload(gpu: Gpu, view: View, binding: number): Promise<ResidentView> {
    const { channels } = view.shape
    const table = normalisationTable(channels, normalisation(view.pool.images, channels))
    const buffers: GPUBuffer[] = []
    const make = (bytes: number, label: string) => {
      const buffer = gpu.buffer(bytes, label)
      buffers.push(buffer)
      return buffer
    }
    try {
      return await gpu.allocate(() => {
        const set = ({ images, labels }: ImageSet, label: string): ResidentSet => {
          const partBytes = binding - (binding % 4)
          const parts: GPUBuffer[] = []
          for (let start = 0; start < images.length || !parts.length; start += partBytes) {
            const bytes = images.subarray(start, start + partBytes)
            const part = make(bytes.length, label)
            upload(gpu, part, bytes)
            parts.push(part)
          }
          const wide = make(4 * labels.length, `${label} labels`)
          gpu.write(wide, Uint32Array.from(labels))
          return { parts, partBytes, labels: wide, count: labels.length }
        }
        const own = make(4 * table.length, 'normalisation')
        gpu.write(own, table)
        return new ResidentView(gpu, view, set(view.pool, 'pool'), set(view.test, 'test'), own)
      })
    } catch (error) {
      gpu.free(...buffers)
      throw error
    }
  }

  hold(): this {
    this.users++
    return this
  }

  release(): void {
    if (--this.users > 0) return
    for (const { parts, labels } of [this.pool, this.test]) this.gpu.free(...parts, labels)
    this.gpu.free(this.table)
  }
}

/** Bytes in pieces, the last filled up to whole words. */
function upload(gpu: Gpu, buffer: GPUBuffer, bytes: Uint8Array): void {
  for (let start = 0; start < bytes.length; start += PIECE) {
    const piece = bytes.subarray(start, start + PIECE)
    const whole = new Uint8Array(Math.ceil(piece.length / 4) * 4)
    whole.set(piece)
    gpu.write(buffer, whole, start)
  }
}
