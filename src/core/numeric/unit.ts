/** Rows scaled to length 1, and the gradient through that; float64 inside, row-major [rows, size]. */

export interface Unit {
  /** unit rows [rows, size] */
  rows: Float64Array
  /** lengths before [rows] */
  lengths: Float64Array
}

/** Rows shorter than this are divided by it: a zero row stays zero. */
const SHORTEST = 1e-12

export function unitRows(values: ArrayLike<number>, size: number): Unit {
  const rows = Float64Array.from(values)
  const lengths = new Float64Array(rows.length / size)
  for (let r = 0; r < lengths.length; r++) {
    let sum = 0
    for (let i = r * size; i < (r + 1) * size; i++) sum += rows[i] * rows[i]
    lengths[r] = Math.max(Math.sqrt(sum), SHORTEST)
    for (let i = r * size; i < (r + 1) * size; i++) rows[i] /= lengths[r]
  }
  return { rows, lengths }
}

/** From the gradient at the unit rows to that at the rows before: (g - (g·u) u) / length. */
export function unitGradient({ rows, lengths }: Unit, gradient: Float64Array, size: number): Float32Array {
  const out = new Float32Array(gradient.length)
  for (let r = 0; r < lengths.length; r++) {
    let along = 0
    for (let i = r * size; i < (r + 1) * size; i++) along += gradient[i] * rows[i]
    for (let i = r * size; i < (r + 1) * size; i++) out[i] = (gradient[i] - along * rows[i]) / lengths[r]
  }
  return out
}

/** Inner product of row i of a and row j of b. */
export function dot(a: Float64Array, i: number, b: Float64Array, j: number, size: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  let x = i * size
  let y = j * size
  const end = x + size - 3
  for (; x < end; x += 4, y += 4) {
    s0 += a[x] * b[y]
    s1 += a[x + 1] * b[y + 1]
    s2 += a[x + 2] * b[y + 2]
    s3 += a[x + 3] * b[y + 3]
  }
  for (const stop = (i + 1) * size; x < stop; x++, y++) s0 += a[x] * b[y]
  return s0 + s1 + (s2 + s3)
}

/** to[row i] += factor x from[row j]. */
export function addRow(
  to: Float64Array,
  i: number,
  from: Float64Array,
  j: number,
  factor: number,
  size: number
): void {
  for (let d = 0, x = i * size, y = j * size; d < size; d++) to[x + d] += factor * from[y + d]
}
