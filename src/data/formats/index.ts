/**
 * From files to a data set: opens each file and archive, finds its format by content, lets the format read the files
 * together, and sees to it that what comes out can be used: two classes at least, a test part, a fingerprint. Nothing is
 * stored here.
 */
import { fingerprintOf } from '../../core/fingerprint.ts'
import type { Dataset } from '../../core/view.ts'
import { DataError, remark, type Remark } from '../errors.ts'
import { splitOff } from '../split.ts'
import { csv } from './csv.ts'
import { asTheyAre, UNLABELLED, type Format, type Read, type Reading } from './format.ts'
import { arrays } from './arrays.ts'
import { cifar } from './cifar.ts'
import { pickledCifar } from './cifarPickle.ts'
import { idx } from './idx.ts'
import { imageFolder } from './imageFolder.ts'
import { LOOKED_INTO, openAll } from './open.ts'
import { parquet } from './parquet.ts'
import type { InputFile, Source } from './source.ts'
import { sprite } from './sprite.ts'

/** The registry of formats, asked in this order. */
export const formats: readonly Format[] = [
  idx,
  arrays,
  parquet,
  sprite,
  pickledCifar,
  cifar,
  csv,
  imageFolder
]

export type { InputFile }

/** Share of the images that become the test part when none is given: MNIST's own 10,000 in 70,000, rounded. */
export const TEST_SHARE = 1 / 6
const SPLIT_SEED = 0

/** What may be said about how to read: everything has a default. */
export type HowToRead = Partial<Omit<Reading, 'companions'>>

/** Reads the files of one data set, in any order: what is in them, as it is. Throws DataError or the signal's reason. */
export async function readFiles(files: readonly InputFile[], how: HowToRead = {}): Promise<Read> {
  const reading: Reading = { ...asTheyAre, progress: () => {}, ...how, companions: [] }
  const sources = await openAll(files, reading)
  const { format, own, companions } = await recognise(sources, reading)
  return format.read(own, { ...reading, companions })
}

/** A data set with a stratified test part, split off if none was given. Unlabelled images are left out, and it is said. */
export async function readDataset(
  files: readonly InputFile[],
  how: HowToRead = {}
): Promise<{ dataset: Dataset; remarks: Remark[] }> {
  const read = await readFiles(files, how)
  if (read.kind !== 'images') throw new DataError('featuresNotRead', { file: read.labelFile })
  const { name, shape, classNames, labelFile } = read
  const remarks = [...read.remarks]
  const labels = new Set(read.pool.labels)
  if (labels.delete(UNLABELLED) && labels.size === 0)
    throw new DataError('labelsMissing', { file: labelFile })
  if (labels.size < 2) throw new DataError('oneClass', { file: labelFile })
  let { pool, test } = read
  const labelled = pool.labels.reduce((count, label) => count + Number(label !== UNLABELLED), 0)
  if (labelled < pool.labels.length) {
    remarks.push(remark('unlabelledLeftOut', { count: pool.labels.length - labelled }))
    pool = labelledOnly(pool, labelled)
  }
  if (!test) {
    ;({ pool, test } = splitOff(pool, TEST_SHARE, SPLIT_SEED))
    if (test.labels.length === 0)
      throw new DataError('tooFewImages', { part: 'test', needed: 1, available: 0 })
    remarks.push(remark('testSplitOff', { pool: pool.labels.length, test: test.labels.length }))
  }
  const fingerprint = fingerprintOf({ shape, classNames, pool, test })
  return { dataset: { name, shape, classNames, pool, test, fingerprint }, remarks }
}

function labelledOnly({ images, labels }: Dataset['pool'], count: number): Dataset['pool'] {
  const size = images.length / labels.length
  const out = { images: new Uint8Array(count * size), labels: new Uint16Array(count) }
  let row = 0
  labels.forEach((label, i) => {
    if (label === UNLABELLED) return
    out.images.set(images.subarray(i * size, (i + 1) * size), row * size)
    out.labels[row++] = label
  })
  return out
}

interface Recognised {
  format: Format
  own: Source[]
  companions: Source[]
}

async function recognise(sources: readonly Source[], { signal }: Reading): Promise<Recognised> {
  const few = sources.length <= LOOKED_INTO
  const step = few ? 1 : sources.length / LOOKED_INTO
  const sample = few ? sources : Array.from({ length: LOOKED_INTO }, (_, i) => sources[Math.floor(i * step)])
  const found: (Format | undefined)[] = []
  for (const source of sample) {
    signal?.throwIfAborted()
    const head = await source.head()
    found.push(formats.find(format => format.sniff(head, source)))
  }
  const known = found.filter(format => format !== undefined)
  const strange = sample.find((source, i) => !found[i] && !isSideFile(source))
  if (strange && (few || known.length === 0)) throw new DataError('unknownFormat', { file: strange.name })
  if (known.length === 0) throw new DataError('unknownFormat', { file: sample[0].name })
  const [format] = known
  const other = known.find(f => f !== format)
  if (other) {
    const file = (f: Format) => sample[found.indexOf(f)].name
    throw new DataError('mixedFormats', { file: file(format), other: file(other) })
  }
  if (!few) return { format, own: [...sources], companions: [] }
  const companions = sample.filter((_, i) => !found[i])
  return { format, own: sample.filter((_, i) => found[i]), companions }
}

/** What lies beside the data in a folder or archive: texts, tables of names, pictures of the paper. */
const isSideFile = ({ path, archive }: Source) =>
  archive !== undefined ||
  path.includes('/') ||
  /\.(txt|md|html?|json|ya?ml|csv|tsv|pdf|xml|url|py|ipynb)$|^(readme|licen[cs]e|copying)/i.test(path)
