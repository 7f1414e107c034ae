/** Rows of numbers as kernels/geometry.ts has them, in float32, and what that costs. */
import { THREADS } from '../gpu.ts'
import { fours } from '../shape.ts'
import type { Rounding } from './bound.ts'

/** Bytes of `count` rows as blocks; as rows. */
export const blockBytes = (count: number, size: number): number =>
  Math.ceil(count / THREADS) * THREADS * fours(size) * 4
export const rowBytes = (count: number, size: number): number => count * fours(size) * 4

export interface Laid extends Rounding {
  values: Float32Array<ArrayBuffer>
}

/** [block, four, thread, 4] */
export const inBlocks = (rows: Float64Array, size: number): Laid =>
  lay(
    rows,
    size,
    blockBytes(rows.length / size, size) / 4,
    i => Math.floor(i / THREADS) * THREADS * fours(size) + (i % THREADS) * 4,
    4 * THREADS
  )

/** [row, four, 4] */
export const inRows = (rows: Float64Array, size: number): Laid =>
  lay(rows, size, rowBytes(rows.length / size, size) / 4, i => i * fours(size), 4)

/** `start`: where a row's first four lies; `stride`: how far from there the next is. */
function lay(
  rows: Float64Array,
  size: number,
  length: number,
  start: (row: number) => number,
  stride: number
): Laid {
  const values = new Float32Array(length)
  const count = rows.length / size
  let error = 0
  let largest = 0
  for (let i = 0; i < count; i++) {
    let squares = 0
    let most = largest
    for (let d = 0, from = i * size, to = start(i); d < size; d += 4, to += stride) {
      const end = Math.min(4, size - d)
      for (let j = 0; j < end; j++) {
        const value = rows[from + d + j]
        const rounded = Math.fround(value)
        const off = value - rounded
        values[to + j] = rounded
        most = Math.max(most, Math.abs(rounded))
        squares += off * off
      }
    }
    // what is no number, or none in float32, leaves no number here
    if (!(squares <= error)) error = squares < Infinity ? squares : Infinity
    largest = most
  }
  return { values, largest, error: Math.sqrt(error) * (1 + 1e-9) }
}
