/**
 * Products of row-major float64 matrices, in blocks of two rows by four or one by four: as many sums as a processor has
 * registers for, so that a number is read once for several of them. Each sum goes along its inner dimension from first to last, so it does
 * not depend on the block it is in. + and x alone: the same bits on every machine.
 */

/** All inner products of rows: [n, m] of a [n, size] and b [m, size]. */
export function products(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const [n, m] = [a.length / size, b.length / size]
  const out = new Float64Array(n * m)
  for (let i = 0; i < n; i += 2) {
    const a0 = i * size
    // the last of an odd number is taken twice
    const a1 = i + 1 < n ? a0 + size : a0
    const to0 = i * m
    const to1 = i + 1 < n ? to0 + m : to0
    let j = 0
    for (; j + 3 < m; j += 4) {
      const b0 = j * size
      const b1 = b0 + size
      const b2 = b1 + size
      const b3 = b2 + size
      let s00 = 0
      let s01 = 0
      let s02 = 0
      let s03 = 0
      let s10 = 0
      let s11 = 0
      let s12 = 0
      let s13 = 0
      for (let d = 0; d < size; d++) {
        const x = a[a0 + d]
        const y = a[a1 + d]
        const p = b[b0 + d]
        const q = b[b1 + d]
        const r = b[b2 + d]
        const s = b[b3 + d]
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
    for (; j < m; j++) {
      let s0 = 0
      let s1 = 0
      for (let d = 0; d < size; d++) {
        const p = b[j * size + d]
        s0 += a[a0 + d] * p
        s1 += a[a1 + d] * p
      }
      out[to0 + j] = s0
      out[to1 + j] = s1
    }
  }
  return out
}

/** Weighted sums of rows: [n, size], row i is the sum over j of weights[i, j] times row j of b [m, size]. */
export function weightedSums(weights: Float64Array, b: Float64Array, size: number): Float64Array {
  const m = b.length / size
  const n = weights.length / m
  const out = new Float64Array(n * size)
  for (let i = 0; i < n; i++) {
    const to = i * size
    let at = i * m
    let b0 = 0
    const end = at + m - 3
    for (; at < end; at += 4, b0 += 4 * size) {
      const w0 = weights[at]
      const w1 = weights[at + 1]
      const w2 = weights[at + 2]
      const w3 = weights[at + 3]
      const b1 = b0 + size
      const b2 = b1 + size
      const b3 = b2 + size
      for (let d = 0; d < size; d++)
        out[to + d] = out[to + d] + w0 * b[b0 + d] + w1 * b[b1 + d] + w2 * b[b2 + d] + w3 * b[b3 + d]
    }
    for (const stop = (i + 1) * m; at < stop; at++, b0 += size)
      for (let d = 0; d < size; d++) out[to + d] += weights[at] * b[b0 + d]
  }
  return out
}
