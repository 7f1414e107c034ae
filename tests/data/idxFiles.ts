/** IDX files made for tests, from the format's definition. */
import { gzipSync } from 'node:zlib'
import type { InputFile } from '../../src/data/formats/index.ts'

/** A file with the given dimensions; byte i of the data is value(i). */
export function idxBytes(
  dimensions: readonly number[],
  value: (i: number) => number,
  type = 8
): Uint8Array<ArrayBuffer> {
  const start = 4 + 4 * dimensions.length
  const out = new Uint8Array(start + dimensions.reduce((a, b) => a * b, 1))
  const view = new DataView(out.buffer)
  view.setUint8(2, type)
  view.setUint8(3, dimensions.length)
  dimensions.forEach((n, i) => view.setUint32(4 + 4 * i, n))
  for (let i = start; i < out.length; i++) out[i] = value(i - start)
  return out
}

export const file = (name: string, bytes: Uint8Array): InputFile => ({
  name,
  blob: new Blob([Uint8Array.from(bytes)])
})

export const gzipped = (bytes: Uint8Array): Uint8Array => Uint8Array.from(gzipSync(bytes))

const SIDE = 8
const pixel = (mark: number) => (i: number) => (i * 31 + (i >> 6) * 17 + mark) & 255

/** MNIST's four files in small: 60 and 20 images of 8 x 8, labels 0 .. classes-1 in turn. */
export function fourFiles(classes = 3, train = 60, test = 20) {
  return {
    'train-images-idx3-ubyte': idxBytes([train, SIDE, SIDE], pixel(1)),
    'train-labels-idx1-ubyte': idxBytes([train], i => i % classes),
    't10k-images-idx3-ubyte': idxBytes([test, SIDE, SIDE], pixel(2)),
    't10k-labels-idx1-ubyte': idxBytes([test], i => (i + 1) % classes)
  }
}
