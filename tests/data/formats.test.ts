/** Every format read from tiny files made here: what comes out is what was put in. */
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readFiles, type HowToRead, type InputFile } from '../../src/data/formats/index.ts'
import { UNLABELLED, type FeatureRead, type ImageRead } from '../../src/data/formats/format.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { locales } from '../../src/i18n/index.ts'
import * as make from './containers.ts'
import { file, fourFiles, gzipped } from './idxFiles.ts'

const images = async (files: readonly InputFile[], how?: HowToRead) => {
  const read = await readFiles(files, how)
  expect(read.kind).toBe('images')
  return read as ImageRead
}
const codes = ({ remarks }: ImageRead | FeatureRead) => remarks.map(({ code }) => code)
const bytes = (n: number, of: (i: number) => number = i => i * 7) =>
  Uint8Array.from({ length: n }, (_, i) => of(i))
/** The three pixels at place p of CIFAR's record i. */
const pixel = (i: number, p: number) => [0, 1, 2].map(c => make.cifarPixel(i, c, p))
const size = 32 * 32 * 3

describe('archives', () => {
  const four = Object.entries(fourFiles())
  it.each([
    ['zip', make.zipBytes(four.map(([name, content], i) => ({ name: `a/${name}`, content, stored: i > 1 })))],
    [
      'zip of gzip',
      make.zipBytes(four.map(([name, content]) => ({ name: `${name}.gz`, content: gzipped(content) })))
    ],
    ['tar', make.tarBytes(four.map(([name, content]) => ({ name, content })))],
    ['tar.gz', gzipped(make.tarBytes(four.map(([name, content]) => ({ name, content }))))]
  ])('%s: its members are read like files', async (_, archive) => {
    const junk = [file('.DS_Store', bytes(9)), file('x/__MACOSX/._y', bytes(9))]
    const [plain, packed] = [
      await images(four.map(([name, content]) => file(name, content))),
      await images([file('what.ever', archive), ...junk])
    ]
    expect(packed).toEqual({ ...plain, name: packed.name, labelFile: packed.labelFile })
    expect(packed.labelFile).toContain('what.ever › ')
  })
})

describe('a tar with notes', () => {
  const [red, grey] = [make.plainPng(8, [200, 0, 0]), make.plainPng(9, [90])]
  const notes = (fields: Record<string, string>) => ({ name: 'n', content: make.paxBytes(fields), kind: 'x' })
  const other = { name: 'b/2.png', content: grey }
  const read = (...entries: Parameters<typeof make.tarBytes>[0]) =>
    images([file('a.tar', make.tarBytes([...entries, other]))])
  const first = { name: 'x', content: red }

  it.each<[string, Parameters<typeof make.tarBytes>[0]]>([
    ['of its path', [notes({ path: 'a/1.png' }), first]],
    ['of its size', [notes({ path: 'a/1.png', size: String(red.length) }), { ...first, size: 7 }]],
    [
      'in pax, then of its long name for GNU',
      [
        notes({ size: String(red.length) }),
        { name: 'n', content: `a/${'1'.repeat(600)}.png\0`, kind: 'L' },
        { ...first, size: 7 }
      ]
    ],
    [
      'of a long name, then of a link and of all files',
      [
        { name: 'n', content: 'a/1.png\0', kind: 'L' },
        { name: 'n', content: 'somewhere\0', kind: 'K' },
        { name: 'n', content: make.paxBytes({ comment: 'x' }), kind: 'g' },
        first
      ]
    ],
    [
      'of what a system keeps beside it, many and with line ends',
      [notes({ 'LIBARCHIVE.xattr.x': `A\n12 path=evil\n`.repeat(1000), path: 'a/1.png' }), first]
    ],
    [
      'that take back others',
      [notes({ path: 'c/1.png', size: '7' }), notes({ path: '', size: '' }), { ...first, name: 'a/1.png' }]
    ]
  ])('%s', async (_, entries) => {
    const { classNames, pool, shape } = await read(...entries)
    expect([classNames, [...pool.labels], shape.channels]).toEqual([['a', 'b'], [0, 1], 3])
  })

  it.each(['-5', '1e2', '0x10', '1.5', '9'.repeat(20)])('of a size of %s is damaged', async size => {
    await expect(read(notes({ size }), first)).rejects.toMatchObject({ code: 'damagedArchive' })
  })

  it('of more than a megabyte is damaged', async () => {
    await expect(read(notes({ x: 'A'.repeat(1 << 20) }), first)).rejects.toMatchObject({
      code: 'damagedArchive'
    })
  })
})

describe('CIFAR', () => {
  const ten = (from: number, ...labels: number[]) =>
    make.cifarRecords(
      from,
      labels.map(l => [l])
    )
  it('binary: batches in the order of their names, colours side by side', async () => {
    const archive = make.tarBytes([
      { name: 'c/test_batch.bin', content: ten(40, 4, 5) },
      { name: 'c/data_batch_2.bin', content: ten(10, 2, 3, 9) },
      { name: 'c/data_batch_1.bin', content: ten(0, 0, 1) },
      { name: 'c/readme.html', content: '<p>' }
    ])
    const { pool, test, shape, classNames, name } = await images([file('c.tar.gz', gzipped(archive))])
    expect([name, classNames[9], shape]).toEqual([
      'CIFAR-10',
      'truck',
      { height: 32, width: 32, channels: 3 }
    ])
    expect([...pool.labels, ...test!.labels]).toEqual([0, 1, 2, 3, 9, 4, 5])
    expect([...pool.images.slice(3 * 5, 3 * 6)]).toEqual(pixel(0, 5))
    expect([...pool.images.slice(4 * size + 3, 4 * size + 6)]).toEqual(pixel(12, 1))
    expect([...test!.images.slice(size, size + 3)]).toEqual(pixel(41, 0))
  })

  it('of a hundred classes: the second label counts, names come from the archive', async () => {
    const records = make.cifarRecords(0, [
      [19, 99],
      [0, 7]
    ])
    const names = Array.from({ length: 100 }, (_, i) => `class ${i}`).join('\n')
    const { pool, classNames } = await images([
      file(
        'a.zip',
        make.zipBytes([
          { name: 'train.bin', content: records },
          { name: 'fine_label_names.txt', content: names }
        ])
      )
    ])
    expect([[...pool.labels], classNames[99]]).toEqual([[99, 7], 'class 99'])
    expect([...pool.images.slice(size, size + 3)]).toEqual(pixel(1, 0))
  })

  it('for Python: the archive, and a batch alone', async () => {
    const [one, two] = [make.cifarPickle(0, [3, 1]), make.cifarPickle(2, [9])]
    const archive = make.tarBytes([
      { name: 'p/data_batch_2', content: two },
      { name: 'p/data_batch_1', content: one },
      { name: 'p/test_batch', content: make.cifarPickle(7, [0, 5]) }
    ])
    const { pool, test, classNames } = await images([file('py.tar.gz', gzipped(archive))])
    expect([[...pool.labels], [...test!.labels], classNames[3]]).toEqual([[3, 1, 9], [0, 5], 'cat'])
    expect([...pool.images.slice(2 * size + 30, 2 * size + 33)]).toEqual(pixel(2, 10))
    const alone = await images([file('batch', one)])
    expect([...alone.pool.images]).toEqual([...pool.images.slice(0, 2 * size)])
    const hundred = await images([file('train', make.cifarPickle(0, [3, 77], 'fine_labels'))])
    expect([hundred.name, hundred.classNames.length, [...hundred.pool.labels]]).toEqual([
      'CIFAR-100',
      100,
      [3, 77]
    ])
  })

  it.each(['c', 'fortran'] as const)('for Python as numpy writes it today (protocol 5, %s)', async order => {
    const content = gunzipSync(Buffer.from(make.protocol5[order], 'base64'))
    const { pool } = await images([file('data_batch_1', content)])
    expect([...pool.labels]).toEqual([3, 1])
    // all of a pixel's colours are alike, since 64 divides 1024
    const expected = (image: number) =>
      Array.from({ length: size }, (_, i) => (7 * image + Math.floor(i / 3)) % 64)
    expect([...pool.images]).toEqual([...expected(0), ...expected(1)])
  })

  it('is fitted to a size and to grey', async () => {
    const read = await images([file('x.bin', ten(0, 1, 2))], { side: 28, colour: 'grey' })
    expect([read.shape, codes(read)]).toEqual([{ height: 28, width: 28, channels: 1 }, ['fitted']])
    expect(read.pool.images.length).toBe(2 * 28 * 28)
  })
})

describe('NumPy arrays', () => {
  const [n, side] = [6, 8]
  const x = bytes(n * side * side)
  const y = Uint8Array.of(0, 1, 2, 0, 1, 2)
  const square = [n, side, side]
  const one = async (arrays: Record<string, Uint8Array>, how?: HowToRead) =>
    images([file('set.npz', make.npzBytes(arrays))], how)

  it('under the keys of MedMNIST: labels in a column, validation joins the pool', async () => {
    const part = (count: number) =>
      make.npyBytes('|u1', [count, side, side, 3], bytes(count * side * side * 3))
    const column = (count: number) =>
      make.npyBytes(
        '|u1',
        [count, 1],
        bytes(count, i => i % 2)
      )
    const read = await one({
      test_images: part(2),
      test_labels: column(2),
      val_images: part(3),
      val_labels: column(3),
      train_images: part(4),
      train_labels: column(4)
    })
    expect([read.pool.labels.length, read.test!.labels.length, codes(read)]).toEqual([
      7,
      2,
      ['validationInPool']
    ])
    expect([...read.pool.labels]).toEqual([0, 1, 0, 1, 0, 1, 0])
    expect(read.shape.channels).toBe(3)
    expect([...read.pool.images.slice(4 * 192)]).toEqual([...bytes(3 * 192)])
  })

  it.each<[string, Uint8Array, Uint8Array]>([
    ['bytes', make.npyBytes('|u1', square, x), make.npyBytes('|u1', [n], y)],
    [
      'big-endian',
      make.npyBytes(
        '>u2',
        square,
        bytes(2 * x.length, i => (i & 1 ? x[i >> 1] : 0))
      ),
      make.npyBytes(
        '>i4',
        [n],
        bytes(4 * n, i => ((i & 3) === 3 ? y[i >> 2] : 0))
      )
    ],
    [
      '64 bits',
      make.npyBytes('<i8', square, new Uint8Array(BigInt64Array.from(x, BigInt).buffer)),
      make.npyBytes('<f8', [n], new Uint8Array(Float64Array.from(y).buffer))
    ],
    [
      'floats from 0 to 1',
      make.npyBytes('<f4', square, new Uint8Array(Float32Array.from(x, v => v / 255).buffer)),
      make.npyBytes('<i2', [n], new Uint8Array(Int16Array.from(y).buffer))
    ],
    [
      'Fortran order',
      make.npyBytes(
        '|u1',
        square,
        bytes(x.length, i => x[(i % n) * 64 + (Math.floor(i / n) % 8) * 8 + Math.floor(i / n / 8)]),
        true
      ),
      make.npyBytes('|u1', [n], y)
    ],
    [
      'flat images, one-hot labels',
      make.npyBytes('|u1', [n, 64], x),
      make.npyBytes(
        '<f4',
        [n, 3],
        new Uint8Array(
          Float32Array.from({ length: n * 3 }, (_, i) => Number(i % 3 === y[Math.floor(i / 3)])).buffer
        )
      )
    ]
  ])('of %s', async (_, data, labels) => {
    const { pool, shape } = await one({ X: data, y: labels })
    expect(shape).toEqual({ height: side, width: side, channels: 1 })
    expect([...pool.images]).toEqual([...x])
    expect([...pool.labels]).toEqual([...y])
  })

  it('channels first become channels last', async () => {
    const planar = make.npyBytes(
      '|u1',
      [2, 3, 8, 8],
      bytes(384, i => i)
    )
    const { pool, shape } = await one({
      x_train: planar,
      y_train: make.npyBytes('|u1', [2], Uint8Array.of(0, 1))
    })
    expect(shape).toEqual({ height: 8, width: 8, channels: 3 })
    expect([...pool.images.slice(3, 6)]).toEqual([1, 65, 129])
  })

  it('in several files, named by the files where the arrays are not', async () => {
    const ends = bytes(n, i => 9 * (i % 2))
    const files = ['kmnist-train-imgs', 'kmnist-train-labels', 'kmnist-test-imgs', 'kmnist-test-labels'].map(
      (name, i) =>
        file(
          `${name}.npz`,
          make.npzBytes({ arr_0: i % 2 ? make.npyBytes('|u1', [n], ends) : make.npyBytes('|u1', square, x) })
        )
    )
    const read = await images(files)
    expect([read.name, read.classNames[1], read.test!.labels.length]).toEqual(['KMNIST', 'き', n])
  })

  it('words are labels, and -1 is none', async () => {
    const words = make.npyBytes(
      '<U3',
      [n],
      new Uint8Array(Uint32Array.from('dogcatcowdogcatcow', c => c.codePointAt(0)!).buffer)
    )
    const named = await one({ images: make.npyBytes('|u1', square, x), labels: words })
    expect([named.classNames, [...named.pool.labels]]).toEqual([
      ['cat', 'cow', 'dog'],
      [2, 0, 1, 2, 0, 1]
    ])
    const some = make.npyBytes('|i1', [n], Uint8Array.of(255, 0, 1, 255, 1, 0))
    const partly = await one({ X: make.npyBytes('|u1', square, x), y: some })
    expect([...partly.pool.labels]).toEqual([UNLABELLED, 0, 1, UNLABELLED, 1, 0])
    const none = await images([file('x.npy', make.npyBytes('|u1', square, x))])
    expect([none.classNames, new Set(none.pool.labels)]).toEqual([[], new Set([UNLABELLED])])
  })

  it('tables of numbers that are no pixels are features', async () => {
    const values = Float32Array.from({ length: n * 64 }, (_, i) => i / 100 - 1)
    const half = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001)
    const read = (await readFiles([
      file(
        'f.npz',
        make.npzBytes({
          X: make.npyBytes('<f4', [n, 64], new Uint8Array(values.buffer)),
          y: make.npyBytes('|u1', [n], y)
        })
      )
    ])) as FeatureRead
    expect([read.kind, read.dimension]).toEqual(['features', 64])
    expect(read.pool.features).toEqual(values)
    const halves = (await readFiles([
      file('h.npy', make.npyBytes('<f2', [2, 2], new Uint8Array(half.buffer)))
    ])) as FeatureRead
    expect([...halves.pool.features]).toEqual([1, -2, 0x155 / 4096 + 0.25, 2 ** -24].map(Math.fround))
  })
})

describe('images in folders', () => {
  const red = make.plainPng(8, [200, 0, 0])
  const grey = make.plainPng(8, [90])
  const zip = (entries: Record<string, Uint8Array | string>) =>
    file('set.zip', make.zipBytes(Object.entries(entries).map(([name, content]) => ({ name, content }))))

  it('with parts and a common root; classes by name, junk and texts passed over', async () => {
    const read = await images([
      zip({
        'root/train/dog/1.png': red,
        'root/train/cat/2.png': grey,
        'root/train/cat/sub/3.png': grey,
        'root/test/dog/4.png': red,
        'root/test/5.png': red,
        'root/.DS_Store': 'x',
        '__MACOSX/root/train/dog/._1.png': 'x',
        'root/readme.txt': 'hello'
      })
    ])
    expect([read.name, read.classNames]).toEqual(['root', ['cat', 'dog']])
    expect([[...read.pool.labels], [...read.test!.labels]]).toEqual([[1, 0, 0], [1]])
    expect([...read.pool.images.slice(0, 3), ...read.pool.images.slice(192, 195)]).toEqual([
      200, 0, 0, 90, 90, 90
    ])
    expect(codes(read)).toEqual(['unlabelledTestLeftOut'])
  })

  it('from a folder, with unlabelled images', async () => {
    const files = ['f/b/1.png', 'f/a/2.png', 'f/unlabelled/3.png', 'f/4.png'].map(name => file(name, grey))
    const read = await images(files)
    expect([read.shape.channels, read.classNames, [...read.pool.labels]]).toEqual([
      1,
      ['a', 'b'],
      [1, 0, UNLABELLED, UNLABELLED]
    ])
    const flat = await images(files.slice(0, 1).concat(file('f/b/9.png', red)))
    expect([flat.classNames, [...flat.pool.labels]]).toEqual([[], [UNLABELLED, UNLABELLED]])
  })

  it('one archive for each class', async () => {
    const one = make.zipBytes([{ name: '0.png', content: grey }])
    const read = await images([file('Rock-samples.zip', one), file('Paper-samples.zip', one)])
    expect([read.classNames, [...read.pool.labels]]).toEqual([
      ['Paper', 'Rock'],
      [1, 0]
    ])
  })

  it('with names as Windows (CP932) and macOS (decomposed) write them', async () => {
    const inu = Uint8Array.of(0x8c, 0xa2) // 犬
    const entries = [
      { name: Uint8Array.from([...inu, ...Buffer.from('/1.png')]), content: grey },
      { name: 'か\u3099/2.png', content: grey }
    ]
    const { classNames } = await images([file('a.zip', make.zipBytes(entries))])
    expect(classNames).toEqual(['が', '犬'])
  })

  it('of several sizes become one size; what is no image is left out', async () => {
    const read = await images([
      zip({
        'a/1.png': make.plainPng(40, [10]),
        'b/2.png': make.plainPng(9, [20]),
        'b/3.png': 'no image',
        'a/4.png': red.slice(0, 50)
      })
    ])
    expect(read.shape).toEqual({ height: 32, width: 32, channels: 1 })
    expect([new Set(read.pool.images), [...read.pool.labels]]).toEqual([new Set([10, 20]), [0, 1]])
    expect(read.remarks).toEqual([
      { code: 'fitted', parameters: { side: 32 } },
      { code: 'imagesLeftOut', parameters: { count: 2, file: 'set.zip › a/4.png' } }
    ])
    expect(
      (await images([zip({ 'a/1.png': grey, 'b/2.png': grey })], { colour: 'colour', side: 28 })).shape
    ).toEqual({
      height: 28,
      width: 28,
      channels: 3
    })
  })

  it('with a table of labels beside them, which counts more than folders', async () => {
    const read = await images([
      zip({
        'hub/train/metadata.csv': '\ufefffile_name,text,label\n1.png,"a, b",bee\nsub/2.png,,ant\n3.png,,\n',
        'hub/train/1.png': red,
        'hub/train/sub/2.png': red,
        'hub/train/3.png': red,
        'hub/train/4.png': red,
        'hub/test/metadata.jsonl':
          '{"file_name":"5.png","label":"ant"}\n{"file_name":"6.png","label":"bee"}\n',
        'hub/test/5.png': red,
        'hub/test/6.png': red
      })
    ])
    expect(read.classNames).toEqual(['ant', 'bee'])
    // in the order of the archive
    expect([...read.pool.labels]).toEqual([1, 0, UNLABELLED, UNLABELLED])
    expect([...read.test!.labels]).toEqual([0, 1])
    expect(read.remarks[0]).toEqual({
      code: 'labelsFromTable',
      parameters: { file: 'set.zip › hub/train/metadata.csv' }
    })
  })

  it.each<[string, string, string, [string, string][], string[]]>([
    ['plain', 'csv', 'a.png,x\nb.png,y\nc.png,y', [], []],
    ['whose last line ends in a separator', 'csv', 'a.png,x,\nb.png,y,\nc.png,y,', [], []],
    ['with blanks around marks', 'csv', ' "a.png" ,x\n"b.png" , "y" \nc.png,"y"\n', [], []],
    ['with empty lines', 'csv', '\na.png,x\n\nb.png,y\nc.png,y\n,,\n', [], []],
    [
      'with two rows for a file',
      'csv',
      'a.png,y\nb.png,y\na.png,x\nc.png,y\n',
      [],
      ['labelRowsRepeated 1 a.png']
    ],
    [
      'with rows for no file, and a file without a row',
      'csv',
      'a.png,x\nq.png,y\nb.png,y\nr.png,x\n',
      [['c.png', '']],
      ['labelRowsWithoutImage 2 q.png', 'imagesNotInTable 1 ']
    ],
    [
      'with a broken line',
      'jsonl',
      '{"file_name":"a.png","label":"x"}\n{"file_name":"b.png","label"\n\n{"file_name":"c.png","label":"y"}\n',
      [['b.png', '']],
      ['labelRowsWithoutImage 1 ', 'imagesNotInTable 1 ']
    ]
  ])('with a table %s', async (_, ending, rows, unknown, said) => {
    const table = ending === 'csv' ? `file_name,label,note\n${rows}` : rows
    const wanted = new Map([['a.png', 'x'], ['b.png', 'y'], ['c.png', 'y'], ...unknown])
    const pictures = [...wanted.keys()].map(name => file(`set/${name}`, red))
    const read = await images([...pictures, file(`set/metadata.${ending}`, new TextEncoder().encode(table))])
    const labels = Array.from(read.pool.labels, c => (c === UNLABELLED ? '' : read.classNames[c]))
    expect(labels).toEqual([...wanted.values()])
    const [first, ...remarks] = read.remarks
    expect(first.code).toBe('labelsFromTable')
    expect(remarks.map(({ code, parameters: p }) => `${code} ${p.count} ${p.name ?? ''}`)).toEqual(said)
    for (const locale of locales)
      for (const { code, parameters } of remarks) {
        const say = catalogues[locale].notices[code] as (p: object) => string
        expect(say(parameters)).not.toMatch(/undefined|\(the first is \)|最初は）/)
      }
  })

  it('with a table that knows none of the images, says so where nothing else labels them', async () => {
    const table = (rows: string) => new TextEncoder().encode(`file_name,label\n${rows}`)
    const wrong = file('set/labels.csv', table('1.png,x\n2.png,y\n'))
    const bare = await images([file('set/a.png', red), file('set/b.png', red), wrong])
    expect([...bare.pool.labels]).toEqual([UNLABELLED, UNLABELLED])
    expect(bare.remarks).toEqual([
      { code: 'labelRowsWithoutImage', parameters: { count: 2, file: wrong.name, name: '1.png' } }
    ])
    const inClasses = await images([file('set/ant/a.png', red), file('set/bee/b.png', red), wrong])
    expect(inClasses.classNames).toEqual(['ant', 'bee'])
    expect(inClasses.remarks).toEqual([])
  })

  it('with a table that names files without their ending, numbers the classes and says the parts', async () => {
    const table = 'id;split;class\na;train;10\nb;train;2\nc;test;10\n'
    const pictures = ['a', 'b', 'c'].map(name => file(`photos/${name}.png`, red))
    const text = file('photos/labels.csv', new TextEncoder().encode(table))
    const read = await images([text, ...pictures])
    expect([read.classNames, [...read.pool.labels], [...read.test!.labels]]).toEqual([
      ['2', '10'],
      [1, 0],
      [1]
    ])
    // one that knows none of the images is no such table
    const strange = await images([
      file('f/notes.csv', new TextEncoder().encode('id,label\nx,1\n')),
      ...['f/a/1.png', 'f/b/2.png'].map(name => file(name, red))
    ])
    expect([strange.classNames, [...strange.pool.labels]]).toEqual([
      ['a', 'b'],
      [0, 1]
    ])
  })

  it('can be called off', async () => {
    const abort = new AbortController()
    const progress = () => abort.abort(new Error('enough'))
    await expect(
      readFiles([zip({ 'a/1.png': grey, 'b/2.png': grey })], { signal: abort.signal, progress })
    ).rejects.toThrow('enough')
  })
})
