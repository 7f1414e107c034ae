/**
 * Broken files of every kind: whatever is done to the bytes, the result is a data set that is sound, or a DataError, soon
 * (IDX and tables of numbers have files of their own).
 * Archives are changed outside (the container breaks) and inside (its members do, and the check sums are right).
 */
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { UNLABELLED } from '../../src/data/formats/format.ts'
import { readFiles } from '../../src/data/formats/index.ts'
import * as make from './containers.ts'
import { runs, stopwatch } from './fuzz.ts'
import { file, gzipped } from './idxFiles.ts'
import { greyPng } from './parquetFiles.ts'

const bytes = (n: number, of: (i: number) => number) => Uint8Array.from({ length: n }, (_, i) => of(i))
const x = make.npyBytes(
  '|u1',
  [4, 8, 8],
  bytes(256, i => i)
)
const floats = make.npyBytes(
  '<f4',
  [4, 5],
  new Uint8Array(Float32Array.from({ length: 20 }, (_, i) => i - 7).buffer)
)
const y = make.npyBytes(
  '<i2',
  [4],
  bytes(8, i => (i & 1 ? 0 : i >> 2))
)
const png = (colourType: number, interlace = 0) =>
  make.pngBytes({
    width: 8,
    height: 8,
    colourType,
    filter: row => row % 5,
    interlace,
    ...(colourType === 3 ? { palette: [...bytes(192, i => i)] } : {}),
    // interlaced: seven passes of these numbers of rows and columns
    rows: interlace
      ? [1, 1, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 8].map(length => bytes(length, i => i))
      : Array.from({ length: 8 }, (_, row) => bytes(8 * (colourType === 2 ? 3 : 1), i => (i * row) & 63))
  })
const folder = [
  { name: 'train/a/1.png', content: png(2) },
  { name: 'train/b/2.png', content: png(0) },
  { name: 'test/a/3.png', content: png(3) },
  { name: 'test/b/4.png', content: png(0, 1) }
]
const batches = [
  { name: 'data_batch_1.bin', content: make.cifarRecords(0, [[1], [2]]) },
  { name: 'test_batch.bin', content: make.cifarRecords(5, [[1]]) }
]
const pickles = [{ name: 'data_batch_1', content: make.cifarPickle(0, [1, 2]) }]
const protocol5 = (packed: string) => [
  { name: 'data_batch_1', content: new Uint8Array(gunzipSync(Buffer.from(packed, 'base64'))) }
]
const told = (name: string, table: string) => [
  ...['1.png', '2.png', '3.png'].map((image, i) => ({
    name: `set/${image}`,
    content: make.plainPng(8, [i])
  })),
  { name: `set/${name}`, content: new TextEncoder().encode(table) }
]
const sprite = [
  {
    name: 'images.png',
    content: greyPng(
      64,
      1300,
      Array.from({ length: 1300 * 64 }, (_, i) => (i >> 5) & 255)
    )
  },
  { name: 'labels', content: bytes(13000, i => Number(i % 10 === Math.floor(i / 10) % 3)) }
]
const members = (arrays: Record<string, Uint8Array>) =>
  Object.entries(arrays).map(([key, content]) => ({ name: `${key}.npy`, content }))

type Member = { name: string; content: Uint8Array }
type Pack = (members: readonly Member[]) => Uint8Array
const zip: Pack = all => make.zipBytes(all.map((one, i) => ({ ...one, stored: i % 2 === 1 })))
const tar: Pack = all => make.tarBytes(all)
const tgz: Pack = all => gzipped(make.tarBytes(all))

const formats: [string, readonly Member[], Pack | undefined][] = [
  ['npy', members({ x }), undefined],
  ['npz', members({ x_train: x, y_train: y, x_test: x, y_test: y }), zip],
  ['npz of features', members({ X: floats, y }), zip],
  ['zip of images', folder, zip],
  ['tar of images', folder, tar],
  ['folder of images', folder, undefined],
  ['CIFAR', batches, tgz],
  ['CIFAR files', batches, undefined],
  ['CIFAR for Python', pickles, tgz],
  ['a pickle', pickles, undefined],
  ['a pickle of protocol 5', protocol5(make.protocol5.c), undefined],
  ['a pickle of protocol 5 in Fortran order', protocol5(make.protocol5.fortran), undefined],
  [
    'a table of labels (CSV)',
    told('labels.csv', 'id,split,class\n1,train,a\n2.png,train,b\n3,test,a\n'),
    zip
  ],
  ['the hub’s metadata.csv', told('metadata.csv', 'file_name,label\n1.png,"a, b"\n2.png,c\n3.png,\n'), tar],
  [
    'the hub’s metadata.jsonl',
    told('metadata.jsonl', '{"file_name":"1.png","label":1}\n{"file_name":"2.png","label":0}\n'),
    undefined
  ],
  ['a sprite', sprite, undefined]
]

type Change = { kind: 'flip' | 'cut' | 'insert' | 'repeat' | 'set' | 'number'; at: number; value: number }

function changed(content: Uint8Array, { kind, at, value }: Change): Uint8Array {
  // half of the changes near an end, where headers and directories are
  const near = Math.min(content.length, 600)
  const i = Math.floor(
    at < 0.25
      ? at * 4 * near
      : at < 0.5
        ? content.length - (at - 0.25) * 4 * near
        : (at - 0.5) * 2 * content.length
  )
  switch (kind) {
    case 'flip':
      return content.map((byte, j) => (j === i ? byte ^ (1 << (value & 7)) : byte))
    case 'set':
      return content.map((byte, j) => (j === i ? value : byte))
    case 'number':
      return content.map((byte, j) => (j >= i && j < i + 4 ? [255, 0, 127, 1][value & 3] : byte))
    case 'cut':
      return content.slice(0, i)
    case 'insert':
      return make.join(content.slice(0, i), Uint8Array.of(value), content.slice(i))
    case 'repeat':
      return make.join(content, content.slice(i))
  }
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat', 'set', 'number'),
  // uniform: of doubles the generator likes those near 0
  at: fc.noBias(fc.nat(999_999)).map(n => n / 1e6),
  value: fc.nat(255)
})

it.each(formats)('%s', async (name, originals, pack) => {
  const watch = stopwatch(name)
  const filesOf = (all: readonly Member[]) => all.map(({ name, content }) => file(name, content))
  let [read, refused] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      fc.nat(originals.length - 1),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (which, changes, inside) => {
        const change = (content: Uint8Array) => changes.reduce(changed, content)
        const broken = originals.map((one, i) =>
          i === which ? { ...one, content: change(one.content) } : one
        )
        const files = !pack
          ? filesOf(broken)
          : [file('archive', inside ? pack(broken) : change(pack(originals)))]
        try {
          const found = await watch.read(() => readFiles(files))
          for (const set of [found.pool, found.test]) {
            if (!set) continue
            const n = set.labels.length
            expect(n).toBeGreaterThan(0)
            for (const label of set.labels)
              expect(label < found.classNames.length || (label === UNLABELLED && set === found.pool)).toBe(
                true
              )
            if (found.kind === 'images') {
              const { height, width, channels } = found.shape
              expect('images' in set && set.images.length).toBe(n * height * width * channels)
            } else expect('features' in set && set.features?.length).toBe(n * found.dimension)
          }
          read++
        } catch (error) {
          if (!(error instanceof DataError)) throw error
          refused++
        }
      }
    ),
    { numRuns: runs, seed: 20261122 }
  )
  watch.say()
  expect(refused).toBeGreaterThan(0)
  expect(read).toBeGreaterThan(5)
})
