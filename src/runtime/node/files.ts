/** Files from disk in the form that the importers read: names and blobs. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** A file, or all files of a folder. */
export async function readFolder(path: string): Promise<{ name: string; blob: Blob }[]> {
  const paths = (await stat(path)).isDirectory()
    ? (await readdir(path)).sort().map(name => join(path, name))
    : [path]
  return Promise.all(paths.map(async p => ({ name: basename(p), blob: new Blob([await readFile(p)]) })))
}
