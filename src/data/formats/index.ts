/**
 * From files to what is in them: opens each file and archive, finds its format by content, and lets the format read the
 * files together. What a data set is made of it is decided later (assembly.ts).
 */
import { DataError } from '../errors.ts'
import { csv } from './csv.ts'
import { asTheyAre, type Format, type Read, type Reading } from './format.ts'
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

/** What may be said about how to read: everything has a default. */
export type HowToRead = Partial<Omit<Reading, 'companions'>>

/** Reads the files of one data set, in any order: what is in them, as it is. Throws DataError or the signal's reason. */
export async function readFiles(files: readonly InputFile[], how: HowToRead = {}): Promise<Read> {
  const reading: Reading = { ...asTheyAre, progress: () => {}, ...how, companions: [] }
  const sources = await openAll(files, reading)
  const { format, own, companions } = await recognise(sources, reading)
  return format.read(own, { ...reading, companions })
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
