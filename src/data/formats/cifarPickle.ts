/**
 * CIFAR-10 and CIFAR-100 for Python: pickles of dictionaries with the pixels (data: u8 [n, 3072], planar) and the labels,
 * and one of the class names. Single files are read as well as the whole archive.
 */
import { DataError } from '../errors.ts'
import { CIFAR_PIXELS, cifar10Names, cifarShape, interleave } from './cifar.ts'
import { fitting } from './fitArray.ts'
import type { Format, Read, Reading } from './format.ts'
import { byCharacters, numberLabels } from './labels.ts'
import { arrangeParts, partOf } from './parts.ts'
import { readPickle, type Pickled, type PickledArray } from './pickle.ts'
import type { Bytes, Source } from './source.ts'

interface Batch {
  source: Source
  /** [n, 3072] in the order of pixels */
  images: Bytes
  labels: number[]
}

const isArray = (value: Pickled | undefined): value is PickledArray =>
  typeof value === 'object' && value !== null && 'shape' in value && 'bytes' in value

const strings = (value: Pickled | undefined) =>
  Array.isArray(value) && value.every(item => typeof item === 'string') ? value : undefined

/** A dictionary of images, of class names, or neither. */
function contents(source: Source, value: Pickled): Batch | string[] | undefined {
  if (!(value instanceof Map)) return undefined
  const data = value.get('data')
  if (!isArray(data)) return strings(value.get('fine_label_names') ?? value.get('label_names'))
  const file = source.name
  const { shape, bytes } = data
  if (shape.length !== 2 || shape[1] !== CIFAR_PIXELS) {
    throw new DataError('unsupportedDimensions', { file, dimensions: shape.join('×') })
  }
  if (shape[0] === 0) throw new DataError('noImages', { file })
  const labels = value.get('fine_labels') ?? value.get('labels')
  if (!Array.isArray(labels)) throw new DataError('labelsMissing', { file })
  if (labels.length !== shape[0]) {
    const [images, count] = [shape[0], labels.length]
    throw new DataError('labelsCountMismatch', { file, images, labelFile: file, labels: count })
  }
  const bad = labels.find(label => typeof label !== 'number' || !Number.isInteger(label) || label < 0)
  if (bad !== undefined) throw new DataError('badLabel', { file, value: String(bad) })
  // in place: one image at a time
  const held = new Uint8Array(CIFAR_PIXELS)
  for (let at = 0; at < bytes.length; at += CIFAR_PIXELS) {
    const image = bytes.subarray(at, at + CIFAR_PIXELS)
    held.set(image)
    interleave(held, image)
  }
  return { source, images: bytes, labels: labels as number[] }
}

/** The part, by the file's name ("test_batch", "train"). */
const partOfBatch = ({ source }: Batch) => partOf(source.path.split('/').pop()!)

async function read(sources: readonly Source[], reading: Reading): Promise<Read> {
  const fit = fitting(sources[0].name, cifarShape, reading)
  const batches: Batch[] = []
  let names: string[] | undefined
  for (const [i, source] of sources.entries()) {
    reading.signal?.throwIfAborted()
    reading.progress({ file: source.name, done: i, total: sources.length })
    const found = contents(source, await readPickle(source, reading.signal))
    if (Array.isArray(found)) names = found
    else if (found) batches.push({ ...found, images: fit.apply(found.images) })
    else throw new DataError('unsafePickle', { file: source.name })
  }
  if (batches.length === 0) throw new DataError('imagesMissing', { file: sources[0].name })
  batches.sort((a, b) => byCharacters(a.source.path, b.source.path))
  const arranged = arrangeParts(
    batches.map(thing => ({ part: partOfBatch(thing), thing })),
    ({ labels }) => labels.length
  )
  const [pool, test] = arranged.pool.length ? [arranged.pool, arranged.test] : [arranged.test, []]
  const known = knownNames(names, batches)
  const labelled = (part: Batch[]) => ({
    file: part[0].source.name,
    labels: part.flatMap(({ labels }) => labels)
  })
  const classes = numberLabels(labelled(pool), test.length ? labelled(test) : undefined, known)
  const hundred = classes.classNames.length > 10
  return {
    kind: 'images',
    name: hundred ? 'CIFAR-100' : 'CIFAR-10',
    shape: fit.shape,
    classNames: classes.classNames,
    pool: { images: joined(pool), labels: classes.pool },
    test: test.length ? { images: joined(test), labels: classes.test! } : undefined,
    remarks: [...arranged.remarks, ...classes.remarks, ...fit.remarks],
    labelFile: pool[0].source.name
  }
}

/** The names in the archive, or those that everybody knows, if the labels are theirs. */
function knownNames(names: string[] | undefined, batches: readonly Batch[]) {
  const most = batches.reduce((m, { labels }) => labels.reduce((a, b) => Math.max(a, b), m), 0)
  const fits = [names, cifar10Names].find(list => list && most < list.length)
  const hundred = Array.from({ length: 100 }, (_, c) => String(c))
  return { classNames: fits ?? (most < 100 ? hundred : []) }
}

function joined(batches: readonly Batch[]): Bytes {
  if (batches.length === 1) return batches[0].images
  const out = new Uint8Array(batches.reduce((sum, { images }) => sum + images.length, 0))
  let at = 0
  for (const batch of batches) {
    out.set(batch.images, at)
    at += batch.images.length
    // what was copied need not be held
    batch.images = new Uint8Array(0)
  }
  return out
}

/** Protocols 2 to 5 begin so, with an empty dictionary or (from 4 on) a frame. */
export const pickledCifar: Format = {
  id: 'pickledCifar',
  sniff: ([proto, version]) => proto === 0x80 && version >= 2 && version <= 5,
  read
}
