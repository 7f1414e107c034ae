/**
 * Gzip (RFC 1952), of a file or of a member of an archive. Most files are one member, and several (what `cat a.gz b.gz`,
 * pigz and bgzip write) are their contents one after the other. The native DecompressionStream does not say where a member
 * ends, and engines differ on what follows one (refused, or silently joined). So each member is unpacked by itself: where
 * one may begin is looked for in the packed bytes, and counts if what lies before it is a whole member, with its own check
 * sum and size.
 */
import { DataError } from '../errors.ts'
import { limits } from './format.ts'
import type { Room } from './rooms.ts'
import { MOST_RATIO, PlainSource, Source, unpacked } from './source.ts'

/** Whatever the file is called: browsers and systems unpack files and keep the name. */
export const isGzip = (head: Uint8Array) => head[0] === 0x1f && head[1] === 0x8b

const HEADER = 10
/** Header, an empty block of deflate and the trailer, which ends with the size. */
const SHORTEST = 20
const SIZE = 4
/** Looked through at a time. */
const ROOM = 1 << 20
/** Places that look like a member's beginning and are none (gzip packed once more) may be so many. */
const MOST_WRONG = 32

/** A header where it lies at `at`: deflate, no reserved flag, and the other fields as the RFC has them. */
const isHeader = (bytes: Uint8Array, at: number) =>
  bytes[at + 1] === 0x8b &&
  bytes[at + 2] === 8 &&
  bytes[at + 3] < 0x20 &&
  [0, 2, 4].includes(bytes[at + 8]) &&
  (bytes[at + 9] <= 13 || bytes[at + 9] === 255)

/** A place where a member ends, and another may begin. */
interface End {
  at: number
  /** the size before it, which is the member's if it is one, modulo 2^32 */
  noted: number
}

/** Where members may end; the last is the end of the file. */
async function endsIn(source: Source): Promise<End[]> {
  const ends: End[] = []
  // between two rounds a size and a header less one byte are kept
  const kept = SIZE + HEADER - 1
  const room = new Uint8Array(Math.max(Math.min(ROOM, source.size), 2 * kept))
  const view = new DataView(room.buffer)
  let [start, filled] = [0, 0]
  const look = () => {
    const held = room.subarray(0, filled)
    const to = filled - HEADER
    for (let at = held.indexOf(0x1f, SIZE); at >= 0 && at <= to; at = held.indexOf(0x1f, at + 1))
      if (isHeader(held, at) && ends.length < limits.entries)
        ends.push({ at: start + at, noted: view.getUint32(at - SIZE, true) })
  }
  for await (const chunk of source.stream()) {
    for (let taken = 0; taken < chunk.length;) {
      if (filled > kept) {
        room.copyWithin(0, filled - kept, filled)
        start += filled - kept
        filled = kept
      }
      const piece = chunk.subarray(taken, taken + room.length - filled)
      room.set(piece, filled)
      taken += piece.length
      filled += piece.length
      look()
    }
  }
  const end = start + filled
  const noted = filled < SIZE ? 0 : view.getUint32(filled - SIZE, true)
  return [...ends, { at: end, noted }]
}

interface Member {
  packed: Source
  /** unpacked, as gzip notes it at the end: modulo 2^32 */
  size: number
}

/** Whether a file so short can hold so much; what deflate cannot make smaller grows by a little. */
const plausible = (packed: number, size: number) =>
  packed >= SHORTEST && size <= packed * MOST_RATIO && packed <= 2 * size + (1 << 17)

/** Whether it is one member from its first byte to its last. Throws the signal's reason, and DataError if it cannot be read. */
async function isWhole({ packed, size }: Member, signal?: AbortSignal): Promise<boolean> {
  let found = 0
  try {
    for await (const chunk of unpacked(packed.name, packed.stream(), 'gzip', 'damagedGzip')) {
      signal?.throwIfAborted()
      found += chunk.length
      if (found > size) return false
    }
  } catch (error) {
    if (error instanceof DataError && error.code === 'damagedGzip') return false
    throw error
  }
  return found === size
}

/** The members, of which the last is not looked into. */
async function membersOf(inner: Source, signal?: AbortSignal): Promise<Member[]> {
  const file = inner.name
  const ends = await endsIn(inner)
  const last = ends.pop()!
  if (!ends.length) return [{ packed: inner, size: last.noted }]
  // members are read one by one, and some more than once
  const plain =
    inner instanceof PlainSource ? inner : new PlainSource(file, new Blob([await inner.bytes(limits.bytes)]))
  const members: Member[] = []
  let [start, wrong] = [0, 0]
  for (const { at, noted } of ends) {
    if (wrong === MOST_WRONG) break
    if (!plausible(at - start, noted)) continue
    const member = { packed: plain.range(start, at), size: noted }
    if (await isWhole(member, signal)) {
      members.push(member)
      start = at
    } else wrong++
  }
  return [...members, { packed: plain.range(start, last.at), size: last.noted }]
}

export class GzipSource extends Source {
  private constructor(
    private readonly inner: Source,
    private readonly members: readonly Member[]
  ) {
    const size = members.reduce((sum, member) => sum + member.size, 0)
    super(inner.name, inner.path.replace(/\.gz$/i, ''), size, inner.archive)
  }

  /** Throws DataError 'damagedGzip', and what the source throws. */
  static async open(inner: Source, signal?: AbortSignal): Promise<GzipSource> {
    if (inner.size < SHORTEST) throw new DataError('damagedGzip', { file: inner.name })
    return new GzipSource(inner, await membersOf(inner, signal))
  }

  get most() {
    return this.inner.size * MOST_RATIO
  }

  override bytes(limit: number, room?: Room) {
    // the size noted is only a promise here
    return this.size > this.most
      ? Promise.reject(new DataError('damagedGzip', { file: this.name }))
      : super.bytes(limit, room)
  }

  async *stream() {
    for (const { packed, size } of this.members) {
      let found = 0
      for await (const chunk of unpacked(this.name, packed.stream(), 'gzip', 'damagedGzip')) {
        found += chunk.length
        yield chunk
      }
      // engines that join what follows the member see no fault in that
      if (found % 2 ** 32 !== size) throw new DataError('damagedGzip', { file: this.name })
    }
  }
}
