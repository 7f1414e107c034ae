/**
 * What numbers are as pixels. One scale holds for all arrays of a data set, since a pool and its test part must be alike:
 *
 *   floats none of which exceeds 1                parts of 1: times 255
 *   whole numbers up to 255, of whatever type     bytes, as they are
 *   floats with fractions up to 255               bytes that were resized or averaged: rounded
 *
 * Interpolation and single precision lead a little beyond an end (1.0000001): that is no other scale, and rounding leads
 * back. Refused is what rounding would spoil: fractions on a scale of their own (up to 1.3, up to 9), and parts of 1 beside
 * bytes. Truth values are black and white beside any others.
 */
import { DataError } from '../errors.ts'
import { numbersOf, type NpyArray } from './npy.ts'

/** How far beyond an end a number may be, as a share of the range: less than half a 255th, so that rounding leads back. */
const SLACK = 1e-3
export const isPart = (value: number) => value >= -SLACK && value <= 1 + SLACK
/** Fractions with a maximum below this would be rounded to fewer shades than a picture needs. */
const FEWEST_SHADES = 16
/** A float is a 255th when it is this close to one, in 255ths. */
const NEAR = 2e-3

interface Range {
  least: number
  most: number
  /** all are whole numbers, or all are 255ths */
  whole: boolean
  parts: boolean
}

async function rangeOf(array: NpyArray): Promise<Range> {
  const range: Range = { least: Infinity, most: -Infinity, whole: true, parts: true }
  for await (const values of numbersOf(array)) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      // NaN makes both comparisons false
      if (!(value >= -Infinity)) return { least: NaN, most: NaN, whole: false, parts: false }
      if (value < range.least) range.least = value
      if (value > range.most) range.most = value
      range.whole &&= value === Math.round(value)
      range.parts &&= Math.abs(value * 255 - Math.round(value * 255)) < NEAR
    }
  }
  return range
}

const isBytes = ({ kind, itemSize }: NpyArray) => kind === 'u' && itemSize === 1

/** Whether tables [n, d] hold pixels, all of them: bytes, or numbers that are bytes or 255ths. */
export async function tableKind(tables: readonly NpyArray[]): Promise<'pixels' | 'features'> {
  for (const table of tables) {
    if (isBytes(table)) continue
    const { least, most, whole, parts } = await rangeOf(table)
    const sound = (whole && least >= 0 && most <= 255) || (parts && isPart(least) && isPart(most))
    if (!sound) return 'features'
  }
  return 'pixels'
}

/**
 * What the values of these arrays, but for truth values, are multiplied with to become pixels; rounded, they are 0..255.
 * Throws DataError 'badPixel', 'unclearScale', 'scalesDiffer'.
 */
export async function pixelScale(arrays: readonly NpyArray[]): Promise<1 | 255> {
  const numbers = arrays.filter(({ kind }) => kind !== 'b')
  if (numbers.every(isBytes)) return 1
  const found: { array: NpyArray; range: Range }[] = []
  for (const array of numbers) found.push({ array, range: await rangeOf(array) })
  const [largest] = [...found].sort((a, b) => b.range.most - a.range.most)
  const partsOfOne = numbers.some(({ kind }) => kind === 'f') && largest.range.most <= 1 + SLACK
  const end = partsOfOne ? 1 : 255
  for (const { array, range } of found) {
    const { least, most } = range
    const value = !(least >= -SLACK * end) ? least : !(most <= end * (1 + SLACK)) ? most : undefined
    if (value !== undefined) throw new DataError('badPixel', { file: array.source.name, value })
  }
  for (const { array, range } of found) {
    const [file, { most, whole }] = [array.source.name, range]
    if (partsOfOne || whole || most >= FEWEST_SHADES) continue
    if (largest.range.most < FEWEST_SHADES) throw new DataError('unclearScale', { file, most: short(most) })
    const [other, otherMost] = [largest.array.source.name, short(largest.range.most)]
    throw new DataError('scalesDiffer', { file, most: short(most), other, otherMost })
  }
  return partsOfOne ? 255 : 1
}

/** As many digits as people read. */
export const short = (value: number) => Number(value.toPrecision(4))
