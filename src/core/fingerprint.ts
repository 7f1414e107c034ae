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

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** Values as bytes, those of features little-endian whatever the machine. */
function rowBytes({ images, features }: ImageSet): Uint8Array {
  if (!features) return images
  if (littleEndian) return new Uint8Array(features.buffer, features.byteOffset, features.byteLength)
  const bytes = new DataView(new ArrayBuffer(features.byteLength))
  features.forEach((value, i) => bytes.setFloat32(4 * i, value, true))
  return new Uint8Array(bytes.buffer)
}

/** The pool's images and labels come first, then those of the test part. */
function pieces({ shape, classNames, pool, test }: Fingerprinted): Uint8Array[] {
  const { height, width, channels } = shape
  const parts = [classNames.length, pool.labels.length, test.labels.length]
  const line = pool.features
    ? `dal-features 1 ${[width, ...parts].join(' ')}\n`
    : `dal-dataset 1 ${[height, width, channels, ...parts].join(' ')}\n`
  return [utf8ToBytes(line), ...[pool, test].flatMap(part => [rowBytes(part), labelBytes(part.labels)])]
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
