/**
 * Products of row-major float64 matrices, in blocks of two rows by four columns: as many sums as a processor has registers
 * for, so that a number is read once for several of them. Each sum goes along its inner dimension from first to last, so it does
 * not depend on the block it is in. + and x alone: the same bits on every machine.
 */

/** All inner products of rows: [n, m] of a [n, size] and b [m, size]. */
export function innerProducts(a: Float64Array, b: Float64Array, size: number): Float64Array {
  return blocked(a, size, b, b.length / size, size, 1)
}

/** Weighted sums of rows: [n, size], row i is the sum over j of weights[i, j] times row j of b [m, size]. */
export function weightedSums(weights: Float64Array, b: Float64Array, size: number): Float64Array {
  return blocked(weights, b.length / size, b, size, 1, size)
}

/** a [rows, inner] times a matrix [inner, columns] whose entry (k, j) is b[column j + step k]. */
function blocked(
  a: Float64Array,
  inner: number,
  b: Float64Array,
  columns: number,
  column: number,
  step: number
): Float64Array {
  const rows = a.length / inner
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i += 2) {
    const a0 = i * inner
    // the last of an odd number is taken twice
    const a1 = i + 1 < rows ? a0 + inner : a0
    const to0 = i * columns
    const to1 = i + 1 < rows ? to0 + columns : to0
    let j = 0
    for (; j + 3 < columns; j += 4) {
      const b0 = j * column
      const b1 = b0 + column
      const b2 = b1 + column
      const b3 = b2 + column
      let s00 = 0
      let s01 = 0
      let s02 = 0
      let s03 = 0
      let s10 = 0
      let s11 = 0
      let s12 = 0
      let s13 = 0
      for (let k = 0, at = 0; k < inner; k++, at += step) {
        const x = a[a0 + k]
        const y = a[a1 + k]
        const p = b[b0 + at]
        const q = b[b1 + at]
        const r = b[b2 + at]
        const s = b[b3 + at]
        s00 += x * p
        s01 += x * q
        s02 += x * r
        s03 += x * s
        s10 += y * p
        s11 += y * q
        s12 += y * r
        s13 += y * s
      }
      out[to0 + j] = s00
      out[to0 + j + 1] = s01
      out[to0 + j + 2] = s02
      out[to0 + j + 3] = s03
      out[to1 + j] = s10
      out[to1 + j + 1] = s11
      out[to1 + j + 2] = s12
      out[to1 + j + 3] = s13
    }
    for (; j < columns; j++) {
      let s0 = 0
      let s1 = 0
      for (let k = 0, at = j * column; k < inner; k++, at += step) {
        s0 += a[a0 + k] * b[at]
        s1 += a[a1 + k] * b[at]
      }
      out[to0 + j] = s0
      out[to1 + j] = s1
    }
  }
  return out
}
