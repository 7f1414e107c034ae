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

/** 64 hex digits. The pool's images and labels come first, then those of the test part. */
export function fingerprintOf({ shape, classNames, pool, test }: Fingerprinted): string {
  const { height, width, channels } = shape
  const sizes = [height, width, channels, classNames.length, pool.labels.length, test.labels.length]
  const hash = sha256.create().update(utf8ToBytes(`dal-dataset 1 ${sizes.join(' ')}\n`))
  for (const part of [pool, test]) hash.update(part.images).update(labelBytes(part.labels))
  return bytesToHex(hash.digest())
}
