/**
 * As much of Python's pickle as CIFAR's archives need: dictionaries, lists, numbers, strings, and arrays of bytes. A pickle
 * is a program; this is no machine for it. Operations and names outside a short list end the reading, nothing that a
 * pickle names is ever called, and arrays are put together here. Files are read from front to back and never held.
 */
import { DataError } from '../errors.ts'
import type { Bytes, Source } from './source.ts'

/** Bytes of an array, with its shape. */
export interface PickledArray {
  shape: number[]
  bytes: Bytes
}

/** Python's str and bytes are both strings here (one character a byte), but for long ones, which stay bytes. */
export type Pickled =
  null | boolean | number | string | Bytes | PickledArray | Pickled[] | Map<string, Pickled>

/** A name from a module, and what comes of "calling" it: things that stand for themselves. */
class Name {
  constructor(readonly name: string) {}
}
class Type {
  constructor(readonly type: string) {}
}
class ArrayUnderWay implements PickledArray {
  shape: number[] = []
  bytes: Bytes = new Uint8Array(0)
}
class Mark {}
const mark = new Mark()
/** What the stack holds. */
type Item =
  null | boolean | number | string | Bytes | Name | Type | ArrayUnderWay | Mark | Item[] | Map<string, Item>

const names: Readonly<Record<string, string>> = {
  'numpy.core.multiarray _reconstruct': 'reconstruct',
  'numpy._core.multiarray _reconstruct': 'reconstruct',
  'numpy ndarray': 'ndarray',
  'numpy dtype': 'dtype',
  '_codecs encode': 'encode',
  // from protocol 5 on
  'numpy.core.numeric _frombuffer': 'frombuffer',
  'numpy._core.numeric _frombuffer': 'frombuffer'
}

/** Longest string that is kept as one, and longest name. */
const SHORT = 1024

/**
 * Bytes that arrays and texts are copied to, as a multiple of the file's. Text of Python 3 for Python 2 becomes bytes, and
 * a table in Fortran's order another; a program could ask for one copy after another of what it has once.
 */
const MOST_COPIED = 4

/** What may be said no with. */
interface Guard {
  unsafe(): DataError
  /** to be asked before `bytes` are copied; throws */
  copying(bytes: number): void
}

/** The bytes of a source, one after the other. */
class Reader {
  private held: Uint8Array = new Uint8Array(0)
  private at = 0
  private read = 0
  private readonly stream: AsyncGenerator<Uint8Array>

  constructor(private readonly source: Source) {
    this.stream = source.stream()
  }

  truncated() {
    return new DataError('damagedPickle', { file: this.source.name })
  }

  /** Sees to it that `count` bytes can be taken at once, unless the file ends before. */
  async fill(count: number): Promise<void> {
    while (this.held.length - this.at < count) {
      const { done, value } = await this.stream.next()
      if (done) return
      this.read += value.length
      const joined = new Uint8Array(this.held.length - this.at + value.length)
      joined.set(this.held.subarray(this.at))
      joined.set(value, joined.length - value.length)
      this.held = joined
      this.at = 0
    }
  }

  /** Bytes that are at hand. */
  get ready() {
    return this.held.length - this.at
  }

  take(count: number): Uint8Array {
    if (this.ready < count) throw this.truncated()
    this.at += count
    return this.held.subarray(this.at - count, this.at)
  }

  number(bytes: number): number {
    const taken = this.take(bytes)
    let value = 0
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + taken[i]
    return value
  }

  line(): string {
    const end = this.held.indexOf(10, this.at)
    if (end < 0 || end - this.at > SHORT) throw this.truncated()
    const text = latin(this.take(end - this.at))
    this.take(1)
    return text
  }

  /** Many bytes into an array of their own. */
  async long(count: number): Promise<Bytes> {
    const before = this.read - this.ready
    // what a gzip notes at its end is only a promise
    if (before + count > Math.min(this.source.size, this.source.most)) throw this.truncated()
    const out = new Uint8Array(count)
    let filled = 0
    while (filled < count) {
      if (this.ready === 0) await this.fill(1)
      const part = this.take(Math.max(Math.min(this.ready, count - filled), 1))
      out.set(part, filled)
      filled += part.length
    }
    return out
  }

  /** To the end, so that the container's check sums are seen to. */
  async finish(): Promise<void> {
    while (!(await this.stream.next()).done);
  }

  close = () => this.stream.return(undefined)
}

const latin = (bytes: Uint8Array) => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** Throws DataError 'unsafePickle', 'damagedPickle', and what the source throws. */
export async function readPickle(source: Source, signal?: AbortSignal): Promise<Pickled> {
  const reader = new Reader(source)
  try {
    const value = await run(reader, source, signal)
    await reader.finish()
    return value
  } finally {
    await reader.close()
  }
}

async function run(reader: Reader, source: Source, signal?: AbortSignal): Promise<Pickled> {
  const file = source.name
  const damaged = () => new DataError('damagedPickle', { file })
  const unsafe = () => new DataError('unsafePickle', { file })
  let copied = 0
  const copying = (bytes: number) => {
    copied += bytes
    if (copied > MOST_COPIED * Math.min(source.size, source.most)) throw unsafe()
  }
  const guard: Guard = { unsafe, copying }
  const stack: Item[] = []
  const memo = new Map<number, Item>()

  const pop = (): Item => {
    const item = stack.pop()
    if (item === undefined || item === mark) throw damaged()
    return item
  }
  const popToMark = (): Item[] => {
    const from = stack.lastIndexOf(mark)
    if (from < 0) throw damaged()
    return (stack.splice(from) as Item[]).slice(1)
  }
  const top = () => stack[stack.length - 1]
  const remember = (key: number) => {
    if (stack.length === 0 || top() === mark) throw damaged()
    memo.set(key, top())
  }
  const recall = (key: number) => {
    const item = memo.get(key)
    if (item === undefined) throw damaged()
    stack.push(item)
  }
  const append = (items: Item[]) => {
    const list = top()
    if (!Array.isArray(list)) throw damaged()
    for (const item of items) list.push(item)
  }
  const set = (items: Item[]) => {
    const map = top()
    if (!(map instanceof Map) || items.length % 2) throw damaged()
    for (let i = 0; i < items.length; i += 2) {
      if (typeof items[i] !== 'string') throw unsafe()
      map.set(items[i] as string, items[i + 1])
    }
  }
  const name = (module: string, part: string) => {
    const known = names[`${module} ${part}`]
    if (!known) throw unsafe()
    stack.push(new Name(known))
  }
  /** Short strings are texts, long ones stay bytes. */
  const string = async (length: number) => {
    if (length <= SHORT) {
      await reader.fill(length)
      stack.push(latin(reader.take(length)))
    } else stack.push(await reader.long(length))
  }
  const text = async (length: number) => {
    const bytes = await reader.long(length)
    const decoded = new TextDecoder().decode(bytes)
    stack.push(decoded)
  }

  let operations = 0
  for (;;) {
    if ((++operations & 0xffff) === 0) signal?.throwIfAborted()
    if (reader.ready < 2 * SHORT + 16) await reader.fill(2 * SHORT + 16)
    const operation = reader.number(1)
    switch (operation) {
      case 0x80: // PROTO
        if (reader.number(1) > 5) throw unsafe()
        break
      case 0x95: // FRAME
        reader.take(8)
        break
      case 0x2e: {
        // STOP
        const result = pop()
        if (stack.length) throw damaged()
        return clean(result, unsafe)
      }
      case 0x28: // MARK
        stack.push(mark)
        break
      case 0x7d: // EMPTY_DICT
        stack.push(new Map())
        break
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([])
        break
      case 0x74: // TUPLE
      case 0x6c: // LIST
        stack.push(popToMark())
        break
      case 0x85: // TUPLE1, 2, 3
      case 0x86:
      case 0x87: {
        const items = Array.from({ length: operation - 0x84 }, pop)
        stack.push(items.reverse())
        break
      }
      case 0x71: // BINPUT
        remember(reader.number(1))
        break
      case 0x72: // LONG_BINPUT
        remember(reader.number(4))
        break
      case 0x94: // MEMOIZE
        remember(memo.size)
        break
      case 0x68: // BINGET
        recall(reader.number(1))
        break
      case 0x6a: // LONG_BINGET
        recall(reader.number(4))
        break
      case 0x4e: // NONE
        stack.push(null)
        break
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(operation === 0x88)
        break
      case 0x4b: // BININT1, 2, 4
        stack.push(reader.number(1))
        break
      case 0x4d:
        stack.push(reader.number(2))
        break
      case 0x4a:
        stack.push(reader.number(4) | 0)
        break
      case 0x8a: {
        // LONG1
        const bytes = reader.number(1)
        if (bytes > 6) throw unsafe()
        const value = bytes ? reader.number(bytes) : 0
        stack.push(value >= 2 ** (8 * bytes - 1) ? value - 2 ** (8 * bytes) : value)
        break
      }
      case 0x55: // SHORT_BINSTRING
      case 0x43: // SHORT_BINBYTES
        await string(reader.number(1))
        break
      case 0x54: // BINSTRING
      case 0x42: // BINBYTES
        await string(reader.number(4))
        break
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        await string(reader.number(8))
        break
      case 0x8c: // SHORT_BINUNICODE
        await text(reader.number(1))
        break
      case 0x58: // BINUNICODE
        await text(reader.number(4))
        break
      case 0x63: // GLOBAL
        name(reader.line(), reader.line())
        break
      case 0x93: {
        // STACK_GLOBAL
        const [part, module] = [pop(), pop()]
        if (typeof part !== 'string' || typeof module !== 'string') throw damaged()
        name(module, part)
        break
      }
      case 0x52: {
        // REDUCE
        const [given, made] = [pop(), pop()]
        if (!(made instanceof Name) || !Array.isArray(given)) throw unsafe()
        stack.push(make(made.name, given, guard))
        break
      }
      case 0x62: {
        // BUILD
        const [state, built] = [pop(), top()]
        // of a type only the byte order is told, and bytes have none
        if (built instanceof ArrayUnderWay) fill(built, state, guard)
        else if (!(built instanceof Type)) throw unsafe()
        break
      }
      case 0x61: // APPEND
        append([pop()])
        break
      case 0x65: // APPENDS
        append(popToMark())
        break
      case 0x73: {
        // SETITEM
        const [value, key] = [pop(), pop()]
        set([key, value])
        break
      }
      case 0x75: // SETITEMS
        set(popToMark())
        break
      default:
        throw unsafe()
    }
  }
}

/** What the names stand for; nothing is called. */
function make(name: string, given: Item[], guard: Guard): Item {
  const [first, second] = given
  if (name === 'reconstruct' && first instanceof Name && first.name === 'ndarray') return new ArrayUnderWay()
  if (name === 'dtype' && typeof first === 'string') return new Type(first)
  if (name === 'frombuffer') {
    const [content, type, shape, order] = given
    const array = new ArrayUnderWay()
    fill(array, [null, shape, type, order !== 'C', content], guard)
    return array
  }
  // Python 3 writes bytes for Python 2 as text in Latin-1
  if (name === 'encode' && typeof first === 'string' && second === 'latin1') {
    guard.copying(first.length)
    const bytes = Uint8Array.from(first, character => character.charCodeAt(0))
    return bytes.length > SHORT ? bytes : latin(bytes)
  }
  throw guard.unsafe()
}

/** numpy's state of an array: version, shape, type, whether in Fortran's order, bytes. */
function fill(array: ArrayUnderWay, state: Item, { unsafe, copying }: Guard): void {
  if (!Array.isArray(state)) throw unsafe()
  const [, shape, type, fortran, content] = state
  const isShape = Array.isArray(shape) && shape.every(n => typeof n === 'number' && n >= 0)
  if (!isShape || !(type instanceof Type) || !/^[|<>=]?u1$/.test(type.type)) throw unsafe()
  array.shape = shape as number[]
  if (typeof content !== 'string' && !(content instanceof Uint8Array)) throw unsafe()
  const length = array.shape.reduce((a, b) => a * b, 1)
  if (content.length !== length) throw unsafe()
  const byColumns = fortran === true && array.shape.length === 2
  copying(length * (Number(typeof content === 'string') + Number(byColumns)))
  const bytes = typeof content === 'string' ? Uint8Array.from(content, c => c.charCodeAt(0)) : content
  array.bytes = byColumns ? byRows(bytes, array.shape[0]) : (bytes as Bytes)
}

/** Of a table that lies column by column: the same row by row. */
function byRows(columns: Uint8Array, n: number): Bytes {
  const out = new Uint8Array(columns.length)
  const d = n ? columns.length / n : 0
  for (let j = 0, from = 0; j < d; j++) for (let i = 0; i < n; i++) out[i * d + j] = columns[from++]
  return out
}

/** A result holds no names and types. Lists may stand in each other many times over: each is looked at once. */
function clean(result: Item, unsafe: () => DataError): Pickled {
  const seen = new Set<Item>()
  const waiting: Item[] = [result]
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (item instanceof Name || item instanceof Type || item === mark) throw unsafe()
    if (!(Array.isArray(item) || item instanceof Map) || seen.has(item)) continue
    seen.add(item)
    for (const value of item.values()) waiting.push(value)
  }
  return result as Pickled
}
