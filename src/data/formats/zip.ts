/**
 * Zip (PKWARE's APPNOTE 6.3), from its directory at the end, so that a file of any size is read where needed and never held.
 * Sizes come from the directory, since NumPy and others leave them out in front of the members. Zip64 is read;
 * encryption, rare compression methods, several disks and members that overlap (the way of bombs) are refused. Contents
 * are checked by length and check sum.
 */
import { DataError } from '../errors.ts'
import { crc32, startCrc32 } from '../../core/digest.ts'
import { limits } from './format.ts'
import { inflate } from './inflate.ts'
import { memberName, safePath } from './member.ts'
import { newRoom, type Room } from './rooms.ts'
import { MOST_RATIO, PlainSource, Source, unpacked, type Bytes } from './source.ts'

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const LOCAL_LENGTH = 30
const CENTRAL_LENGTH = 46
const END_LENGTH = 22
const DEFLATE = 8

/** Members up to this are unpacked at once. */
const SMALL = 1 << 20
/** Read at a time where members follow each other. */
const WINDOW = 4 << 20

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const u64 = (view: DataView, at: number) => Number(view.getBigUint64(at, true))

/** Reads the file in large pieces, so that thousands of small members cost few calls. */
class Window {
  private start = 0
  private bytes: Bytes = new Uint8Array(0)

  constructor(readonly source: PlainSource) {}

  async get(from: number, to: number): Promise<Uint8Array> {
    if (from < this.start || to > this.start + this.bytes.length) {
      const end = Math.min(Math.max(to, from + WINDOW), this.source.size)
      const bytes = await this.source.slice(from, end)
      this.start = from
      this.bytes = bytes
      return bytes.subarray(0, to - from)
    }
    return this.bytes.subarray(from - this.start, to - this.start)
  }
}

interface Entry {
  path: string
  method: number
  crc: number
  packed: number
  size: number
  /** of the local header */
  offset: number
}

class ZipMember extends Source {
  constructor(
    private readonly window: Window,
    private readonly entry: Entry
  ) {
    const archive = window.source.name
    super(memberName(archive, entry.path), entry.path, entry.size, archive)
  }

  get most() {
    return this.size
  }

  private damaged() {
    return new DataError('damagedArchive', { file: this.name })
  }

  private get isSmall() {
    return this.entry.packed <= SMALL && this.size <= SMALL
  }

  private async small(room?: Room): Promise<Bytes> {
    const start = await this.dataStart()
    const content = this.unpack(await this.window.get(start, start + this.entry.packed), room)
    if (crc32(content) !== this.entry.crc) throw this.damaged()
    return content
  }

  override bytes(limit: number, room?: Room) {
    return this.isSmall && this.size <= limit ? this.small(room) : super.bytes(limit, room)
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    if (this.isSmall) {
      yield await this.small()
      return
    }
    const { method, crc, packed, size } = this.entry
    const start = await this.dataStart()
    const raw = this.window.source.range(start, start + packed)
    const content =
      method === DEFLATE ? unpacked(this.name, raw.stream(), 'deflate-raw', 'damagedArchive') : raw.stream()
    const sum = startCrc32()
    let found = 0
    for await (const chunk of content) {
      found += chunk.length
      if (found > size) throw this.damaged()
      sum.update(chunk)
      yield chunk
    }
    if (found !== size || sum.digest() !== crc) throw this.damaged()
  }

  private unpack(packed: Uint8Array, room: Room = newRoom): Bytes {
    const out = room(this.size)
    if (this.entry.method !== DEFLATE) out.set(packed)
    else if (inflate(packed, out)?.written !== this.size) throw this.damaged()
    return out
  }

  private async dataStart(): Promise<number> {
    const { offset, packed } = this.entry
    const { source } = this.window
    if (offset + LOCAL_LENGTH > source.size) throw this.damaged()
    const header = viewOf(await this.window.get(offset, offset + LOCAL_LENGTH))
    // name and extra field may differ in length from those in the directory
    const start = offset + LOCAL_LENGTH + header.getUint16(26, true) + header.getUint16(28, true)
    if (header.getUint32(0, true) !== LOCAL || start + packed > source.size) throw this.damaged()
    return start
  }
}

interface Directory {
  offset: number
  length: number
  entries: number
}

/** Where the directory lies. */
async function findDirectory(source: PlainSource): Promise<Directory> {
  const file = source.name
  const damaged = new DataError('damagedArchive', { file })
  const from = Math.max(source.size - END_LENGTH - 0xffff, 0)
  const tail = await source.slice(from, source.size)
  const view = viewOf(tail)
  let at = tail.length - END_LENGTH
  while (
    at >= 0 &&
    (view.getUint32(at, true) !== END || at + END_LENGTH + view.getUint16(at + 20, true) > tail.length)
  ) {
    at--
  }
  if (at < 0) throw damaged
  if (view.getUint16(at + 4, true) !== 0 && view.getUint16(at + 4, true) !== 0xffff) throw damaged
  const directory = {
    entries: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true)
  }
  const is64 = at >= 20 && view.getUint32(at - 20, true) === LOCATOR64
  if (!is64) return directory
  const end = u64(view, at - 12)
  if (end + 56 > source.size) throw damaged
  const end64 = viewOf(await source.slice(end, end + 56))
  if (end64.getUint32(0, true) !== END64) throw damaged
  return { entries: u64(end64, 32), length: u64(end64, 40), offset: u64(end64, 48) }
}

/** Windows writes names as CP932 without saying so, others UTF-8 without saying so. */
function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('shift_jis').decode(bytes)
  }
}

async function entriesOf(source: PlainSource): Promise<Entry[]> {
  const file = source.name
  const damaged = () => new DataError('damagedArchive', { file })
  const { offset, length, entries: count } = await findDirectory(source)
  if (count > limits.entries)
    throw new DataError('tooManyEntries', { file, entries: count, most: limits.entries })
  if (offset + length > source.size || length < count * CENTRAL_LENGTH) throw damaged()
  const bytes = await source.slice(offset, offset + length)
  const view = viewOf(bytes)
  const entries: Entry[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_LENGTH > length || view.getUint32(at, true) !== CENTRAL) throw damaged()
    const flags = view.getUint16(at + 8, true)
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(o => view.getUint16(at + o, true))
    const nameEnd = at + CENTRAL_LENGTH + nameLength
    if (nameEnd + extraLength + commentLength > length) throw damaged()
    const name = decodeName(bytes.subarray(at + CENTRAL_LENGTH, nameEnd))
    const entry: Entry = {
      path: name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true)
    }
    widen(entry, viewOf(bytes.subarray(nameEnd, nameEnd + extraLength)))
    at = nameEnd + extraLength + commentLength
    if (/[\\/]$/.test(name)) continue
    if (flags & 1) throw new DataError('encryptedArchive', { file })
    entry.path = safePath(file, name)
    if (entry.method !== 0 && entry.method !== DEFLATE) {
      throw new DataError('unsupportedCompression', { file, method: entry.method })
    }
    const plausible =
      entry.method === 0 ? entry.size === entry.packed : entry.size <= entry.packed * MOST_RATIO
    if (!plausible) throw damaged()
    entries.push(entry)
  }
  checkOverlap(entries, damaged)
  return entries
}

/** Zip64: numbers too large for their fields stand in an extra field, in order. */
function widen(entry: Entry, extra: DataView): void {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue
    let next = at + 4
    const end = Math.min(next + extra.getUint16(at + 2, true), extra.byteLength)
    for (const field of ['size', 'packed', 'offset'] as const) {
      if (entry[field] !== 0xffffffff || next + 8 > end) continue
      entry[field] = u64(extra, next)
      next += 8
    }
  }
}

function checkOverlap(entries: readonly Entry[], damaged: () => DataError): void {
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset)
  let end = 0
  for (const { offset, packed } of inOrder) {
    if (offset < end) throw damaged()
    end = offset + LOCAL_LENGTH + packed
  }
}

export const zip = {
  sniff: ([a, b, c, d]: Uint8Array) =>
    a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6)),

  async open(source: Source): Promise<Source[]> {
    // a zip within gzip is an archive within an archive
    if (!(source instanceof PlainSource)) throw new DataError('nestedArchive', { file: source.name })
    const window = new Window(source)
    return (await entriesOf(source)).map(entry => new ZipMember(window, entry))
  }
}
