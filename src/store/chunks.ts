/**
 * The bytes of a data set, piece by piece: no more than a few chunks are ever held beside the whole. Each chunk has a check sum
 * of its own, made and looked at while the next one is on its way.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { startDigest } from '../core/digest.ts'
import type { Digester, DigestKind } from '../core/digester.ts'
import { heldRead } from '../core/heldRead.ts'
import type { Bytes, Piecewise, Task } from '../core/storedDataset.ts'
import { StoreError } from './errors.ts'
import { chunkName, chunkNames, manifestName, type Manifest, type StoredPart } from './manifest.ts'
import type { Entry, Shelf } from './shelf.ts'

/** chunks on their way to or from the disk, or to a check sum, at once: enough to be quick, few enough to keep what is held twice small */
const WRITTEN_AT_ONCE = 2
const READ_AT_ONCE = 4
const HASHED_AT_ONCE = 3
const SHA_DIGITS = 64

export interface PutOptions extends Task {
  /** milliseconds since 1970 */
  storedAt: number
  /** nothing goes to the disk: the set lasts until the tab is closed */
  inTab?: boolean
  /** of the content, where it is being made already */
  fingerprint?: Promise<string>
}

/**
 * What tells damaged bytes: CRC-32, which costs a fraction of SHA-256; that is kept for the fingerprint. Sets of an older
 * version have SHA-256 for each chunk, and are checked against it.
 */
const kindOf = (hash?: string): DigestKind => (hash?.length === SHA_DIGITS ? 'sha256' : 'crc32')

function hashOf(bytes: Bytes, like?: string): string {
  const hash = startDigest(kindOf(like))
  hash.update(bytes)
  return hash.digest()
}

/** A name for the chunks of one import that no other import has. */
const newPrefix = () => `import-${bytesToHex(globalThis.crypto.getRandomValues(new Uint8Array(12)))}`

const corrupted = (m: Pick<Manifest, 'name'>) => new StoreError('corrupted', { name: m.name })

/** The chunks of an array as they lie in the store, the next ones being asked for meanwhile. Older versions stored buffers. */
async function* storedChunks(
  shelf: Shelf,
  m: Pick<Manifest, 'name' | 'chunkBytes'>,
  stored: StoredPart
): AsyncGenerator<Blob | Bytes> {
  const names = chunkNames(m, stored)
  const asked: Promise<unknown>[] = []
  const ask = async (name: string) => (await shelf.getMany([name]))[0]
  for (let i = 0; i < names.length; i++) {
    while (asked.length < Math.min(READ_AT_ONCE, names.length - i)) asked.push(ask(names[i + asked.length]))
    const value = await asked.shift()
    const chunk = value instanceof ArrayBuffer ? new Uint8Array(value) : value
    const expected = Math.min(m.chunkBytes, stored.bytes - i * m.chunkBytes)
    const size = chunk instanceof Blob ? chunk.size : chunk instanceof Uint8Array ? chunk.length : -1
    if (size !== expected) throw corrupted(m)
    yield chunk as Blob | Bytes
  }
}

/** Compares the hashes of all chunks; a part that had none gets them. */
function check(m: Pick<Manifest, 'name'>, stored: StoredPart, hashes: string[]): void {
  if (stored.hashes && hashes.some((hash, i) => hash !== stored.hashes![i])) throw corrupted(m)
  stored.hashes = hashes
}

/** The chunks of an array; at the end all have been checked. Throws StoreError 'corrupted'. */
export async function* readChunks(
  shelf: Shelf,
  m: Pick<Manifest, 'name' | 'chunkBytes'>,
  stored: StoredPart
): AsyncGenerator<Bytes> {
  const hashes: string[] = []
  for await (const chunk of storedChunks(shelf, m, stored)) {
    const bytes = chunk instanceof Blob ? await bytesOf(chunk, m) : chunk
    hashes.push(hashOf(bytes, stored.hashes?.[hashes.length]))
    yield bytes
  }
  check(m, stored, hashes)
}

async function bytesOf(blob: Blob, m: Pick<Manifest, 'name'>): Promise<Bytes> {
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch {
    throw corrupted(m)
  }
}

/** A whole array, checked. Rejects with StoreError 'corrupted'. */
export async function readPart(
  shelf: Shelf,
  m: Pick<Manifest, 'name' | 'chunkBytes'>,
  stored: StoredPart,
  digester: Digester
): Promise<Bytes> {
  let whole = new Uint8Array(stored.bytes)
  const hashes: Promise<string>[] = []
  const rooms: Bytes[] = []
  let at = 0
  for await (const chunk of storedChunks(shelf, m, stored)) {
    const start = at
    if (chunk instanceof Blob) whole = await readInto(whole, start, chunk, m)
    else whole.set(chunk, start)
    at += chunk instanceof Blob ? chunk.size : chunk.length
    await hashes.at(-HASHED_AT_ONCE)
    const made = digester.start(kindOf(stored.hashes?.[hashes.length]))
    const given = rooms.pop()
    const room = given?.length === at - start ? given : new Uint8Array(at - start)
    room.set(whole.subarray(start, at))
    const hash = made.update(room).then(again => {
      rooms.push(again)
      return made.digest()
    })
    // whoever waits for it is told
    hash.catch(() => {})
    hashes.push(hash)
  }
  check(m, stored, await Promise.all(hashes))
  return whole
}

/** The bytes of a blob, put where they belong without another copy where the platform can do that; the array may move. */
async function readInto(whole: Bytes, at: number, blob: Blob, m: Pick<Manifest, 'name'>): Promise<Bytes> {
  let reader: ReadableStreamBYOBReader
  try {
    reader = blob.stream().getReader({ mode: 'byob' })
  } catch {
    whole.set(await bytesOf(blob, m), at)
    return whole
  }
  const end = at + blob.size
  let { buffer } = whole
  while (at < end) {
    const { value, done } = await heldRead(reader, new Uint8Array(buffer, at, end - at)).catch(() => {
      throw corrupted(m)
    })
    if (done) throw corrupted(m)
    buffer = value.buffer
    at += value.length
  }
  await reader.cancel()
  return new Uint8Array(buffer)
}

/**
 * Writes the chunks of one import, the next ones being made while the last ones are on their way: as blobs, which are read and
 * written twice as fast as buffers, or as buffers where blobs are refused (Safari's private windows).
 */
export class ChunkWriter {
  readonly parts: StoredPart[] = []
  readonly #prefix = newPrefix()
  readonly #written: string[] = []
  readonly #underWay: Promise<void>[] = []
  #blobs = true
  #done = 0

  constructor(
    private readonly shelf: Shelf,
    private readonly chunkBytes: number,
    private readonly total: number,
    private readonly options: PutOptions
  ) {}

  async write(part: string, { bytes, slice }: Piecewise): Promise<void> {
    const { signal, progress } = this.options
    const stored: StoredPart = { part, bytes, prefix: this.#prefix }
    const hashes: string[] = []
    const room = new Uint8Array(Math.min(this.chunkBytes, bytes))
    for (let start = 0, i = 0; start < bytes; start += this.chunkBytes, i++) {
      signal?.throwIfAborted()
      if (this.#underWay.length === WRITTEN_AT_ONCE) await this.#underWay.shift()
      const end = Math.min(start + this.chunkBytes, bytes)
      const chunk = slice(start, end, room.subarray(0, end - start))
      hashes.push(hashOf(chunk))
      this.#send(chunkName(stored, i), new Blob([chunk]))
      this.#done += chunk.length
      progress?.({ done: this.#done, total: this.total })
    }
    this.parts.push({ ...stored, hashes })
  }

  #send(name: string, chunk: Blob): void {
    this.#written.push(name)
    if (this.options.inTab) return this.shelf.remember([[name, chunk]])
    const writing = this.#write(name, chunk)
    this.#underWay.push(writing)
    // whoever waits for it is told
    writing.catch(() => {})
  }

  async #write(name: string, chunk: Blob): Promise<void> {
    try {
      if (this.#blobs) return await this.shelf.write([[name, chunk]])
    } catch (error) {
      if ((error as StoreError).code === 'quota') throw error
      this.#blobs = false
    }
    await this.shelf.write([[name, await chunk.arrayBuffer()]])
  }

  /** Writes what is left, then the manifest: from now on the set is there. */
  async finish(m: Manifest): Promise<void> {
    await Promise.all(this.#underWay)
    this.options.signal?.throwIfAborted()
    const entry: Entry = [manifestName(m.fingerprint), m]
    if (this.options.inTab) this.shelf.remember([entry])
    else await this.shelf.write([entry])
  }

  /** Removes what was written. What cannot be removed is swept another time. */
  async undo(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    if (this.#written.length) await this.shelf.delMany(this.#written).catch(() => {})
  }
}
