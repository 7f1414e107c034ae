/**
 * A file as the formats see it: its first bytes, and a way to read exactly as many bytes as its header promises. Gzip is
 * opened here, whatever the file is called, because browsers and systems unpack files and keep the name. The native
 * DecompressionStream differs between engines on what follows the first gzip member (refused, or silently joined), so
 * the size that gzip itself notes at the end is compared too.
 */
import { DataError } from '../errors.ts'

/** What the page hands over: a File's name (or path) and contents. */
export interface InputFile {
  name: string
  blob: Blob
}

/** Bytes kept for recognising a format. */
const HEAD_BYTES = 512
/** Deflate cannot do better than this (1,032 in theory): a header that promises more is wrong before it costs memory. */
const MOST_RATIO = 1040

export class Source {
  private constructor(
    readonly name: string,
    private readonly blob: Blob,
    private readonly gzipped: boolean,
    /** the first bytes, unpacked, at most HEAD_BYTES */
    readonly head: Uint8Array
  ) {}

  /** Throws DataError 'emptyFile', 'damagedGzip', 'unreadable'. */
  static async open({ name, blob }: InputFile): Promise<Source> {
    const start = await bytesOf(name, blob.slice(0, HEAD_BYTES))
    const gzipped = start[0] === 0x1f && start[1] === 0x8b
    let head = start
    if (gzipped) {
      const parts: number[] = []
      for await (const chunk of chunks(name, blob, true)) {
        parts.push(...chunk.subarray(0, HEAD_BYTES - parts.length))
        if (parts.length >= HEAD_BYTES) break
      }
      head = Uint8Array.from(parts)
    }
    if (head.length === 0) throw new DataError('emptyFile', { file: name })
    return new Source(name, blob, gzipped, head)
  }

  /**
   * All bytes from `offset` on, which must be `length` in number; memory is taken only when the file can be that long.
   * Throws DataError 'truncated', 'trailingBytes', 'damagedGzip', 'unreadable'.
   */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const expected = offset + length
    const file = this.name
    const most = this.gzipped ? this.blob.size * MOST_RATIO : this.blob.size
    if (most < expected) throw new DataError('truncated', { file, expected, found: most })
    const out = new Uint8Array(length)
    let found = 0
    for await (const chunk of chunks(file, this.blob, this.gzipped)) {
      const skip = Math.min(Math.max(offset - found, 0), chunk.length)
      const at = found + skip - offset
      found += chunk.length
      if (found > expected) throw new DataError('trailingBytes', { file, expected, found })
      if (skip < chunk.length) out.set(chunk.subarray(skip), at)
    }
    if (found < expected) throw new DataError('truncated', { file, expected, found })
    if (this.gzipped) {
      const noted = await bytesOf(file, this.blob.slice(-4))
      if (new DataView(noted.buffer).getUint32(0, true) !== found % 4294967296) {
        throw new DataError('damagedGzip', { file })
      }
    }
    return out
  }
}

async function bytesOf(file: string, blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch {
    throw new DataError('unreadable', { file })
  }
}

/** The contents piece by piece; leaving the loop early releases the file. */
async function* chunks(file: string, blob: Blob, gzipped: boolean): AsyncGenerator<Uint8Array> {
  const stream = gzipped ? blob.stream().pipeThrough(new DecompressionStream('gzip')) : blob.stream()
  const reader = stream.getReader()
  let finished = false
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        finished = true
        throw new DataError(gzipped ? 'damagedGzip' : 'unreadable', { file })
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
