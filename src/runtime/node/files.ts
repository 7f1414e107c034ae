/** Files from disk in the form that the importers read: names and blobs. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'

/** A file, or all files of a folder and of those in it, named by their way from there (images may lie in folders by class). */
export async function readFolder(path: string): Promise<{ name: string; blob: Blob }[]> {
  if (!(await stat(path)).isDirectory()) return [{ name: basename(path), blob: await blobOf(path) }]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const names = entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => relative(path, join(parentPath, name)).split(sep).join('/'))
    .sort()
  return Promise.all(names.map(async name => ({ name, blob: await blobOf(join(path, name)) })))
}

const blobOf = async (path: string) => new Blob([await readFile(path)])
