/**
 * The numbers of a large table of text, straight from its bytes. The first and the last column are kept as numbers, since
 * either may be labels; all between them are pixels: whole numbers up to 255, or parts of 1. Which of the two shows with
 * the first broken number, and at the end if there was none: a table of zeros and ones is black and white.
 */
import { DataError } from '../errors.ts'
import { limits, type Reading } from './format.ts'
import type { Bytes, Source } from './source.ts'

export interface Table {
  rows: number
  columns: number
  /** of the columns, if the table has a line of names */
  names?: string[]
  /** of the first and the last column, as they are */
  ends: readonly [Float64Array, Float64Array]
  /** u8 [rows, columns - 2], 0..255 */
  inner: Bytes
  /** what a number becomes a pixel by: 1 or 255 */
  scale: number
}

const [NEWLINE, RETURN, QUOTE, SPACE, POINT, MINUS, PLUS, ZERO, NINE] = Array.from('\n\r" .-+09', c =>
  c.charCodeAt(0)
)
/** Longer fields are no numbers. */
const LONGEST = 40
const MOST_COLUMNS = 3 * limits.mostSide * limits.mostSide * 16 + 1
const isExponent = (byte: number) => (byte | 32) === 101

/** Throws DataError 'badNumber', 'badPixel', 'raggedTable', 'noImages', 'tooLarge', and what the source throws. */
export async function readTable(
  source: Source,
  { separator, named }: { separator: number; named: boolean },
  { progress, signal }: Reading
): Promise<Table> {
  const file = source.name
  const reader = new Rows(file, source.size)
  let names: string[] | undefined
  let heading = named ? '' : undefined

  // one field at a time: short whole numbers by arithmetic, anything else by its text
  let [value, digits, text] = [0, 0, '']
  let special = false
  const field = () => {
    if (digits === 0 && !special) {
      const missing = text.trim()
      throw reader.badNumber(missing)
    }
    const number = special ? Number(text) : value
    if (special && (text.length > LONGEST || !Number.isFinite(number))) throw reader.badNumber(text)
    reader.add(number)
    value = digits = 0
    text = ''
    special = false
  }
  /** something of a row was seen */
  let begun = false
  let done = 0
  for await (const chunk of source.stream()) {
    signal?.throwIfAborted()
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]
      if (heading !== undefined) {
        if (byte !== NEWLINE) {
          heading += String.fromCharCode(byte)
          if (heading.length > 32 * MOST_COLUMNS) throw reader.badNumber(heading.slice(0, LONGEST))
          continue
        }
        names = heading.trim().replaceAll('"', '').split(String.fromCharCode(separator))
        heading = undefined
      } else if (byte >= ZERO && byte <= NINE) {
        begun = true
        if (special) text += String.fromCharCode(byte)
        else if (++digits > 15) throw reader.badNumber(String(value))
        else value = 10 * value + byte - ZERO
      } else if (byte === separator) {
        begun = true
        field()
      } else if (byte === NEWLINE) {
        if (begun) {
          field()
          reader.endRow()
        }
        begun = false
      } else if (byte === POINT || byte === MINUS || byte === PLUS || isExponent(byte)) {
        begun = true
        if (!special) text = digits ? String(value) : ''
        special = true
        text += String.fromCharCode(byte)
        if (text.length > LONGEST) throw reader.badNumber(text)
      } else if (byte !== RETURN && byte !== QUOTE && byte !== SPACE && !(reader.empty && byte >= 0xbb)) {
        throw reader.badNumber((special ? text : digits ? String(value) : '') + String.fromCharCode(byte))
      } else if (special && text.length > LONGEST) throw reader.badNumber(text)
    }
    done += chunk.length
    progress({ file, done, total: source.size })
  }
  if (begun) {
    field()
    reader.endRow()
  }
  return { ...reader.finish(), names }
}

/** Collects rows; memory for as many as the file's size allows is reserved when the first is complete. */
class Rows {
  #columns = 0
  #rows = 0
  #column = 0
  /** of the first row, until the number of columns is known */
  #first: number[] = []
  #ends: [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)]
  #inner: Bytes = new Uint8Array(0)
  #at = 0
  #most = 0
  #scale = 1
  readonly #file: string
  readonly #size: number

  constructor(file: string, size: number) {
    this.#file = file
    this.#size = size
  }

  get empty() {
    return this.#rows === 0 && this.#column === 0
  }

  badNumber = (value: string) =>
    new DataError('badNumber', {
      file: this.#file,
      row: this.#rows + 1,
      column: this.#column + 1,
      value: value.slice(0, LONGEST)
    })

  add(value: number): void {
    const column = this.#column++
    if (this.#rows === 0) {
      if (column >= MOST_COLUMNS) throw new DataError('notPixels', { file: this.#file, columns: column })
      this.#first.push(value)
      return
    }
    if (column >= this.#columns) return
    if (column === 0) this.#ends[0][this.#rows] = value
    else if (column === this.#columns - 1) this.#ends[1][this.#rows] = value
    else this.#pixel(value)
  }

  #pixel(value: number): void {
    if (!(value >= 0 && value <= 255)) throw this.#badPixel(value)
    if (this.#scale === 1 && value !== Math.floor(value)) this.#partsOfOne(value)
    if (this.#scale === 255 && value > 1) throw this.#badPixel(value)
    if (value > this.#most) this.#most = value
    this.#inner[this.#at++] = Math.round(value * this.#scale)
  }

  #badPixel = (value: number) => new DataError('badPixel', { file: this.#file, value })

  /** The first broken number: what came before were zeros and ones, or it is not a pixel. */
  #partsOfOne(value: number): void {
    if (this.#most > 1 || value > 1) throw this.#badPixel(value)
    this.#scale = 255
    for (let i = 0; i < this.#at; i++) this.#inner[i] *= 255
  }

  endRow(): void {
    if (this.#rows === 0) this.#begin()
    else if (this.#column !== this.#columns) {
      const [row, expected, found] = [this.#rows + 1, this.#columns, this.#column]
      throw new DataError('raggedTable', { file: this.#file, row, expected, found })
    }
    this.#rows++
    this.#column = 0
    if (this.#rows >= this.#ends[0].length) this.#tooLarge()
  }

  #begin(): void {
    const columns = (this.#columns = this.#first.length)
    if (columns < 4) throw new DataError('notPixels', { file: this.#file, columns })
    // a field and its separator take two bytes at least
    const rows = Math.min(Math.ceil(this.#size / (2 * columns)), Math.floor(limits.bytes / columns)) + 2
    this.#ends = [new Float64Array(rows), new Float64Array(rows)]
    this.#inner = new Uint8Array(rows * (columns - 2))
    this.#ends[0][0] = this.#first[0]
    this.#ends[1][0] = this.#first[columns - 1]
    for (const value of this.#first.slice(1, -1)) this.#pixel(value)
  }

  #tooLarge(): never {
    const [megabytes, limit] = [this.#size / 1e6, limits.bytes / 1e6].map(Math.ceil)
    throw new DataError('tooLarge', { file: this.#file, megabytes, limit })
  }

  finish(): Omit<Table, 'names'> {
    if (this.#rows === 0) throw new DataError('noImages', { file: this.#file })
    const [rows, columns] = [this.#rows, this.#columns]
    const inner = this.#inner.subarray(0, this.#at)
    const blackAndWhite = this.#scale === 1 && this.#most === 1
    if (blackAndWhite) for (let i = 0; i < inner.length; i++) inner[i] *= 255
    return {
      rows,
      columns,
      ends: [this.#ends[0].subarray(0, rows), this.#ends[1].subarray(0, rows)],
      inner,
      scale: blackAndWhite ? 255 : this.#scale
    }
  }
}
