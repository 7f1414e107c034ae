/** Broken tables: whatever is done to the bytes, the result is sound or a DataError, and it comes soon. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { UNLABELLED } from '../../src/data/formats/format.ts'
import { readFiles } from '../../src/data/formats/index.ts'
import { file } from './idxFiles.ts'
import { hubFile } from './parquetFiles.ts'

const labels = Array.from({ length: 12 }, (_, i) => i % 3)
const footerOf = (bytes: Uint8Array) =>
  bytes.length - 8 - new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true)
const text = Array.from({ length: 8 }, (_, i) =>
  [i % 3, ...Array.from({ length: 64 }, (_, p) => (p * 31 + i * 17) & 255)].join(',')
).join('\n')

const originals: readonly [name: string, bytes: Uint8Array, refused: number][] = [
  ['snappy.parquet', hubFile(labels, { groupRows: 6 }), 200],
  ['plain.parquet', hubFile(labels, { groupRows: 6, codec: 'UNCOMPRESSED', v2: true }), 200],
  ['table.csv', new TextEncoder().encode(text), 200]
]

interface Change {
  kind: 'flip' | 'set' | 'cut' | 'insert' | 'repeat' | 'swap'
  at: { whole: number } | { end: number }
  value: number
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom<Change['kind'][]>('flip', 'set', 'cut', 'insert', 'repeat', 'swap'),
  // where the file is described rather than filled, every byte counts
  at: fc.oneof(
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((at): Change['at'] => ({ whole: at })),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((at): Change['at'] => ({ end: at }))
  ),
  value: fc.nat(255)
})

function changed(bytes: Uint8Array, { kind, at, value }: Change, end: number): Uint8Array {
  const i =
    'whole' in at ? Math.floor(at.whole * bytes.length) : end + Math.floor(at.end * (bytes.length - end))
  const out = bytes.slice()
  switch (kind) {
    case 'flip':
      out[i] ^= value || 1
      return out
    case 'set':
      out[i] = [0, 1, 127, 128, 255][value % 5]
      return out
    case 'cut':
      return bytes.slice(0, i)
    case 'insert':
      return Uint8Array.from([...bytes.slice(0, i), value, ...bytes.slice(i)])
    case 'repeat':
      return Uint8Array.from([...bytes.slice(0, i), ...bytes.slice(Math.max(i - value, 0))])
    default:
      return Uint8Array.from([...bytes.slice(0, i), ...bytes.slice(i).reverse()])
  }
}

it.each(originals)('reads a mutated %s rightly or refuses it clearly', async (name, original, least) => {
  const end = name.endsWith('.parquet') ? footerOf(original) : 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async changes => {
      const bytes = changes.reduce((all, one) => changed(all, one, Math.min(end, all.length)), original)
      if (!bytes.length) return
      try {
        const read = await readFiles([file(name, bytes)])
        if (read.kind !== 'images') throw new Error('features')
        const { shape, classNames, pool } = read
        expect(pool.images.length).toBe(pool.labels.length * shape.height * shape.width * shape.channels)
        expect(pool.labels.every(label => label === UNLABELLED || label < classNames.length)).toBe(true)
      } catch (error) {
        if (!(error instanceof DataError)) throw error
        refused++
      }
    }),
    { numRuns: 1000, seed: 20261122 }
  )
  expect(refused).toBeGreaterThan(least)
})
