import { describe, expect, it } from 'vitest'
import { crc32 as nodeCrc } from 'node:zlib'
import type { StoredDataset } from '../../src/core/storedDataset.ts'
import { choicesOf, contentOf } from '../../src/data/assembly.ts'
import { exportNpz, type StoredArray } from '../../src/data/exportNpz.ts'
import { readFiles } from '../../src/data/formats/index.ts'

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

  it('tells how far it is, and can be called off', async () => {
    const said: number[] = []
    await exportNpz(set, read, { progress: ({ done, total }) => said.push(done / total) })
    expect(said.at(-1)).toBe(1)
    const controller = new AbortController()
    controller.abort(new Error('no more'))
    await expect(exportNpz(set, read, { signal: controller.signal })).rejects.toThrow('no more')
  })
})
