/** The pixels of tables: those between the ends, and the ends that are no labels, on one scale for a whole set. */
import { DataError } from '../errors.ts'
import type { End } from './labelColumn.ts'
import { isPart, short } from './pixelScale.ts'
import type { Bytes } from './source.ts'
import type { Table } from './table.ts'

const isByte = (value: number) => value >= 0 && value <= 255 && Number.isInteger(value)

/** Whether the numbers at an end could be pixels on the scale of those between. */
export const fitsBetween = ({ ends, parts, most }: Table, end: End) =>
  ends[end === 'first' ? 0 : 1].every(parts || most <= 1 ? isPart : isByte)

/** A table of which one end may be the label. */
interface Labelled {
  file: string
  table: Table
  label?: End
}

/** The ends that are pixels: first, last. */
const pixelEnds = ({ table: { ends }, label }: Labelled) =>
  [label === 'first' ? undefined : ends[0], label === 'last' ? undefined : ends[1]] as const

/**
 * What the numbers of a set's tables become pixels by, the same for all: zeros and ones are black and white only if none of
 * them goes further. Throws DataError 'badPixel', 'scalesDiffer'.
 */
export function scaleOf(all: readonly Labelled[]): 1 | 255 {
  const strangers = (fits: (value: number) => boolean) =>
    all.flatMap(one => {
      const found = pixelEnds(one).map(values => values?.find(value => !fits(value)))
      const value = found.find(value => value !== undefined)
      return value === undefined ? [] : [{ file: one.file, value }]
    })
  const parts = all.find(({ table }) => table.parts)
  const bytes = all.find(({ table }) => !isPart(table.most))
  if (parts && bytes) {
    const [{ file, table }, other] = [parts, bytes.file]
    throw new DataError('scalesDiffer', { file, most: short(table.most), other, otherMost: bytes.table.most })
  }
  const ofOne = parts !== undefined || (!bytes && strangers(isPart).length === 0)
  const [bad] = strangers(ofOne ? isPart : isByte)
  if (bad) throw new DataError('badPixel', bad)
  return ofOne ? 255 : 1
}

/** All pixels: u8 [rows, columns without the label's]. Uses the table up. */
export function pixelsOf(one: Labelled, scale: 1 | 255): Bytes {
  const { rows, columns, inner, parts } = one.table
  const [first, last] = pixelEnds(one)
  if (!parts) for (let i = 0; i < inner.length; i++) inner[i] *= scale
  const [width, size] = [columns - 2, columns - Number(one.label !== undefined)]
  const images = new Uint8Array(rows * size)
  for (let r = 0, at = 0; r < rows; r++, at += size) {
    if (first) images[at] = Math.round(first[r] * scale)
    images.set(inner.subarray(r * width, (r + 1) * width), at + Number(!!first))
    if (last) images[at + size - 1] = Math.round(last[r] * scale)
  }
  return images
}
