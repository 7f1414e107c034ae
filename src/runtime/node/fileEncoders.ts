/**
 * Encoders in a folder, one file each and one for each that is not finished, beside the records of a batch job. A file
 * appears whole or not at all (written beside, then renamed); what cannot be read is missing.
 */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { isEncoder, type EncoderStore } from '../../core/encoders.ts'
import { isUnfinished, unfinishedName } from '../../core/pretraining/snapshot.ts'
import { writeWhole } from './files.ts'

/** What a batch job asks of a store. */
export type FileEncoders = Omit<EncoderStore, 'list' | 'remove'>

/** Makes the folder if it is not there. Rejects with the system's error if that fails. */
export async function fileEncoders(folder: string): Promise<FileEncoders> {
  await mkdir(folder, { recursive: true })
  const path = (kind: string, key: string) => {
    if (!/^[\w-]+$/.test(key)) throw new RangeError('a key is letters, digits, _ and -')
    return join(folder, `${kind}-${key}.bin`)
  }
  const read = async (from: string): Promise<unknown> => {
    try {
      return deserialize(await readFile(from))
    } catch {
      return undefined
    }
  }
  const write = (whole: string, value: unknown) => writeWhole(whole, serialize(value))
  const place = (of: Parameters<typeof unfinishedName>[0]) => path('unfinished', unfinishedName(of))
  return {
    async get(key) {
      const found = await read(path('encoder', key))
      return isEncoder(found) && found.key === key ? found : undefined
    },
    put: encoder => write(path('encoder', encoder.key), encoder),
    async unfinished(of) {
      const found = await read(place(of))
      return isUnfinished(found) ? found : undefined
    },
    putUnfinished: unfinished => write(place(unfinished), unfinished),
    removeUnfinished: of => rm(place(of), { force: true })
  }
}
