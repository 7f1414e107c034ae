/**
 * Labels in a table beside the images: metadata.csv or metadata.jsonl as the Hugging Face hub's imagefolder has them
 * (file_name, label), labels.csv as competitions do (id, class). A table says a file's path from where the table lies,
 * or its name, or its name without an ending. Of several columns of labels the first is taken, of several rows for a file
 * the last; a column may say the part. Rows and images that do not find each other are counted.
 */
import { remark, type Remark } from '../errors.ts'
import type { Label } from './labels.ts'
import { partOf, type PartName } from './parts.ts'
import type { Source } from './source.ts'

const isTable = /\.(csv|tsv|jsonl)$/i
const fileNames = [
  'file_name',
  'filename',
  'file',
  'image',
  'image_name',
  'image_id',
  'path',
  'filepath',
  'img',
  'id',
  'name'
]
const labelNames = [
  'label',
  'labels',
  'class',
  'class_name',
  'category',
  'target',
  'breed',
  'species',
  'diagnosis',
  'dx',
  'y'
]
const partNames = ['split', 'part', 'partition', 'set', 'subset']

const MOST_BYTES = 64 << 20

export interface Told {
  label: Label
  part?: PartName
}

export interface LabelTable {
  /** the table's file */
  file: string
  /** what it says of each of the images it knows */
  told: Map<Source, Told>
  /** rows that repeat others or speak of no image */
  remarks: Remark[]
}

const plain = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
const find = (columns: readonly string[], wanted: readonly string[]) =>
  wanted.map(name => columns.indexOf(name)).find(at => at >= 0)

/** Rows of text, the first being the names of the columns. */
function rowsOf(text: string, path: string): string[][] {
  if (/\.jsonl$/i.test(path)) return jsonRows(text)
  const [line] = text.split(/\r?\n/, 1)
  const separator = [',', '\t', ';'].find(mark => line.includes(mark)) ?? ','
  return separatedRows(text, separator)
}

/**
 * Fields may stand in quotation marks, with separators, line ends and doubled marks in them (RFC 4180), and blanks around
 * them. Empty lines are no rows.
 */
function separatedRows(text: string, separator: string): string[][] {
  const end = `(${separator}|\\r?\\n|\\r|$)`
  const field = new RegExp(` *"([^"]*(?:""[^"]*)*)" *${end}|([^${separator}\\r\\n]*)${end}`, 'y')
  const rows: string[][] = []
  let row: string[] = []
  while (field.lastIndex < text.length) {
    // whatever is no field in marks is one without
    const [, marked, markedEnd, bare, bareEnd] = field.exec(text)!
    row.push(marked === undefined ? bare : marked.replaceAll('""', '"'))
    if ((markedEnd ?? bareEnd) === separator) continue
    rows.push(row)
    row = []
  }
  // the last line ends in a separator, behind which is an empty field
  if (row.length) rows.push([...row, ''])
  return rows.filter(cells => cells.some(cell => cell.trim()))
}

/** A line that is no object is a row of nothing: it is counted among those without an image. */
function jsonRows(text: string): string[][] {
  const lines = text.split(/\r?\n/).filter(line => line.trim())
  const objects = lines.map((line): Record<string, unknown> => {
    try {
      const value: unknown = JSON.parse(line)
      return typeof value === 'object' && value ? (value as Record<string, unknown>) : {}
    } catch {
      return {}
    }
  })
  const columns = [...new Set(objects.flatMap(Object.keys))]
  const cell = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return [columns, ...objects.map(object => columns.map(column => cell(object[column])))]
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const withoutEnding = (path: string) => path.replace(/\.[^./]*$/, '')

/** The names that a table in a folder may use for a file: the surest first. */
function namesOf(path: string, folder: string): string[] {
  if (!path.startsWith(folder)) return []
  const inside = path.slice(folder.length)
  const alone = inside.slice(inside.lastIndexOf('/') + 1)
  return [...new Set([inside, alone, withoutEnding(inside), withoutEnding(alone)])]
}

/** Whole numbers are numbers if all labels are. */
function labelsOf(words: readonly string[]): Label[] {
  const numbers = words.every(word => word === '' || /^-?\d{1,9}$/.test(word))
  return words.map(word =>
    word === '' || (numbers && word === '-1') ? undefined : numbers ? Number(word) : word
  )
}

const pathIn = (cell: string | undefined) =>
  (cell ?? '').trim().normalize('NFC').replaceAll('\\', '/').replace(/^\.\//, '')

/** What the tables among `files` say of the images; of one that knows none of them nothing but that is told. */
export async function labelTables(
  files: readonly Source[],
  images: readonly Source[]
): Promise<LabelTable[]> {
  const found: LabelTable[] = []
  for (const source of files) {
    if (!isTable.test(source.path) || source.size > MOST_BYTES) continue
    const text = new TextDecoder().decode(await source.bytes(MOST_BYTES)).replace(/^\ufeff/, '')
    const [names, ...rows] = rowsOf(text, source.path)
    const columns = (names ?? []).map(plain)
    const [file, label, part] = [fileNames, labelNames, partNames].map(wanted => find(columns, wanted))
    if (file === undefined || label === undefined || file === label) continue
    const labels = labelsOf(rows.map(row => (row[label] ?? '').trim().normalize('NFC')))
    const paths = rows.map(row => pathIn(row[file]))
    const byPath = new Map<string, Told>()
    const repeated = new Set<string>()
    for (const [i, path] of paths.entries()) {
      if (path === '') continue
      if (byPath.has(path)) repeated.add(path)
      byPath.set(path, {
        label: labels[i],
        part: part === undefined ? undefined : partOf(rows[i][part] ?? '')
      })
    }
    const folder = folderOf(source.path)
    const told = new Map<Source, Told>()
    const used = new Set<string>()
    for (const image of images) {
      const path = namesOf(image.path, folder).find(name => byPath.has(name))
      if (path === undefined) continue
      told.set(image, byPath.get(path)!)
      used.add(path)
    }
    const remarks: Remark[] = []
    const [name] = repeated
    if (name && told.size)
      remarks.push(remark('labelRowsRepeated', { count: repeated.size, file: source.name, name }))
    const unused = paths.filter(path => !used.has(path))
    if (unused.length) {
      const name = unused.find(Boolean) ?? ''
      remarks.push(remark('labelRowsWithoutImage', { count: unused.length, file: source.name, name }))
    }
    found.push({ file: source.name, told, remarks })
  }
  return found
}
