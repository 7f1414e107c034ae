import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { UNLABELLED } from '../../src/data/formats/format.ts'
import { readFiles, type InputFile } from '../../src/data/formats/index.ts'
import { codecNamed } from '../../src/data/formats/parquetCodec.ts'
import { hybrid } from '../../src/data/formats/parquetPage.ts'
import { file } from './idxFiles.ts'
import {
  bitPacked,
  greyPng,
  hubFile,
  hubNote,
  parquetBytes,
  pixelsOf,
  SIDE,
  type ColumnSpec
} from './parquetFiles.ts'

const labels = (n: number) => Array.from({ length: n }, (_, i) => (i * 5) % 3)
const TRAIN = 'data/train-00000-of-00001.parquet'
const TEST = 'data/test-00000-of-00001.parquet'

async function readImages(files: readonly InputFile[]) {
  const read = await readFiles(files)
  if (read.kind !== 'images') throw new Error('features')
  return read
}

async function problem(files: readonly InputFile[]) {
  const error = await readFiles(files).then(
    () => undefined,
    (e: unknown) => e
  )
  if (!(error instanceof DataError)) throw error ?? new Error('read')
  return { code: error.code, parameters: error.parameters }
}

const pixels = (from: number, n: number) => Array.from({ length: n }, (_, i) => pixelsOf(from + i)).flat()

describe('packed pages', () => {
  // printf 'initial set, %.0s' $(seq 100) | zstd -19 --no-check
  const zstd = 'KLUv/QBopQAAaGluaXRpYWwgc2V0LCABAATBP78='
  // the same from a file: the header says the length
  const sized = 'KLUv/WAUBKUAAGhpbml0aWFsIHNldCwgAQAEwT+/'
  const text = 'initial set, '.repeat(100)
  const packed = {
    'ZSTD from a stream': Uint8Array.from(Buffer.from(zstd, 'base64')),
    ZSTD: Uint8Array.from(Buffer.from(sized, 'base64')),
    GZIP: Uint8Array.from(gzipSync(text, { level: 9 }))
  }

  it.each(['ZSTD', 'ZSTD from a stream', 'GZIP'] as const)(
    '%s gives what was packed, of the length that was promised',
    async name => {
      const codec = await codecNamed(name.split(' ')[0])
      expect(new TextDecoder().decode(codec(packed[name], text.length))).toBe(text)
      for (const length of [text.length - 1, text.length + 1, 1 << 30])
        expect(() => codec(packed[name], length), String(length)).toThrow()
      expect(() => codec(packed[name].slice(0, -4), text.length)).toThrow()
    }
  )
})

describe('Parquet from the hub', () => {
  it('becomes the images, labels and classes it holds, part by part', async () => {
    const read = await readImages([file(TEST, hubFile(labels(7), {}, 23)), file(TRAIN, hubFile(labels(23)))])
    expect(read.shape).toEqual({ height: SIDE, width: SIDE, channels: 1 })
    expect(read.classNames).toEqual(['ant', 'bee', 'cow'])
    expect([...read.pool.images]).toEqual(pixels(0, 23))
    expect([...read.pool.labels]).toEqual(labels(23))
    expect([...read.test!.images]).toEqual(pixels(23, 7))
    expect([...read.test!.labels]).toEqual(labels(7))
  })

  it.each([
    ['uncompressed', { codec: 'UNCOMPRESSED' }],
    ['gzip', { codec: 'GZIP' }],
    ['gzip in pages of the second version', { codec: 'GZIP', v2: true }],
    ['Zstandard', { codec: 'ZSTD' }],
    ['pages of the second version', { v2: true }],
    ['one row group', { groupRows: 100 }],
    ['many row groups', { groupRows: 3 }]
  ] as const)('is the same with %s', async (_, spec) => {
    const read = await readImages([file('x.parquet', hubFile(labels(23), spec))])
    expect([...read.pool.images]).toEqual(pixels(0, 23))
    expect([...read.pool.labels]).toEqual(labels(23))
  })

  it('of several shards is one set, in the order of their names', async () => {
    const shards = [2, 0, 1].map(s => file(`train-0000${s}-of-00003.parquet`, hubFile(labels(5), {}, 5 * s)))
    expect([...(await readImages(shards)).pool.images]).toEqual(pixels(0, 15))
  })

  it('may call its columns otherwise, give names by number, hold words, or nothing but images', async () => {
    const values = Array.from({ length: 6 }, (_, i) => greyPng(SIDE, SIDE, pixelsOf(i)))
    const image: ColumnSpec = { path: ['img', 'bytes'], type: 'BYTE_ARRAY', values }
    const coarse: ColumnSpec = { path: ['coarse_label'], type: 'INT64', values: [0, 0, 1, 1, 0, 0] }
    const fine: ColumnSpec = { path: ['fine_label'], type: 'INT32', values: [0, 1, 2, 2, 1, 0] }
    const named = parquetBytes({
      columns: [image, coarse, fine],
      notes: { huggingface: hubNote('fine_label', { 0: 'a', 1: 'b', 2: 'c' }) }
    })
    const both = await readImages([file('x.parquet', named)])
    expect([both.classNames, [...both.pool.labels]]).toEqual([
      ['a', 'b', 'c'],
      [0, 1, 2, 2, 1, 0]
    ])
    const words = ['cow', 'ant', 'cow', 'ant', 'ant', 'cow']
    const texts: ColumnSpec = { path: ['label'], type: 'BYTE_ARRAY', text: true, values: words }
    const spoken = await readImages([file('x.parquet', parquetBytes({ columns: [image, texts] }))])
    expect([spoken.classNames, [...spoken.pool.labels]]).toEqual([
      ['ant', 'cow'],
      [1, 0, 1, 0, 0, 1]
    ])
    const plain = { ...image, path: ['image'] }
    const alone = await readImages([file('x.parquet', parquetBytes({ columns: [plain] }))])
    expect(new Set(alone.pool.labels)).toEqual(new Set([UNLABELLED]))
  })

  it('takes -1 and nothing for no label', async () => {
    const read = await readImages([file('x.parquet', hubFile([0, null, 1, 2, null]))])
    expect([...read.pool.labels]).toEqual([0, UNLABELLED, 1, 2, UNLABELLED])
  })

  const good = hubFile(labels(5))
  const cases: [string, Uint8Array, string, object?][] = [
    ['cut off', good.slice(0, -9), 'damagedParquet', { file: 'x.parquet' }],
    [
      'with a footer longer than itself',
      good.map((b, i) => (i === good.length - 5 ? 9 : b)),
      'damagedParquet'
    ],
    ['of its beginning only', good.slice(0, 8), 'damagedParquet'],
    ['packed otherwise', hubFile(labels(5), { codec: 'BROTLI' }), 'unsupportedParquet', { what: 'BROTLI' }],
    [
      'encrypted',
      Uint8Array.from([...good.slice(0, -4), ...new TextEncoder().encode('PARE')]),
      'unsupportedParquet',
      { what: 'encryption' }
    ],
    [
      'without images',
      parquetBytes({ columns: [{ path: ['label'], type: 'INT64', values: [1, 2] }] }),
      'noImageColumn',
      { columns: 'label' }
    ]
  ]
  it.each(cases)('%s is refused with a reason', async (_, bytes, code, parameters) => {
    const found = await problem([file('x.parquet', bytes)])
    expect(found.code).toBe(code)
    if (parameters) expect(found.parameters).toMatchObject(parameters)
  })
})

describe('the hybrid of runs and groups', () => {
  it('gives back what was packed, whatever the width', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 32 }),
        fc.array(fc.nat(2 ** 32 - 1), { minLength: 1, maxLength: 40 }),
        (width, raw) => {
          const values = raw.map(value => value % 2 ** width)
          expect([...hybrid(bitPacked(values, width), width, values.length)]).toEqual(values)
        }
      )
    )
  })

  it('spends nothing on a run that promises billions', () => {
    expect([...hybrid(Uint8Array.from([0xfe, 0xff, 0xff, 0xff, 0x0f, 1]), 1, 3)]).toEqual([1, 1, 1])
    expect(() => hybrid(Uint8Array.from([0]), 1, 3)).toThrow()
    expect(() => hybrid(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0x0f]), 8, 3)).toThrow()
  })
})
