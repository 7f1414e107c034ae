import { describe, expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { UNLABELLED } from '../../src/data/formats/format.ts'
import { readFiles, type InputFile } from '../../src/data/formats/index.ts'
import { file, gzipped } from './idxFiles.ts'

const PIXELS = 64
const pixel = (i: number, p: number) => (p < 2 || p > 61 ? 0 : (p * 31 + i * 17) & 255)
const label = (i: number) => (i * 7) % 3
const row = (i: number, pixels = PIXELS) => Array.from({ length: pixels }, (_, p) => pixel(i, p))
const names = Array.from({ length: PIXELS }, (_, p) => `pixel${p}`)
const table = (rows: readonly (readonly (number | string)[])[], separator = ',', end = '\n') =>
  rows.map(cells => cells.join(separator)).join(end)
const csvFile = (name: string, text: string): InputFile => file(name, new TextEncoder().encode(text))
const some = Array.from({ length: 9 }, (_, i) => i)
const bare = table(some.map(i => [label(i), ...row(i)]))

async function readImages(files: readonly InputFile[]) {
  const read = await readFiles(files)
  if (read.kind !== 'images') throw new Error('features')
  return read
}

describe('a table of pixels', () => {
  const expected = some.flatMap(i => row(i))
  it.each([
    ['label first, names', table([['label', ...names], ...some.map(i => [label(i), ...row(i)])])],
    ['label last, names', table([[...names, 'label'], ...some.map(i => [...row(i), label(i)])])],
    ['label first, no names', bare],
    ['label last, no names', table(some.map(i => [...row(i), label(i)]))],
    ['a line break at the end', bare + '\n'],
    [
      'lines of Windows',
      table(
        some.map(i => [label(i), ...row(i)]),
        ',',
        '\r\n'
      )
    ],
    [
      'semicolons',
      table(
        some.map(i => [label(i), ...row(i)]),
        ';'
      )
    ],
    [
      'tabs',
      table(
        some.map(i => [label(i), ...row(i)]),
        '\t'
      )
    ],
    ['quotes', table(some.map(i => [label(i), ...row(i)].map(n => `"${n}"`)))],
    ['whole numbers with a point', table(some.map(i => [label(i), ...row(i).map(n => n.toFixed(1))]))],
    ['parts of one', table(some.map(i => [label(i), ...row(i).map(n => n / 255)]))],
    ['a byte order mark', '\ufeff' + table([['label', ...names], ...some.map(i => [label(i), ...row(i)])])]
  ])('%s', async (_, text) => {
    const read = await readImages([csvFile('x.csv', text)])
    expect(read.shape).toEqual({ height: 8, width: 8, channels: 1 })
    expect([...read.pool.images]).toEqual(expected)
    expect([...read.pool.labels]).toEqual(some.map(label))
    expect(read.classNames).toEqual(['0', '1', '2'])
  })

  it('of colours has them side by side', async () => {
    const read = await readImages([csvFile('x.csv', table(some.map(i => [...row(i, 3 * PIXELS), label(i)])))])
    expect(read.shape).toEqual({ height: 8, width: 8, channels: 3 })
    expect([...read.pool.images]).toEqual(some.flatMap(i => row(i, 3 * PIXELS)))
    expect([...read.pool.labels]).toEqual(some.map(label))
  })

  it('of zeros and ones is black and white', async () => {
    const text = table(some.map(i => [label(i), ...row(i).map(n => n & 1)]))
    const read = await readImages([csvFile('x.csv', text)])
    expect([...read.pool.images]).toEqual(some.flatMap(i => row(i).map(n => 255 * (n & 1))))
  })

  it('in two files is a pool and a test part; rows without labels join the pool', async () => {
    const [train, test] = ['mnist_train.csv.gz', 'mnist_test.csv']
    const parts = await readImages([
      csvFile(test, table(some.slice(0, 4).map(i => [label(i), ...row(i)]))),
      file(train, gzipped(new TextEncoder().encode(bare)))
    ])
    expect([parts.name, parts.pool.labels.length, parts.test?.labels.length]).toEqual(['MNIST', 9, 4])
    const kaggle = await readImages([
      csvFile('train.csv', table([['label', ...names], ...some.map(i => [label(i), ...row(i)])])),
      csvFile('test.csv', table([names, ...some.slice(0, 2).map(i => row(i))]))
    ])
    expect(kaggle.test).toBeUndefined()
    expect([...kaggle.pool.labels]).toEqual([...some.map(label), UNLABELLED, UNLABELLED])
  })

  const cell = (r: number, c: number, value: string) =>
    table(some.map(i => [label(i), ...row(i)].map((n, at) => (i === r && at === c ? value : n))))
  const cases: [string, string, string, object][] = [
    ['a word among numbers', cell(2, 5, 'abc'), 'badNumber', { row: 3, column: 6 }],
    ['an empty field', cell(2, 5, ''), 'badNumber', { row: 3, column: 6 }],
    ['a row cut off', bare.slice(0, -20), 'raggedTable', { row: 9, expected: 65 }],
    ['a row too long', bare + ',1', 'raggedTable', { row: 9, expected: 65, found: 66 }],
    ['a pixel too large', cell(1, 4, '256'), 'badPixel', { value: 256 }],
    ['a pixel below zero', cell(1, 4, '-3'), 'badPixel', { value: -3 }],
    ['a broken pixel', cell(1, 4, '12.5'), 'badPixel', { value: 12.5 }],
    ['a broken label', cell(1, 0, '0.5'), 'badLabel', { value: '0.5' }],
    ['no rows', table([['label', ...names]]) + '\n', 'noImages', {}],
    ['columns that make no square', table(some.map(i => row(i, 60))), 'notPixels', { columns: 60 }]
  ]
  it.each(cases)('with %s is refused with the place', async (_, text, code, parameters) => {
    const error = await readFiles([csvFile('x.csv', text)]).then(
      () => undefined,
      (e: DataError) => e
    )
    expect(error).toBeInstanceOf(DataError)
    expect(error!.code).toBe(code)
    expect(error!.parameters).toMatchObject({ file: 'x.csv', ...parameters })
  })
})
