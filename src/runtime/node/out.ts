/** Where a result goes. That it can be written there is known before anything is computed, and what was computed is not lost. */
import { open, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import { PlainError, refusalOf } from './plainError.ts'

const unwritable = (path: string, error: unknown) =>
  `--out: “${path}” cannot be written: ${refusalOf(error) ?? String(error)}`

/** Rejects with PlainError where nothing can be written; leaves everything as it was. */
export async function tryOut(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  // what a device or a pipe takes is seen when it is given something
  if (there && !there.isFile() && !there.isDirectory()) return
  try {
    const file = await open(path, there ? 'r+' : 'wx')
    await file.close()
    if (!there) await rm(path)
  } catch (error) {
    throw new PlainError(`${unwritable(path, error)}.`)
  }
}

/**
 * Writes the result; where that has become impossible, under another name into the first folder that takes it. Resolves to
 * where it is. Rejects with PlainError if nowhere.
 */
export async function writeOut(
  path: string,
  text: string,
  elsewhere: readonly string[] = [process.cwd(), tmpdir()]
): Promise<string> {
  try {
    await writeFile(path, text)
    return path
  } catch (error) {
    for (const folder of elsewhere) {
      const other = join(folder, `${parse(path).name}-${process.pid}.json`)
      const written = await writeFile(other, text, { flag: 'wx' }).then(
        () => true,
        () => false
      )
      if (!written) continue
      console.error(`${unwritable(path, error)}. It went elsewhere.`)
      return other
    }
    throw new PlainError(
      `${unwritable(path, error)}, nor can anything else. What --records has kept is not computed again.`
    )
  }
}
