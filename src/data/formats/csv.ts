/**
 * Images as tables of text, a row each, as Kaggle has MNIST and its relatives: pixels row by row (colours of a pixel side
 * by side) and a label before or after them, with or without a line of names. Several files are parts of one set, told by
 * their names; rows without a label (Kaggle's test.csv) join the pool. Numbers are taken from the bytes as they stream by:
 * tables of a hundred megabytes are usual, and a general reader would make a string of each pixel.
 */
import { joined } from '../../core/bytes.ts'
import type { ImageShape } from '../../core/network.ts'
import { DataError, remark, type Remark } from '../errors.ts'
import { fitting } from './fitArray.ts'
import type { Format, Read, Reading } from './format.ts'
import { recognise } from './knownSets.ts'
import { labelColumn, type End } from './labelColumn.ts'
import { numberLabels, type Label } from './labels.ts'
import { arrangeParts, partOf, type PartName } from './parts.ts'
import type { Bytes, Source } from './source.ts'
import { readTable, type Layout, type Table } from './table.ts'
import { fitsBetween, pixelsOf, scaleOf } from './tablePixels.ts'

/** A line with fewer fields in its first 512 bytes is no image; parts of one take up to twenty characters. */
const FEWEST_FIELDS = 16
const labelName = /^"?(label|labels|class|target|y|digit|category)"?$/i

/** What pandas calls the columns of row numbers that it writes before all others, one more each time it has read its own. */
const rowNumbers = /^"?(unnamed: ?\d+(\.\d+)*)?"?$/i

/** The separator of a line of many fields, whether they are names, and how many columns before them only number the rows. */
function lineOf(head: Uint8Array): Layout | undefined {
  const text = String.fromCharCode(...head).replace(/^\u00ef\u00bb\u00bf/, '')
  const [line] = text.split(/[\r\n]/)
  for (const separator of [',', ';', '\t', ' ']) {
    const fields = line.replace(/^ +|\s+$/g, '').split(separator)
    // the last may be cut off
    if (fields.length > 1 && line.length === text.length) fields.pop()
    const first = fields.findIndex(field => !rowNumbers.test(field))
    const indexed = separator === ' ' ? 0 : Math.max(0, first)
    fields.splice(0, indexed)
    const sound = fields.every(field => /^"?[\w.+-]{1,24}"?$/.test(field))
    if (!sound || fields.length < FEWEST_FIELDS) continue
    const named = fields.some(field => /[a-df-z_]/i.test(field))
    // pixel0, pixel1, ...: a table of attributes, which may lie beside images, counts nothing up
    const counted = fields.filter(field => /\d"?$/.test(field)).length
    const isTable = named ? counted >= fields.length - 1 : indexed === 0
    if (isTable) return { separator: separator.charCodeAt(0), named, indexed }
  }
}

interface Plan {
  shape: ImageShape
  /** the end that is the label, if there is one; unsaid where no name says which */
  label?: End | 'unsaid'
}

/** Which columns are pixels. Throws DataError 'notPixels'. */
function planOf({ columns, names }: Table, file: string): Plan {
  const square = (n: number): ImageShape | undefined => {
    const [side, colourSide] = [Math.sqrt(n), Math.sqrt(n / 3)]
    if (Number.isInteger(side)) return { height: side, width: side, channels: 1 }
    if (Number.isInteger(colourSide)) return { height: colourSide, width: colourSide, channels: 3 }
  }
  const [whole, rest] = [square(columns), square(columns - 1)]
  const byName = names && ([0, columns - 1] as const).find(c => labelName.test(names[c] ?? ''))
  if (rest && byName !== undefined) return { shape: rest, label: byName === 0 ? 'first' : 'last' }
  if (whole) return { shape: whole }
  if (!rest) throw new DataError('notPixels', { file, columns })
  return { shape: rest, label: 'unsaid' }
}

interface Planned {
  source: Source
  file: string
  table: Table
  shape: ImageShape
  label?: End
}

/** Reads the tables and finds their labels: where no names say which end it is, one answer holds for all, so that parts agree. */
async function planned(sources: readonly Source[], reading: Reading) {
  const all: (Omit<Planned, 'label'> & Plan)[] = []
  for (const source of sources) {
    const table = await readTable(source, lineOf(await source.head())!, reading)
    all.push({ source, file: source.name, table, ...planOf(table, source.name) })
  }
  const unsaid = all.filter(({ label }) => label === 'unsaid')
  const column = (end: End) => ({
    values: unsaid.map(({ table }) => table.ends[end === 'first' ? 0 : 1]),
    pixels: unsaid.every(({ table }) => fitsBetween(table, end))
  })
  const guess = labelColumn(column('first'), column('last'))
  const remarks: Remark[] = []
  if (unsaid.length && !guess.certain) {
    const [{ file, table }] = unsaid
    const column = table.indexed + (guess.label === 'first' ? 1 : table.columns)
    remarks.push(remark('labelColumnGuessed', { file, column }))
  }
  const tables = all.map((one): Planned => ({
    ...one,
    label: one.label === 'unsaid' ? guess.label : one.label
  }))
  return { tables, remarks }
}

interface Part {
  file: string
  part?: PartName
  shape: ImageShape
  images: Bytes
  labels: Label[]
}

function partIn(one: Planned, scale: 1 | 255): Part {
  const { source, file, table, shape, label } = one
  const column = label && table.ends[label === 'first' ? 0 : 1]
  const labels = Array.from({ length: table.rows }, (_, r) => labelOf(column?.[r], file))
  return { file, part: label ? partOf(source.path) : undefined, shape, images: pixelsOf(one, scale), labels }
}

function labelOf(value: number | undefined, file: string): Label {
  if (value === undefined || value === -1) return undefined
  if (!Number.isSafeInteger(value) || value < 0)
    throw new DataError('badLabel', { file, value: String(value) })
  return value
}

async function read(sources: readonly Source[], reading: Reading): Promise<Read> {
  const { tables, remarks: guesses } = await planned(sources, reading)
  const [{ file: firstFile, shape }] = tables
  const size = ({ height, width, channels }: ImageShape) => `${height}×${width}×${channels}`
  const other = tables.find(table => size(table.shape) !== size(shape))
  if (other) {
    const [own, otherSize] = [size(shape), size(other.shape)]
    throw new DataError('sizesDiffer', { file: firstFile, size: own, other: other.file, otherSize })
  }
  const scale = scaleOf(tables)
  const parts: Part[] = []
  // each table's memory is given back before the next one's images are made
  for (let table = tables.shift(); table; table = tables.shift()) parts.push(partIn(table, scale))
  const placed = parts.map(part => ({ part: part.part, thing: part }))
  const { pool, test, remarks } = arrangeParts(placed, part => part.labels.length)
  if (pool.length === 0) throw new DataError('trainingMissing', { file: firstFile })
  const labelled = (all: readonly Part[]) => ({
    file: (all.find(part => part.labels.some(label => label !== undefined)) ?? all[0]).file,
    labels: all.flatMap(part => part.labels)
  })
  const labels = labelled(pool)
  const testLabels = test.length ? labelled(test) : undefined
  const names = sources.map(source => source.path)
  const known = recognise(names, labels.labels, testLabels?.labels)
  const numbered = numberLabels(labels, testLabels, known)
  const fit = fitting(firstFile, shape, reading)
  const imagesOf = (all: readonly Part[]) =>
    fit.apply(all.length === 1 ? all[0].images : joined(all.map(({ images }) => images)))
  return {
    kind: 'images',
    name: known?.name ?? nameOf(sources[0].path),
    shape: fit.shape,
    classNames: numbered.classNames,
    pool: { images: imagesOf(pool), labels: numbered.pool },
    test: numbered.test && { images: imagesOf(test), labels: numbered.test },
    remarks: [...remarks, ...guesses, ...fit.remarks, ...numbered.remarks],
    labelFile: labels.file
  }
}

const nameOf = (path: string) => {
  const [file, folder] = path.split('/').reverse()
  const stem = file.replace(/\.(csv|tsv|txt)$/i, '').replace(/[-_. ]?(train(ing)?|test)$/i, '')
  return stem || folder || 'CSV'
}

export const csv: Format = { id: 'csv', sniff: head => lineOf(head) !== undefined, read }
