/** What arrays of NumPy hold, as pixels, features or labels: values are scaled, checked and put in order piece by piece. */
import { DataError } from '../errors.ts'
import type { Fitting } from './fitArray.ts'
import { limits, type Reading } from './format.ts'
import type { Label } from './labels.ts'
import { itemsOf, numbersOf, textsOf, type NpyArray } from './npy.ts'
import type { Bytes } from './source.ts'

/** How images lie in an array. */
export interface Layout {
  n: number
  height: number
  width: number
  channels: number
  /** channels before rows */
  planar: boolean
}

/** Images are fitted in batches of this many bytes. */
const BATCH = 1 << 20

/**
 * The images of several arrays, one after the other, fitted: u8 [n, fit.shape]. `scale` is that of pixelScale.ts, which has
 * seen all values. Throws DataError 'tooLarge'.
 */
export async function readPixels(
  pieces: readonly { array: NpyArray; layout: Layout }[],
  scale: number,
  fit: Fitting,
  { progress, signal }: Reading
): Promise<Bytes> {
  const size = fit.shape.height * fit.shape.width * fit.shape.channels
  const total = pieces.reduce((sum, { layout }) => sum + layout.n, 0)
  const [{ array: first }] = pieces
  checkBytes(first.source.name, total * size)
  const out = new Uint8Array(total * size)
  let filled = 0
  const put = (pixels: Uint8Array) => {
    out.set(pixels, filled)
    filled += pixels.length
  }
  for (const { array, layout } of pieces) {
    const { n, height, width, channels, planar } = layout
    const [file, item] = [array.source.name, height * width * channels]
    const times = array.kind === 'b' ? 255 : scale
    const fitted = (batch: Bytes) => fit.apply(planar ? interleaved(batch, channels, height * width) : batch)
    if (array.fortran) {
      put(fitted(await fromFortran(array, times)))
      continue
    }
    const batch = new Uint8Array(Math.max(Math.floor(BATCH / item), 1) * item)
    let [at, done] = [0, 0]
    for await (const values of numbersOf(array)) {
      signal?.throwIfAborted()
      progress({ file, done, total: n * item })
      done += values.length
      const bytes = times === 1 && values instanceof Uint8Array ? values : undefined
      if (bytes && !planar && fit.same) {
        put(bytes)
        continue
      }
      for (let i = 0; i < values.length;) {
        const count = Math.min(values.length - i, batch.length - at)
        if (bytes) batch.set(bytes.subarray(i, i + count), at)
        else for (let j = 0; j < count; j++) batch[at + j] = Math.round(values[i + j] * times)
        i += count
        at += count
        if (at < batch.length) continue
        put(fitted(batch))
        at = 0
      }
    }
    if (at) put(fitted(batch.slice(0, at)))
  }
  return out
}

function checkBytes(file: string, bytes: number): void {
  if (bytes <= limits.bytes) return
  const [megabytes, limit] = [bytes / 1e6, limits.bytes / 1e6].map(Math.ceil)
  throw new DataError('tooLarge', { file, megabytes, limit })
}

/** [n, channels, pixels] to [n, pixels, channels] */
function interleaved(images: Bytes, channels: number, pixels: number): Bytes {
  const out = new Uint8Array(images.length)
  const item = channels * pixels
  for (let start = 0; start < images.length; start += item)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < pixels; p++) out[start + p * channels + c] = images[start + c * pixels + p]
  return out
}

/** Where the numbers of the first index lie together, everything is read, and put where it belongs. */
async function fromFortran(array: NpyArray, scale: number): Promise<Bytes> {
  checkBytes(array.source.name, itemsOf(array))
  const out = new Uint8Array(itemsOf(array))
  await inOrder(array, (to, value) => (out[to] = Math.round(value * scale)))
  return out
}

/** Every number with its index in C order, whatever the order in the file. */
async function inOrder(array: NpyArray, put: (to: number, value: number) => void): Promise<void> {
  const { shape, fortran } = array
  let next = 0
  if (!fortran) {
    for await (const values of numbersOf(array))
      for (let i = 0; i < values.length; i++) put(next++, values[i])
    return
  }
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1))
  const index = new Array<number>(shape.length).fill(0)
  for await (const values of numbersOf(array)) {
    for (let i = 0; i < values.length; i++) {
      put(next, values[i])
      for (let d = 0; d < shape.length; d++) {
        next += strides[d]
        if (++index[d] < shape[d]) break
        next -= strides[d] * shape[d]
        index[d] = 0
      }
    }
  }
}

/** Tables [n, d], one after the other: [n, d]. Throws DataError 'badFeature', 'tooLarge'. */
export async function readFeatures(
  tables: readonly NpyArray[],
  { progress, signal }: Reading
): Promise<Float32Array<ArrayBuffer>> {
  const total = tables.reduce((sum, array) => sum + itemsOf(array), 0)
  checkBytes(tables[0].source.name, total * 4)
  const out = new Float32Array(total)
  let start = 0
  for (const array of tables) {
    const file = array.source.name
    signal?.throwIfAborted()
    progress({ file, done: start, total })
    await inOrder(array, (to, value) => {
      const single = Math.fround(value)
      if (!Number.isFinite(single)) throw new DataError('badFeature', { file, value: String(value) })
      out[start + to] = single
    })
    start += itemsOf(array)
  }
  return out
}

/**
 * [n] or [n, 1] of whole numbers or words; [n, c] with a single 1 in each row. -1 is no label. Throws DataError 'multiLabel',
 * 'badLabel', 'unsupportedDimensions', 'tooLarge'.
 */
export async function readLabels(array: NpyArray): Promise<Label[]> {
  const { shape, kind, source } = array
  const file = source.name
  checkBytes(file, itemsOf(array) * 8)
  const [n, columns = 1] = shape
  if (columns === 0) throw new DataError('unsupportedDimensions', { file, dimensions: shape.join('×') })
  if (kind === 'S' || kind === 'U') {
    if (columns !== 1) throw new DataError('multiLabel', { file, columns })
    return textsOf(array)
  }
  if (columns > 1) return oneHot(array, n, columns)
  const labels: Label[] = new Array<Label>(n)
  await inOrder(array, (to, value) => {
    if (!Number.isSafeInteger(value) || value < -1)
      throw new DataError('badLabel', { file, value: String(value) })
    labels[to] = value === -1 ? undefined : value
  })
  return labels
}

async function oneHot(array: NpyArray, n: number, columns: number): Promise<Label[]> {
  const file = array.source.name
  const labels = new Int32Array(n).fill(-1)
  await inOrder(array, (to, value) => {
    const row = Math.floor(to / columns)
    if (value === 0) return
    if (value !== 1 || labels[row] >= 0) throw new DataError('multiLabel', { file, columns })
    labels[row] = to % columns
  })
  if (labels.includes(-1)) throw new DataError('multiLabel', { file, columns })
  return Array.from(labels)
}
