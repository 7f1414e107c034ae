/**
 * Records in a folder, one small JSON file a key, so that a batch job that was killed goes on where it was and shards of
 * one job may share a folder. A file appears whole or not at all (written beside, then renamed); what cannot be read is
 * missing.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMeasurement, readPick, writeMeasurement, writePick } from '../../core/exchange/records.ts'
import type { Measurement, Pick } from '../../core/record.ts'
import type { RecordStore } from '../../core/recordStore.ts'
import { writeWhole } from './files.ts'

const SCHEMA = 1

/** files open at once */
const ABREAST = 32

async function mapAbreast<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const out: B[] = []
  for (let i = 0; i < items.length; i += ABREAST)
    out.push(...(await Promise.all(items.slice(i, i + ABREAST).map(work))))
  return out
}

/** Makes the folder if it is not there. Rejects with the system's error if that fails. */
export async function fileRecords(folder: string): Promise<RecordStore> {
  await mkdir(folder, { recursive: true })
  const path = (kind: string, key: string) => {
    if (!/^[\w-]+$/.test(key)) throw new RangeError('a key is letters, digits, _ and -')
    return join(folder, `${kind}-${key}.json`)
  }
  const put = async (kind: string, key: string, value: object) => {
    await writeWhole(path(kind, key), JSON.stringify({ schema: SCHEMA, ...value }))
  }
  const get = async <T>(kind: string, key: string, read: (json: unknown) => T): Promise<T | undefined> => {
    try {
      const json = JSON.parse(await readFile(path(kind, key), 'utf8'))
      return json.schema === SCHEMA ? read(json) : undefined
    } catch {
      return undefined
    }
  }
  const putMeasurement = (key: string, m: Measurement) => put('measurement', key, writeMeasurement(m))
  const putPick = (key: string, p: Pick) => put('pick', key, writePick(p))

  return {
    getMeasurements: keys => mapAbreast(keys, key => get('measurement', key, json => readMeasurement(json))),
    getPicks: keys => mapAbreast(keys, key => get('pick', key, readPick)),
    putMeasurement,
    putPick,
    // in this order a crash leaves a measurement without its pick: the query is asked again
    async putAll({ measurements = [], picks = [] }) {
      await mapAbreast(measurements, ([key, m]) => putMeasurement(key, m))
      await mapAbreast(picks, ([key, p]) => putPick(key, p))
    }
  }
}
