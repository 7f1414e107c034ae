import { describe, expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { readFiles } from '../../src/data/formats/index.ts'
import { file } from './idxFiles.ts'
import { greyPng } from './parquetFiles.ts'

const [COUNT, PIXELS] = [1300, 64]
const pixel = (i: number) => (i * 31 + (i >> 6) * 17) & 255
const png = greyPng(
  PIXELS,
  COUNT,
  Array.from({ length: COUNT * PIXELS }, (_, i) => pixel(i))
)
const oneHot = (count: number) =>
  Uint8Array.from({ length: count * 10 }, (_, at) => Number(at % 10 === Math.floor(at / 10) % 3))

describe('a sprite', () => {
  it('has an image in each row, and a label in each ten bytes', async () => {
    const read = await readFiles([file('labels', oneHot(COUNT)), file('images.png', png)])
    if (read.kind !== 'images') throw new Error('features')
    expect(read.shape).toEqual({ height: 8, width: 8, channels: 1 })
    expect(read.pool.images.every((value, i) => value === pixel(i))).toBe(true)
    expect([...read.pool.labels.slice(0, 5)]).toEqual([0, 1, 2, 0, 1])
    expect([read.pool.labels.length, read.test]).toEqual([COUNT, undefined])
  })

  it.each([
    ['without labels', [file('images.png', png)], 'labelsMissing'],
    ['without images', [file('labels', oneHot(COUNT))], 'imagesMissing'],
    ['with labels of others', [file('images.png', png), file('labels', oneHot(COUNT - 1))], 'spriteLabels'],
    [
      'with two labels for an image',
      [
        file('images.png', png),
        file(
          'labels',
          oneHot(COUNT).map((b, i) => (i === 5009 ? 1 : b))
        )
      ],
      'multiLabel'
    ]
  ] as const)('%s is refused with a reason', async (_, files, code) => {
    const error = await readFiles(files).then(
      () => undefined,
      (e: DataError) => e
    )
    expect(error).toBeInstanceOf(DataError)
    expect(error!.code).toBe(code)
  })
})
