import type { MethodName } from '../../src/core/pretraining/methods/index.ts'
import type { Pretraining } from '../../src/core/pretraining/settings.ts'
import type { View } from '../../src/core/view.ts'
import type { ImageShape } from '../../src/core/network.ts'
import { bits, type Key } from '../../src/core/random.ts'

const KEY: Key = [7, 11]

/** A small view whose classes differ by where it is bright; some images of constant colour, so that maxima tie. */
export function tinyView(shape: ImageShape, classes: number, pool: number, test: number): View {
  const size = shape.height * shape.width * shape.channels
  const part = (count: number, from: number) => {
    const labels = Uint16Array.from({ length: count }, (_, i) => (i * 7 + 3) % classes)
    const images = Uint8Array.from({ length: count * size }, (_, at) => {
      const id = Math.floor(at / size)
      const place = at % size
      if (id % 9 === 8) return 40 * (id % 5)
      const bright = Math.floor((place * classes) / size) === labels[id]
      return (bits(KEY, from + at) & 0x7f) + (bright ? 128 : 0)
    })
    return { images, labels }
  }
  const set = part(pool, 0)
  return {
    key: 'tiny',
    name: 'tiny',
    fingerprint: 'tiny',
    shape,
    classNames: Array.from({ length: classes }, (_, c) => `${c}`),
    pool: set,
    test: part(test, 1 << 24),
    trueLabels: set.labels
  }
}

/** Deterministic numbers in -1 .. 1. */
export function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => bits([seed, 5], i) / 2147483648 - 1)
}

/** Largest difference, relative to the largest expected magnitude. */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0
  let scale = 1e-12
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(got[i])) return Infinity
    difference = Math.max(difference, Math.abs(got[i] - expected[i]))
    scale = Math.max(scale, Math.abs(expected[i]))
  }
  return got.length === expected.length ? difference / scale : Infinity
}

export const range = (n: number, step = 1, from = 0): Uint32Array =>
  Uint32Array.from({ length: n }, (_, i) => from + i * step)

/** A pretraining of two epochs on such a view. */
export const tinyPretraining = (method: MethodName): Pretraining => ({
  method,
  network: { channels: [3, 4], hidden: 4 },
  likeness: 'pictures',
  epochs: 2,
  batchSize: 6,
  seed: 9
})
