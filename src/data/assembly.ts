/**
 * From what a format has read to a data set: which rows are pool, which are test, which wait for a label, and what the
 * classes are called. Rows are chosen, not copied: what was read stays as it is, and the bytes to be stored are put
 * together piece by piece when they are asked for.
 */
import { table } from '../core/experiment/table.ts'
import { featureBytes, labelBytes } from '../core/fingerprint.ts'
import type { Content, Piecewise } from '../core/storedDataset.ts'
import type { ImageShape } from '../core/network.ts'
import type { Likeness } from '../core/pretraining/settings.ts'
import { rowLength, type Dataset, type Rows } from '../core/view.ts'
import { DataError, type Remark } from './errors.ts'
import { UNLABELLED, type Read } from './formats/format.ts'
import { classHistogram, contactSheet, thumbnailOf, type Sheet } from './preview.ts'
import { drawFewer, drawTest } from './split.ts'

/** What the user decides before anything is stored. */
export interface Choices {
  name: string
  /** [classes] */
  classNames: readonly string[]
  /** share of each class that is drawn for the test part; undefined: the test part that was given */
  testShare?: number
  /** at most so many images with a label, the same share of each class; undefined: all */
  most?: number
  /** decides which images are drawn; unsigned 32-bit */
  seed: number
  /** how its images may be changed, where their channels do not tell: grey ones that were brought to colour */
  views?: Likeness
}

/** What was found in files, for people. */
export interface Found {
  name: string
  /** of features: 1 x d x 1 */
  shape: ImageShape
  features: boolean
  classNames: string[]
  /** the files say which images are for testing */
  testGiven: boolean
  labelledSize: number
  unlabelledSize: number
  /** examples, a row for each class (the first ones of very many), of those without a label a last row; features have none */
  sheet?: Sheet
  /** images in a row of the sheet */
  columns: number
  remarks: Remark[]
}

/** What choices come to. */
export interface Plan {
  /** images of each class [classes] */
  poolCounts: number[]
  testCounts: number[]
  unlabelledSize: number
  /** bytes of rows and labels, as they will be stored */
  bytes: number
}

/** Rows of what was read, those of the test part counted on after those of the pool. */
interface Assembly {
  pool: Uint32Array
  test: Uint32Array
  unlabelled: Uint32Array
}

/** Share of the images that become the test part when none is given: MNIST's own 10,000 in 70,000, rounded. */
export const TEST_SHARE = 1 / 6

export const choicesOf = (read: Read): Choices => ({
  name: read.name,
  classNames: read.classNames,
  testShare: read.test ? undefined : TEST_SHARE,
  seed: 0
})

/** The labels of some rows. */
function labelsOf(rows: Uint32Array, labels: Uint16Array): Uint16Array {
  const out = new Uint16Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = labels[rows[i]]
  return out
}

const shapeOf = (read: Read): ImageShape =>
  read.kind === 'images' ? read.shape : { height: 1, width: read.dimension, channels: 1 }

const rowsOf = (read: Read, part: 'pool' | 'test'): Rows | undefined => {
  const set = read[part]
  if (!set) return undefined
  return 'features' in set ? { images: new Uint8Array(0), features: set.features } : set
}

/** Labels of all rows, pool before test. */
function allLabels(read: Read): Uint16Array {
  const { pool, test } = read
  if (!test) return pool.labels
  const labels = new Uint16Array(pool.labels.length + test.labels.length)
  labels.set(pool.labels)
  labels.set(test.labels, pool.labels.length)
  return labels
}

/**
 * Throws DataError 'oneClass' or 'partTooSmall' where no data set can come of it. Without any label all of it waits for
 * labels by hand.
 */
function assemble(read: Read, { testShare, most, seed }: Choices): Assembly {
  const labels = allLabels(read)
  const inPool = read.pool.labels.length
  // typed arrays and plain loops: iterators would take longer than all the rest
  const all = new Uint32Array(labels.length)
  for (let row = 0; row < all.length; row++) all[row] = row
  const unlabelled = all.filter(row => labels[row] === UNLABELLED)
  const labelled = unlabelled.length ? all.filter(row => labels[row] !== UNLABELLED) : all
  if (!labelled.length) return { pool: labelled, test: labelled, unlabelled }
  if (new Set(labelsOf(labelled, labels)).size < 2) throw new DataError('oneClass', { file: read.labelFile })
  const kept = most === undefined ? labelled : drawFewer(labelled, labels, most, seed)
  const { pool, test } =
    testShare === undefined
      ? { pool: kept.filter(row => row < inPool), test: kept.filter(row => row >= inPool) }
      : drawTest(kept, labels, testShare, seed)
  const parts = [
    ['pool', pool.length, table.poolSize.min],
    ['test', test.length, table.testSize.min]
  ] as const
  for (const [part, left, needed] of parts)
    if (left < needed) throw new DataError('partTooSmall', { part, needed, left })
  return { pool, test, unlabelled }
}

/** What choices would come to. Throws DataError. */
export function planOf(read: Read, choices: Choices): Plan {
  const { pool, test, unlabelled } = assemble(read, choices)
  const labels = allLabels(read)
  const classes = read.classNames.length
  const counts = (rows: Uint32Array) => classHistogram(labelsOf(rows, labels), classes)
  const row = rowLength(shapeOf(read)) * (read.kind === 'features' ? 4 : 1)
  return {
    poolCounts: counts(pool),
    testCounts: counts(test),
    unlabelledSize: unlabelled.length,
    bytes: (pool.length + test.length) * (row + 2) + unlabelled.length * row
  }
}

/** More pixels than this are not shown. */
const SHEET_PIXELS = 3_000_000
const SHEET_CLASSES = 200

/** A look at what was read. */
export function foundIn(read: Read): Found {
  const { name, classNames, pool, test, remarks } = read
  const shape = shapeOf(read)
  const unlabelledSize = pool.labels.reduce((n, label) => n + Number(label === UNLABELLED), 0)
  const rows = Math.min(classNames.length, SHEET_CLASSES) + Number(unlabelledSize > 0)
  const columns = Math.min(Math.max(Math.floor(SHEET_PIXELS / (rows * rowLength(shape))), 3), 12)
  return {
    name,
    shape,
    features: read.kind === 'features',
    classNames,
    testGiven: test !== undefined,
    labelledSize: pool.labels.length - unlabelledSize + (test?.labels.length ?? 0),
    unlabelledSize,
    sheet:
      read.kind === 'images'
        ? contactSheet(unlabelledLast(read.pool, rows, unlabelledSize), read.shape, rows, columns)
        : undefined,
    columns,
    remarks
  }
}

/** For the sheet: rows without a label as a class of their own after the others that are shown. */
function unlabelledLast(
  { images, labels }: { images: Uint8Array; labels: Uint16Array },
  rows: number,
  n: number
) {
  return n
    ? { images, labels: labels.map(c => (c === UNLABELLED ? rows - 1 : c < rows - 1 ? c : rows)) }
    : { images, labels }
}

/**
 * What was read, as the data set that `content` stores of it, where that takes all rows as they are: there is no need to
 * read back what is at hand.
 */
export function sameRows(
  read: Read,
  { testShare }: Choices,
  content: Content
): Omit<Dataset, 'fingerprint'> | undefined {
  const { pool, test } = read
  const all = content.poolSize === pool.labels.length && content.testSize === test?.labels.length
  if (!all || testShare !== undefined) return undefined
  const { name, shape, classNames } = content
  const part = (which: 'pool' | 'test') => ({ ...rowsOf(read, which)!, labels: read[which]!.labels })
  return { name, shape, classNames: [...classNames], pool: part('pool'), test: part('test') }
}

/** The content to be stored. Throws DataError. */
export function contentOf(read: Read, choices: Choices): Content {
  const { pool, test, unlabelled } = assemble(read, choices)
  const shape = shapeOf(read)
  const features = read.kind === 'features'
  const bytesOf = (rows: Rows | undefined) =>
    !rows ? new Uint8Array(0) : rows.features ? featureBytes(rows.features) : rows.images
  const sources = [bytesOf(rowsOf(read, 'pool')), bytesOf(rowsOf(read, 'test'))] as const
  const size = rowLength(shape) * (features ? 4 : 1)
  const labels = allLabels(read)
  const rowsAt = (rows: Uint32Array) => gathered(sources, rows, size)
  const labelsAt = (rows: Uint32Array) => whole(labelBytes(labelsOf(rows, labels)))
  return {
    name: choices.name.trim() || read.name,
    shape,
    features,
    ...(choices.views && { views: choices.views }),
    classNames: choices.classNames.map(name => name.trim()),
    poolSize: pool.length,
    testSize: test.length,
    unlabelledSize: unlabelled.length,
    poolRows: rowsAt(pool),
    poolLabels: labelsAt(pool),
    testRows: rowsAt(test),
    testLabels: labelsAt(test),
    unlabelledRows: rowsAt(unlabelled),
    thumbnail: read.kind === 'images' ? thumbnailOf(read.pool, shape) : undefined
  }
}

const whole = (bytes: Uint8Array): Piecewise => ({
  bytes: bytes.length,
  slice(start, end, room = new Uint8Array(end - start)) {
    room.set(bytes.subarray(start, end))
    return room
  }
})

/** Rows of two arrays that lie one after the other, as one array of their own. */
function gathered(
  [first, second]: readonly [Uint8Array, Uint8Array],
  rows: Uint32Array,
  size: number
): Piecewise {
  return {
    bytes: rows.length * size,
    slice(start, end, out = new Uint8Array(end - start)) {
      for (let i = Math.floor(start / size), at = i * size; at < end; i++, at += size) {
        const from = rows[i] * size
        const [source, local] = from < first.length ? [first, from] : [second, from - first.length]
        const begin = Math.max(start, at)
        out.set(source.subarray(local + begin - at, local + Math.min(end, at + size) - at), begin - start)
      }
      return out
    }
  }
}
