/**
 * How pages of Parquet are packed: not at all, by Snappy, by gzip or by Zstandard. Each is unpacked into memory of the length
 * that the page's header says, never more. LZ4 and Brotli, which writers use on request only, are refused by name.
 */
import { snappyUncompress } from 'hyparquet'
import { crc32 } from '../../core/digest.ts'
import { inflate } from './inflate.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A page of `length` bytes. Throws PageError, and whatever the libraries throw at damaged bytes. */
export type Codec = (packed: Bytes, length: number) => Bytes

/** What is wrong, or beyond this reader. */
export class PageError extends Error {
  constructor(
    /** what is not supported; undefined: the bytes contradict themselves */
    readonly unsupported?: string
  ) {
    super(unsupported ?? 'damaged')
  }
}

/** Memory is taken only for what so many bytes can hold at best. */
const page = (packed: Bytes, length: number, mostRatio: number): Bytes => {
  if (length > mostRatio * packed.length + 64) throw new PageError()
  return new Uint8Array(length)
}

function plain(packed: Bytes, length: number): Bytes {
  if (length !== packed.length) throw new PageError()
  return packed
}

function snappy(packed: Bytes, length: number): Bytes {
  // 64 bytes for a copy of 3
  const out = page(packed, length, 22)
  snappyUncompress(packed, out)
  return out
}

/** Optional fields of gzip's header (RFC 1952). */
const [EXTRA, NAME, COMMENT, HEADER_SUM] = [4, 8, 16, 2]

function gzip(packed: Bytes, length: number): Bytes {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b || packed[2] !== 8) throw new PageError()
  const flags = packed[3]
  let start = 10
  if (flags & EXTRA) start += 2 + packed[start] + 256 * packed[start + 1]
  for (const field of [NAME, COMMENT]) if (flags & field) start = packed.indexOf(0, start) + 1
  if (flags & HEADER_SUM) start += 2
  const end = packed.length - 8
  if (start > end) throw new PageError()
  const out = page(packed, length, 1040)
  const done = inflate(packed.subarray(start, end), out)
  const sum = new DataView(packed.buffer, packed.byteOffset).getUint32(end, true)
  if (done?.written !== length || sum !== crc32(out)) throw new PageError()
  return out
}

/** Of Zstandard's frame header (RFC 8878): bytes of the whole, where it says so, and of the window. */
function frameHeader(packed: Bytes): { content?: number; window: number } {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  if (view.getUint32(0, true) !== 0xfd2fb528) throw new PageError()
  const flags = packed[4]
  const single = (flags >> 5) & 1
  const at = 6 - single + [0, 1, 2, 4][flags & 3]
  const kind = flags >> 6
  const content =
    kind === 3
      ? Number(view.getBigUint64(at, true))
      : kind === 2
        ? view.getUint32(at, true)
        : kind === 1
          ? view.getUint16(at, true) + 256
          : single
            ? packed[at]
            : undefined
  const base = 2 ** (10 + (packed[5] >> 3))
  return { content, window: single ? 0 : base + (base / 8) * (packed[5] & 7) }
}

/** Windows of ordinary writers are at most 8 MB. */
const MOST_WINDOW = 64 << 20

/** Loaded by those who need it. */
async function zstandard(): Promise<Codec> {
  const { decompress, Decompress } = await import('fzstd')
  return (packed, length) => {
    const { content, window } = frameHeader(packed)
    // a block of 128 kB may be one byte, repeated
    const out = page(packed, length, 1 << 16)
    if (content !== undefined) {
      if (content !== length) throw new PageError()
      decompress(packed, out)
      return out
    }
    if (window > MOST_WINDOW) throw new PageError()
    let filled = 0
    const stream = new Decompress(piece => {
      if (filled + piece.length > length) throw new PageError()
      out.set(piece, filled)
      filled += piece.length
    })
    stream.push(packed, true)
    if (filled !== length) throw new PageError()
    return out
  }
}

/** By Parquet's name. Throws PageError. */
export async function codecNamed(name: string): Promise<Codec> {
  const codecs: Readonly<Record<string, Codec>> = { UNCOMPRESSED: plain, SNAPPY: snappy, GZIP: gzip }
  if (name === 'ZSTD') return zstandard()
  if (!Object.hasOwn(codecs, name)) throw new PageError(name)
  return codecs[name]
}
