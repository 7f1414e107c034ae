/**
 * The benchmark's one data file: an NPZ of x_train, y_train, x_test, y_test (u8), so that NumPy opens it too. Written
 * and read uncompressed; what NumPy's `savez` writes is read as well, `savez_compressed` is not.
 */
import { joined } from '../src/core/bytes.ts'
import { crc32 } from '../src/core/digest.ts'

export interface Arrays {
  [name: string]: { shape: number[]; values: Uint8Array }
}

const text = new TextEncoder()

/** A u8 array in NPY format 1.0: magic, header length, a Python dict padded to a multiple of 64 bytes, the values. */
function npy(values: Uint8Array, shape: number[]): Uint8Array {
  const dict = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  const header = dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11) + '\n'
  const out = new Uint8Array(10 + header.length + values.length)
  out.set([0x93, ...text.encode('NUMPY'), 1, 0, header.length & 255, header.length >> 8])
  out.set(text.encode(header), 10)
  out.set(values, 10 + header.length)
  return out
}

function fields(size: number, values: [at: number, bytes: 2 | 4, value: number][]): Uint8Array {
  const view = new DataView(new ArrayBuffer(size))
  for (const [at, bytes, value] of values)
    if (bytes === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
  return new Uint8Array(view.buffer)
}

const LOCAL = 0x04034b50
const ENTRY = 0x02014b50
const END = 0x06054b50

/** A ZIP archive of uncompressed entries, each an NPY file. */
export function writeNpz(arrays: Arrays): Uint8Array {
  const bodies: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const [key, { shape, values }] of Object.entries(arrays)) {
    const data = npy(values, shape)
    const name = text.encode(`${key}.npy`)
    // what local header and directory entry have in common: version 2.0, no flags, stored, 1 January 1980, sizes, name
    const common = fields(26, [
      [0, 2, 20],
      [8, 2, 33],
      [10, 4, crc32(data)],
      [14, 4, data.length],
      [18, 4, data.length],
      [22, 2, name.length]
    ])
    bodies.push(fields(4, [[0, 4, LOCAL]]), common, name, data)
    directory.push(
      fields(6, [
        [0, 4, ENTRY],
        [4, 2, 20]
      ]),
      common,
      fields(14, [[10, 4, offset]]),
      name
    )
    offset += 30 + name.length + data.length
  }
  const length = directory.reduce((n, part) => n + part.length, 0)
  const count = bodies.length / 4
  const end = fields(22, [
    [0, 4, END],
    [8, 2, count],
    [10, 2, count],
    [12, 4, length],
    [16, 4, offset]
  ])
  return joined([...bodies, ...directory, end])
}

/** Reads u8 arrays. Throws RangeError for a file that is no uncompressed NPZ of bytes. */
export function readNpz(file: Uint8Array): Arrays {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const fail = (what: string) =>
    new RangeError(`the data file ${what}: write it again with --bundle or --pack`)
  let end = file.length - 22
  while (end >= 0 && view.getUint32(end, true) !== END) end--
  if (end < 0) throw fail('is no ZIP archive')
  const out: Arrays = {}
  let at = view.getUint32(end + 16, true)
  for (let n = view.getUint16(end + 10, true); n > 0; n--) {
    if (view.getUint16(at + 10, true) !== 0) throw fail('is compressed')
    const [nameLength, extra, comment] = [28, 30, 32].map(o => view.getUint16(at + o, true))
    const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + nameLength))
    const local = view.getUint32(at + 42, true)
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const headerLength = view.getUint16(start + 8, true)
    const header = new TextDecoder('latin1').decode(file.subarray(start + 10, start + 10 + headerLength))
    const dims = /'shape': \(([^)]*)\)/.exec(header)?.[1]
    if (!header.includes("'|u1'") || dims === undefined) throw fail(`holds ${name}, which is not of bytes`)
    const shape = dims.split(',').map(Number).filter(Boolean)
    const from = start + 10 + headerLength
    const size = shape.reduce((a, b) => a * b, 1)
    out[name.replace(/\.npy$/, '')] = { shape, values: file.subarray(from, from + size) }
    at += 46 + nameLength + extra + comment
  }
  return out
}
