/**
 * The bytes of a data set, piece by piece: no more than a few chunks are ever held beside the whole. Each chunk has a check sum
 * of its own, made and looked at while the next one is on its way.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { crc32, startSha256 } from '../core/digest.ts'
import type { Piecewise, Task } from '../core/storedDataset.ts'
import { StoreError } from './errors.ts'
import { chunkName, chunkNames, manifestName, type Manifest, type StoredPart } from './manifest.ts'
import type { Entry, Shelf } from './shelf.ts'

/** chunks on their way to or from the disk at once: enough to be quick, few enough to keep what is held twice small */
const WRITTEN_AT_ONCE = 2
const READ_AT_ONCE = 4
const SHA_DIGITS = 64

export interface PutOptions extends Task {
  /** milliseconds since 1970 */
  storedAt: number
  /** nothing goes to the disk: the set lasts until the tab is closed */
  inTab?: boolean
}

/**
 * What tells damaged bytes: CRC-32, which costs a fraction of SHA-256; that is kept for the fingerprint. Sets of an older
 * version have SHA-256 for each chunk, and are checked against it.
 */
function hashOf(bytes: Uint8Array<ArrayBuffer>, like?: string): string {
  if (like?.length !== SHA_DIGITS) return crc32(bytes).toString(16).padStart(8, '0')
  const hash = startSha256()
  hash.update(bytes)
  return hash.digest()
}

/** A name for the chunks of one import that no other import has. */
const newPrefix = () => `import-${bytesToHex(globalThis.crypto.getRandomValues(new Uint8Array(12)))}`

/**
 * The chunks of an array, the next ones being read meanwhile. All are checked at the end against their hashes; one that
 * had none gets it. Throws StoreError 'corrupted'.
 */
export async function* readChunks(
  shelf: Shelf,
  m: Pick<Manifest, 'name' | 'chunkBytes'>,
  stored: StoredPart
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const corrupted = () => new StoreError('corrupted', { name: m.name })
  const names = chunkNames(m, stored)
  const hashes: string[] = []
  const asked: Promise<unknown>[] = []
  const ask = async (name: string) => (await shelf.getMany([name]))[0]
  for (let i = 0; i < names.length; i++) {
    while (asked.length < Math.min(READ_AT_ONCE, names.length - i)) asked.push(ask(names[i + asked.length]))
    const chunk = await asked.shift()
    const expected = Math.min(m.chunkBytes, stored.bytes - i * m.chunkBytes)
    if (!(chunk instanceof ArrayBuffer) || chunk.byteLength !== expected) throw corrupted()
    const bytes = new Uint8Array(chunk)
    hashes.push(hashOf(bytes, stored.hashes?.[i]))
    yield bytes
  }
  if (stored.hashes && hashes.some((hash, i) => hash !== stored.hashes![i])) throw corrupted()
  stored.hashes = hashes
}

/** A whole array. Rejects with StoreError 'corrupted'. */
export async function readPart(
  shelf: Shelf,
  m: Pick<Manifest, 'name' | 'chunkBytes'>,
  stored: StoredPart
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(stored.bytes)
  let at = 0
  for await (const chunk of readChunks(shelf, m, stored)) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/**
 * Writes the chunks of one import, the next ones being made while the last ones are on their way. Memory for chunks is
 * used again as soon as the disk has what was in it.
 */
export class ChunkWriter {
  readonly parts: StoredPart[] = []
  readonly #prefix = newPrefix()
  readonly #written: string[] = []
  readonly #underWay: Promise<Uint8Array<ArrayBuffer>>[] = []
  readonly #rooms: Uint8Array<ArrayBuffer>[] = []
  #done = 0

  constructor(
    private readonly shelf: Shelf,
    private readonly chunkBytes: number,
    private readonly total: number,
    private readonly options: PutOptions
  ) {}

  /** `seen` is told of the bytes as they go by. */
  async write(part: string, { bytes, slice }: Piecewise, seen: (bytes: Uint8Array) => void): Promise<void> {
    const { signal, progress } = this.options
    const stored: StoredPart = { part, bytes, prefix: this.#prefix }
    const hashes: string[] = []
    for (let start = 0, i = 0; start < bytes; start += this.chunkBytes, i++) {
      signal?.throwIfAborted()
      if (this.#underWay.length === WRITTEN_AT_ONCE) {
        const room = await this.#underWay.shift()!
        if (room.length === this.chunkBytes) this.#rooms.push(room)
      }
      const end = Math.min(start + this.chunkBytes, bytes)
      const chunk = slice(start, end, end - start === this.chunkBytes ? this.#rooms.pop() : undefined)
      hashes.push(hashOf(chunk))
      this.#send(chunkName(stored, i), chunk)
      seen(chunk)
      this.#done += chunk.length
      progress?.({ done: this.#done, total: this.total })
    }
    this.parts.push({ ...stored, hashes })
  }

  #send(name: string, chunk: Uint8Array<ArrayBuffer>): void {
    this.#written.push(name)
    const entry: Entry = [name, chunk.buffer]
    if (this.options.inTab) return this.shelf.remember([entry])
    const writing = this.shelf.write([entry]).then(() => chunk)
    this.#underWay.push(writing)
    // whoever waits for it is told
    writing.catch(() => {})
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
