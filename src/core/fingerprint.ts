/**
 * The fingerprint of a data set or view: SHA-256 over a line that says its sizes, then its bytes. It identifies the data in
 * specs, links and results, and shows when stored bytes were damaged. Names (of the set, of its classes) are for people
 * and not part of it.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { ImageShape } from './network.ts'
import type { ImageSet } from './view.ts'

export interface Fingerprinted {
  shape: ImageShape
  classNames: readonly string[]
  pool: ImageSet
  test: ImageSet
}

/** Labels as bytes, little-endian whatever the machine. */
function labelBytes(labels: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(labels.length * 2)
  labels.forEach((label, i) => {
    bytes[2 * i] = label & 255
    bytes[2 * i + 1] = label >> 8
  })
  return bytes
}

/** The pool's images and labels come first, then those of the test part. */
function pieces({ shape, classNames, pool, test }: Fingerprinted): Uint8Array[] {
  const { height, width, channels } = shape
  const sizes = [height, width, channels, classNames.length, pool.labels.length, test.labels.length]
  const line = utf8ToBytes(`dal-dataset 1 ${sizes.join(' ')}\n`)
  return [line, ...[pool, test].flatMap(part => [part.images, labelBytes(part.labels)])]
}

/** 64 hex digits. */
export function fingerprintOf(content: Fingerprinted): string {
  const hash = sha256.create()
  for (const piece of pieces(content)) hash.update(piece)
  return bytesToHex(hash.digest())
}

/**
 * The same through a SHA-256 of the platform's, several times faster on large sets, for the price of a copy in memory.
 */
export async function fingerprintWith(
  digest: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>,
  content: Fingerprinted
): Promise<string> {
  const all = pieces(content)
  const whole = new Uint8Array(all.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of all) {
    whole.set(piece, at)
    at += piece.length
  }
  return bytesToHex(new Uint8Array(await digest(whole)))
}
