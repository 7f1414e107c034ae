/**
 * SHA-256 (FIPS 180-4) and CRC-32 (ISO 3309, polynomial 0xedb88320) of bytes that come by in pieces. The platform's own
 * digest wants all bytes at once, and a data set of 200 MB is not to be held twice: hash-wasm takes pieces, several times as
 * fast as JavaScript. It is compiled once (`prepareDigests`); where that has not happened or cannot, JavaScript does
 * the same.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { createCRC32, createSHA256, type IHasher } from 'hash-wasm'
import type { DigestKind } from './digester.ts'

export interface Digest<R> {
  /** takes in bytes, in pieces of any length */
  update(bytes: Uint8Array): void
  /** nothing may come after it */
  digest(): R
}

let compiled: { sha256: IHasher; crc32: IHasher } | undefined

/** Compiles the fast digests for this thread; resolves in any case. */
export async function prepareDigests(): Promise<void> {
  try {
    compiled ??= { sha256: await createSHA256(), crc32: await createCRC32() }
  } catch {
    // where WebAssembly may not be compiled: JavaScript it is
  }
}

/** One of several that share a compiled hasher: it takes its state out and in. */
class Sharer<R> implements Digest<R> {
  private state: Uint8Array

  constructor(
    private readonly hasher: IHasher,
    private readonly read: (hasher: IHasher) => R
  ) {
    this.state = hasher.init().save()
  }

  update(bytes: Uint8Array): void {
    this.state = this.hasher.load(this.state).update(bytes).save()
  }

  digest(): R {
    return this.read(this.hasher.load(this.state))
  }
}

/** SHA-256 as 64 hex digits. */
export function startSha256(): Digest<string> {
  if (compiled) return new Sharer(compiled.sha256, hasher => hasher.digest())
  const slow = sha256.create()
  return { update: bytes => void slow.update(bytes), digest: () => bytesToHex(slow.digest()) }
}

/** The check sum of zip, gzip and PNG, as an unsigned number. */
export function startCrc32(): Digest<number> {
  if (compiled) return new Sharer(compiled.crc32, hasher => parseInt(hasher.digest(), 16))
  let sum = -1
  return {
    update(bytes) {
      for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8)
    },
    digest: () => ~sum >>> 0
  }
}

/** Either of them, in hexadecimal digits: 64, and 8. */
export function startDigest(kind: DigestKind): Digest<string> {
  if (kind === 'sha256') return startSha256()
  const sum = startCrc32()
  return { update: sum.update.bind(sum), digest: () => sum.digest().toString(16).padStart(8, '0') }
}

export function crc32(bytes: Uint8Array): number {
  // at once there is no state to take out: between two pieces of another digest the hasher is free
  if (compiled) return parseInt(compiled.crc32.init().update(bytes).digest(), 16)
  const sum = startCrc32()
  sum.update(bytes)
  return sum.digest()
}

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let c = byte
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})
