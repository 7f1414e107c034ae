/** Which numbers are pixels, and what becomes of them: one scale for all parts, nothing spoilt in silence. */
import { describe, expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import type { ImageRead } from '../../src/data/formats/format.ts'
import { readFiles } from '../../src/data/formats/index.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { locales } from '../../src/i18n/index.ts'
import * as make from './containers.ts'
import { file } from './idxFiles.ts'

const [n, side] = [3, 8]
const SIZE = side * side
const dtypes = {
  '|u1': Uint8Array,
  '<u2': Uint16Array,
  '<i4': Int32Array,
  '<f4': Float32Array,
  '<f8': Float64Array
}
type Dtype = keyof typeof dtypes

/** Numbers as NumPy writes them, [count, side, side] or flat. */
const array = (dtype: Dtype, values: readonly number[], flat = false) =>
  make.npyBytes(
    dtype,
    flat ? [values.length / SIZE, SIZE] : [values.length / SIZE, side, side],
    new Uint8Array(dtypes[dtype].from(values).buffer)
  )
const labels = (count: number) =>
  make.npyBytes(
    '|u1',
    [count],
    Uint8Array.from({ length: count }, (_, i) => i % 2)
  )
const read = (arrays: Record<string, Uint8Array>) => {
  const ys = Object.keys(arrays).map(key => [key.replace('x', 'y'), labels(n)])
  return readFiles([
    file('a.npz', make.npzBytes({ ...arrays, ...Object.fromEntries(ys) }))
  ]) as Promise<ImageRead>
}
/** All bytes there are, 0 and 255 among them. */
const bytes = (from = 0) => Array.from({ length: n * SIZE }, (_, i) => (from + i * 85) & 255)
const parts = (from = 0) => bytes(from).map(v => v / 255)

describe('pixels', () => {
  it.each<[string, Dtype]>([
    ['single', '<f4'],
    ['double', '<f8']
  ])('that lead a little beyond 0 and 1 are still parts of 1 (%s)', async (_, dtype) => {
    const beyond = parts().map(v => (v === 1 ? 1.0000001 : v === 0 ? -2e-7 : v))
    const { pool, test } = await read({ x_train: array(dtype, beyond), x_test: array(dtype, parts(3)) })
    expect([...pool.images]).toEqual(bytes())
    expect([...test!.images]).toEqual(bytes(3))
  })

  it('in tables are told alike', async () => {
    const beyond = parts().map(v => (v === 1 ? 1.0000001 : v))
    const { kind, pool, test } = await read({
      x_train: array('<f4', parts(3), true),
      x_test: array('<f4', beyond, true)
    })
    expect(kind).toBe('images')
    expect([[...pool.images], [...test!.images]]).toEqual([bytes(3), bytes()])
  })

  it('have one scale in all parts: what is black and white alone is dark beside bytes', async () => {
    const dark = bytes().map(v => v & 1)
    const { pool, test } = await read({ x_train: array('<f4', bytes()), x_test: array('<f4', dark) })
    expect([[...pool.images], [...test!.images]]).toEqual([bytes(), dark])
    const alone = await read({ x_train: array('<f4', dark), x_test: array('<f4', dark) })
    expect([...alone.pool.images]).toEqual(dark.map(v => 255 * v))
    const mixed = await read({ x_train: array('<f4', parts()), x_test: array('<i4', dark) })
    expect([...mixed.test!.images]).toEqual(dark.map(v => 255 * v))
  })

  it('that were resized have fractions, and are rounded', async () => {
    const resized = bytes().map(v => (v === 255 ? 255.2 : v === 0 ? -0.2 : v + 0.3))
    const { pool } = await read({ x: array('<f4', resized) })
    expect([...pool.images]).toEqual(bytes())
  })

  it.each<Dtype>(['|u1', '<u2', '<i4', '<f4', '<f8'])(
    'of several parts follow one another (%s)',
    async dtype => {
      const { pool, test } = await read({
        x_train: array(dtype, bytes(1)),
        x_val: array(dtype, bytes(2)),
        x_test: array(dtype, bytes(3))
      })
      expect([...pool.images]).toEqual([...bytes(1), ...bytes(2)])
      expect([...test!.images]).toEqual(bytes(3))
    }
  )

  const first = (value: number, values: readonly number[]) => [value, ...values.slice(1)]
  it.each<[string, Record<string, Uint8Array>, string, object]>([
    ['fractions up to 1.3', { x: array('<f4', first(1.3, parts())) }, 'unclearScale', { most: 1.3 }],
    [
      'fractions up to 9',
      {
        x: array(
          '<f8',
          first(
            0.5,
            bytes().map(v => v % 10)
          )
        )
      },
      'unclearScale',
      { most: 9 }
    ],
    [
      'parts of 1 beside bytes',
      { x_train: array('|u1', bytes()), x_test: array('<f4', parts()) },
      'scalesDiffer',
      { file: 'a.npz › x_test.npy', most: 1, other: 'a.npz › x_train.npy', otherMost: 255 }
    ],
    ['less than 0', { x: array('<f4', first(-0.1, parts())) }, 'badPixel', { value: Math.fround(-0.1) }],
    ['more than 255', { x: array('<i4', first(256, bytes())) }, 'badPixel', { value: 256 }],
    [
      'no number in one part',
      { x_train: array('<f4', parts()), x_test: array('<f4', first(NaN, parts())) },
      'badPixel',
      { file: 'a.npz › x_test.npy', value: NaN }
    ],
    ['no number', { x: array('<f4', first(NaN, parts())) }, 'badPixel', { value: NaN }]
  ])('of %s are refused', async (_, arrays, code, parameters) => {
    const error = await read(arrays).then(
      () => undefined,
      (e: unknown) => e
    )
    expect(error).toBeInstanceOf(DataError)
    const refused = error as DataError
    expect(refused.code).toBe(code)
    expect(refused.parameters).toMatchObject(parameters)
    for (const locale of locales) {
      const say = catalogues[locale].notices[refused.code] as (p: DataError['parameters']) => string
      expect(say(refused.parameters)).not.toContain('undefined')
    }
  })
})

it.each(['x', 'y'])('an array of no columns is refused (%s)', async which => {
  const empty = make.npyBytes('<f4', [n, 0], new Uint8Array(0))
  const arrays = { x: array('|u1', bytes()), y: labels(n), [which]: empty }
  await expect(readFiles([file('a.npz', make.npzBytes(arrays))])).rejects.toMatchObject({
    code: 'unsupportedDimensions',
    parameters: { file: `a.npz › ${which}.npy`, dimensions: '3×0' }
  })
})
