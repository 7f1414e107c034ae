/** What is wrong with a file is said with its name, in both languages; nothing hangs and nothing costs memory. */
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import type { InputFile } from '../../src/data/formats/index.ts'
import { readDataset } from '../../src/data/readDataset.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { locales } from '../../src/i18n/index.ts'
import * as make from './containers.ts'
import { file, fourFiles, gzipped } from './idxFiles.ts'

const bytes = (n: number, of: (i: number) => number = () => 0) =>
  Uint8Array.from({ length: n }, (_, i) => of(i))
const png = make.plainPng(8, [90])
const zip = (...entries: make.ZipEntry[]) => [file('a.zip', make.zipBytes(entries))]
const npz = (arrays: Record<string, Uint8Array>) => [file('a.npz', make.npzBytes(arrays))]
const x = make.npyBytes('|u1', [4, 8, 8], bytes(256))
const y = (labels: Uint8Array, descr = '|u1') => make.npyBytes(descr, [4], labels)
const good = [
  { name: 'a/1.png', content: png },
  { name: 'b/2.png', content: png }
]
const cifar = make.cifarRecords(0, [[1], [2], [3]])
const pickle = make.cifarPickle(0, [1, 2])
const tgz = (name: string, content: Uint8Array) => [
  file('a.tar.gz', gzipped(make.tarBytes([{ name, content }])))
]
/** A pickle of a call: os.system('true'). */
const evil = Buffer.from('\x80\x02cos\nsystem\nU\x04true\x85R.', 'latin1')
/** Ten lists of ten of the list before, and so on: small in the file, without end when followed. */
const laughs = Buffer.concat([
  Buffer.of(0x80, 2, 0x28, 0x5d, 0x71, 0),
  ...Array.from({ length: 40 }, (_, i) =>
    Buffer.of(0x5d, 0x28, ...Array.from({ length: 10 }, () => [0x68, i]).flat(), 0x65, 0x71, i + 1)
  ),

  Buffer.of(0x74, 0x2e)
])

const cases: [string, readonly InputFile[], string, string][] = [
  ['a zip cut off', [file('a.zip', make.zipBytes(good).slice(0, -30))], 'damagedArchive', 'a.zip'],
  [
    'a zip with a flipped byte',
    [
      file(
        'a.zip',
        make.zipBytes([{ ...good[0], stored: true }, good[1]]).map((b, i) => (i === 60 ? b ^ 1 : b))
      )
    ],
    'damagedArchive',
    'a.zip › a/1.png'
  ],
  ['an empty zip', zip(), 'noImages', 'a.zip'],
  ['an encrypted zip', zip({ ...good[0], flags: 1 }), 'encryptedArchive', 'a.zip'],
  ['a rare compression', zip({ ...good[0], method: 93 }), 'unsupportedCompression', 'a.zip'],
  [
    'a path that leads out',
    zip({ name: '../../evil.png', content: png }),
    'unsafePath',
    'a.zip › ../../evil.png'
  ],
  [
    'a path from the root',
    zip({ name: '/etc/evil.png', content: png }),
    'unsafePath',
    'a.zip › /etc/evil.png'
  ],
  ['a path with a drive', zip({ name: 'C:\\evil.png', content: png }), 'unsafePath', 'a.zip › C:\\evil.png'],
  [
    'an archive in an archive',
    zip({ name: 'b.zip', content: make.zipBytes(good) }),
    'nestedArchive',
    'a.zip › b.zip'
  ],
  ['members that overlap', zip(good[0], { ...good[1], offset: 0 }), 'damagedArchive', 'a.zip'],
  ['a member that promises too much', zip({ ...good[0], size: 2 ** 31 }), 'damagedArchive', 'a.zip'],
  ['a member of another size', zip({ ...good[0], size: 99 }, good[1]), 'damagedArchive', 'a.zip › a/1.png'],
  [
    'a tar cut off',
    [file('a.tar', make.tarBytes([{ name: 'x', content: cifar }]).slice(0, 4000))],
    'damagedArchive',
    'a.tar'
  ],
  [
    'a tar of two gzips, the second of them damaged',
    [file('a.tar.gz', Buffer.concat([gzipped(make.tarBytes(good)), gzipped(bytes(99)).slice(0, -9)]))],
    'damagedGzip',
    'a.tar.gz'
  ],
  [
    'a tar with a wrong sum',
    [
      file(
        'a.tar',
        make.tarBytes([...good, ...good]).map((b, i) => (i === 1024 + 200 ? 1 : b))
      )
    ],
    'damagedArchive',
    'a.tar'
  ],
  ['a path in a tar that leads out', tgz('../x.png', png), 'unsafePath', 'a.tar.gz › ../x.png'],
  ['gzip in gzip', [file('a.gz', gzipped(gzipped(cifar)))], 'unknownFormat', 'a.gz'],

  ['CIFAR cut off', [file('data_batch_1.bin', cifar.slice(0, 5000))], 'truncated', 'data_batch_1.bin'],
  ['labels that CIFAR lacks', [file('a.bin', make.cifarRecords(0, [[1], [200]]))], 'notCifar', 'a.bin'],
  ['a pickle that calls something', [file('batch', evil)], 'unsafePickle', 'batch'],
  ['a pickle without end', [file('batch', laughs)], 'unsafePickle', 'batch'],
  ['a pickle cut off', [file('batch', pickle.slice(0, 3000))], 'damagedPickle', 'batch'],
  [
    'a pickle with a longer string than the file',
    [file('batch', Buffer.concat([Buffer.of(0x80, 2, 0x54, 255, 255, 255, 127), bytes(2000)]))],
    'damagedPickle',
    'batch'
  ],

  [
    'an array of objects',
    npz({ x: make.npyBytes('|O', [4], bytes(32)), y: y(bytes(4)) }),
    'objectArray',
    'a.npz › x.npy'
  ],
  [
    'volumes',
    npz({ x: make.npyBytes('|u1', [4, 8, 8, 8], bytes(2048)), y: y(bytes(4, i => i)) }),
    'unsupportedDimensions',
    'a.npz › x.npy'
  ],
  [
    'images without a width',
    npz({ x: make.npyBytes('|u1', [4, 8, 0], bytes(0)), y: y(bytes(4, i => i)) }),
    'unsupportedSize',
    'a.npz › x.npy'
  ],
  [
    'several labels an image',
    npz({
      x,
      y: make.npyBytes(
        '|u1',
        [4, 3],
        bytes(12, i => i & 1)
      )
    }),
    'multiLabel',
    'a.npz › y.npy'
  ],
  ['one class', npz({ x, y: y(bytes(4)) }), 'oneClass', 'a.npz › y.npy'],
  ['no labels at all', npz({ x }), 'labelsMissing', 'a.npz › x.npy'],
  ['labels alone', npz({ y: y(bytes(4)) }), 'imagesMissing', 'a.npz › y.npy'],
  [
    'labels of other images',
    npz({ x, y: make.npyBytes('|u1', [3], bytes(3)) }),
    'labelsCountMismatch',
    'a.npz › x.npy'
  ],
  [
    'labels with fractions',
    npz({ x, y: y(new Uint8Array(Float32Array.of(0, 1, 0.5, 1).buffer), '<f4') }),
    'badLabel',
    'a.npz › y.npy'
  ],
  [
    'labels in the wrong byte order',
    npz({
      x,
      y: y(
        bytes(16, i => Number(i % 4 === 3)),
        '<i4'
      )
    }),
    'oneClass',
    'a.npz › y.npy'
  ],
  [
    'pixels out of range',
    npz({
      x: make.npyBytes(
        '<i2',
        [4, 8, 8],
        bytes(512, () => 200)
      ),
      y: y(bytes(4, i => i))
    }),
    'badPixel',
    'a.npz › x.npy'
  ],
  [
    'features that are no numbers',
    npz({
      x: make.npyBytes(
        '<f4',
        [4, 3],
        bytes(48, () => 255)
      ),
      y: y(bytes(4, i => i))
    }),
    'badFeature',
    'a.npz › x.npy'
  ],
  ['an array cut off', [file('x.npy', x.slice(0, 200))], 'truncated', 'x.npy'],
  ['an array that goes on', [file('x.npy', make.join(x, x))], 'trailingBytes', 'x.npy'],
  [
    'a header of nonsense',
    [
      file(
        'x.npy',
        x.map((b, i) => (i > 9 && i < 60 ? 65 : b))
      )
    ],
    'damagedArray',
    'x.npy'
  ],
  [
    'complex numbers',
    [file('x.npy', make.npyBytes('<c8', [4, 8, 8], bytes(2048)))],
    'unsupportedType',
    'x.npy'
  ],
  ['two sets of images', npz({ x, z: x, y: y(bytes(4)) }), 'arraysNotFound', 'a.npz'],
  ['a test part alone', npz({ x_test: x, y_test: y(bytes(4)) }), 'trainingMissing', 'a.npz'],
  [
    'no images',
    npz({ x: make.npyBytes('|u1', [0, 8, 8], bytes(0)), y: make.npyBytes('|u1', [0], bytes(0)) }),
    'noImages',
    'a.npz › x.npy'
  ],

  [
    'images that are none',
    zip({ name: 'a/1.png', content: png.slice(0, 60) }, { name: 'b/1.png', content: png.slice(0, 60) }),
    'damagedImage',
    'a.zip › a/1.png'
  ],
  [
    'images without classes',
    zip({ name: '1.png', content: png }, { name: '2.png', content: png }),
    'labelsMissing',
    'a.zip'
  ],
  ['images of one class', zip(good[0], { name: '2.png', content: png }), 'oneClass', 'a.zip'],
  [
    'a class that only the test part has',
    zip(...good.map(e => ({ ...e, name: `train/${e.name}` })), { name: 'test/c/1.png', content: png }),
    'labelOutOfRange',
    'a.zip › test/c/1.png'
  ],
  [
    'images for testing alone',
    zip(...good.map(e => ({ ...e, name: `x/test/${e.name}` }))),
    'trainingMissing',
    'a.zip'
  ],
  [
    'JPEG without a browser',
    zip(...good.map(e => ({ ...e, content: bytes(600, i => [0xff, 0xd8, 0xff][i] ?? 0) }))),
    'needsBrowser',
    'a.zip › a/1.png'
  ],
  [
    'two kinds of files',
    [file('x.npy', x), file('y', fourFiles()['train-labels-idx1-ubyte'])],
    'mixedFormats',
    'x.npy'
  ],
  [
    'a text',
    [file('a.zip', 'PK? no'.split('').map(c => c.charCodeAt(0)) as unknown as Uint8Array)],
    'unknownFormat',
    'a.zip'
  ]
]

/** What a refusal that only states what is wrong leaves its reader without. */
const instructed = [
  'oneClass',
  'wrongByteOrder',
  'sizesDiffer',
  'unsupportedSize',
  'labelOutOfRange',
  'labelsCountMismatch',
  'unsupportedDimensions',
  'trailingBytes',
  'unsupportedType',
  'noImages',
  'badNumber',
  'noImageColumn',
  'spriteLabels'
] as const

it.each(instructed)('“%s” says what to do', code => {
  const parameters = new Proxy<Record<string, string>>({}, { get: () => '7' })
  const said = (locale: (typeof locales)[number]) =>
    (catalogues[locale].notices[code] as (p: typeof parameters) => string)(parameters)
  expect(said('en')).toMatch(/[.:] (Drop|Download|Save|Correct|Choose|add|write) [^.:]+\.$/)
  expect(said('ja')).toMatch(/ください(（[^（]+）)?。$/)
})

describe('is refused', () => {
  it.each(cases)('%s', async (_, files, code, name) => {
    const error: unknown = await readDataset(files).then(
      () => new Error('it was read'),
      (e: unknown) => e
    )
    if (!(error instanceof DataError)) throw error
    const refused: DataError = error
    expect([refused.code, refused.parameters.file]).toEqual([code, name])
    for (const locale of locales) {
      const say = catalogues[locale].notices[refused.code] as (p: DataError['parameters']) => string
      expect(say(refused.parameters)).not.toContain('undefined')
    }
  })

  it('a bomb, before it goes off', async () => {
    // 1.5 GB of zeros in 1.5 MB, as a stored and truthfully announced member of a zip and as gzip
    const zeros = Buffer.alloc(1 << 20)
    const piece = deflateRawSync(zeros, { finishFlush: 2 })
    const packed = Buffer.concat([
      ...Array.from({ length: 1500 }, () => piece),
      deflateRawSync(Buffer.alloc(0))
    ])
    const header = gzipSync(Buffer.alloc(0)).subarray(0, 10)
    const size = Buffer.alloc(8)
    size.writeUInt32LE(1500 * zeros.length, 4)
    const before = process.memoryUsage().arrayBuffers
    const gz = file('x.npy.gz', Buffer.concat([header, packed, size]))
    for (const files of [
      [gz],
      zip({ name: 'a/x.png', content: Buffer.concat([header, packed, size]), stored: true })
    ]) {
      await expect(readDataset(files)).rejects.toBeInstanceOf(DataError)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6)
  })

  it('an archive where every file is a class, and a folder of too many files', async () => {
    const entries = Array.from({ length: 2000 }, (_, i) => ({
      name: `${i}/x.png`,
      content: png,
      stored: true
    }))
    const classes = readDataset([file('a.zip', make.zipBytes(entries))])
    await expect(classes).rejects.toMatchObject({ code: 'tooManyClasses', parameters: { classes: 2000 } })
    const blob = new Blob(['x'])
    const many = readDataset(Array.from({ length: 200_001 }, (_, i) => ({ name: `f/${i}.png`, blob })))
    await expect(many).rejects.toMatchObject({ code: 'tooManyEntries', parameters: { entries: 200_001 } })
  })
})
