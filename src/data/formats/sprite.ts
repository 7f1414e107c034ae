/**
 * The sprite of TensorFlow.js's MNIST examples: one PNG with an image in each of its rows (65,000 rows of 784 pixels), and
 * a file of bytes with a label for each, one byte of ten set (mnist_labels_uint8). By the examples' own custom the first
 * 55,000 of MNIST's are for training and the last 10,000 for testing; of another sprite the test part is split off.
 */
import { DataError, type Remark } from '../errors.ts'
import { fitting } from './fitArray.ts'
import { limits, type Format, type Read, type Reading } from './format.ts'
import { cut } from './imageFolder.ts'
import { recognise } from './knownSets.ts'
import { numberLabels } from './labels.ts'
import { decodePng, isPng } from './png.ts'
import type { Bytes, Source } from './source.ts'

/** With fewer rows, also in proportion to its width, a PNG is a picture. */
const FEWEST_ROWS = 1000
const FEWEST_TIMES = 20
const MNIST = { images: 65000, pool: 55000 } as const
const MOST_PNG = 256 << 20

/** Width and height of a PNG whose rows can be square images. */
function spriteOf(head: Uint8Array): { side: number; images: number } | undefined {
  if (!isPng(head) || head.length < 24) return undefined
  const view = new DataView(head.buffer, head.byteOffset)
  const [side, images] = [Math.sqrt(view.getUint32(16)), view.getUint32(20)]
  const sound = Number.isInteger(side) && side >= limits.leastSide && side <= limits.mostSide
  return sound && images >= Math.max(FEWEST_ROWS, FEWEST_TIMES * side * side) ? { side, images } : undefined
}

/** One byte of ten is 1, the others 0. */
function isOneHot(head: Uint8Array): boolean {
  const whole = head.length - (head.length % 10)
  for (let at = 0; at < whole; at += 10) {
    let sum = 0
    for (let i = at; i < at + 10; i++) {
      if (head[i] > 1) return false
      sum += head[i]
    }
    if (sum !== 1) return false
  }
  return whole >= 100
}

async function read(sources: readonly Source[], reading: Reading): Promise<Read> {
  const found: { source: Source; sprite?: ReturnType<typeof spriteOf> }[] = []
  for (const source of sources) found.push({ source, sprite: spriteOf(await source.head()) })
  const sprites = found.filter(({ sprite }) => sprite)
  const tables = found.filter(({ sprite }) => !sprite)
  const [{ source }] = found
  if (sprites.length === 0) throw new DataError('imagesMissing', { file: source.name })
  if (tables.length === 0) throw new DataError('labelsMissing', { file: source.name })
  if (found.length > 2) throw new DataError('tooManyFiles', { images: sprites.length, labels: tables.length })
  const [{ source: png, sprite }] = sprites
  const { side, images: count } = sprite!
  const [{ source: table }] = tables
  if (table.size !== 10 * count) {
    throw new DataError('spriteLabels', {
      file: table.name,
      images: count,
      labels: Math.floor(table.size / 10)
    })
  }
  const labels = await labelsOf(table)
  const pixels = await imagesOf(png, count, side * side, reading)

  const poolSize = count === MNIST.images ? MNIST.pool : count
  const known = recognise([png.name, table.name], labels)
  const numbered = numberLabels(
    { file: table.name, labels: labels.slice(0, poolSize) },
    poolSize < count ? { file: table.name, labels: labels.slice(poolSize) } : undefined,
    known
  )
  const fit = fitting(png.name, { height: side, width: side, channels: 1 }, reading)
  const fitted = fit.apply(pixels)
  const { height, width, channels } = fit.shape
  const [pool, test] = cut(fitted, poolSize * height * width * channels)
  const remarks: Remark[] = [...fit.remarks, ...numbered.remarks]
  return {
    kind: 'images',
    name: known?.name ?? 'Sprite',
    shape: fit.shape,
    classNames: numbered.classNames,
    pool: { images: pool, labels: numbered.pool },
    test: numbered.test && { images: test, labels: numbered.test },
    remarks,
    labelFile: table.name
  }
}

/** [n], 0..9. Throws DataError 'multiLabel'. */
async function labelsOf(table: Source): Promise<number[]> {
  const bytes = await table.bytes(limits.bytes)
  const labels: number[] = []
  for (let at = 0; at < bytes.length; at += 10) {
    const row = bytes.subarray(at, at + 10)
    const sum = row.reduce((a, b) => a + b, 0)
    if (sum !== 1) throw new DataError('multiLabel', { file: table.name, columns: 10 })
    labels.push(row.indexOf(1))
  }
  return labels
}

/** The first channel of every row: u8 [images, pixels]. */
async function imagesOf(png: Source, images: number, pixels: number, reading: Reading): Promise<Bytes> {
  if (images * pixels > limits.bytes) {
    const [megabytes, limit] = [(images * pixels) / 1e6, limits.bytes / 1e6].map(Math.ceil)
    throw new DataError('tooLarge', { file: png.name, megabytes, limit })
  }
  const bytes = await png.bytes(MOST_PNG)
  const out = new Uint8Array(images * pixels)
  await decodePng(png.name, bytes, ({ channels }) => (row, y) => {
    reading.signal?.throwIfAborted()
    if (y % 1000 === 0) reading.progress({ file: png.name, done: y, total: images })
    for (let x = 0; x < pixels; x++) out[y * pixels + x] = row[x * channels]
  })
  return out
}

export const sprite: Format = {
  id: 'sprite',
  sniff: head => spriteOf(head) !== undefined || isOneHot(head),
  read
}
