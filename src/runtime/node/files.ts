/** Files from disk in the form that the importers read: names and blobs. And files that appear whole or not at all. */
import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
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

/** Writes a file beside its place, under a name that no other job has (machines that share a folder share process ids), then moves it there. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`
  try {
    await writeFile(beside, content)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {})
    throw error
  }
}

const blobOf = async (path: string) => new Blob([await readFile(path)])
