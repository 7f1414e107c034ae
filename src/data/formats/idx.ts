/**
 * IDX, the format of MNIST (LeCun, Cortes and Burges) and all that imitates it: two zero bytes, a type, the number of
 * dimensions, the dimensions as big-endian 32-bit numbers, then the values row by row. Images are bytes [n, height,
 * width], labels bytes [n]. A data set is one or two pairs of such files; which file is which is told by content, and
 * names only tell the training pair from the test pair. Other types and more dimensions are refused with a reason; images of
 * other sizes are fitted like all others.
 */
import type { ImageSet } from '../../core/view.ts'
import { DataError, remark, type Remark } from '../errors.ts'
import { fitting } from './fitArray.ts'
import { limits, type Format, type Read, type Reading } from './format.ts'
import { recognise } from './knownSets.ts'
import { numberLabels } from './labels.ts'
import type { Source } from './source.ts'

const BYTE = 0x08
const types: Readonly<Record<number, string>> = {
  0x08: 'u8',
  0x09: 'i8',
  0x0b: 'i16',
  0x0c: 'i32',
  0x0d: 'f32',
  0x0e: 'f64'
}
const MOST_DIMENSIONS = 4

const isMagic = (a: number, b: number, type: number, dimensions: number) =>
  a === 0 && b === 0 && type in types && dimensions >= 1 && dimensions <= MOST_DIMENSIONS

interface Table {
  source: Source
  /** [n] or [n, height, width] */
  dimensions: number[]
}

interface Pair {
  images: Table
  labels: Table
}

const itemsOf = (dimensions: readonly number[]) => dimensions.reduce((a, b) => a * b, 1)

/** Whether the sides of images are such as can be fitted. */
const haveSides = ([, ...sides]: readonly number[]) =>
  sides.every(side => side >= 1 && side <= limits.longSide)

/** Reads and checks a header. */
async function table(source: Source): Promise<Table> {
  const file = source.name
  const head = await source.head()
  if (!isMagic(head[0], head[1], head[2], head[3])) throw new DataError('wrongByteOrder', { file })
  const count = head[3]
  const start = 4 + 4 * count
  if (head.length < start) throw new DataError('truncated', { file, expected: start, found: head.length })
  if (head[2] !== BYTE) throw new DataError('unsupportedType', { file, type: types[head[2]] })
  const header = new DataView(head.buffer, head.byteOffset)
  const [dimensions, swapped] = [false, true].map(little =>
    Array.from({ length: count }, (_, i) => header.getUint32(4 + 4 * i, little))
  )
  if (count !== 1 && count !== 3) {
    throw new DataError('unsupportedDimensions', { file, dimensions: dimensions.join('x') })
  }
  const [n, height = 0, width = 0] = dimensions
  if (n === 0) throw new DataError('noImages', { file })
  // some programs write the magic as they should and the dimensions as their machine does
  const isSwapped = haveSides(dimensions)
    ? start + itemsOf(dimensions) !== source.size && start + itemsOf(swapped) === source.size
    : haveSides(swapped)
  if (isSwapped) throw new DataError('wrongByteOrder', { file })
  if (!haveSides(dimensions)) {
    throw new DataError('unsupportedSize', { file, height, width, least: 1, most: limits.longSide })
  }
  const bytes = itemsOf(dimensions)
  if (bytes > limits.bytes) {
    const [megabytes, limit] = [bytes / 1e6, limits.bytes / 1e6].map(Math.ceil)
    throw new DataError('tooLarge', { file, megabytes, limit })
  }
  return { source, dimensions }
}

const values = ({ source, dimensions }: Table) => source.read(4 + 4 * dimensions.length, itemsOf(dimensions))

/** What a file's name says it is for. */
function partOf(name: string): 'train' | 'test' | undefined {
  const file = name.toLowerCase()
  if (/t10k|test|valid|\bval\b/.test(file)) return 'test'
  return /train/.test(file) ? 'train' : undefined
}

/** Matches images with labels, and tells the training pair from the test pair. */
function pairUp(tables: readonly Table[]): { train: Pair; test?: Pair; remarks: Remark[] } {
  const images = tables.filter(t => t.dimensions.length === 3)
  const labels = tables.filter(t => t.dimensions.length === 1)
  if (labels.length === 0) throw new DataError('labelsMissing', { file: images[0].source.name })
  if (images.length === 0) throw new DataError('imagesMissing', { file: labels[0].source.name })
  if (images.length > 2 || labels.length > 2) {
    throw new DataError('tooManyFiles', { images: images.length, labels: labels.length })
  }
  if (images.length === 1 && labels.length === 1) {
    return { train: checked({ images: images[0], labels: labels[0] }), remarks: [] }
  }
  const { first: trainImages, second: testImages, bySize } = inOrder(images, labels)
  const { first: trainLabels, second: testLabels } = inOrder(labels, images)
  if (!trainImages || !testImages) {
    throw new DataError('imagesMissing', { file: (trainImages ? testLabels : trainLabels)!.source.name })
  }
  if (!trainLabels || !testLabels) {
    throw new DataError('labelsMissing', { file: (trainLabels ? testImages : trainImages)!.source.name })
  }
  const train = checked({ images: trainImages, labels: trainLabels })
  const test = checked({ images: testImages, labels: testLabels })
  const remarks = bySize
    ? [remark('splitBySize', { train: trainImages.source.name, test: testImages.source.name })]
    : []
  return { train, test, remarks }
}

/**
 * Of two files of one kind, the one for training comes first: by their names, else the larger. A single file is put
 * where it belongs beside the two of the other kind: by its name, else by its count.
 */
function inOrder(
  [a, b]: readonly Table[],
  others: readonly Table[]
): { first?: Table; second?: Table; bySize?: boolean } {
  const part = partOf(a.source.name)
  if (!b) {
    const [large] = [...others].sort((p, q) => q.dimensions[0] - p.dimensions[0])
    const isTrain = part ? part === 'train' : a.dimensions[0] === large.dimensions[0]
    return isTrain ? { first: a } : { second: a }
  }
  const other = partOf(b.source.name)
  if (part !== other) {
    const aFirst = part === 'train' || other === 'test'
    return aFirst ? { first: a, second: b } : { first: b, second: a }
  }
  if (a.dimensions[0] === b.dimensions[0]) {
    throw new DataError('ambiguousSplit', { file: a.source.name, other: b.source.name })
  }
  return a.dimensions[0] > b.dimensions[0]
    ? { first: a, second: b, bySize: true }
    : { first: b, second: a, bySize: true }
}

function checked(pair: Pair): Pair {
  const [images] = pair.images.dimensions
  const [labels] = pair.labels.dimensions
  if (images !== labels) {
    const [file, labelFile] = [pair.images.source.name, pair.labels.source.name]
    throw new DataError('labelsCountMismatch', { file, images, labelFile, labels })
  }
  return pair
}

/** EMNIST's files run down the columns: mirrors every image [height, width] along its diagonal. */
function transpose(images: Uint8Array<ArrayBuffer>, side: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(images.length)
  for (let at = 0; at < images.length; at += side * side) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) out[at + x * side + y] = images[at + y * side + x]
    }
  }
  return out
}

/** The first file's name without the usual endings. */
function nameOf(names: readonly string[]): string {
  const base = names[0].split('/').pop()!
  const stem = base
    .replace(/\.gz$/i, '')
    .replace(/[-_.]?(train|t10k|test)?[-_.]?(images|labels)?[-_.]?idx\d[-_.]ubyte$/i, '')
  return stem || 'IDX'
}

async function read(sources: readonly Source[], reading: Reading): Promise<Read> {
  const tables: Table[] = []
  for (const source of sources) tables.push(await table(source))
  const { train, test, remarks } = pairUp(tables)
  const names = sources.map(source => source.name)
  const size = ({ dimensions: [, height, width] }: Table) => `${height}x${width}`
  if (test && size(test.images) !== size(train.images)) {
    throw new DataError('sizesDiffer', {
      file: train.images.source.name,
      size: size(train.images),
      other: test.images.source.name,
      otherSize: size(test.images)
    })
  }
  const trainLabels = await values(train.labels)
  const testLabels = test && (await values(test.labels))

  const known = recognise(names, trainLabels, testLabels)
  const classes = numberLabels(
    { file: train.labels.source.name, labels: trainLabels },
    test && { file: test.labels.source.name, labels: testLabels! },
    known
  )

  const [, height, width] = train.images.dimensions
  const upright = height === width && names.every(name => /emnist/i.test(name))
  if (upright) remarks.push(remark('transposed', {}))
  const fit = fitting(train.images.source.name, { height, width, channels: 1 }, reading)
  const total = sources.length
  const part = async ({ images: { source }, images }: Pair, labels: Uint16Array): Promise<ImageSet> => {
    reading.signal?.throwIfAborted()
    reading.progress({ file: source.name, done: sources.indexOf(source), total })
    const pixels = await values(images)
    return { images: fit.apply(upright ? transpose(pixels, height) : pixels), labels }
  }
  return {
    kind: 'images',
    name: known?.name ?? nameOf(names),
    shape: fit.shape,
    classNames: classes.classNames,
    pool: await part(train, classes.pool),
    test: test && (await part(test, classes.test!)),
    remarks: [...remarks, ...classes.remarks, ...fit.remarks],
    labelFile: train.labels.source.name
  }
}

export const idx: Format = {
  id: 'idx',
  sniff: ([a, b, c, d]) => isMagic(a, b, c, d) || isMagic(d, c, b, a),
  read
}
