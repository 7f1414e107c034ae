import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../src/core/fingerprint.ts'
import { DataError } from '../../src/data/errors.ts'
import type { InputFile } from '../../src/data/formats/index.ts'
import { readDataset } from '../../src/data/readDataset.ts'
import { join } from './containers.ts'
import { file, fourFiles, gzipped, idxBytes } from './idxFiles.ts'

const four = fourFiles()
const plainFiles = Object.entries(four).map(([name, bytes]) => file(name, bytes))
const part = (name: keyof typeof four, as: string = name) => file(as, four[name])

const images = (n: number, side = 8) => idxBytes([n, side, side], i => i & 255)
const labels = (n: number, of: (i: number) => number = i => i % 2) => idxBytes([n], of)

async function problem(files: readonly InputFile[]): Promise<{ code: string; parameters: object }> {
  try {
    await readDataset(files)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    return { code: error.code, parameters: error.parameters }
  }
  throw new Error('read')
}

describe('four IDX files', () => {
  it('become the data set they hold', async () => {
    const { dataset, remarks } = await readDataset(plainFiles)
    expect(dataset.shape).toEqual({ height: 8, width: 8, channels: 1 })
    expect(dataset.classNames).toEqual(['0', '1', '2'])
    expect(dataset.pool.images).toEqual(four['train-images-idx3-ubyte'].slice(16))
    expect(dataset.test.images).toEqual(four['t10k-images-idx3-ubyte'].slice(16))
    expect([...dataset.pool.labels]).toEqual([...four['train-labels-idx1-ubyte'].slice(8)])
    expect([...dataset.test.labels]).toEqual([...four['t10k-labels-idx1-ubyte'].slice(8)])
    expect(dataset.fingerprint).toBe(fingerprintOf(dataset))
    expect(remarks).toEqual([])
  })

  it('are the same in any order, each gzipped or not, with or without the ending', async () => {
    const { fingerprint } = (await readDataset(plainFiles)).dataset
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(Object.entries(four), { minLength: 4 }),
        fc.tuple(...Array.from({ length: 4 }, () => fc.tuple(fc.boolean(), fc.boolean()))),
        async (entries, how) => {
          const files = entries.map(([name, bytes], i) => {
            const [zip, ending] = how[i]
            return file(ending ? `some/folder/${name}.gz` : name, zip ? gzipped(bytes) : bytes)
          })
          expect((await readDataset(files)).dataset.fingerprint).toBe(fingerprint)
        }
      ),
      { numRuns: 30 }
    )
  })

  it('are told apart by size where the names say nothing, and that is said', async () => {
    const files = [
      part('t10k-labels-idx1-ubyte', 'a'),
      part('train-images-idx3-ubyte', 'b'),
      part('t10k-images-idx3-ubyte', 'c'),
      part('train-labels-idx1-ubyte', 'd')
    ]
    const { dataset, remarks } = await readDataset(files)
    expect(dataset.fingerprint).toBe((await readDataset(plainFiles)).dataset.fingerprint)
    expect(remarks).toEqual([{ code: 'splitBySize', parameters: { train: 'b', test: 'c' } }])
  })

  it('go by their names even when the test part is larger', async () => {
    const files = [
      file('train-images.idx3-ubyte', images(12)),
      file('train-labels.idx1-ubyte', labels(12)),
      file('test-images.idx3-ubyte', images(30)),
      file('test-labels.idx1-ubyte', labels(30))
    ]
    const { dataset } = await readDataset(files)
    expect([dataset.pool.labels.length, dataset.test.labels.length]).toEqual([12, 30])
  })
})

describe('labels', () => {
  it('that do not count from 0 are numbered anew, and that is said', async () => {
    const { dataset, remarks } = await readDataset([
      file('train-images', images(12)),
      file(
        'train-labels',
        labels(12, i => [1, 2, 7][i % 3])
      ),
      file('test-images', images(3)),
      file(
        'test-labels',
        labels(3, i => [7, 1, 2][i])
      )
    ])
    expect(dataset.classNames).toEqual(['1', '2', '7'])
    expect([...dataset.pool.labels.slice(0, 4)]).toEqual([0, 1, 2, 0])
    expect([...dataset.test.labels]).toEqual([2, 0, 1])
    expect(remarks).toEqual([{ code: 'labelsRenumbered', parameters: { first: 1, last: 7, classes: 3 } }])
  })

  it("get the names of a known set: by file name, or by the set's first labels", async () => {
    const kana = await readDataset([
      file('kmnist-train-images', images(20)),
      file(
        'kmnist-train-labels',
        labels(20, i => i % 10)
      )
    ])
    expect(kana.dataset.name).toBe('KMNIST')
    expect(kana.dataset.classNames[4]).toBe('な')
    const first = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    const fashion = await readDataset([
      file('train-images-idx3-ubyte.gz', gzipped(images(60000))),
      file(
        'train-labels-idx1-ubyte',
        labels(60000, i => first[i] ?? i % 10)
      )
    ])
    expect(fashion.dataset.name).toBe('Fashion-MNIST')
    expect(fashion.dataset.classNames[9]).toBe('Ankle boot')
    const own = await readDataset([file('flowers-train-images', images(20)), file('x', labels(20))])
    expect(own.dataset.classNames).toEqual(['0', '1'])
  })

  it.each<[string, number[], string[]]>([
    ['fewer classes', [0, 1, 2], []],
    ['the last classes', [7, 8, 9], ['labelsRenumbered']],
    ['more classes', [0, 4, 9, 12], ['labelsRenumbered']]
  ])('of a set of %s are not taken for those of a known set that its name recalls', async (_, of, codes) => {
    const { dataset, remarks } = await readDataset([
      file('fashion-gender-images-idx3-ubyte', images(24)),
      file(
        'fashion-gender-labels-idx1-ubyte',
        labels(24, i => of[i % of.length])
      )
    ])
    expect([dataset.name, dataset.classNames]).toEqual(['fashion-gender', of.map(String)])
    expect(remarks.map(({ code }) => code)).toEqual(codes)
  })

  it('of EMNIST letters count from 1, and its images lie on their side', async () => {
    const [upright] = [idxBytes([26, 8, 8], i => (i * 7) & 255)]
    const { dataset, remarks } = await readDataset([
      file('emnist-letters-train-images-idx3-ubyte', upright),
      file(
        'emnist-letters-train-labels-idx1-ubyte',
        labels(26, i => 1 + 25 * (i % 2))
      )
    ])
    expect(dataset.classNames.slice(0, 3)).toEqual(['A', 'B', 'C'])
    expect(dataset.classNames).toHaveLength(26)
    expect(remarks.map(r => r.code)).toContain('transposed')
    const firstInPool = [...dataset.pool.labels.keys()].find(i => dataset.pool.images[i * 64] === 0)!
    const image = dataset.pool.images.subarray(firstInPool * 64, firstInPool * 64 + 64)
    expect(image[1]).toBe((8 * 7) & 255)
    expect(image[8]).toBe(7)
  })
})

describe('images of another size', () => {
  it.each([
    [200, 150],
    [7, 8]
  ])('%d×%d are fitted, and that is said', async (height, width) => {
    const n = 12
    const large = idxBytes([n, height, width], i => (Math.floor(i / (height * width)) * 20 + 5) & 255)
    const { dataset, remarks } = await readDataset([file('images', large), file('labels', labels(n))])
    expect(dataset.shape).toEqual({ height: 32, width: 32, channels: 1 })
    expect(remarks).toEqual([{ code: 'fitted', parameters: { side: 32 } }])
    // plain images stay what they are
    const shades = [...dataset.pool.images, ...dataset.test.images].filter((_, i) => i % 1024 === 500)
    expect(shades.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i * 20 + 5))
  })
})

describe('another size or colour', () => {
  it('is what all images are brought to, the same for both parts', async () => {
    const { dataset, remarks } = await readDataset(plainFiles, { side: 48, colour: 'colour' })
    expect(dataset.shape).toEqual({ height: 48, width: 48, channels: 3 })
    expect(remarks).toEqual([{ code: 'fitted', parameters: { side: 48 } }])
    for (const { images, labels } of [dataset.pool, dataset.test])
      expect(images.length).toBe(labels.length * 48 * 48 * 3)
  })
})

describe('a training pair alone', () => {
  it('has a stratified sixth split off, the same each time', async () => {
    const files = [
      file('x', images(120)),
      file(
        'y',
        labels(120, i => (i < 60 ? 0 : i < 108 ? 1 : 2))
      )
    ]
    const { dataset, remarks } = await readDataset(files)
    expect(remarks).toEqual([])
    expect([dataset.pool.labels.length, dataset.test.labels.length]).toEqual([100, 20])
    const count = (c: number) => dataset.test.labels.filter(label => label === c).length
    expect([0, 1, 2].map(count)).toEqual([10, 8, 2])
    expect((await readDataset(files)).dataset.fingerprint).toBe(dataset.fingerprint)
  })
})

describe('bad input', () => {
  const train = [part('train-images-idx3-ubyte'), part('train-labels-idx1-ubyte')]
  const good = four['train-images-idx3-ubyte']
  const withImages = (bytes: Uint8Array) => [file('images', bytes), train[1]]
  const reversed = () => {
    const bytes = good.slice()
    bytes.set([3, 8, 0, 0])
    return bytes
  }
  /** The dimensions, and not the magic, as a little-endian machine has them. */
  const swapped = (bytes: Uint8Array) => {
    const out = bytes.slice()
    for (let at = 4; at < 4 + 4 * bytes[3]; at += 4) out.subarray(at, at + 4).reverse()
    return out
  }
  const flipped = () => {
    const bytes = gzipped(good)
    bytes[30] ^= 255
    return bytes
  }

  const cases: [string, readonly InputFile[], string, object?][] = [
    ['no file', [], 'noFiles'],
    ['an empty file', withImages(new Uint8Array(0)), 'emptyFile', { file: 'images' }],
    ['an empty file in gzip', withImages(gzipped(new Uint8Array(0))), 'emptyFile', { file: 'images' }],
    ['a text', withImages(new TextEncoder().encode('hello, world')), 'unknownFormat', { file: 'images' }],
    [
      'a file cut off',
      withImages(good.slice(0, 3000)),
      'truncated',
      { file: 'images', expected: 3856, found: 3000 }
    ],
    [
      'a header cut off',
      withImages(good.slice(0, 9)),
      'truncated',
      { file: 'images', expected: 16, found: 9 }
    ],
    [
      'bytes at the end',
      withImages(join(good, good.slice(0, 5))),
      'trailingBytes',
      { file: 'images', expected: 3856, found: 3861 }
    ],
    ['gzip cut off', withImages(gzipped(good).slice(0, -6)), 'damagedGzip', { file: 'images' }],
    ['gzip cut off early', withImages(gzipped(good).slice(0, 12)), 'damagedGzip', { file: 'images' }],
    ['gzip with a flipped byte', withImages(flipped()), 'damagedGzip', { file: 'images' }],
    [
      'gzip with zeros behind it',
      withImages(join(gzipped(good), new Uint8Array(64))),
      'damagedGzip',
      { file: 'images' }
    ],
    ['gzip of a file cut off', withImages(gzipped(good.slice(0, 3000))), 'truncated'],
    ['other bytes than the header says, in gzip', withImages(gzipped(join(good, good))), 'trailingBytes'],
    ['bytes in the wrong order', withImages(reversed()), 'wrongByteOrder', { file: 'images' }],
    [
      'floats',
      withImages(idxBytes([60, 8, 8, 4], () => 0, 13)),
      'unsupportedType',
      { file: 'images', type: 'f32' }
    ],
    [
      'volumes',
      withImages(idxBytes([6, 8, 8, 8], () => 0)),
      'unsupportedDimensions',
      { file: 'images', dimensions: '6x8x8x8' }
    ],
    ['a flat table', withImages(idxBytes([60, 64], () => 0)), 'unsupportedDimensions'],
    ['no images', withImages(idxBytes([0, 8, 8], () => 0)), 'noImages', { file: 'images' }],
    [
      'images without a height',
      withImages(idxBytes([60, 0, 8], () => 0)),
      'unsupportedSize',
      { file: 'images', height: 0, width: 8, least: 1, most: 65535 }
    ],
    ['images that are too wide', withImages(idxBytes([1, 1, 65537], () => 0)), 'unsupportedSize'],
    [
      'dimensions in the wrong order behind a right magic',
      withImages(swapped(good)),
      'wrongByteOrder',
      { file: 'images' }
    ],
    [
      'dimensions in the wrong order, in gzip',
      withImages(gzipped(swapped(good))),
      'wrongByteOrder',
      { file: 'images' }
    ],
    [
      'dimensions in the wrong order, of labels',
      [train[0], file('labels', swapped(four['train-labels-idx1-ubyte']))],
      'wrongByteOrder',
      { file: 'labels' }
    ],
    ['images alone', [train[0]], 'labelsMissing', { file: 'train-images-idx3-ubyte' }],
    ['labels alone', [train[1]], 'imagesMissing', { file: 'train-labels-idx1-ubyte' }],
    [
      'three of the four: no test labels',
      plainFiles.slice(0, 3),
      'labelsMissing',
      { file: 't10k-images-idx3-ubyte' }
    ],
    [
      'three of the four: no training images',
      plainFiles.slice(1),
      'imagesMissing',
      { file: 'train-labels-idx1-ubyte' }
    ],
    [
      'labels of other images',
      [train[0], part('t10k-labels-idx1-ubyte')],
      'labelsCountMismatch',
      { file: 'train-images-idx3-ubyte', images: 60, labelFile: 't10k-labels-idx1-ubyte', labels: 20 }
    ],
    [
      'two pairs that nothing tells apart',
      [file('a', images(10)), file('b', images(10)), file('c', labels(10)), file('d', labels(10))],
      'ambiguousSplit',
      { file: 'a', other: 'b' }
    ],
    ['three pairs', [...plainFiles, ...train], 'tooManyFiles', { images: 3, labels: 3 }],
    [
      'parts of different sizes',
      [...train, file('test-images', images(5, 9)), file('test-labels', labels(5))],
      'sizesDiffer',
      { file: 'train-images-idx3-ubyte', size: '8x8', other: 'test-images', otherSize: '9x9' }
    ],
    [
      'a test label that training does not have',
      [
        ...train,
        part('t10k-images-idx3-ubyte'),
        file(
          'test-labels',
          labels(20, i => (i === 7 ? 200 : 0))
        )
      ],
      'labelOutOfRange',
      { file: 'test-labels', label: 200 }
    ],
    [
      'a label that the known set does not have',
      [
        file('train-images', images(60000)),
        file(
          'train-labels',
          labels(60000, i => [9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 12][i] ?? 1)
        )
      ],
      'labelOutOfRange',
      { file: 'train-labels', label: 12 }
    ],
    [
      'one class',
      [
        file('x', images(10)),
        file(
          'y',
          labels(10, () => 3)
        )
      ],
      'oneClass',
      { file: 'y' }
    ],
    [
      'one image a class',
      [file('x', images(2)), file('y', labels(2))],
      'partTooSmall',
      { part: 'test', needed: 2, left: 0 }
    ]
  ]

  it.each(cases)('%s', async (_, files, code, parameters) => {
    const found = await problem(files)
    expect(found.code).toBe(code)
    if (parameters) expect(found.parameters).toEqual(parameters)
  })

  it('that promises more than it can hold costs no memory', async () => {
    const header = idxBytes([0, 128, 128], () => 0)
    new DataView(header.buffer).setUint32(4, 60000)
    const many = file('labels', labels(60000))
    expect((await problem([file('images', header), many])).code).toBe('truncated')
    expect((await problem([file('images', gzipped(header)), many])).code).toBe('truncated')
    new DataView(header.buffer).setUint32(4, 0xffffffff)
    const tooLarge = { code: 'tooLarge', parameters: { limit: 1074 } }
    expect(await problem(withImages(header))).toMatchObject(tooLarge)
  })

  it('that cannot be read is said to be so', async () => {
    const gone = new Blob([good])
    // as a browser does with a file that was deleted after it was chosen
    const refuse = () => new DOMException('gone', 'NotReadableError')
    Object.defineProperty(gone, 'stream', {
      value: () => new ReadableStream({ pull: controller => controller.error(refuse()) })
    })
    Object.defineProperty(gone, 'arrayBuffer', { value: () => Promise.reject(refuse()) })
    Object.defineProperty(gone, 'slice', { value: () => gone })
    expect(await problem([{ name: 'gone', blob: gone }])).toEqual({
      code: 'unreadable',
      parameters: { file: 'gone' }
    })
  })
})
