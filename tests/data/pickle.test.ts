/** What a pickle may make of little. The programs are written from the list of operations in Python's pickletools. */
import { describe, expect, it } from 'vitest'
import { GzipSource } from '../../src/data/formats/gzip.ts'
import { readPickle } from '../../src/data/formats/pickle.ts'
import { PlainSource } from '../../src/data/formats/source.ts'
import { gzipped } from './idxFiles.ts'

const SIZE = 100_000
const latin = (text: string) => Buffer.from(text, 'latin1')
const int4 = (n: number) => Buffer.of(n, n >> 8, n >> 16, n >>> 24)
const int = (n: number) => Buffer.concat([latin('J'), int4(n)])
const word = (text: string) => Buffer.concat([Buffer.of(0x8c, text.length), latin(text)])
const tuple = (...items: Buffer[]) => Buffer.concat([latin('('), ...items, latin('t')])
const call = (module: string, name: string, ...given: Buffer[]) =>
  Buffer.concat([latin(`c${module}\n${name}\n`), tuple(...given), latin('R')])
const put = Buffer.of(0x71, 0)
const get = Buffer.of(0x68, 0)

/** A tuple of a content and what is made of it, so many times. */
const program = (content: Buffer, made: Buffer, times: number) =>
  Buffer.concat([Buffer.of(0x80, 4), tuple(content, put, ...Array<Buffer>(times).fill(made)), latin('.')])
const bytes = Buffer.concat([latin('B'), int4(SIZE), Buffer.alloc(SIZE, 7)])
const text = Buffer.concat([latin('X'), int4(SIZE), Buffer.alloc(SIZE, 'a')])
const type = call('numpy', 'dtype', word('u1'))
const turned = call(
  'numpy.core.numeric',
  '_frombuffer',
  ...[get, type, tuple(int(SIZE / 2), int(2)), word('F')]
)
const encoded = call('_codecs', 'encode', get, word('latin1'))

describe('copies of what a pickle holds once', () => {
  it.each([
    ['arrays turned to rows', bytes, turned],
    ['texts turned to bytes', text, encoded]
  ])('are made as often as honest programs need them, and no more: %s', async (_, content, made) => {
    const read = (times: number) =>
      readPickle(new PlainSource('batch', new Blob([program(content, made, times)])))
    expect(await read(2)).toHaveLength(3)
    await expect(read(40)).rejects.toMatchObject({ code: 'unsafePickle' })
  })

  it('cost nothing where gzip promises more than it can hold', async () => {
    const packed = gzipped(Buffer.concat([Buffer.of(0x80, 4), latin('B'), int4(2e9), Buffer.alloc(3 * SIZE)]))
    packed.set(int4(2.1e9), packed.length - 4)
    const source = await GzipSource.open(new PlainSource('batch.gz', new Blob([Uint8Array.from(packed)])))
    await expect(readPickle(source)).rejects.toMatchObject({ code: 'damagedPickle' })
  })
})
