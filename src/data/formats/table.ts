/**
 * The numbers of a large table of text, straight from its bytes. The first and the last column are kept as numbers, since
 * either may be labels; all between them are pixels: whole numbers up to 255, or parts of 1. Which of the two shows with
 * the first broken number, and at the end if there was none: a table of zeros and ones is black and white.
 */
import { DataError } from '../errors.ts'
import { limits, type Reading } from './format.ts'
import { isPart } from './pixelScale.ts'
import type { Bytes, Source } from './source.ts'

export interface Table {
  rows: number
  /** without those that number the rows */
  columns: number
  /** columns before these, which were passed over */
  indexed: number
  /** of the columns, if the table has a line of names */
  names?: string[]
  /** of the first and the last column, as they are */
  ends: readonly [Float64Array, Float64Array]
  /** those between, as they are or, of parts, as 255ths: u8 [rows, columns - 2] */
  inner: Bytes
  /** one between has a fraction: all are parts of 1 */
  parts: boolean
  /** the largest between */
  most: number
}

/** What is known of a table before it is read. */
export interface Layout {
  separator: number
  /** it has a line of names */
  named: boolean
  /** as many columns before all others number the rows, and are passed over */
  indexed: number
}

const [NEWLINE, RETURN, QUOTE, SPACE, POINT, MINUS, PLUS, ZERO, NINE] = Array.from('\n\r" .-+09', c =>
  c.charCodeAt(0)
)
/** Longer fields are no numbers. */
const LONGEST = 40
const MOST_COLUMNS = 3 * limits.mostSide * limits.mostSide * 16 + 1
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]
const isExponent = (byte: number) => (byte | 32) === 101

/** Throws DataError 'badNumber', 'badPixel', 'raggedTable', 'noImages', 'tooLarge', and what the source throws. */
export async function readTable(
  source: Source,
  { separator, named, indexed }: Layout,
  { progress, signal }: Reading
): Promise<Table> {
  const file = source.name
  const reader = new Rows(file, source.size, indexed)
  let names: string[] | undefined
  let heading = named ? '' : undefined

  // one field at a time: short whole numbers by arithmetic, anything else by its text
  let [value, digits, text] = [0, 0, '']
  let special = false
  /** a blank or a mark stood behind the number: no more of it may come */
  let closed = false
  const field = () => {
    if (!reader.passesOver()) {
      if (digits === 0 && !special) throw reader.badNumber(text.trim())
      const number = special ? Number(text) : value
      if (!Number.isFinite(number)) throw reader.badNumber(text)
      reader.add(number)
    }
    value = digits = 0
    text = ''
    special = closed = false
  }
  const more = (byte: number) => {
    text += String.fromCharCode(byte)
    if (text.length > LONGEST) throw reader.badNumber(text)
  }
  const soFar = () => (special ? text : digits ? String(value) : '')
  /** something of a row was seen */
  let begun = false
  let done = 0
  for await (const chunk of source.stream()) {
    signal?.throwIfAborted()
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]
      const isEnd = byte === NEWLINE || byte === RETURN
      if (heading !== undefined) {
        if (!isEnd) {
          heading += String.fromCharCode(byte)
          if (heading.length > 32 * MOST_COLUMNS) throw reader.badNumber(heading.slice(0, LONGEST))
          continue
        }
        const line = heading.replace(/^\u00ef\u00bb\u00bf/, '').replace(/^ +|\s+$/g, '')
        names = line.replaceAll('"', '').split(String.fromCharCode(separator))
        names.splice(0, indexed)
        heading = undefined
      } else if (closed && byte !== separator && !isEnd && byte !== SPACE && byte !== QUOTE) {
        throw reader.badNumber(`${soFar()} ${String.fromCharCode(byte)}`)
      } else if (byte >= ZERO && byte <= NINE) {
        begun = true
        if (special) more(byte)
        else if (++digits > 15) throw reader.badNumber(String(value))
        else value = 10 * value + byte - ZERO
      } else if (byte === separator) {
        begun = true
        field()
      } else if (isEnd) {
        // of the two bytes that end a line for Windows, the second ends an empty one
        if (begun) {
          field()
          reader.endRow()
        }
        begun = false
      } else if (byte === POINT || byte === MINUS || byte === PLUS || isExponent(byte)) {
        begun = true
        if (!special) text = soFar()
        special = true
        more(byte)
      } else if (byte === QUOTE || byte === SPACE) {
        closed = digits > 0 || special
      } else if (done || BYTE_ORDER_MARK[i] !== byte) {
        const word = chunk.subarray(i, i + LONGEST)
        const end = word.findIndex(b => b === separator || b === NEWLINE || b === RETURN || b === QUOTE)
        throw reader.badNumber(soFar() + new TextDecoder().decode(end < 0 ? word : word.subarray(0, end)))
      }
    }
    done += chunk.length
    progress({ file, done, total: source.size })
  }
  if (begun) {
    field()
    reader.endRow()
  }
  return { ...reader.finish(), indexed, names }
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
  #parts = false
  readonly #file: string
  readonly #size: number
  readonly #indexed: number
  /** columns of the row that were passed over */
  #passed = 0

  constructor(file: string, size: number, indexed: number) {
    this.#file = file
    this.#size = size
    this.#indexed = indexed
  }

  /** Whether a field that has ended is one of those that number the rows. */
  passesOver(): boolean {
    if (this.#passed === this.#indexed) return false
    this.#passed++
    return true
  }

  badNumber = (value: string) =>
    new DataError('badNumber', {
      file: this.#file,
      row: this.#rows + 1,
      column: this.#passed + this.#column + 1,
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
    if (value > 255 || (value < 0 && !isPart(value))) throw this.#badPixel(value)
    if (!this.#parts && value !== Math.floor(value)) this.#partsOfOne(value)
    if (this.#parts && !isPart(value)) throw this.#badPixel(value)
    if (value > this.#most) this.#most = value
    this.#inner[this.#at++] = this.#parts ? Math.round(value * 255) : value
  }

  #badPixel = (value: number) => new DataError('badPixel', { file: this.#file, value })

  /** The first broken number: what came before were zeros and ones, or it is not a pixel. */
  #partsOfOne(value: number): void {
    if (this.#most > 1 || !isPart(value)) throw this.#badPixel(value)
    this.#parts = true
    for (let i = 0; i < this.#at; i++) this.#inner[i] *= 255
  }

  endRow(): void {
    if (this.#rows === 0) this.#begin()
    else if (this.#column !== this.#columns) {
      const [expected, found] = [this.#indexed + this.#columns, this.#passed + this.#column]
      const row = this.#rows + 1
      throw new DataError('raggedTable', { file: this.#file, row, expected, found })
    }
    this.#rows++
    this.#column = this.#passed = 0
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

  finish(): Omit<Table, 'indexed' | 'names'> {
    if (this.#rows === 0) throw new DataError('noImages', { file: this.#file })
    const [rows, columns] = [this.#rows, this.#columns]
    return {
      rows,
      columns,
      ends: [this.#ends[0].subarray(0, rows), this.#ends[1].subarray(0, rows)],
      inner: this.#inner.subarray(0, this.#at),
      parts: this.#parts,
      most: this.#most
    }
  }
}
