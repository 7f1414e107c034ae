/**
 * Opens what was dropped: gzip, and archives, whose members stand for themselves from here on. What systems leave in
 * folders and archives on their own account is passed over. An archive in an archive is refused: nobody needs it, and it is
 * how bombs are built.
 */
import { DataError } from '../errors.ts'
import { limits, type Reading } from './format.ts'
import { GzipSource, isGzip } from './gzip.ts'
import { PlainSource, type InputFile, type Source } from './source.ts'
import { tar } from './tar.ts'
import { zip } from './zip.ts'

interface Container {
  /** by the first bytes, unpacked */
  sniff(head: Uint8Array): boolean
  /** the files in it, in the order of the archive */
  open(source: Source, reading: Reading): Promise<Source[]>
}

const containers: readonly Container[] = [zip, tar]

/** Files from a folder or archive are not looked into one by one when they are more than this: only images come so. */
export const LOOKED_INTO = 64

/** Files with content, in the order given. Throws DataError. */
export async function openAll(files: readonly InputFile[], reading: Reading): Promise<Source[]> {
  const sources: Source[] = []
  const wanted = files.filter(file => !isJunk(file.name))
  for (const file of wanted) {
    reading.signal?.throwIfAborted()
    const source = new PlainSource(file.name, file.blob)
    if (wanted.length > LOOKED_INTO && !/\.(zip|tar|t?gz|npz|tm)$/i.test(file.name)) sources.push(source)
    // one by one: a hundred thousand arguments are too many for a call
    else for (const member of await opened(source, reading)) sources.push(member)
  }
  if (sources.length === 0) throw new DataError('noFiles')
  if (sources.length > limits.entries) {
    const [file, entries] = [files[0].name, sources.length]
    throw new DataError('tooManyEntries', { file, entries, most: limits.entries })
  }
  return sources
}

/** A file, without its gzip, or the members of an archive, without theirs. */
async function opened(file: Source, reading: Reading): Promise<Source[]> {
  const source = isGzip(await file.head()) ? await GzipSource.open(file, reading.signal) : file
  const head = await source.head()
  if (head.length === 0) throw new DataError('emptyFile', { file: source.name })
  const container = containers.find(c => c.sniff(head))
  if (!container) return [source]
  const members = (await container.open(source, reading)).filter(member => !isJunk(member.path))
  if (members.length === 0) throw new DataError('noImages', { file: source.name })
  if (members.length > LOOKED_INTO) return members
  const plain: Source[] = []
  for (const member of members) {
    const inner = isGzip(await member.head()) ? await GzipSource.open(member, reading.signal) : member
    const innerHead = await inner.head()
    if (containers.some(c => c.sniff(innerHead))) throw new DataError('nestedArchive', { file: member.name })
    plain.push(inner)
  }
  return plain
}

/** Hidden files, and what macOS and Windows add. */
export const isJunk = (path: string) =>
  /(^|\/)(\.[^/]+|__MACOSX|Thumbs\.db|ehthumbs\.db|desktop\.ini)(\/|$)/i.test(path.replaceAll('\\', '/'))
