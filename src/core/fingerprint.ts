/**
 * The fingerprint of a data set or view: SHA-256 over a line that says its sizes, then its bytes. It identifies the data in
 * specs, links and results, and shows when stored bytes were damaged. Names (of the set, of its classes) are for people
 * and not part of it, nor are images without a label, unless there are no others.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { startSha256 } from './digest.ts'
import type { Digester } from './digester.ts'
import type { ImageShape } from './network.ts'
import type { Content } from './storedDataset.ts'
import type { ImageSet } from './view.ts'

export interface Fingerprinted {
  shape: ImageShape
  classNames: readonly string[]
  pool: ImageSet
  test: ImageSet
}

interface Sizes {
  shape: ImageShape
  features: boolean
  classes: number
  poolSize: number
  testSize: number
}

/** Whether numbers lie in memory as they do in a fingerprint and in the store. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** Labels as bytes, little-endian whatever the machine. */
export function labelBytes(labels: Uint16Array): Uint8Array {
  if (littleEndian) return new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength)
  const bytes = new DataView(new ArrayBuffer(labels.byteLength))
  labels.forEach((label, i) => bytes.setUint16(2 * i, label, true))
  return new Uint8Array(bytes.buffer)
}

/** Features as bytes, little-endian whatever the machine. */
export function featureBytes(features: Float32Array): Uint8Array {
  if (littleEndian) return new Uint8Array(features.buffer, features.byteOffset, features.byteLength)
  const bytes = new DataView(new ArrayBuffer(features.byteLength))
  features.forEach((value, i) => bytes.setFloat32(4 * i, value, true))
  return new Uint8Array(bytes.buffer)
}

function firstLine({ shape, features, classes, poolSize, testSize }: Sizes): string {
  const { height, width, channels } = shape
  return features
    ? `dal-features 1 ${width} ${classes} ${poolSize} ${testSize}\n`
    : `dal-dataset 1 ${height} ${width} ${channels} ${classes} ${poolSize} ${testSize}\n`
}

/** Bytes on their way to a digester, in pieces of this many, so many pieces at a time. */
const PIECE = 1 << 20
const AT_ONCE = 3

/**
 * The fingerprint of what is to be stored: pool rows, pool labels, test rows, test labels; of a set in which nothing has a
 * label, its rows alone. Rejects with the signal's reason.
 */
export async function contentFingerprint(
  content: Content,
  digester: Digester,
  signal?: AbortSignal
): Promise<string> {
  const { shape, features, classNames, poolSize, testSize, unlabelledSize } = content
  const { height, width, channels } = shape
  const line = poolSize
    ? firstLine({ shape, features, classes: classNames.length, poolSize, testSize })
    : `dal-unlabelled 1 ${height} ${width} ${channels} ${unlabelledSize}\n`
  const { poolRows, poolLabels, testRows, testLabels, unlabelledRows } = content
  const made = digester.start('sha256')
  const away = [made.update(utf8ToBytes(line))]
  try {
    for (const { bytes, slice } of poolSize ? [poolRows, poolLabels, testRows, testLabels] : [unlabelledRows])
      for (let start = 0; start < bytes; start += PIECE) {
        const room = away.length === AT_ONCE ? await away.shift() : undefined
        signal?.throwIfAborted()
        const end = Math.min(start + PIECE, bytes)
        away.push(made.update(slice(start, end, room?.length === end - start ? room : undefined)))
      }
    return await made.digest()
  } catch (error) {
    made.drop()
    throw error
  } finally {
    await Promise.allSettled(away)
  }
}

/** 64 hex digits. */
export function fingerprintOf({ shape, classNames, pool, test }: Fingerprinted): string {
  const line = firstLine({
    shape,
    features: pool.features !== undefined,
    classes: classNames.length,
    poolSize: pool.labels.length,
    testSize: test.labels.length
  })
  const made = startSha256()
  made.update(utf8ToBytes(line))
  for (const { images, features, labels } of [pool, test]) {
    made.update(features ? featureBytes(features) : images)
    made.update(labelBytes(labels))
  }
  return made.digest()
}
