import { describe, expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { UNLABELLED } from '../../src/data/formats/format.ts'
import { readFiles, type InputFile } from '../../src/data/formats/index.ts'
import type { End } from '../../src/data/formats/labelColumn.ts'
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
    [
      'lines of old Macs',
      table(
        some.map(i => [label(i), ...row(i)]),
        ',',
        '\r'
      )
    ],
    ['blanks around numbers', bare.replace(/[^\n]+$/, last => last.replaceAll(',', ' , '))],
    ['quotes', table(some.map(i => [label(i), ...row(i)].map(n => `"${n}"`)))],
    ['whole numbers with a point', table(some.map(i => [label(i), ...row(i).map(n => n.toFixed(1))]))],
    ['parts of one', table(some.map(i => [label(i), ...row(i).map(n => n / 255)]))],
    [
      'row numbers, as pandas writes them',
      table([['', 'label', ...names], ...some.map(i => [i, label(i), ...row(i)])])
    ],
    [
      'row numbers, tabs, the label last',
      table([['', ...names, 'label'], ...some.map(i => [i, ...row(i), label(i)])], '\t')
    ],
    [
      'row numbers that were read and written again',
      table([['Unnamed: 0', 'label', ...names], ...some.map(i => [i, label(i), ...row(i)])])
    ],
    [
      'row numbers of two readings, and those of the third',
      table([
        ['', 'Unnamed: 0.1', 'Unnamed: 0', 'label', ...names],
        ...some.map(i => [i, i, i, label(i), ...row(i)])
      ])
    ],
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

  it('of parts of one may go a little beyond', async () => {
    const beyond = (n: number) => (n === 0 ? -1e-7 : n === 255 ? 1.0000001 : n / 255)
    const ends = (n: number) => (n > 240 ? 255 : n)
    const text = table(some.map(i => [label(i), ...row(i).map(n => beyond(ends(n)))]))
    const read = await readImages([csvFile('x.csv', text)])
    expect([...read.pool.images]).toEqual(some.flatMap(i => row(i).map(ends)))
    expect(read.pool.images).toContain(255)
  })

  const dark = (i: number) => row(i).map(n => n & 1)
  const withLast = (pixels: readonly number[], last: number) => [...pixels.slice(0, -1), last]
  const rows = (of: (i: number) => readonly number[]) =>
    table([['label', ...names], ...some.map(i => [label(i), ...of(i)])])

  it('of zeros and ones with more at an end are bytes', async () => {
    const of = (i: number) => withLast(dark(i), i % 2 ? 200 : 0)
    const read = await readImages([csvFile('x.csv', rows(of))])
    expect([...read.pool.images]).toEqual(some.flatMap(of))
  })

  it('has one scale in all files', async () => {
    const read = await readImages([
      csvFile(
        'train.csv',
        rows(i => row(i))
      ),
      csvFile('test.csv', rows(dark))
    ])
    expect([...read.pool.images]).toEqual(expected)
    expect([...read.test!.images]).toEqual(some.flatMap(dark))
    const parts = csvFile(
      'test.csv',
      rows(i => row(i).map(n => n / 510))
    )
    await expect(readImages([csvFile('train.csv', bare), parts])).rejects.toMatchObject({
      code: 'scalesDiffer',
      parameters: { file: 'test.csv', other: 'train.csv', otherMost: 255 }
    })
  })

  it('in two files is a pool and a test part; rows without labels join the pool', async () => {
    const [train, test] = ['mnist_train.csv.gz', 'mnist_test.csv']
    const ends = table(some.map(i => [9 * (i % 2), ...row(i)]))
    const parts = await readImages([
      csvFile(test, ends.split('\n', 4).join('\n')),
      file(train, gzipped(new TextEncoder().encode(ends)))
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
  const numbered = (r: number, c: number, value: string) =>
    table([
      ['', 'label', ...names],
      ...some.map(i => [i, label(i), ...row(i)].map((n, at) => (i === r && at === c ? value : n)))
    ])
  const cases: [string, string, string, object][] = [
    ['a word among numbers', cell(2, 5, 'abc'), 'badNumber', { row: 3, column: 6, value: 'abc' }],
    ['a class by its name', cell(2, 0, 'ねこ'), 'badNumber', { row: 3, column: 1, value: 'ねこ' }],
    ['a word beside row numbers', numbered(2, 1, 'abc'), 'badNumber', { row: 3, column: 2, value: 'abc' }],
    ['a word as a row number', numbered(2, 0, 'abc'), 'badNumber', { row: 3, column: 1, value: 'abc' }],
    [
      'row numbers, one row too long',
      numbered(8, 65, '1,1'),
      'raggedTable',
      { row: 9, expected: 66, found: 67 }
    ],
    ['an empty field', cell(2, 5, ''), 'badNumber', { row: 3, column: 6 }],
    ['a row cut off', bare.slice(0, -20), 'raggedTable', { row: 9, expected: 65 }],
    ['a row too long', bare + ',1', 'raggedTable', { row: 9, expected: 65, found: 66 }],
    ['a pixel too large', cell(1, 4, '256'), 'badPixel', { value: 256 }],
    ['a pixel below zero', cell(1, 4, '-3'), 'badPixel', { value: -3 }],
    ['a broken pixel', cell(1, 4, '12.5'), 'badPixel', { value: 12.5 }],
    ['a broken pixel at the end', cell(1, 64, '0.5'), 'badPixel', { value: 0.5 }],
    ['two numbers in a field', cell(2, 5, '1 2'), 'badNumber', { row: 3, column: 6, value: '1 2' }],
    ['a mark in a number', cell(2, 5, '1"2'), 'badNumber', { row: 3, column: 6 }],
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

describe('the label of a table without names', () => {
  const [n, inner] = [60, 63]
  const between = (i: number) => Array.from({ length: inner }, (_, p) => (i * 37 + p * 11) & 255)
  const text = (first: (i: number) => number, last: (i: number) => number, count = n) =>
    table(Array.from({ length: count }, (_, i) => [first(i), ...between(i), last(i)]))
  const digit = (i: number) => i % 10
  const gaps = (i: number) => [0, 4, 9][i % 3]
  /** sixty rows, fifty values */
  const photo = (i: number) => (i % 50) * 5

  it.each<[string, string, End, boolean]>([
    ['first, the last pixel with fewer values', text(digit, gaps), 'first', true],
    ['last, the first pixel with gaps', text(gaps, digit), 'last', true],
    ['first, as is the custom, where both are counted through', text(digit, i => i % 3), 'first', true],
    ['first, where both have gaps', text(gaps, i => 7 * (i % 4)), 'first', true],
    ['last, the first pixel of photographs', text(photo, gaps), 'last', false],
    ['first, the last pixel of photographs', text(gaps, photo), 'first', false],
    ['last, the first pixel of one value', text(() => 7, gaps), 'last', false],
    ['last, some without a label', text(digit, i => digit(i) - 1), 'last', false],
    ['last, of more classes than a pixel has values', text(digit, i => 240 + (i % 20)), 'last', false]
  ])('is %s', async (_, table, end, said) => {
    const { pool, classNames, remarks } = await readImages([csvFile('x.csv', table)])
    const values = table.split('\n').map(line => Number(line.split(',').at(end === 'first' ? 0 : -1)))
    const named = Array.from(pool.labels, c => (c === UNLABELLED ? -1 : Number(classNames[c])))
    expect(named).toEqual(values)
    expect(remarks.filter(({ code }) => code === 'labelColumnGuessed')).toEqual(
      said
        ? [{ code: 'labelColumnGuessed', parameters: { file: 'x.csv', column: end === 'first' ? 1 : 65 } }]
        : []
    )
  })

  it('is the same in all files', async () => {
    // eight rows alone would speak for the last column
    const parts = await readImages([
      csvFile(
        'train.csv',
        text(digit, () => 0)
      ),
      csvFile(
        'test.csv',
        text(digit, i => i % 2, 8)
      )
    ])
    expect(parts.classNames).toHaveLength(10)
    expect([...parts.test!.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })
})
