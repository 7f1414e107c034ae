/**
 * NumPy's npy (format versions 1 to 3): a header in Python's notation (type, order, shape), then the numbers. Every numeric
 * type of either byte order is read, piece by piece; text too, as class names and labels are often words. Arrays of
 * Python objects are pickles and refused.
 */
import { DataError } from '../errors.ts'
import { limits } from './format.ts'
import type { Source } from './source.ts'

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
export const isNpy = (head: Uint8Array) => MAGIC.every((byte, i) => head[i] === byte)

export interface NpyArray {
  source: Source
  /** NumPy's letter: b bool, i u whole numbers, f floats, S U text */
  kind: 'b' | 'i' | 'u' | 'f' | 'S' | 'U'
  /** bytes of an item */
  itemSize: number
  littleEndian: boolean
  /** the first index runs fastest in the file */
  fortran: boolean
  shape: number[]
  /** of the numbers, in bytes */
  start: number
}

export const itemsOf = ({ shape }: NpyArray) => shape.reduce((a, b) => a * b, 1)

/** Throws DataError 'damagedArray', 'objectArray', 'unsupportedType', 'truncated', 'trailingBytes', 'tooLarge'. */
export async function npyHeader(source: Source): Promise<NpyArray> {
  const file = source.name
  const head = await source.head()
  const damaged = new DataError('damagedArray', { file })
  if (!isNpy(head) || head.length < 12) throw damaged
  const view = new DataView(head.buffer, head.byteOffset)
  const [prefix, length] = head[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)]
  const start = prefix + length
  if (start > head.length) throw new DataError('unsupportedType', { file, type: 'structured' })
  const text = new TextDecoder().decode(head.subarray(prefix, start))
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)
  const tuple = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)
  if (!/'descr'\s*:/.test(text) || !order || !tuple) throw damaged
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1] ?? 'structured'
  const type = /^([<>|=])?([a-zA-Z])(\d*)/.exec(descr)
  if (type?.[2] === 'O') throw new DataError('objectArray', { file })
  const kind = type?.[2] as NpyArray['kind']
  const width = Number(type?.[3])
  const widths = { b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [2, 4, 8] }
  const sound = kind === 'S' || kind === 'U' ? width >= 1 && width <= 1024 : widths[kind]?.includes(width)
  if (!sound) throw new DataError('unsupportedType', { file, type: descr })
  const array: NpyArray = {
    source,
    kind,
    itemSize: kind === 'U' ? 4 * width : width,
    littleEndian: type?.[1] !== '>',
    fortran: order[1] === 'True',
    shape: tuple[1].split(',').flatMap(part => (part.trim() ? [parseInt(part, 10)] : [])),
    start
  }
  checkSize(array)
  return array
}

function checkSize(array: NpyArray): void {
  const { source, itemSize, start } = array
  const file = source.name
  const expected = start + itemsOf(array) * itemSize
  if (expected > source.size) throw new DataError('truncated', { file, expected, found: source.size })
  if (expected < source.size) throw new DataError('trailingBytes', { file, expected, found: source.size })
  // eight bytes for one are possible
  if (expected > 8 * limits.bytes) {
    const [megabytes, limit] = [expected / 1e6, (8 * limits.bytes) / 1e6].map(Math.ceil)
    throw new DataError('tooLarge', { file, megabytes, limit })
  }
}

/**
 * The array's bytes after the header, in pieces of whole items that lie at multiples of their size; good until the next is
 * asked for. Throws DataError 'truncated'.
 */
async function* pieces(array: NpyArray): AsyncGenerator<Uint8Array> {
  const { source, itemSize, start } = array
  const total = itemsOf(array) * itemSize
  let [position, given] = [0, 0]
  /** items of several bytes are put together here; what is left of one waits at the beginning */
  let room = new Uint8Array(0)
  let waiting = 0
  for await (const chunk of source.stream()) {
    const fresh = chunk.subarray(Math.min(Math.max(start - position, 0), chunk.length))
    position += chunk.length
    let piece = fresh
    if (itemSize > 1) {
      const filled = waiting + fresh.length
      if (room.length < filled) {
        const larger = new Uint8Array(filled)
        larger.set(room.subarray(0, waiting))
        room = larger
      }
      room.set(fresh, waiting)
      waiting = filled % itemSize
      piece = room.subarray(0, filled - waiting)
    }
    given += piece.length
    if (given > total)
      throw new DataError('trailingBytes', { file: source.name, expected: total, found: given })
    const left = waiting ? room.slice(piece.length, piece.length + waiting) : undefined
    if (piece.length) yield piece
    if (left) room.set(left)
  }
  if (given !== total) throw new DataError('truncated', { file: source.name, expected: total, found: given })
}

type Numbers = ArrayLike<number>

/** All numbers, in the order of the file, in pieces; each is good until the next is asked for. */
export async function* numbersOf(array: NpyArray): AsyncGenerator<Numbers> {
  const { kind, itemSize, littleEndian } = array
  for await (const bytes of pieces(array)) {
    if (!littleEndian) swap(bytes, itemSize)
    const place = [bytes.buffer, bytes.byteOffset, bytes.length / itemSize] as const
    if (kind === 'b' || (kind === 'u' && itemSize === 1)) yield bytes
    else if (kind === 'i' && itemSize === 1) yield new Int8Array(...place)
    else if (kind === 'i' && itemSize === 2) yield new Int16Array(...place)
    else if (kind === 'u' && itemSize === 2) yield new Uint16Array(...place)
    else if (kind === 'i' && itemSize === 4) yield new Int32Array(...place)
    else if (kind === 'u' && itemSize === 4) yield new Uint32Array(...place)
    else if (kind === 'i') yield Float64Array.from(new BigInt64Array(...place), Number)
    else if (kind === 'u') yield Float64Array.from(new BigUint64Array(...place), Number)
    else if (itemSize === 4) yield new Float32Array(...place)
    else if (itemSize === 8) yield new Float64Array(...place)
    else yield Float32Array.from(new Uint16Array(...place), half)
  }
}

/** All texts, without the zeros that fill them up. */
export async function textsOf(array: NpyArray): Promise<string[]> {
  const { kind, itemSize, littleEndian } = array
  const texts: string[] = []
  for await (const bytes of pieces(array)) {
    if (kind === 'U' && !littleEndian) swap(bytes, 4)
    for (let at = 0; at < bytes.length; at += itemSize) {
      const item = bytes.slice(at, at + itemSize)
      const codes = kind === 'U' ? [...new Uint32Array(item.buffer)] : undefined
      const text = codes
        ? String.fromCodePoint(...codes.map(code => (code > 0x10ffff ? 0xfffd : code)))
        : new TextDecoder().decode(item)
      texts.push(text.replace(/\0+$/, '').normalize('NFC'))
    }
  }
  return texts
}

function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
}

/** IEEE 754 binary16. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}
