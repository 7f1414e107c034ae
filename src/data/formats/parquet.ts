/**
 * Parquet as the Hugging Face hub stores image sets: a column of images (a struct of bytes and path, or the bytes alone),
 * a column of labels (numbers, or words), and the names of the classes in the file's metadata. Several files are parts
 * and shards of one set, told by their names ("train-00001-of-00003"). Of several labels the finest is taken; -1 means
 * that an image has none yet. What decides on columns is the hub's own description where there is one, else names and
 * types.
 */
import * as v from 'valibot'
import { DataError } from '../errors.ts'
import type { Format, Read, Reading } from './format.ts'
import { cut } from './imageFolder.ts'
import { decodeAll, type Encoded } from './images.ts'
import { recognise } from './knownSets.ts'
import { byCharacters, numberLabels, type Label } from './labels.ts'
import type { Column, ParquetFile, Value } from './parquetFile.ts'
import { arrangeParts, partOf } from './parts.ts'
import type { Source } from './source.ts'

/** What the hub says of the columns, by name. */
const Description = v.object({
  info: v.object({
    features: v.record(
      v.string(),
      v.object({
        _type: v.optional(v.string()),
        names: v.optional(v.union([v.array(v.string()), v.record(v.string(), v.string())]))
      })
    )
  })
})
type Features = v.InferOutput<typeof Description>['info']['features']

/** Names of label columns, the wanted first. */
const labelNames = ['fine_label', 'label', 'labels', 'class', 'target', 'y', 'category', 'digit']
const imageNames = ['image', 'img', 'images', 'pixels', 'picture', 'photo']

interface Table {
  file: ParquetFile
  image: Column
  label?: Column
  /** [classes], in the order of the labels */
  classNames?: string[]
}

function featuresOf(file: ParquetFile): Features {
  try {
    const found = v.safeParse(Description, JSON.parse(file.note('huggingface') ?? ''))
    return found.success ? found.output.info.features : {}
  } catch {
    // somebody else's file: its columns must speak for themselves
    return {}
  }
}

const rank = (names: readonly string[], name: string) => {
  const at = names.indexOf(name.toLowerCase())
  return at < 0 ? names.length : at
}
const bestOf = <T>(all: readonly T[], rankOf: (one: T) => number): T | undefined =>
  [...all].sort((a, b) => rankOf(a) - rankOf(b))[0]

/** Finds images and labels. Throws DataError 'noImageColumn'. */
async function tableOf(file: ParquetFile): Promise<Table> {
  const features = featuresOf(file)
  const feature = ({ path: [name] }: Column) => (Object.hasOwn(features, name) ? features[name] : undefined)
  const binary = file.columns.filter(
    ({ type, path, text }) =>
      type === 'BYTE_ARRAY' && !text && (path.length === 1 || (path.length === 2 && path[1] === 'bytes'))
  )
  const described = binary.filter(column => feature(column)?._type === 'Image')
  const named = bestOf(binary, ({ path }) => rank(imageNames, path[0]) + 0.5 * Number(path.length === 1))
  const image = described[0] ?? named
  if (!image) {
    const columns = file.columns.map(({ path }) => path.join('.')).join(', ')
    throw new DataError('noImageColumn', { file: file.source.name, columns })
  }
  const whole = ['INT32', 'INT64']
  const numbers = file.columns.filter(({ path, type }) => path.length === 1 && whole.includes(type))
  const classes = numbers.filter(column => feature(column)?._type === 'ClassLabel')
  const words = file.columns.filter(({ path, text }) => path.length === 1 && text)
  const byName = ({ path }: Column) => rank(labelNames, path[0])
  const isNamed = (column: Column) => byName(column) < labelNames.length
  const label =
    bestOf(classes, byName) ??
    bestOf(numbers.filter(isNamed), byName) ??
    bestOf(words.filter(isNamed), byName) ??
    (numbers.length === 1 ? numbers[0] : undefined)
  const names = label && feature(label)?.names
  const classNames = Array.isArray(names) ? names : names && Object.values(names)
  return { file, image, label, classNames: classNames?.length ? classNames : undefined }
}

/** The labels of all rows. -1 and nothing are no label. Throws DataError 'badLabel'. */
async function labelsOf({ file, label }: Table): Promise<Label[]> {
  const labels: Label[] = []
  for (const [group, rows] of file.groups.entries()) {
    const values = label ? await file.read(label, group) : new Array<Value>(rows).fill(undefined)
    for (const value of values) labels.push(labelOf(file, value))
  }
  return labels
}

function labelOf(file: ParquetFile, value: Value): Label {
  if (value === undefined || value === -1) return undefined
  if (typeof value === 'object') return new TextDecoder().decode(value).normalize('NFC')
  if (!Number.isSafeInteger(value) || value < 0)
    throw new DataError('badLabel', { file: file.source.name, value: String(value) })
  return value
}

/** The images of several files, one after the other; the row group in use is kept. */
function imagesOf(tables: readonly Table[]) {
  const places = tables.flatMap(table =>
    table.file.groups.flatMap((rows, group) => (rows ? [{ table, group, rows }] : []))
  )
  let [at, first] = [0, 0]
  let held: { place: (typeof places)[number]; values: Value[] } | undefined
  return async (i: number): Promise<Encoded> => {
    if (i < first) [at, first] = [0, 0]
    while (i >= first + places[at].rows) first += places[at++].rows
    const place = places[at]
    const { file, image } = place.table
    if (held?.place !== place) held = { place, values: await file.read(image, place.group) }
    const value = held.values[i - first]
    const bytes = value instanceof Uint8Array ? value : new Uint8Array(0)
    return { file: `${file.source.name}[${i}]`, bytes }
  }
}

async function read(sources: readonly Source[], reading: Reading): Promise<Read> {
  // 18 kB that only readers of Parquet need
  const { ParquetFile } = await import('./parquetFile.ts')
  const tables: Table[] = []
  for (const source of [...sources].sort((a, b) => byCharacters(a.path, b.path))) {
    reading.signal?.throwIfAborted()
    tables.push(await tableOf(await ParquetFile.open(source)))
  }
  const placed = tables.map(table => ({ part: partOf(table.file.source.path), thing: table }))
  const { pool, test, remarks } = arrangeParts(placed, ({ file }) => file.rows)
  const [first] = pool.length ? pool : test
  const file = first.file.source.name
  if (pool.length === 0) throw new DataError('trainingMissing', { file })
  const all = [...pool, ...test]
  const labels = (await Promise.all(all.map(labelsOf))).flat()
  const poolRows = pool.reduce((sum, table) => sum + table.file.rows, 0)

  const decoded = await decodeAll(labels.length, imagesOf(all), reading, file)
  const kept = (from: number, to: number) =>
    Array.from(
      decoded.kept.filter(i => i >= from && i < to),
      i => labels[i]
    )
  const [poolLabels, testLabels] = [kept(0, poolRows), kept(poolRows, labels.length)]
  const names = sources.map(({ path }) => path)
  const known = recognise(names, poolLabels, testLabels)
  const { classNames } = first
  const fits = (label: Label) =>
    label === undefined || (typeof label === 'number' && label < classNames!.length)
  const numbered = numberLabels(
    { file, labels: poolLabels },
    testLabels.length ? { file: test[0].file.source.name, labels: testLabels } : undefined,
    classNames && labels.every(fits) ? { classNames } : known
  )
  const { height, width, channels } = decoded.shape
  const [poolImages, testImages] = cut(decoded.images, poolLabels.length * height * width * channels)
  return {
    kind: 'images',
    name: known?.name ?? nameOf(first.file.source.path),
    shape: decoded.shape,
    classNames: numbered.classNames,
    pool: { images: poolImages, labels: numbered.pool },
    test: numbered.test && { images: testImages, labels: numbered.test },
    remarks: [...remarks, ...decoded.remarks, ...numbered.remarks],
    labelFile: file
  }
}

/** The first file's name, or its folder's, without what tells parts and shards apart. */
function nameOf(path: string): string {
  const [file, folder] = path.split('/').reverse()
  const stem = file
    .replace(/\.parquet$/i, '')
    .replace(
      /[-_.]?\b(train(ing)?|test|valid(ation)?|val|dev)?([-_.]?\d+)?([-_.]of[-_.]\d+)?([-_.][0-9a-f]{16})?$/i,
      ''
    )
  return stem || folder || 'Parquet'
}

export const parquet: Format = {
  id: 'parquet',
  sniff: head => /^PAR[1E]$/.test(String.fromCharCode(...head.subarray(0, 4))),
  read
}
