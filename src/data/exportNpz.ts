/**
 * A stored data set as a file: NumPy's NPZ with the keys of Keras' mnist.npz (x_train, y_train, x_test, y_test), which
 * Python opens in one line and the import reads again as the same set. Beside them `class_names`, of all classes whether
 * an image is of them or not, and `x_unlabelled` for images without a label. Not compressed: the zip is put together from
 * pieces as they come, and never lies in memory as a whole.
 */
import { joined } from '../core/bytes.ts'
import type { StoredDataset, Task } from '../core/storedDataset.ts'
import { rowLength } from '../core/view.ts'
import { startCrc32 } from '../core/digest.ts'

export type StoredArray = 'poolRows' | 'poolLabels' | 'testRows' | 'testLabels' | 'unlabelledRows'

interface Member {
  name: string
  /** NumPy's name of the type */
  type: string
  dimensions: number[]
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>> | Iterable<Uint8Array<ArrayBuffer>>
}

/** `read` gives an array of the set, piece by piece. */
export async function exportNpz(
  set: StoredDataset,
  read: (array: StoredArray) => AsyncIterable<Uint8Array<ArrayBuffer>>,
  { progress, signal }: Task = {}
): Promise<{ name: string; blob: Blob }> {
  const zip = new Zip()
  let done = 0
  for (const member of members(set, read)) {
    await zip.add(member, piece => {
      signal?.throwIfAborted()
      done += piece.length
      progress?.({ done: Math.min(done, set.bytes), total: set.bytes })
    })
  }
  const file = set.name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')
  return { name: `${file || 'dataset'}.npz`, blob: zip.finish() }
}

function members(set: StoredDataset, read: (array: StoredArray) => Member['pieces']): Member[] {
  const { shape, features, classNames, poolSize, testSize, unlabelledSize = 0 } = set
  const { height, width, channels } = shape
  const row = features ? [rowLength(shape)] : channels === 1 ? [height, width] : [height, width, channels]
  const rows = (name: string, array: StoredArray, n: number): Member => ({
    name,
    type: features ? '<f4' : '|u1',
    dimensions: [n, ...row],
    pieces: read(array)
  })
  const labels = (name: string, array: StoredArray, n: number): Member => ({
    name,
    type: '<u2',
    dimensions: [n],
    pieces: read(array)
  })
  const labelled = [
    rows('x_train', 'poolRows', poolSize),
    labels('y_train', 'poolLabels', poolSize),
    rows('x_test', 'testRows', testSize),
    labels('y_test', 'testLabels', testSize),
    words('class_names', classNames)
  ]
  const waiting = unlabelledSize ? [rows('x_unlabelled', 'unlabelledRows', unlabelledSize)] : []
  return [...(poolSize ? labelled : []), ...waiting]
}

/** Texts as NumPy has them: a field of 32-bit code points each, filled up with zeros. */
function words(name: string, texts: readonly string[]): Member {
  const points = texts.map(text => Array.from(text, character => character.codePointAt(0)!))
  const longest = Math.max(1, ...points.map(p => p.length))
  const bytes = new DataView(new ArrayBuffer(4 * longest * texts.length))
  points.forEach((p, i) => p.forEach((point, j) => bytes.setUint32(4 * (i * longest + j), point, true)))
  return {
    name,
    type: `<U${longest}`,
    dimensions: [texts.length],
    pieces: [new Uint8Array(bytes.buffer)]
  }
}

/** The head of an NPY file, version 1.0, padded so that the values begin at a multiple of 64 bytes. */
function npyHead(type: string, dimensions: readonly number[]): Uint8Array<ArrayBuffer> {
  const shape = dimensions.length === 1 ? `${dimensions[0]},` : dimensions.join(', ')
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`
  const padded = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11) + '\n'
  const head = new Uint8Array(10 + padded.length)
  head.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8])
  head.set(new TextEncoder().encode(padded), 10)
  return head
}

/** Members one after the other, as they are; sizes below 4 GB. */
class Zip {
  readonly #parts: BlobPart[] = []
  readonly #directory: Uint8Array<ArrayBuffer>[] = []
  #offset = 0

  async add({ name, type, dimensions, pieces }: Member, seen: (piece: Uint8Array) => void): Promise<void> {
    const place = this.#parts.push('') - 1
    const head = npyHead(type, dimensions)
    this.#parts.push(head)
    const sum = startCrc32()
    sum.update(head)
    let size = head.length
    for await (const piece of pieces) {
      seen(piece)
      sum.update(piece)
      size += piece.length
      // the browser may put a blob on the disk
      this.#parts.push(new Blob([piece]))
    }
    const path = new TextEncoder().encode(`${name}.npy`)
    // version 2.0, no flags, stored, 1980-01-01 00:00
    const common = [
      u16(20),
      u16(0),
      u16(0),
      u16(0),
      u16(0x21),
      u32(sum.digest()),
      u32(size),
      u32(size),
      u16(path.length)
    ]
    const local = bytes(u32(0x04034b50), ...common, u16(0), path)
    this.#parts[place] = local
    this.#directory.push(
      bytes(
        u32(0x02014b50),
        u16(20),
        ...common,
        u16(0),
        u16(0),
        u16(0),
        u16(0),
        u32(0),
        u32(this.#offset),
        path
      )
    )
    this.#offset += local.length + size
  }

  finish(): Blob {
    const directory = bytes(...this.#directory)
    const count = u16(this.#directory.length)
    const end = bytes(
      u32(0x06054b50),
      u16(0),
      u16(0),
      count,
      count,
      u32(directory.length),
      u32(this.#offset),
      u16(0)
    )
    return new Blob([...this.#parts, directory, end], { type: 'application/zip' })
  }
}

const u16 = (n: number) => Uint8Array.of(n, n >> 8)
const u32 = (n: number) => Uint8Array.of(n, n >> 8, n >> 16, n >>> 24)
const bytes = (...pieces: Uint8Array[]) => joined(pieces)
