/**
 * Principal components of many small images by subspace iteration (Halko, Martinsson & Tropp, "Finding structure with
 * randomness", SIAM Review 2011: a random start, powers of the covariance, Rayleigh-Ritz). Only + - * / and sqrt in a
 * fixed order, so every machine gets the same bits. The components are fitted on evenly spaced rows where there are
 * many: a few thousand images fix sixty directions well enough, and fitting costs more than projecting.
 */
import { uniform, type Key } from '../random.ts'
import { everyNth } from './sampling.ts'

/** Rows that components are fitted on, at most. */
const FITTED = 2000
/** Directions carried beyond those asked for: they make the last ones converge. */
const SPARE = 8
/** Powers of the covariance. */
const POWERS = 4

export interface Rows {
  /** raw values [n, size] */
  values: ArrayLike<number>
  size: number
  /** what a column is multiplied by [size] */
  scale: Float64Array
}

/**
 * Coordinates of all rows along the first components of the centred rows, Float32Array [n, count], largest variance
 * first; each component's largest loading is positive. Directions without variance have coordinate 0. `key`: of the
 * random start.
 */
export function principalCoordinates(rows: Rows, count: number, key: Key): Float32Array {
  const { values, size } = rows
  const n = values.length / size
  const fitted = everyNth(n, FITTED)
  const mean = new Float64Array(size)
  for (const i of fitted) for (let d = 0; d < size; d++) mean[d] += values[i * size + d]
  for (let d = 0; d < size; d++) mean[d] /= fitted.length

  const q = Math.min(count + SPARE, size)
  const basis = Float64Array.from({ length: size * q }, (_, i) => 2 * uniform(key, i) - 1)
  orthonormalise(basis, size, q)
  for (let power = 0; power < POWERS; power++) {
    basis.set(transposedTimes(rows, fitted, project(rows, mean, basis, q, fitted), q))
    orthonormalise(basis, size, q)
  }
  const along = project(rows, mean, basis, q, fitted)
  const { vectors, order } = eigen(gram(along, q), q)
  const directions = new Float64Array(size * count)
  for (let j = 0; j < Math.min(count, q); j++) {
    const column = order[j]
    for (let d = 0; d < size; d++) {
      let sum = 0
      for (let a = 0; a < q; a++) sum += basis[d * q + a] * vectors[a * q + column]
      directions[d * count + j] = sum
    }
    turnPositive(directions, size, count, j)
  }
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  return Float32Array.from(project(rows, mean, directions, count, all))
}

/** (rows - mean) x scale x directions: [which, q]. Runs of zeros (the ground of a drawing) cost nothing. */
function project(
  { values, size, scale }: Rows,
  mean: Float64Array,
  directions: Float64Array,
  q: number,
  which: Uint32Array
): Float64Array {
  const scaled = directions.map((v, i) => v * scale[Math.floor(i / q)])
  const offset = new Float64Array(q)
  for (let d = 0; d < size; d++) for (let j = 0; j < q; j++) offset[j] -= mean[d] * scaled[d * q + j]
  const out = new Float64Array(which.length * q)
  const sum = new Float64Array(q)
  for (let r = 0; r < which.length; r++) {
    sum.set(offset)
    const row = which[r] * size
    let d = 0
    for (; d + 3 < size; d += 4) {
      const a = values[row + d]
      const b = values[row + d + 1]
      const c = values[row + d + 2]
      const e = values[row + d + 3]
      if (a === 0 && b === 0 && c === 0 && e === 0) continue
      const at = d * q
      for (let j = 0; j < q; j++) {
        sum[j] +=
          a * scaled[at + j] +
          b * scaled[at + q + j] +
          c * scaled[at + 2 * q + j] +
          e * scaled[at + 3 * q + j]
      }
    }
    for (; d < size; d++) {
      const a = values[row + d]
      for (let j = 0; j < q; j++) sum[j] += a * scaled[d * q + j]
    }
    out.set(sum, r * q)
  }
  return out
}

/** scale x rows^T x along [size, q]: no mean, because the columns of `along` sum to nothing. */
function transposedTimes(
  { values, size, scale }: Rows,
  which: Uint32Array,
  along: Float64Array,
  q: number
): Float64Array {
  const out = new Float64Array(size * q)
  let r = 0
  for (; r + 3 < which.length; r += 4) {
    const [r0, r1, r2, r3] = [which[r], which[r + 1], which[r + 2], which[r + 3]]
    const at = r * q
    for (let d = 0; d < size; d++) {
      const a = values[r0 * size + d]
      const b = values[r1 * size + d]
      const c = values[r2 * size + d]
      const e = values[r3 * size + d]
      if (a === 0 && b === 0 && c === 0 && e === 0) continue
      const to = d * q
      for (let j = 0; j < q; j++) {
        out[to + j] +=
          a * along[at + j] + b * along[at + q + j] + c * along[at + 2 * q + j] + e * along[at + 3 * q + j]
      }
    }
  }
  for (; r < which.length; r++) {
    for (let d = 0; d < size; d++) {
      const a = values[which[r] * size + d]
      for (let j = 0; j < q; j++) out[d * q + j] += a * along[r * q + j]
    }
  }
  for (let d = 0; d < size; d++) for (let j = 0; j < q; j++) out[d * q + j] *= scale[d]
  return out
}

/** Modified Gram-Schmidt, twice, on the columns of [size, q]; a column that is nothing but rounding becomes 0. */
function orthonormalise(basis: Float64Array, size: number, q: number): void {
  let largest = 0
  const dot = (a: number, b: number) => {
    let sum = 0
    for (let d = 0, i = 0; d < size; d++, i += q) sum += basis[i + a] * basis[i + b]
    return sum
  }
  for (let j = 0; j < q; j++) largest = Math.max(largest, dot(j, j))
  for (let j = 0; j < q; j++) {
    for (let twice = 0; twice < 2; twice++)
      for (let a = 0; a < j; a++) {
        const along = dot(a, j)
        if (along === 0) continue
        for (let i = 0; i < size * q; i += q) basis[i + j] -= along * basis[i + a]
      }
    const squared = dot(j, j)
    const factor = squared > 1e-20 * largest ? 1 / Math.sqrt(squared) : 0
    for (let i = 0; i < size * q; i += q) basis[i + j] *= factor
  }
}

function gram(along: Float64Array, q: number): Float64Array {
  const out = new Float64Array(q * q)
  for (let row = 0; row < along.length; row += q)
    for (let a = 0; a < q; a++) {
      const v = along[row + a]
      if (v !== 0) for (let b = 0; b <= a; b++) out[a * q + b] += v * along[row + b]
    }
  for (let a = 0; a < q; a++) for (let b = 0; b < a; b++) out[b * q + a] = out[a * q + b]
  return out
}

/**
 * Eigenvectors of a symmetric matrix [q, q] as columns, by cyclic Jacobi rotations (Golub & Van Loan, section 8.5), and
 * the columns' order: largest eigenvalue first, ties to the lower column.
 */
export function eigen(
  matrix: Float64Array,
  q: number
): { vectors: Float64Array; values: Float64Array; order: number[] } {
  const a = matrix.slice()
  const vectors = new Float64Array(q * q)
  for (let i = 0; i < q; i++) vectors[i * q + i] = 1
  const rotate = (m: Float64Array, i: number, j: number, c: number, s: number) => {
    const x = m[i]
    const y = m[j]
    m[i] = c * x - s * y
    m[j] = s * x + c * y
  }
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0
    let on = 0
    for (let i = 0; i < q; i++) {
      on += a[i * q + i] * a[i * q + i]
      for (let j = 0; j < i; j++) off += a[i * q + j] * a[i * q + j]
    }
    if (off <= 1e-26 * on) break
    for (let i = 0; i < q; i++)
      for (let j = i + 1; j < q; j++) {
        const between = a[i * q + j]
        if (between === 0) continue
        const theta = (a[j * q + j] - a[i * q + i]) / (2 * between)
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < q; k++) rotate(a, k * q + i, k * q + j, c, s)
        for (let k = 0; k < q; k++) rotate(a, i * q + k, j * q + k, c, s)
        for (let k = 0; k < q; k++) rotate(vectors, k * q + i, k * q + j, c, s)
      }
  }
  const values = Float64Array.from({ length: q }, (_, i) => a[i * q + i])
  const order = Array.from(values.keys()).sort((x, y) => values[y] - values[x] || x - y)
  return { vectors, values, order }
}

/** Gives the largest loading of column j of [size, count] a positive sign: an eigenvector has none of its own. */
function turnPositive(directions: Float64Array, size: number, count: number, j: number): void {
  let largest = 0
  for (let d = 0; d < size; d++) {
    const v = directions[d * count + j]
    if (Math.abs(v) > Math.abs(largest)) largest = v
  }
  if (largest < 0) for (let d = 0; d < size; d++) directions[d * count + j] *= -1
}
