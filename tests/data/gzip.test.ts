/** Gzip as programs write it: one member or several, with gzip inside, damaged here or there. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../src/core/fingerprint.ts'
import { DataError } from '../../src/data/errors.ts'
import { GzipSource } from '../../src/data/formats/gzip.ts'
import { PlainSource, Source } from '../../src/data/formats/source.ts'
import { readDataset } from '../../src/data/readDataset.ts'
import { join, tarBytes, zipBytes } from './containers.ts'
import { file, fourFiles, gzipped } from './idxFiles.ts'

const four = fourFiles()
const name = 'train-images-idx3-ubyte'
const labels = file('train-labels-idx1-ubyte', four['train-labels-idx1-ubyte'])
const images = four[name]
const cut = (...at: number[]) => [0, ...at].map((from, i) => images.slice(from, at[i]))
const noise = (length: number, seed = 7) => {
  let state = seed
  return Uint8Array.from({ length }, () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16)
}
const contentOf = (source: Source) => source.bytes(1 << 24)
const content = async (bytes: Uint8Array) =>
  contentOf(await GzipSource.open(new PlainSource('a.gz', new Blob([Uint8Array.from(bytes)]))))
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

/** A file that comes in pieces of some length. */
class Pieces extends Source {
  constructor(
    private readonly content: Uint8Array,
    private readonly length: number
  ) {
    super('a.gz', 'a.gz', content.length)
  }

  get most() {
    return this.size
  }

  async *stream() {
    for (let at = 0; at < this.size; at += this.length) yield this.content.slice(at, at + this.length)
  }
}

const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 255 : byte))

describe('several members', () => {
  const cases: [string, Uint8Array][] = [
    ['two', join(...cut(2000).map(gzipped))],
    ['a header alone in the first', join(...cut(16).map(gzipped))],
    ['many', join(...cut(...Array.from({ length: 200 }, (_, i) => 19 * (i + 1))).map(gzipped))],
    ['an empty one first', join(gzipped(new Uint8Array(0)), gzipped(images))],
    ['an empty one last, as bgzip ends its files', join(gzipped(images), gzipped(new Uint8Array(0)))],
    [
      'with a name',
      join(
        ...cut(1000).map(part => {
          const bytes = gzipSync(part)
          const named = join(bytes.subarray(0, 10), new TextEncoder().encode('x.idx\0'), bytes.subarray(10))
          named[3] = 8
          return named
        })
      )
    ]
  ]

  it.each(cases)('%s: read to the end', async (_, packed) => {
    const { dataset } = await readDataset([file(`${name}.gz`, packed), labels])
    const plain = await readDataset([file(name, images), labels])
    expect(fingerprintOf(dataset)).toBe(plain.dataset.fingerprint)
  })

  it('of an archive’s member, and of an archive', async () => {
    const packed = join(...cut(2000).map(gzipped))
    const inside = [
      { name: `${name}.gz`, content: packed },
      { name: labels.name, content: four['train-labels-idx1-ubyte'] }
    ]
    const archive = tarBytes([{ ...inside[0], name, content: images }, inside[1]])
    const halves = join(gzipped(archive.slice(0, 700)), gzipped(archive.slice(700)))
    const { fingerprint } = (await readDataset([file(name, images), labels])).dataset
    for (const files of [[file('a.zip', zipBytes(inside))], [file('a.tar.gz', halves)]])
      expect((await readDataset(files)).dataset.fingerprint).toBe(fingerprint)
  })

  it.each([1, 2, 5, 13, 14, 30, 700])('in pieces of %d bytes', async length => {
    const packed = join(...cut(40, 2000, 2001).map(gzipped))
    expect(same(await contentOf(await GzipSource.open(new Pieces(packed, length))), images)).toBe(true)
  })

  it.each<[string, (first: Uint8Array, second: Uint8Array) => Uint8Array]>([
    ['the first damaged', (a, b) => join(flipped(a, 40), b)],
    ['the first with another check sum', (a, b) => join(flipped(a, a.length - 6), b)],
    ['the first with another size', (a, b) => join(flipped(a, a.length - 4), b)],
    ['the first cut off', (a, b) => join(a.slice(0, -3), b)],
    ['the second damaged', (a, b) => join(a, flipped(b, 40))],
    ['the second with another check sum', (a, b) => join(a, flipped(b, b.length - 6))],
    ['the second with another size', (a, b) => join(a, flipped(b, b.length - 4))],
    ['the second cut off', (a, b) => join(a, b.slice(0, -3))],
    ['the second cut off in its header', (a, b) => join(a, b.slice(0, 12))],
    ['something else behind them', (a, b) => join(a, b, new Uint8Array(64))]
  ])('%s: refused', async (_, made) => {
    const [a, b] = cut(2000).map(gzipped)
    const read = readDataset([file(`${name}.gz`, made(a, b)), labels])
    await expect(read).rejects.toMatchObject({ code: 'damagedGzip', parameters: { file: `${name}.gz` } })
  })
})

describe('what looks like a member’s beginning', () => {
  it('is content where it is gzip packed once more', async () => {
    // stored as it is: every member of the archive has its header within the packed bytes
    const archive = tarBytes(
      Array.from({ length: 40 }, (_, i) => ({ name: `${i}.gz`, content: gzipped(noise(3000, i + 1)) }))
    )
    for (const level of [0, 9]) expect(same(await content(gzipSync(archive, { level })), archive)).toBe(true)
  })

  it('a hundred thousand times costs little', async () => {
    const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)
    const many = new Uint8Array(1e6)
    for (let at = 0; at < many.length; at += 10) many.set(header, at)
    const began = performance.now()
    expect(same(await content(gzipSync(many, { level: 0 })), many)).toBe(true)
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})

it('a member that promises more than it can hold is none', async () => {
  const packed = gzipped(images)
  new DataView(packed.buffer).setUint32(packed.length - 4, 4e9, true)
  await expect(content(packed)).rejects.toBeInstanceOf(DataError)
})
