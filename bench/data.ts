/** The images that everybody trains on: a view, as one NPZ file, and back. */
import { hashBytes } from '../src/core/keys.ts'
import type { View } from '../src/core/view.ts'
import { readNpz, writeNpz } from './npz.ts'

export function packView({ shape, pool, test }: View): Uint8Array {
  const { height, width, channels } = shape
  const image = channels === 1 ? [height, width] : [height, width, channels]
  const part = (name: string, { images, labels }: View['pool']) => ({
    [`x_${name}`]: { shape: [labels.length, ...image], values: images },
    [`y_${name}`]: { shape: [labels.length], values: Uint8Array.from(labels) }
  })
  return writeNpz({ ...part('train', pool), ...part('test', test) })
}

export function unpackView(file: Uint8Array): View {
  const arrays = readNpz(file)
  const [, height, width, channels = 1] = arrays.x_train.shape
  const part = (name: string) => ({
    images: arrays[`x_${name}`].values.slice(),
    labels: Uint16Array.from(arrays[`y_${name}`].values)
  })
  const [pool, test] = [part('train'), part('test')]
  const classes = pool.labels.reduce((most, label) => Math.max(most, label), 0) + 1
  const fingerprint = hashBytes(pool.images)
  return {
    key: `bench-${fingerprint}`,
    name: 'benchmark',
    fingerprint,
    shape: { height, width, channels },
    classNames: Array.from({ length: classes }, (_, c) => String(c)),
    pool,
    test,
    trueLabels: pool.labels
  }
}
