/**
 * Which end of a table of pixels holds the labels, where no line of names says it. What is no pixel among pixels is a
 * label. Else a column can be labels if it has several values, no more than there may be classes, and two rows for each on
 * average: pixels in corners have one value, those of a few photographs have many. Where both ends can be, one that is
 * counted through goes before one with gaps; then the first, as MNIST's tables have it. What was not certain is to be said.
 */
import { limits } from './format.ts'

export type End = 'first' | 'last'

export interface Column {
  /** of each of the set's tables */
  values: readonly Float64Array[]
  /** all of them could be pixels beside those between the ends */
  pixels: boolean
}

export function labelColumn(first: Column, last: Column): { label: End; certain: boolean } {
  const [a, b] = [looked(first), looked(last)]
  for (const way of ['strange', 'possible'] as const)
    if (a[way] !== b[way]) return { label: a[way] ? 'first' : 'last', certain: true }
  return { label: !a.counted && b.counted ? 'last' : 'first', certain: false }
}

function looked({ values, pixels }: Column) {
  const found = new Set<number>()
  let rows = 0
  for (const column of values) {
    rows += column.length
    for (const value of column) found.add(value)
  }
  let [least, most] = [Infinity, -Infinity]
  for (const value of found) [least, most] = [Math.min(least, value), Math.max(most, value)]
  const numbers = least >= -1 && [...found].every(Number.isSafeInteger)
  const possible = numbers && found.size > 1 && found.size <= Math.min(limits.classes, rows / 2)
  // 0, 1, 2, ... or 1, 2, 3, ...; up to 255 it is a pixel's whole range
  const counted = (least === 0 || least === 1) && most - least === found.size - 1 && most < 255
  return { strange: numbers && !pixels, possible, counted: possible && counted }
}
