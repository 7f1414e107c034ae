/**
 * Encoders in a folder, one file a key, beside the records of a batch job. A file appears whole or not at all (written
 * beside, then renamed); what cannot be read is missing.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { isEncoder, type EncoderStore } from '../../core/encoders.ts'

/** Makes the folder if it is not there. Rejects with the system's error if that fails. */
export async function fileEncoders(folder: string): Promise<Pick<EncoderStore, 'get' | 'put'>> {
  await mkdir(folder, { recursive: true })
  const path = (key: string) => {
    if (!/^[\w-]+$/.test(key)) throw new RangeError('a key is letters, digits, _ and -')
    return join(folder, `encoder-${key}.bin`)
  }
  return {
    async get(key) {
      try {
        const read: unknown = deserialize(await readFile(path(key)))
        return isEncoder(read) && read.key === key ? read : undefined
      } catch {
        return undefined
      }
    },
    async put(encoder) {
      const whole = path(encoder.key)
      const beside = `${whole}.${process.pid}.part`
      await writeFile(beside, serialize(encoder))
      await rename(beside, whole)
    }
  }
}
