/**
 * Measurements and picks in one database. The schema version is inside the value; values of another schema, or damaged
 * ones, are left where they are and treated as missing.
 */
import type { Measurement, Pick } from '../core/record.ts'
import { isMeasurement, isPick, type RecordBatch, type RecordStore } from '../core/recordStore.ts'
import type { Entry, Shelf } from './shelf.ts'

const SCHEMA = 1

const measurementName = (key: string) => `measurement/${key}`
const pickName = (key: string) => `pick/${key}`

/** A view into a larger buffer would be stored with all of that buffer: only its own bytes are kept. */
function packMeasurement(m: Measurement) {
  return { ...m, schema: SCHEMA, correct: m.correct.slice() }
}

function packPick(p: Pick) {
  const packed = { schema: SCHEMA, picks: p.picks.slice(), seconds: p.seconds }
  return p.scores ? { ...packed, scores: p.scores.slice() } : packed
}

/** The value without its schema, or undefined if it is not one of ours. */
function unpack<T extends object>(value: unknown, is: (v: unknown) => v is T): T | undefined {
  if (!is(value)) return undefined
  const { schema, ...rest } = value as T & { schema?: unknown }
  return schema === SCHEMA ? (rest as unknown as T) : undefined
}

export function records(shelf: Shelf): RecordStore {
  const putAll = async ({ measurements = [], picks = [] }: RecordBatch) => {
    const entries: Entry[] = [
      ...measurements.map(([key, m]): Entry => [measurementName(key), packMeasurement(m)]),
      ...picks.map(([key, p]): Entry => [pickName(key), packPick(p)])
    ]
    if (entries.length) await shelf.setMany(entries)
  }
  return {
    async getMeasurements(keys) {
      return (await shelf.getMany(keys.map(measurementName))).map(v => unpack(v, isMeasurement))
    },
    async getPicks(keys) {
      return (await shelf.getMany(keys.map(pickName))).map(v => unpack(v, isPick))
    },
    putMeasurement: (key, m) => putAll({ measurements: [[key, m]] }),
    putPick: (key, p) => putAll({ picks: [[key, p]] }),
    putAll
  }
}
