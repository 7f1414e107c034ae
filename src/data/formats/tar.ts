/**
 * Tar (POSIX ustar, with the long names of GNU and pax), plain or in gzip. A gzip can only be read from the start, so the
 * members share one reader: whoever reads them in their order unpacks the file once; other orders are right but slower.
 * The first pass finds the members and their first bytes, and holds nothing else.
 */
import { DataError } from '../errors.ts'
import { limits, type Reading } from './format.ts'
import { memberName, safePath } from './member.ts'
import { HEAD_BYTES, Source, type Bytes } from './source.ts'

const BLOCK = 512
/** Names longer than this are no names. */
const LONGEST_NAME = 4096
/** Of notes in pax, among which systems also put their own attributes of a file. */
const LONGEST_NOTES = 1 << 20

/** Reads a source from front to back. */
class Reader {
  position = 0
  private readonly stream: AsyncGenerator<Uint8Array>
  private rest: Uint8Array = new Uint8Array(0)

  constructor(source: Source) {
    this.stream = source.stream()
  }

  /** The next bytes, at most `most`; none at the end. */
  async next(most: number): Promise<Uint8Array> {
    while (this.rest.length === 0) {
      const { done, value } = await this.stream.next()
      if (done) return new Uint8Array(0)
      this.rest = value
    }
    const taken = this.rest.subarray(0, most)
    this.rest = this.rest.subarray(taken.length)
    this.position += taken.length
    return taken
  }

  /** False when the end comes first. */
  async skipTo(position: number): Promise<boolean> {
    while (this.position < position) {
      if ((await this.next(position - this.position)).length === 0) return false
    }
    return true
  }

  /** The next `length` bytes, or fewer at the end. */
  async exactly(length: number): Promise<Bytes> {
    const out = new Uint8Array(length)
    let at = 0
    while (at < length) {
      const part = await this.next(length - at)
      if (part.length === 0) break
      out.set(part, at)
      at += part.length
    }
    return out.slice(0, at)
  }

  close = () => this.stream.return(undefined)
}

/** One reader for all members, lent to one at a time. */
class Shelf {
  private idle?: Reader
  /** where the last member ends */
  end = 0

  constructor(readonly source: Source) {}

  async lend(position: number): Promise<Reader> {
    const reader = this.idle
    this.idle = undefined
    if (reader && reader.position <= position) return reader
    await reader?.close()
    return new Reader(this.source)
  }

  async take(reader: Reader): Promise<void> {
    if (this.idle || reader.position >= this.end) await reader.close()
    else this.idle = reader
  }
}

class TarMember extends Source {
  constructor(
    private readonly shelf: Shelf,
    path: string,
    private readonly offset: number,
    size: number,
    private readonly firstBytes: Bytes
  ) {
    super(memberName(shelf.source.name, path), path, size, shelf.source.name)
  }

  get most() {
    return this.size
  }

  override async head() {
    return this.firstBytes
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    const end = this.offset + this.size
    const reader = await this.shelf.lend(this.offset)
    try {
      let found = await reader.skipTo(this.offset)
      while (found && reader.position < end) {
        const part = await reader.next(end - reader.position)
        found = part.length > 0
        if (found) yield part
      }
      if (!found) throw new DataError('damagedArchive', { file: this.name })
    } finally {
      await this.shelf.take(reader)
    }
  }
}

const text = (block: Uint8Array, from: number, length: number) => {
  const field = block.subarray(from, from + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}

/** Octal digits, or base 256 where the first bit is set; NaN for anything else. */
function numberIn(block: Uint8Array, from: number, length: number): number {
  if (block[from] & 0x80) {
    let value = 0
    for (let i = from + 1; i < from + length; i++) value = value * 256 + block[i]
    return value
  }
  const digits = text(block, from, length).trim()
  return /^[0-7]*$/.test(digits) ? parseInt(digits || '0', 8) : NaN
}

/** The header's sum of its bytes, its own field as blanks. */
function sumHolds(block: Uint8Array): boolean {
  let sum = 0
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : block[i]
  return sum === numberIn(block, 148, 8)
}

/** pax records, "length key=value\n", the length being that of all of it; undefined where they are not that. */
function paxFields(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>()
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const blank = bytes.indexOf(0x20, at)
    const digits = blank < 0 ? '' : new TextDecoder().decode(bytes.subarray(at, Math.min(blank, at + 9)))
    const end = /^\d+$/.test(digits) ? at + Number(digits) : 0
    if (end <= blank || end > bytes.length || bytes[end - 1] !== 0x0a) return undefined
    const [key, ...value] = new TextDecoder().decode(bytes.subarray(blank + 1, end - 1)).split('=')
    fields.set(key, value.join('='))
    at = end
  }
  return fields
}

async function membersOf(source: Source, { signal, progress }: Reading): Promise<Source[]> {
  const file = source.name
  const damaged = () => new DataError('damagedArchive', { file })
  const shelf = new Shelf(source)
  const reader = new Reader(source)
  const members: Source[] = []
  let longName: string | undefined
  let longSize: number | undefined
  try {
    for (;;) {
      signal?.throwIfAborted()
      progress({ file, done: reader.position, total: Math.max(source.size, reader.position) })
      const block = await reader.exactly(BLOCK)
      // two empty blocks end the archive; some programs leave them out
      if (block.length === 0 || block.every(byte => byte === 0)) break
      if (block.length < BLOCK || !sumHolds(block)) throw damaged()
      const kind = String.fromCharCode(block[156])
      // these speak of the next member, or of all
      const isNote = 'LKxg'.includes(kind)
      const size = (isNote ? undefined : longSize) ?? numberIn(block, 124, 12)
      if (!Number.isSafeInteger(size)) throw damaged()
      const start = reader.position
      const end = start + Math.ceil(size / BLOCK) * BLOCK
      if (kind === 'L') {
        if (size > LONGEST_NAME) throw damaged()
        longName = text(await reader.exactly(size), 0, size)
      } else if (kind === 'x') {
        if (size > LONGEST_NOTES) throw damaged()
        const fields = paxFields(await reader.exactly(size))
        const [path, told] = [fields?.get('path'), fields?.get('size')]
        // an empty value takes back what was said before
        if (!fields || (told && !/^\d+$/.test(told)) || (path && path.length > LONGEST_NAME)) throw damaged()
        if (path !== undefined) longName = path || undefined
        if (told !== undefined) longSize = told ? Number(told) : undefined
      } else if (!isNote) {
        if (kind === '0' || kind === '\0' || kind === '7') {
          const prefix = text(block, 345, 155)
          const name = longName ?? (prefix ? `${prefix}/` : '') + text(block, 0, 100)
          const path = safePath(file, name)
          shelf.end = start + size
          const head = await reader.exactly(Math.min(size, HEAD_BYTES))
          members.push(new TarMember(shelf, path, start, size, head))
          if (members.length > limits.entries) {
            throw new DataError('tooManyEntries', { file, entries: members.length, most: limits.entries })
          }
        }
        longName = longSize = undefined
      }
      if (!(await reader.skipTo(end)) && reader.position < start + size) throw damaged()
    }
    // to the end, so that the check sums of a gzip around it are seen to
    while ((await reader.next(Infinity)).length > 0) signal?.throwIfAborted()
  } finally {
    await reader.close()
  }
  return members
}

export const tar = {
  /** The old format had no mark; CIFAR's and all others of the last decades do. */
  sniff: (head: Uint8Array) => head.length === HEAD_BYTES && text(head, 257, 5) === 'ustar' && sumHolds(head),
  open: membersOf
}
