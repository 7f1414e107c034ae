/**
 * Opens what was dropped: gzip, and archives, whose members stand for themselves from here on. What systems leave in
 * folders and archives on their own account is passed over. An archive in an archive is refused: nobody needs it, and it is
 * how bombs are built.
 */
import { DataError } from '../errors.ts'
import { limits, type Reading } from './format.ts'
import { openFile, type InputFile, type Source } from './source.ts'

interface Container {
  /** by the first bytes, unpacked */
  sniff(head: Uint8Array): boolean
  /** the files in it, in the order of the archive */
  open(source: Source, reading: Reading): Promise<Source[]>
}

const containers: readonly Container[] = []

/** Files with content, in the order given. Throws DataError. */
export async function openAll(files: readonly InputFile[], reading: Reading): Promise<Source[]> {
  const sources: Source[] = []
  for (const file of files.filter(f => !isJunk(f.name))) {
    reading.signal?.throwIfAborted()
    const source = await openFile(file)
    // among thousands of files from a folder there is no archive worth a look
    const head = files.length > 1000 ? undefined : await source.head()
    if (head?.length === 0) throw new DataError('emptyFile', { file: source.name })
    const container = head && containers.find(c => c.sniff(head))
    if (!container) sources.push(source)
    else sources.push(...(await container.open(source, reading)).filter(s => !isJunk(s.path)))
  }
  if (sources.length === 0) throw new DataError('noFiles')
  if (sources.length > limits.entries) {
    const [file, entries] = [files[0].name, sources.length]
    throw new DataError('tooManyEntries', { file, entries, most: limits.entries })
  }
  return sources
}

/** Hidden files, and what macOS and Windows add. */
export const isJunk = (path: string) =>
  /(^|\/)(\.[^/]+|__MACOSX|Thumbs\.db|ehthumbs\.db|desktop\.ini)(\/|$)/i.test(path.replaceAll('\\', '/'))
