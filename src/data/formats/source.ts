/**
 * A file as the formats see it, whether it lies in a folder, in an archive or in gzip: a name, a size, its first bytes, and
 * its contents from the start to the end. What comes out is checked against what the container noted (length, and the
 * check sum where there is one), so a format never sees half a file as a whole one.
 */
import { heldRead } from '../../core/heldRead.ts'
import { DataError } from '../errors.ts'
import { newRoom, type Room } from './rooms.ts'

/** What the page hands over: a File's name, or its path from the folder that was dropped, and its contents. */
export interface InputFile {
  name: string
  blob: Blob
}

/** Bytes kept for recognising a format. */
export const HEAD_BYTES = 512
/** Deflate cannot do better than this (1,032 in theory): a file that promises more is wrong before it costs memory. */
export const MOST_RATIO = 1040

export type Bytes = Uint8Array<ArrayBuffer>

export abstract class Source {
  private start?: Promise<Bytes>
  private whole?: Promise<Bytes>

  constructor(
    /** as the user knows it; of a member of an archive: "archive.zip › path" */
    readonly name: string,
    /** from the folder or archive it lies in: segments with '/' between, in Unicode's composed form */
    readonly path: string,
    /** bytes, unpacked; as the container says until it has been read to its end */
    readonly size: number,
    /** the archive it is a member of */
    readonly archive?: string
  ) {}

  /**
   * The contents piece by piece, from the start; a piece is good until the next is asked for. Leaving the loop early lets
   * go of the file. Throws DataError 'unreadable' or what is wrong with the container.
   */
  abstract stream(): AsyncGenerator<Uint8Array>

  /** Bytes that the file cannot exceed whatever it promises: found without unpacking it. */
  abstract get most(): number

  /** The first bytes, at most HEAD_BYTES; fewer only if the file is shorter. */
  head(): Promise<Bytes> {
    return (this.start ??= this.readHead())
  }

  private async readHead(): Promise<Bytes> {
    const out = new Uint8Array(HEAD_BYTES)
    let found = 0
    for await (const chunk of this.stream()) {
      out.set(chunk.subarray(0, HEAD_BYTES - found), found)
      found += Math.min(chunk.length, HEAD_BYTES - found)
      if (found === HEAD_BYTES) break
    }
    return out.slice(0, found)
  }

  /**
   * All bytes from `offset` on, which must be `length` in number; memory is taken only when the file can be that long.
   * Throws DataError 'truncated', 'trailingBytes', and what `stream` throws.
   */
  async read(offset: number, length: number, room: Room = newRoom): Promise<Bytes> {
    const expected = offset + length
    const file = this.name
    if (this.most < expected) throw new DataError('truncated', { file, expected, found: this.most })
    const out = room(length)
    let found = 0
    for await (const chunk of this.stream()) {
      const skip = Math.min(Math.max(offset - found, 0), chunk.length)
      const at = found + skip - offset
      found += chunk.length
      if (found > expected) throw new DataError('trailingBytes', { file, expected, found })
      if (skip < chunk.length) out.set(chunk.subarray(skip), at)
    }
    if (found < expected) throw new DataError('truncated', { file, expected, found })
    return out
  }

  /** Everything, in a room of its own. Throws DataError 'tooLarge' above `limit` bytes, and what `stream` throws. */
  bytes(limit: number, room?: Room): Promise<Bytes> {
    if (this.size > limit) {
      const [megabytes, most] = [this.size, limit].map(b => Math.ceil(b / 1e6))
      return Promise.reject(new DataError('tooLarge', { file: this.name, megabytes, limit: most }))
    }
    return this.read(0, this.size, room)
  }

  /**
   * Bytes start .. end-1, in any order, for formats that jump (their index is at the end). A file that is packed is
   * unpacked once and kept as long as the source; others override this.
   */
  async slice(start: number, end: number): Promise<Bytes> {
    this.whole ??= this.bytes(this.size)
    return (await this.whole).slice(start, end)
  }
}

/** A file that is not packed. */
export class PlainSource extends Source {
  constructor(
    name: string,
    private readonly blob: Blob
  ) {
    super(name, tidyPath(name), blob.size)
  }

  get most() {
    return this.blob.size
  }

  stream() {
    return chunksInTurn(this.name, this.blob)
  }

  override slice(start: number, end: number) {
    return bytesOf(this.name, this.blob.slice(start, end))
  }

  /** Bytes start .. end-1 as a source of their own. */
  range(start: number, end: number) {
    return new PlainSource(this.name, this.blob.slice(start, end))
  }
}

export async function bytesOf(file: string, blob: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch {
    throw new DataError('unreadable', { file })
  }
}

/** Bytes of a file that are held at a time. */
const ROOM = 1 << 20

/** A blob's pieces, one after the other in the same memory where the platform can do that; leaving the loop early cancels it. */
async function* chunksInTurn(file: string, blob: Blob): AsyncGenerator<Uint8Array> {
  const stream = blob.stream()
  let reader: ReadableStreamBYOBReader
  try {
    reader = stream.getReader({ mode: 'byob' })
  } catch {
    yield* chunks(file, stream)
    return
  }
  let room = new Uint8Array(Math.max(Math.min(ROOM, blob.size), 1))
  let finished = false
  try {
    for (;;) {
      const { done, value } = await heldRead(reader, room).catch(() => {
        finished = true
        throw new DataError('unreadable', { file })
      })
      finished = done
      if (done || !value) return
      yield value
      room = new Uint8Array(value.buffer)
    }
  } finally {
    // an error while letting go changes nothing for the reader
    if (!finished) await reader.cancel().catch(() => undefined)
  }
}

/** A stream's pieces; leaving the loop early cancels it. */
async function* chunks(
  file: string,
  stream: ReadableStream<Uint8Array>,
  failure: Failure = 'unreadable'
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let finished = false
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        finished = true
        throw new DataError(failure, { file })
      })
      finished = done
      if (done) return
      yield value
    }
  } finally {
    // an error while letting go changes nothing for the reader
    if (!finished) await reader.cancel().catch(() => undefined)
  }
}

type Failure = 'unreadable' | 'damagedGzip' | 'damagedArchive' | 'damagedImage'

/** Unpacked at a time: of a bomb this much becomes a thousand times as much before anybody can say no. */
const PACKED = 1 << 16

/** What a packed stream holds; pieces need to stay as they are only until the next is asked for. */
export async function* unpacked(
  file: string,
  packed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  how: CompressionFormat,
  failure: Failure
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream(how)
  const writer = writable.getWriter()
  // rejections are those of `write` and of the readable end
  writer.closed.catch(() => {})
  let broken: DataError | undefined
  const feed = async () => {
    try {
      for await (const piece of packed)
        for (let at = 0; at < piece.length; at += PACKED) {
          const end = at + PACKED
          // Node waits for the reader of what is large only: what is small is a copy
          const part = end <= piece.length ? piece.subarray(at, end) : piece.slice(at)
          await writer.write(part as Bytes)
        }
      await writer.close()
    } catch (error) {
      if (error instanceof DataError) broken = error
      await writer.abort(error).catch(() => {})
    }
  }
  const fed = feed()
  try {
    yield* chunks(file, readable, failure)
  } catch (error) {
    // what is wrong further in comes first
    await fed
    throw broken ?? error
  } finally {
    await fed
  }
}

/** Slashes one way and no empty or '.' segments. macOS writes letters and their accents apart, others together. */
export function tidyPath(path: string): string {
  return path
    .normalize('NFC')
    .replaceAll('\\', '/')
    .split('/')
    .filter(segment => segment !== '' && segment !== '.')
    .join('/')
}
