import { describe, expect, it } from 'vitest'
import { crc32 as nodeCrc } from 'node:zlib'
import fc from 'fast-check'
import { fingerprintOf } from '../../src/core/fingerprint.ts'
import type { StoredDataset } from '../../src/core/storedDataset.ts'
import type { Dataset } from '../../src/core/view.ts'
import { choicesOf, contentOf } from '../../src/data/assembly.ts'
import { exportNpz, type StoredArray } from '../../src/data/exportNpz.ts'
import { readFiles } from '../../src/data/formats/index.ts'
import { readDataset } from '../../src/data/readDataset.ts'

/** Reads a zip whose members are stored as they are, by its directory, and checks its sums. */
function members(zip: Buffer): Map<string, Buffer> {
  const end = zip.length - 22
  expect(zip.readUInt32LE(end)).toBe(0x06054b50)
  const found = new Map<string, Buffer>()
  let at = zip.readUInt32LE(end + 16)
  for (let i = 0; i < zip.readUInt16LE(end + 10); i++) {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50)
    const [sum, size, full] = [16, 20, 24].map(offset => zip.readUInt32LE(at + offset))
    const nameLength = zip.readUInt16LE(at + 28)
    const local = zip.readUInt32LE(at + 42)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    expect([zip.readUInt32LE(local), zip.readUInt32LE(local + 14), size]).toEqual([0x04034b50, sum, full])
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const bytes = zip.subarray(start, start + size)
    if (nodeCrc) expect(nodeCrc(bytes)).toBe(sum)
    found.set(name, bytes)
    at += 46 + nameLength
  }
  return found
}

/** Header text and values of an NPY file, version 1.0. */
function npy(file: Buffer): [head: string, values: Buffer] {
  expect(file.toString('latin1', 1, 6)).toBe('NUMPY')
  const length = file.readUInt16LE(8)
  expect((10 + length) % 64).toBe(0)
  return [file.toString('latin1', 10, 10 + length).trim(), file.subarray(10 + length)]
}

describe('a data set as a file', () => {
  const set: StoredDataset = {
    fingerprint: '0'.repeat(64),
    name: 'わたしの 文字!',
    shape: { height: 2, width: 3, channels: 1 },
    classNames: ['あ', 'longer'],
    poolSize: 3,
    testSize: 2,
    bytes: 5 * 8,
    storedAt: 0
  }
  const arrays: Record<StoredArray, number[]> = {
    poolRows: Array.from({ length: 18 }, (_, i) => i),
    poolLabels: [0, 0, 1, 0, 1, 0],
    testRows: Array.from({ length: 12 }, (_, i) => 100 + i),
    testLabels: [1, 0, 0, 0],
    unlabelledRows: [1, 2, 3, 4, 5, 6]
  }
  async function* read(array: StoredArray) {
    for (let i = 0; i < arrays[array].length; i += 5) yield Uint8Array.from(arrays[array].slice(i, i + 5))
  }

  it('is an NPZ with the keys of Keras', async () => {
    const { name, blob } = await exportNpz(set, read)
    expect(name).toBe('わたしの-文字.npz')
    const found = members(Buffer.from(await blob.arrayBuffer()))
    expect([...found.keys()]).toEqual(
      ['x_train', 'y_train', 'x_test', 'y_test', 'class_names'].map(n => `${n}.npy`)
    )
    const [head, values] = npy(found.get('x_train.npy')!)
    expect(head).toBe("{'descr': '|u1', 'fortran_order': False, 'shape': (3, 2, 3), }")
    expect([...values]).toEqual(arrays.poolRows)
    const [labelHead, labels] = npy(found.get('y_train.npy')!)
    expect(labelHead).toBe("{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }")
    expect([...labels]).toEqual(arrays.poolLabels)
    const [nameHead, names] = npy(found.get('class_names.npy')!)
    expect(nameHead).toBe("{'descr': '<U6', 'fortran_order': False, 'shape': (2,), }")
    const points = Array.from({ length: 12 }, (_, i) => names.readUInt32LE(4 * i))
    expect(String.fromCodePoint(...points)).toBe('あ\0\0\0\0\0longer')
  })

  it('holds colour, features and what waits for a label in their own shapes', async () => {
    const heads = async (other: Partial<StoredDataset>) => {
      const found = members(
        Buffer.from(await (await exportNpz({ ...set, ...other }, read)).blob.arrayBuffer())
      )
      return Object.fromEntries([...found].map(([name, file]) => [name, npy(file)[0]]))
    }
    expect((await heads({ shape: { height: 1, width: 2, channels: 3 } }))['x_train.npy']).toContain(
      '(3, 1, 2, 3)'
    )
    expect((await heads({ unlabelledSize: 1 }))['x_unlabelled.npy']).toContain('(1, 2, 3)')
    const features = await heads({ features: true, shape: { height: 1, width: 4, channels: 1 } })
    expect(features['x_test.npy']).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }")
    expect(Object.keys(await heads({ poolSize: 0, testSize: 0, unlabelledSize: 1 }))).toEqual([
      'x_unlabelled.npy'
    ])
  })

  it('is read again by the import: the same rows, labels, names, and what waits for a label', async () => {
    const [side, n, waiting] = [8, 6, 2]
    const size = side * side
    const images = (count: number, mark: number) =>
      Array.from({ length: count * size }, (_, i) => (mark + i * 7) % 256)
    const kept: Record<StoredArray, number[]> = {
      poolRows: images(n, 3),
      poolLabels: Array.from({ length: n }, (_, i) => [i % 2, 0]).flat(),
      testRows: images(2, 90),
      testLabels: [1, 0, 0, 0],
      unlabelledRows: images(waiting, 150)
    }
    const shape = { height: side, width: side, channels: 1 }
    const mine = { ...set, name: 'MNIST', shape, poolSize: n, testSize: 2, unlabelledSize: waiting }
    const { name, blob } = await exportNpz(mine, async function* (array) {
      yield Uint8Array.from(kept[array])
    })
    const read = await readFiles([{ name, blob }])
    const choices = choicesOf(read)
    const content = contentOf(read, choices)
    const bytes = (part: StoredArray) => [...content[part].slice(0, content[part].bytes)]
    expect([content.name, content.classNames, content.shape]).toEqual(['MNIST', mine.classNames, shape])
    for (const part of Object.keys(kept) as StoredArray[])
      expect([part, bytes(part)]).toEqual([part, kept[part]])
  })

  const bytesOf = ({ images, features }: Dataset['pool']) =>
    features ? new Uint8Array(features.buffer, features.byteOffset, features.byteLength) : images
  const saved = (one: Omit<Dataset, 'fingerprint'>) => {
    const { pool, test } = one
    const [poolSize, testSize] = [pool.labels.length, test.labels.length]
    const card = { ...set, ...one, features: !!pool.features, poolSize, testSize }
    const arrays: Record<StoredArray, Uint8Array> = {
      poolRows: bytesOf(pool),
      poolLabels: new Uint8Array(pool.labels.buffer),
      testRows: bytesOf(test),
      testLabels: new Uint8Array(test.labels.buffer),
      unlabelledRows: new Uint8Array(0)
    }
    return exportNpz(card, async function* (array) {
      yield Uint8Array.from(arrays[array])
    })
  }

  // classes without an image, or with images in one part only, are among them
  const anyName = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map(text => text.normalize('NFC').replaceAll('\0', '').trim() || 'x')
  const anySet = fc
    .record({
      name: fc.oneof(anyName, fc.constantFrom('MNIST', 'fashion', 'kmnist', 'pathmnist 64')),
      classNames: fc.array(anyName, { minLength: 2, maxLength: 12 }),
      side: fc.constantFrom(8, 9),
      channels: fc.constantFrom(1, 3, 0),
      sizes: fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 })),
      seed: fc.nat(1e6)
    })
    .chain(plan => {
      const [n, m] = plan.sizes
      const label = fc.nat(plan.classNames.length - 1)
      return fc
        .array(label, { minLength: n + m, maxLength: n + m })
        .filter(labels => new Set(labels).size > 1)
        .map((labels): Omit<Dataset, 'fingerprint'> => {
          const { name, classNames, side, channels, seed } = plan
          const d = side * side * (channels || 1)
          const rows = (from: number, count: number) => {
            const value = (i: number) => (seed + (from * d + i) * 31) & 255
            const bytes = Uint8Array.from({ length: count * d }, (_, i) => value(i))
            const features = Float32Array.from(bytes, (byte, i) => byte / 7 - (i % 3))
            const of = Uint16Array.from(labels.slice(from, from + count))
            return channels
              ? { images: bytes, labels: of }
              : { images: new Uint8Array(0), features, labels: of }
          }
          const shape = channels
            ? { height: side, width: side, channels }
            : { height: 1, width: d, channels: 1 }
          return { name, shape, classNames, pool: rows(0, n), test: rows(n, m) }
        })
    })

  it('comes back as the same set: classes, labels, fingerprint, whatever classes have images', async () => {
    await fc.assert(
      fc.asyncProperty(anySet, async one => {
        const { dataset, remarks } = await readDataset([await saved(one)])
        expect(dataset.classNames).toEqual(one.classNames)
        expect([dataset.pool.labels, dataset.test.labels]).toEqual([one.pool.labels, one.test.labels])
        expect(dataset.shape).toEqual(one.shape)
        expect(dataset.fingerprint).toBe(fingerprintOf(one))
        expect(remarks).toEqual([])
      }),
      { numRuns: 200, seed: 20261129 }
    )
  })

  it.each<[string, number[], number[]]>([
    ['no image of the last class', [0, 1, 1, 0], [0, 1]],
    ['no image of one between', [0, 2, 2, 0], [0, 2]],
    ['a class in the test part only', [0, 2, 2, 0], [1, 0]]
  ])('comes back with %s', async (_, pool, test) => {
    const part = (labels: number[]) => ({
      images: new Uint8Array(labels.length * 64).map((_, i) => i),
      labels: Uint16Array.from(labels)
    })
    const shape = { height: 8, width: 8, channels: 1 }
    const one = { name: 'x', shape, classNames: ['cat', 'dog', 'owl'], pool: part(pool), test: part(test) }
    const { dataset } = await readDataset([await saved(one)])
    expect(dataset).toEqual({ ...one, fingerprint: fingerprintOf(one) })
  })

  it('tells how far it is, and can be called off', async () => {
    const said: number[] = []
    await exportNpz(set, read, { progress: ({ done, total }) => said.push(done / total) })
    expect(said.at(-1)).toBe(1)
    const controller = new AbortController()
    controller.abort(new Error('no more'))
    await expect(exportNpz(set, read, { signal: controller.signal })).rejects.toThrow('no more')
  })
})
