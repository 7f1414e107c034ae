/** Parquet files made for tests, from the format's definition: Thrift's compact protocol, plain and dictionary pages. */
import { Buffer } from 'node:buffer'
import { crc32, deflateSync, gzipSync } from 'node:zlib'

type Bytes = Uint8Array

const join = (...parts: readonly (Bytes | readonly number[])[]): Bytes =>
  Uint8Array.from(parts.flatMap(part => [...part]))
const text = (s: string): Bytes => new TextEncoder().encode(s)

/** A grey PNG, unfiltered. pixels: [height, width] */
export function greyPng(width: number, height: number, pixels: ArrayLike<number>): Bytes {
  const chunk = (type: string, content: Bytes) => {
    const body = join(text(type), content)
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(content.length, 0)
    ends.writeUInt32BE(crc32(body), 4)
    return join(ends.subarray(0, 4), body, ends.subarray(4))
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 0, 0, 0, 0], 8)
  const rows = new Uint8Array(height * (width + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = pixels[y * width + x]
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  return join(
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0))
  )
}

// Thrift's compact protocol
const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))])
type Thrift =
  | { i32: number }
  | { i64: number }
  | { text: string }
  | { flag: boolean }
  | { struct: readonly [id: number, value: Thrift][] }
  | { list: readonly Thrift[] }
const typeOf = (value: Thrift) =>
  'i32' in value
    ? 5
    : 'i64' in value
      ? 6
      : 'text' in value
        ? 8
        : 'list' in value
          ? 9
          : 'struct' in value
            ? 12
            : value.flag
              ? 1
              : 2
function thrift(value: Thrift): Bytes {
  if ('i32' in value) return Uint8Array.from(varint(2 * value.i32))
  if ('i64' in value) return Uint8Array.from(varint(2 * value.i64))
  if ('flag' in value) return new Uint8Array(0)
  if ('text' in value) return join(varint(text(value.text).length), text(value.text))
  if ('list' in value) {
    const type = value.list.length ? typeOf(value.list[0]) : 12
    const { length } = value.list
    const head = length < 15 ? [(length << 4) | type] : [0xf0 | type, ...varint(length)]
    return join(head, ...value.list.map(thrift))
  }
  let before = 0
  const fields = value.struct.map(([id, field]) => {
    const head = ((id - before) << 4) | typeOf(field)
    before = id
    return join([head], thrift(field))
  })
  return join(...fields, [0])
}

/** Runs of equal numbers. */
function runs(values: readonly number[], width: number): Bytes {
  const out: number[] = []
  for (let i = 0; i < values.length;) {
    let end = i
    while (end < values.length && values[end] === values[i]) end++
    out.push(...varint(2 * (end - i)))
    for (let b = 0; b < width; b += 8) out.push((values[i] >> b) & 255)
    i = end
  }
  return Uint8Array.from(out)
}

/** Groups of eight, each number in `width` bits from the low end on. */
export function bitPacked(values: readonly number[], width: number): Bytes {
  const groups = Math.ceil(values.length / 8)
  const bits = new Uint8Array(groups * width)
  values.forEach((value, i) => {
    for (let b = 0; b < width; b++) {
      const at = i * width + b
      if (Math.floor(value / 2 ** b) % 2) bits[at >> 3] |= 1 << (at & 7)
    }
  })
  return join(varint(2 * groups + 1), bits)
}

/** Snappy without any compression: literals only. */
function snappy(bytes: Bytes): Bytes {
  const parts: Bytes[] = [Uint8Array.from(varint(bytes.length))]
  for (let at = 0; at < bytes.length; at += 65536) {
    const piece = bytes.subarray(at, at + 65536)
    parts.push(join([61 << 2, (piece.length - 1) & 255, (piece.length - 1) >> 8], piece))
  }
  return join(...parts)
}

/** Zstandard without any compression (RFC 8878): a frame of raw blocks. */
function zstandard(bytes: Bytes): Bytes {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(bytes.length)
  const parts: Bytes[] = [join([0x28, 0xb5, 0x2f, 0xfd, 0xa0], size)]
  for (let at = 0; at === 0 || at < bytes.length; at += 1 << 17) {
    const piece = bytes.subarray(at, at + (1 << 17))
    const head = 8 * piece.length + Number(at + (1 << 17) >= bytes.length)
    parts.push(join([head & 255, (head >> 8) & 255, head >> 16], piece))
  }
  return join(...parts)
}

export type Cell = number | string | Bytes | null
export interface ColumnSpec {
  path: readonly string[]
  type: 'INT32' | 'INT64' | 'BYTE_ARRAY'
  text?: boolean
  values: readonly Cell[]
  /** a dictionary of the values and indices instead of the values */
  dictionary?: boolean
}
export interface FileSpec {
  columns: readonly ColumnSpec[]
  /** rows of a row group */
  groupRows?: number
  codec?: keyof typeof CODECS
  v2?: boolean
  notes?: Readonly<Record<string, string>>
}

const TYPES = { INT32: 1, INT64: 2, BYTE_ARRAY: 6 }
const CODECS = { UNCOMPRESSED: 0, SNAPPY: 1, GZIP: 2, BROTLI: 4, ZSTD: 6 }

function plain(values: readonly Cell[], type: ColumnSpec['type']): Bytes {
  const parts = values.map(value => {
    const out = Buffer.alloc(type === 'INT64' ? 8 : 4)
    if (type === 'INT64') out.writeBigInt64LE(BigInt(value as number))
    if (type === 'INT32') out.writeInt32LE(value as number)
    if (type !== 'BYTE_ARRAY') return out
    const bytes = typeof value === 'string' ? text(value) : (value as Bytes)
    out.writeUInt32LE(bytes.length)
    return join(out, bytes)
  })
  return join(...parts)
}

/** Depth of every optional column is its path's length: all levels may be absent. */
export function parquetBytes(spec: FileSpec): Bytes {
  const { columns, codec = 'SNAPPY', v2 = false, notes = {} } = spec
  const total = columns[0].values.length
  const groupRows = spec.groupRows ?? total
  const packers: Partial<Record<keyof typeof CODECS, (bytes: Bytes) => Bytes>> = {
    SNAPPY: snappy,
    GZIP: bytes => gzipSync(bytes),
    ZSTD: zstandard
  }
  const pack = packers[codec] ?? ((bytes: Bytes) => bytes)
  const body: Bytes[] = [text('PAR1')]
  let offset = 4
  const put = (bytes: Bytes) => {
    body.push(bytes)
    offset += bytes.length
  }
  const groups: Thrift[] = []
  for (let start = 0; start < total; start += groupRows) {
    const rows = Math.min(groupRows, total - start)
    const chunks: Thrift[] = columns.map(({ path, type, values, dictionary }) => {
      const cells = values.slice(start, start + rows)
      const present = cells.filter(cell => cell !== null)
      const depth = path.length
      const levels = runs(
        cells.map(cell => (cell === null ? 0 : depth)),
        depth < 2 ? 1 : 2
      )
      const begin = offset
      let data = plain(present, type)
      if (dictionary) {
        const words = [...new Set(present)]
        const content = pack(plain(words, type))
        const head: Thrift = {
          struct: [
            [1, { i32: 2 }],
            [2, { i32: plain(words, type).length }],
            [3, { i32: content.length }],
            [
              7,
              {
                struct: [
                  [1, { i32: words.length }],
                  [2, { i32: 0 }]
                ]
              }
            ]
          ]
        }
        put(join(thrift(head), content))
        const width = Math.max(32 - Math.clz32(words.length - 1), 1)
        data = join(
          [width],
          bitPacked(
            present.map(cell => words.indexOf(cell)),
            width
          )
        )
      }
      const dataAt = offset
      const encoding: Thrift = { i32: dictionary ? 8 : 0 }
      const length = Buffer.alloc(4)
      length.writeUInt32LE(levels.length)
      const whole = v2 ? join(levels, data) : join(length, levels, data)
      const packed = v2 ? join(levels, pack(data)) : pack(whole)
      const head: Thrift = {
        struct: [
          [1, { i32: v2 ? 3 : 0 }],
          [2, { i32: whole.length }],
          [3, { i32: packed.length }],
          v2
            ? [
                8,
                {
                  struct: [
                    [1, { i32: rows }],
                    [2, { i32: rows - present.length }],
                    [3, { i32: rows }],
                    [4, encoding],
                    [5, { i32: levels.length }],
                    [6, { i32: 0 }],
                    [7, { flag: true }]
                  ]
                }
              ]
            : [
                5,
                {
                  struct: [
                    [1, { i32: rows }],
                    [2, encoding],
                    [3, { i32: 3 }],
                    [4, { i32: 3 }]
                  ]
                }
              ]
        ]
      }
      put(join(thrift(head), packed))
      const size = offset - begin
      return {
        struct: [
          [2, { i64: begin }],
          [
            3,
            {
              struct: [
                [1, { i32: TYPES[type] }],
                [2, { list: [{ i32: 0 }, { i32: 3 }] }],
                [3, { list: path.map(name => ({ text: name })) }],
                [4, { i32: CODECS[codec] }],
                [5, { i64: rows }],
                [6, { i64: size }],
                [7, { i64: size }],
                [9, { i64: dataAt }],
                ...(dictionary ? [[11, { i64: begin }] as [number, Thrift]] : [])
              ]
            }
          ]
        ]
      }
    })
    groups.push({
      struct: [
        [1, { list: chunks }],
        [2, { i64: 0 }],
        [3, { i64: rows }]
      ]
    })
  }
  const roots = [...new Set(columns.map(({ path }) => path[0]))]
  const schema: Thrift[] = [
    {
      struct: [
        [4, { text: 'schema' }],
        [5, { i32: roots.length }]
      ]
    }
  ]
  for (const root of roots) {
    const below = columns.filter(({ path }) => path[0] === root)
    if (below[0].path.length > 1)
      schema.push({
        struct: [
          [3, { i32: 1 }],
          [4, { text: root }],
          [5, { i32: below.length }]
        ]
      })
    for (const { path, type, text: isText } of below)
      schema.push({
        struct: [
          [1, { i32: TYPES[type] }],
          [3, { i32: 1 }],
          [4, { text: path.at(-1)! }],
          ...(isText ? [[6, { i32: 0 }] as [number, Thrift]] : [])
        ]
      })
  }
  const footer = thrift({
    struct: [
      [1, { i32: 1 }],
      [2, { list: schema }],
      [3, { i64: total }],
      [4, { list: groups }],
      [
        5,
        {
          list: Object.entries(notes).map(([k, n]) => ({
            struct: [
              [1, { text: k }],
              [2, { text: n }]
            ]
          }))
        }
      ]
    ]
  })
  const end = Buffer.alloc(4)
  end.writeUInt32LE(footer.length)
  return join(...body, footer, end, text('PAR1'))
}

/** What the hub writes about its columns. */
export const hubNote = (label: string, names: readonly string[] | Readonly<Record<string, string>>) =>
  JSON.stringify({
    info: { features: { image: { _type: 'Image' }, [label]: { _type: 'ClassLabel', names } } }
  })

export const SIDE = 8
/** Pixels of image i, [8, 8]; all different. */
export const pixelsOf = (i: number): number[] =>
  Array.from({ length: SIDE * SIDE }, (_, p) => (p * 7 + i * 13 + ((i * p) >> 3)) & 255)

/** A file as the hub stores it: images [n] in a struct of bytes and path, labels in a dictionary. */
export function hubFile(labels: readonly (number | null)[], spec: Partial<FileSpec> = {}, from = 0): Bytes {
  return parquetBytes({
    columns: [
      {
        path: ['image', 'bytes'],
        type: 'BYTE_ARRAY',
        values: labels.map((_, i) => greyPng(SIDE, SIDE, pixelsOf(from + i)))
      },
      { path: ['image', 'path'], type: 'BYTE_ARRAY', text: true, values: labels.map(() => null) },
      { path: ['label'], type: 'INT64', values: labels, dictionary: true }
    ],
    groupRows: 10,
    notes: { huggingface: hubNote('label', ['ant', 'bee', 'cow']) },
    ...spec
  })
}
