/** Broken tables: whatever is done to the bytes, the result is sound or a DataError, and it comes soon. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { UNLABELLED } from '../../src/data/formats/format.ts'
import { readFiles } from '../../src/data/formats/index.ts'
import { codecNamed } from '../../src/data/formats/parquetCodec.ts'
import { runs, stopwatch } from './fuzz.ts'
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
  ['gzip.parquet', hubFile(labels, { groupRows: 6, codec: 'GZIP' }), 200],
  ['zstd.parquet', hubFile(labels, { groupRows: 6, codec: 'ZSTD', v2: true }), 200],
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
  const watch = stopwatch(name)
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async changes => {
      const bytes = changes.reduce((all, one) => changed(all, one, Math.min(end, all.length)), original)
      if (!bytes.length) return
      try {
        const read = await watch.read(() => readFiles([file(name, bytes)]))
        if (read.kind !== 'images') throw new Error('features')
        const { shape, classNames, pool } = read
        expect(pool.images.length).toBe(pool.labels.length * shape.height * shape.width * shape.channels)
        expect(pool.labels.every(label => label === UNLABELLED || label < classNames.length)).toBe(true)
      } catch (error) {
        if (!(error instanceof DataError)) throw error
        refused++
      }
    }),
    { numRuns: runs, seed: 20261122 }
  )
  watch.say()
  expect(refused).toBeGreaterThan(least / 2)
})

it('unpacks mutated frames of Zstandard to the length that was promised, or says no', async () => {
  const codec = await codecNamed('ZSTD')
  // 200 words and numbers, by zstd -19: Huffman and FSE tables, sequences, a check sum
  const packed =
    'KLUv/WS4BDUOAAJMHxaATRvQKAAAyAYDSYxwNIm9aR/Cjahcel72fS1qpqEzl6+2Bixzzae5lq97tuv7qo152+L5Z8DvPabR9gCfrtObb12tm2m25wG/snW/TKfp131BjCdQlNroy70esUjMg7dDR7vHSximuYmigJT9GKJAUL6np5AcBTwphCAJgLuogXWpJJVpDCBEYJCCaAcgBFFaCoUOCqUggsanncj1KP85k3S7oPfSNI462TpTibFB/SIHCIGxAF5klzfYEQ7+1sx9ReNIViYGxT4eR+K22RyMPXTeDEKdb5I9fQh2SKUCIJYrat+G3CjVRj6CGELUTRBuKhU0wMCb+NPd1JgvsYAGOI1zMhJAhAw8vpeA/mP9aaQXzWBWN8dMETjQLeIHuE46EyeBlS5u0hFD/lM363cDAilid616sz8F8Fv+dzEegkp6yFuv21jFMWorpgbpRIcxidBTh1Dz+B8eQ12KRP3CUjuQuZ/F+j6BvrR5E+utJaOiBqImoQQmv9VAg0GCi/iZ4P51J9OBm85mqOSBwgqAb9lORtA1YKgXzMeI1SuQdzM48F75jzQK78zsoagk050ap52FC0gmUGExOKVKWnnVc9WDeDLs'
  const [frame, length] = [Uint8Array.from(Buffer.from(packed, 'base64')), 1464]
  const watch = stopwatch('a frame of Zstandard')
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async changes => {
      const bytes = changes.reduce((all: Uint8Array, one) => changed(all, one, 0), frame)
      await watch.read(async () => {
        try {
          expect(codec(Uint8Array.from(bytes), length).length).toBe(length)
        } catch (error) {
          if ((error as Error).name === 'AssertionError') throw error
          refused++
        }
      })
    }),
    { numRuns: runs, seed: 20261122 }
  )
  watch.say()
  expect(refused).toBeGreaterThan(200)
})
