/**
 * The pages of a Parquet column (parquet-format 2.x): definition levels and dictionary indices in the run-length and
 * bit-packed hybrid, values plain. Decoded here, and not by the library that reads the rest: every count is checked
 * against the row group before memory or time is spent on it, since the file may come from a stranger. Other encodings
 * (delta, byte stream split), which writers use on request only, are refused by name.
 */
import { parquetHeader } from 'hyparquet/src/column.js'
import { limits } from './format.ts'
import { PageError, type Codec } from './parquetCodec.ts'

/** A number, the bytes of a binary value (or text), or nothing. */
export type Value = number | Uint8Array<ArrayBuffer> | undefined

export interface PagedColumn {
  type: string
  codec: Codec
  /** definition level of a value that is there; 0 if all are */
  present: number
}

const MOST_PAGE = 256 << 20

/** All values of a column chunk, [rows]. Throws PageError, and what the library throws at damaged headers. */
export function chunkValues(chunk: Uint8Array<ArrayBuffer>, column: PagedColumn, rows: number): Value[] {
  const reader = { view: new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength), offset: 0 }
  const values: Value[] = []
  let dictionary: Value[] | undefined
  let all = 0
  const unpack = (packed: Uint8Array<ArrayBuffer>, length: number) => {
    // a few bytes may promise much, page after page
    if (!(length >= 0) || length > MOST_PAGE || (all += length) > limits.bytes) throw new PageError()
    return column.codec(packed, length)
  }
  while (values.length < rows) {
    if (reader.offset >= chunk.length) throw new PageError()
    const header = parquetHeader(reader)
    const [start, size] = [reader.offset, header.compressed_page_size]
    if (!(size >= 0) || start + size > chunk.length) throw new PageError()
    reader.offset += size
    const packed = chunk.subarray(start, start + size)
    const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: words } = header
    const unpacked = header.uncompressed_page_size
    if (header.type === 'DICTIONARY_PAGE' && words) {
      const count = counted(words.num_values, rows)
      dictionary = plain(unpack(packed, unpacked), column.type, count)
    } else if (header.type === 'DATA_PAGE' && v1) {
      const count = counted(v1.num_values, rows - values.length)
      const page = unpack(packed, unpacked)
      let [from, levels] = [0, undefined as Uint32Array | undefined]
      if (column.present) {
        const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true)
        if (4 + length > page.length) throw new PageError()
        levels = hybrid(page.subarray(4, 4 + length), widthOf(column.present), count)
        from = 4 + length
      }
      add(values, levels, column, count, page.subarray(from), v1.encoding, dictionary)
    } else if (header.type === 'DATA_PAGE_V2' && v2) {
      const count = counted(v2.num_values, rows - values.length)
      const length = v2.definition_levels_byte_length
      if (v2.repetition_levels_byte_length || !(length >= 0) || length > size) throw new PageError()
      const levels = column.present
        ? hybrid(packed.subarray(0, length), widthOf(column.present), count)
        : undefined
      const rest = packed.subarray(length)
      const page = v2.is_compressed === false ? rest : unpack(rest, unpacked - length)
      add(values, levels, column, count, page, v2.encoding, dictionary)
    } else if (header.type !== 'INDEX_PAGE') throw new PageError()
  }
  return values
}

function counted(count: number, most: number): number {
  if (!(count >= 0) || count > most) throw new PageError()
  return count
}

/** Appends a page's values, one for each level. */
function add(
  values: Value[],
  levels: Uint32Array | undefined,
  { type, present }: PagedColumn,
  count: number,
  page: Uint8Array<ArrayBuffer>,
  encoding: string,
  dictionary: Value[] | undefined
): void {
  const there = levels ? levels.reduce((sum, level) => sum + Number(level === present), 0) : count
  let found: ArrayLike<Value>
  if (encoding === 'PLAIN') found = plain(page, type, there)
  else if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    if (!dictionary) throw new PageError()
    const indices = there ? hybrid(page.subarray(1), page[0], there) : []
    found = Array.from(indices, index => {
      if (index >= dictionary.length) throw new PageError()
      return dictionary[index]
    })
  } else throw new PageError(encoding)
  for (let i = 0, next = 0; i < count; i++)
    values.push(!levels || levels[i] === present ? found[next++] : undefined)
}

/** Bits for numbers up to `most`. */
const widthOf = (most: number) => 32 - Math.clz32(most)

/** The hybrid of runs and bit-packed groups of eight: [count]. */
export function hybrid(bytes: Uint8Array, width: number, count: number): Uint32Array {
  const out = new Uint32Array(count)
  if (width === 0) return out
  if (width > 32) throw new PageError()
  let at = 0
  const byte = () => {
    if (at >= bytes.length) throw new PageError()
    return bytes[at++]
  }
  for (let n = 0; n < count;) {
    let [header, shift] = [0, 0]
    for (;;) {
      const next = byte()
      header += (next & 127) * 2 ** shift
      shift += 7
      if (next < 128) break
      if (shift > 35) throw new PageError()
    }
    const size = Math.floor(header / 2)
    if (size === 0) throw new PageError()
    if (header % 2) {
      const end = Math.min(n + 8 * size, count)
      // bits are taken from the low end of each byte on; a value may lie across five bytes
      for (let bit = 8 * at; n < end; n++) {
        let value = 0
        for (let taken = 0; taken < width;) {
          if (bit >> 3 >= bytes.length) throw new PageError()
          const step = Math.min(8 - (bit & 7), width - taken)
          value += ((bytes[bit >> 3] >> (bit & 7)) & ((1 << step) - 1)) * 2 ** taken
          taken += step
          bit += step
        }
        out[n] = value
      }
      at += size * width
    } else {
      let value = 0
      for (let b = 0; b < (width + 7) >> 3; b++) value += byte() * 2 ** (8 * b)
      const end = Math.min(n + size, count)
      out.fill(value, n, end)
      n = end
    }
  }
  return out
}

/** `count` values as they lie in memory. */
function plain(bytes: Uint8Array<ArrayBuffer>, type: string, count: number): Value[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fixed = (size: number, read: (at: number) => number): Value[] => {
    if (count * size > bytes.length) throw new PageError()
    return Array.from({ length: count }, (_, i) => read(i * size))
  }
  switch (type) {
    case 'INT32':
      return fixed(4, at => view.getInt32(at, true))
    case 'INT64':
      return fixed(8, at => Number(view.getBigInt64(at, true)))
    case 'FLOAT':
      return fixed(4, at => view.getFloat32(at, true))
    case 'DOUBLE':
      return fixed(8, at => view.getFloat64(at, true))
    case 'BYTE_ARRAY': {
      if (count * 4 > bytes.length) throw new PageError()
      const values: Value[] = []
      for (let at = 0; values.length < count;) {
        if (at + 4 > bytes.length) throw new PageError()
        const end = at + 4 + view.getUint32(at, true)
        if (end > bytes.length) throw new PageError()
        values.push(bytes.subarray(at + 4, end))
        at = end
      }
      return values
    }
    default:
      throw new PageError(type)
  }
}
