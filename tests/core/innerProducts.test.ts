import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { innerProducts, weightedSums } from '../../src/core/numeric/innerProducts.ts'

// whole numbers: every sum is exact, whatever its order
const whole = fc.integer({ min: -9, max: 9 })
const matrix = (rows: number, columns: number) =>
  fc
    .array(whole, { minLength: rows * columns, maxLength: rows * columns })
    .map(values => Float64Array.from(values))
const shapes = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 11 }),
  fc.integer({ min: 1, max: 6 })
)
const cells = (rows: number, columns: number, of: (i: number, j: number) => number) =>
  Array.from({ length: rows * columns }, (_, at) => of(Math.floor(at / columns), at % columns))
const sum = (n: number, of: (i: number) => number) =>
  Array.from({ length: n }, (_, i) => of(i)).reduce((a, b) => a + b, 0)

describe('products of matrices in blocks', () => {
  it('are all inner products of rows, for numbers of rows that no block divides', () => {
    fc.assert(
      fc.property(
        shapes.chain(([n, m, size]) => fc.tuple(fc.constant([n, m, size]), matrix(n, size), matrix(m, size))),
        ([[n, m, size], a, b]) => {
          const expected = cells(n, m, (i, j) => sum(size, d => a[i * size + d] * b[j * size + d]))
          expect([...innerProducts(a, b, size)].map(v => v + 0)).toEqual(expected.map(v => v + 0))
        }
      )
    )
  })

  it('are weighted sums of rows', () => {
    fc.assert(
      fc.property(
        shapes.chain(([n, m, size]) => fc.tuple(fc.constant([n, m, size]), matrix(n, m), matrix(m, size))),
        ([[n, m, size], weights, b]) => {
          const expected = cells(n, size, (i, d) => sum(m, j => weights[i * m + j] * b[j * size + d]))
          expect([...weightedSums(weights, b, size)].map(v => v + 0)).toEqual(expected.map(v => v + 0))
        }
      )
    )
  })

  it('are summed from first to last, whatever the block', () => {
    const [n, m, size] = [3, 7, 5]
    const values = (count: number) => Float64Array.from({ length: count }, (_, i) => 1 / (i + 3))
    const [a, weights, b] = [values(n * size), values(n * m), values(m * size)]
    const along = (count: number, of: (i: number) => number) => {
      let total = 0
      for (let i = 0; i < count; i++) total += of(i)
      return total
    }
    expect([...innerProducts(a, b, size)]).toEqual(
      cells(n, m, (i, j) => along(size, d => a[i * size + d] * b[j * size + d]))
    )
    expect([...weightedSums(weights, b, size)]).toEqual(
      cells(n, size, (i, d) => along(m, j => weights[i * m + j] * b[j * size + d]))
    )
  })
})
