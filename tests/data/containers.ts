/** Files of every kind made for tests, small, each written from its format's definition. */
import { deflateRawSync, deflateSync } from 'node:zlib'

type Content = Uint8Array | string
const bytesOf = (content: Content) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content
export const join = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts))

/** CRC-32 bit by bit, as the standard says it. */
export function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

const numbers = (...fields: [size: 2 | 4, value: number][]) => {
  const out = Buffer.alloc(fields.reduce((sum, [size]) => sum + size, 0))
  let at = 0
  for (const [size, value] of fields) at = out.writeUIntLE(value, at, size)
  return out
}

export interface ZipEntry {
  /** bytes as they are, for names that are not UTF-8 */
  name: Content
  content: Content
  stored?: boolean
  flags?: number
  method?: number
  /** another size than the true one, in the directory */
  size?: number
  /** another place than the true one */
  offset?: number
}

export function zipBytes(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const [local, central]: Uint8Array[][] = [[], []]
  let at = 0
  for (const entry of entries) {
    const [name, content] = [bytesOf(entry.name), bytesOf(entry.content)]
    const packed = entry.stored ? content : deflateRawSync(content)
    const method = entry.method ?? (entry.stored ? 0 : 8)
    const common = [
      [2, entry.flags ?? 0],
      [2, method],
      [4, 0],
      [4, crcOf(content)],
      [4, packed.length],
      [4, entry.size ?? content.length],
      [2, name.length]
    ] as [2 | 4, number][]
    const header = numbers([4, 0x04034b50], [2, 20], ...common, [2, 0])
    const place = entry.offset ?? at
    central.push(
      numbers(
        [4, 0x02014b50],
        [2, 20],
        [2, 20],
        ...common,
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, place]
      ),
      name
    )
    local.push(header, name, packed)
    at += header.length + name.length + packed.length
  }
  const directory = Buffer.concat(central)
  const count = entries.length
  const end = numbers([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, directory.length], [4, at], [2, 0])
  return Uint8Array.from(Buffer.concat([...local, directory, end]))
}

interface TarEntry {
  name: string
  content: Content
  /** '0' for a file; x, g, L, K for notes */
  kind?: string
  /** another size than the true one */
  size?: number
}

export function tarBytes(entries: readonly TarEntry[]): Uint8Array<ArrayBuffer> {
  const blocks = entries.flatMap(({ name, content, kind = '0', size }) => {
    const bytes = bytesOf(content)
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write('0000644\0', 100)
    header.write((size ?? bytes.length).toString(8).padStart(11, '0') + '\0', 124)
    header.write('00000000000\0', 136)
    header.write(`        ${kind}`, 148)
    header.write('ustar\x0000', 257)
    const sum = header.reduce((a, b) => a + b, 0)
    header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148)
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return join(...blocks, Buffer.alloc(1024))
}

/** Notes of pax: records that begin with their own length. */
export function paxBytes(fields: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const records = Object.entries(fields).map(([key, value]) => {
    const rest = Buffer.from(` ${key}=${value}\n`)
    let length = rest.length
    while (length !== rest.length + String(length).length) length = rest.length + String(length).length
    return Buffer.concat([Buffer.from(String(length)), rest])
  })
  return join(...records)
}

const chunk = (type: string, content: Uint8Array) => {
  const body = join(new TextEncoder().encode(type), content)
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crcOf(body))
  return join(length, body, sum)
}

export interface PngOptions {
  width: number
  height: number
  colourType?: number
  depth?: number
  /** rows as they are packed in the file, unfiltered */
  rows: Uint8Array[]
  /** filter of row y */
  filter?: (y: number) => number
  palette?: number[]
  transparency?: number[]
  /** instead of those made from the rows */
  data?: Uint8Array
  interlace?: number
}

/** Filters a row as the standard says. */
function filtered(kind: number, row: Uint8Array, above: Uint8Array, step: number): Uint8Array {
  const out = new Uint8Array(row.length + 1)
  out[0] = kind
  row.forEach((value, i) => {
    const [a, b, c] = [row[i - step] ?? 0, above[i] ?? 0, (i >= step ? above[i - step] : 0) ?? 0]
    const p = a + b - c
    const [pa, pb, pc] = [a, b, c].map(v => Math.abs(p - v))
    const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c
    out[i + 1] = value - [0, a, b, Math.floor((a + b) / 2), paeth][kind]
  })
  return out
}

export function pngBytes(o: PngOptions): Uint8Array<ArrayBuffer> {
  const { width, height, colourType = 2, depth = 8 } = o
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colourType, 0, 0, o.interlace ?? 0], 8)
  const samples = [1, 0, 3, 1, 2, 0, 4][colourType]
  const step = Math.max((samples * depth) >> 3, 1)
  const lines = o.rows.map((row, y) =>
    filtered(o.filter?.(y) ?? 0, row, o.rows[y - 1] ?? new Uint8Array(row.length), step)
  )
  const data = o.data ?? deflateSync(join(...lines))
  const half = data.length >> 1
  return join(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
    chunk('IHDR', header),
    ...(o.palette ? [chunk('PLTE', Uint8Array.from(o.palette))] : []),
    ...(o.transparency ? [chunk('tRNS', Uint8Array.from(o.transparency))] : []),
    chunk('IDAT', data.subarray(0, half)),
    chunk('IDAT', data.subarray(half)),
    chunk('IEND', new Uint8Array(0))
  )
}

/** A PNG of one colour. */
export const plainPng = (side: number, colour: readonly number[]) =>
  pngBytes({
    width: side,
    height: side,
    colourType: colour.length === 3 ? 2 : 0,
    rows: Array.from({ length: side }, () =>
      Uint8Array.from(Array.from({ length: side }, () => colour).flat())
    )
  })

export function npyBytes(
  descr: string,
  shape: readonly number[],
  values: Uint8Array,
  fortran = false
): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${tuple}, }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const header = text.padEnd(length - 1) + '\n'
  return join(
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8),
    new TextEncoder().encode(header),
    values
  )
}

export const npzBytes = (arrays: Readonly<Record<string, Uint8Array>>) =>
  zipBytes(Object.entries(arrays).map(([key, content]) => ({ name: `${key}.npy`, content })))

/** Pixel p of channel c of record i of the CIFAR files made here. */
export const cifarPixel = (i: number, c: number, p: number) => (i * 71 + c * 13 + p * 3) & 255

const planar = (i: number) => Uint8Array.from({ length: 3072 }, (_, at) => cifarPixel(i, at >> 10, at & 1023))

/** CIFAR's records: label bytes, then 3 x 1024 pixels. */
export const cifarRecords = (from: number, labels: readonly (readonly number[])[]) =>
  join(...labels.flatMap((bytes, i) => [Uint8Array.from(bytes), planar(from + i)]))

/** A dictionary as Python 2's cPickle writes it (protocol 2): data, labels, and what else CIFAR's have. */
export function cifarPickle(
  from: number,
  labels: readonly number[],
  names = 'labels'
): Uint8Array<ArrayBuffer> {
  const text = (s: string) => join(Uint8Array.of(0x55, s.length), new TextEncoder().encode(s))
  const global = (module: string, name: string) => new TextEncoder().encode(`c${module}\n${name}\n`)
  const int = (n: number) => Uint8Array.of(0x4d, n & 255, n >> 8)
  const data = join(...labels.map((_, i) => planar(from + i)))
  const size = numbers([4, data.length])
  const dtype = join(
    ...[global('numpy', 'dtype'), text('u1'), Uint8Array.of(0x4b, 0, 0x4b, 1, 0x87, 0x52)],
    ...[Uint8Array.of(0x28, 0x4b, 3), text('|'), Uint8Array.of(0x4e, 0x4e, 0x4e)],
    ...[Uint8Array.of(0x4a, 255, 255, 255, 255, 0x4a, 255, 255, 255, 255, 0x4b, 0, 0x74, 0x62)]
  )
  const array = join(
    ...[global('numpy.core.multiarray', '_reconstruct'), global('numpy', 'ndarray')],
    ...[Uint8Array.of(0x4b, 0, 0x85), text('b'), Uint8Array.of(0x87, 0x52)],
    ...[Uint8Array.of(0x28, 0x4b, 1), int(labels.length), int(3072), Uint8Array.of(0x86), dtype],
    ...[Uint8Array.of(0x89, 0x54), size, data, Uint8Array.of(0x74, 0x62)]
  )
  const list = join(
    Uint8Array.of(0x5d, 0x28),
    ...labels.map(l => Uint8Array.of(0x4b, l)),
    Uint8Array.of(0x65)
  )
  return join(
    ...[Uint8Array.of(0x80, 2, 0x7d, 0x71, 1, 0x28), text('data'), array, text(names), list],
    ...[text('batch_label'), text('training batch 1 of 5'), Uint8Array.of(0x75, 0x2e)]
  )
}

/**
 * As numpy 2 writes them today: gzip of pickle.dumps({'data': data, 'labels': [3, 1]}, protocol=5), with data =
 * (7 * arange(2)[:, None] + arange(3072)) % 64 of type u1, in C's order or (asfortranarray) in Fortran's.
 */
export const protocol5 = {
  c: 'H4sIAAAAAAACA+3ZSU/CYBAG4K8txQUEFRfcEAW1blXcN+DgjYYevBvS0q+JCQip7YFEE08uyXfr6N/V2vgnjO97mJnDPJe5zrP6EeZZnCfSRMKxfItE7j7o9gd6q93zuB7N3Ltrk0i1XK/XtQPX5R6FpH2yX8kkWUmoyaHhkdFUeiyTHZ+YzE1Nz8zm5+YXFpcKy8WV1VJ5bX1D29za3tnV9/YrB4dHxyenZ+cXl1fVWh0eHh4eHh4eHh4e/u94HA4eHh4eHh4eHh7+/3gSavwwiLrjD/qcQhJyUKH3t1e6Ic1QhPRIpmk2vqLExWA+2YbcZOkXEtI1+dGeSHYsm3ce6PaHGBIP9G/DBIFNnhgAAA==',
  fortran:
    'H4sIAAAAAAACA+3Zt27CYBAHcNtgeq+mdzDN9N62DLHCkD1CFCNFgoAce0BKpEwp0rdxyesmDsojZLz/cHfDnX4PcC/s55mjLnkGnug3S2UJxPug7o8nYbE+yJKgzZJ8vwZiXWzlw36lbreSDGfgv6i/S8pImxizzqK3sjaD3egwOc0ui9vqsXntPoffGXAF3Zwn5A37Iv5oIBaMc4lQMpyKpKOZWDaeS+SThRSfLmZK2XKukq8WBL5WrJca5WalVW0LnVq33mv0m4PWsD3qjLuT3rQ/G1BDesSMdRP9lJ0Z0EcfffTRRx999NFHH3300UcfffTRRx999NFHH/3/94Gwl4eB1jfK6SjBGQijNuDj/Q1ugRd1hH6C+Xx+/a3lUkRKgZXI3FC2VyD0FSjaHjHslitp9wh3vyciLanCD9feKiOeGAAA'
}
