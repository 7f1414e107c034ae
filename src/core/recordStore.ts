/**
 * Where the cycle keeps what it has computed: a cache under the keys of core/keys.ts. Implementations: the browser's
 * database and memory (store/), files (the headless runner). What is missing, damaged or of another schema is simply
 * not there: it will be computed again.
 */
import { isObject } from './guards.ts'
import type { Measurement, Pick } from './record.ts'

export interface RecordBatch {
  /** by training key */
  measurements?: readonly (readonly [string, Measurement])[]
  /** by query key */
  picks?: readonly (readonly [string, Pick])[]
}

export interface RecordStore {
  /** in the order of the keys; undefined where nothing (readable) is kept */
  getMeasurements(trainingKeys: readonly string[]): Promise<(Measurement | undefined)[]>
  getPicks(queryKeys: readonly string[]): Promise<(Pick | undefined)[]>
  /**
   * Resolves when it is safe. Rejects when it could not be made safe (a full disk, storage refused); what was put can be
   * read back all the same for as long as this store lives.
   */
  putMeasurement(trainingKey: string, measurement: Measurement): Promise<void>
  putPick(queryKey: string, pick: Pick): Promise<void>
  /** all of it or, after a crash, none of it */
  putAll(batch: RecordBatch): Promise<void>
}

const isCount = (v: unknown): v is number => Number.isSafeInteger(v) && (v as number) >= 0
const isNumber = (v: unknown) => typeof v === 'number'

/** Whether the bits are one for each test image and none beyond. */
export function bitsFit(correct: Uint8Array, testSize: number): boolean {
  if (correct.length !== (testSize + 7) >> 3) return false
  return testSize % 8 === 0 || correct[correct.length - 1] >> (testSize % 8) === 0
}

/** Whether a value that was read back is a whole and consistent measurement. */
export function isMeasurement(value: unknown): value is Measurement {
  if (!isObject(value)) return false
  const { correct, testSize, predicted, diagnostics: d, seconds: s } = value as Partial<Measurement>
  if (!isCount(value.labelCount) || !isCount(value.steps) || !isCount(testSize)) return false
  if (!(correct instanceof Uint8Array) || !bitsFit(correct, testSize)) return false
  if (!Array.isArray(predicted) || !predicted.every(isCount)) return false
  if (predicted.reduce((a, b) => a + b, 0) !== testSize) return false
  if (!isNumber(value.trainLoss) || !isNumber(value.testLoss) || !isObject(d) || !isObject(s)) return false
  return (
    isNumber(d.marginalCrossEntropy) &&
    isNumber(d.predictedEntropy) &&
    isNumber(d.predictedClasses) &&
    isNumber(d.meanConfidence) &&
    isNumber(s.train) &&
    isNumber(s.test)
  )
}

/** Whether a value that was read back is a whole and consistent pick: every row once, a score for each if any. */
export function isPick(value: unknown): value is Pick {
  if (!isObject(value)) return false
  const { picks, scores, seconds } = value
  if (!(picks instanceof Uint32Array) || new Set(picks).size !== picks.length) return false
  if (scores !== undefined && !(scores instanceof Float32Array && scores.length === picks.length))
    return false
  return isNumber(seconds)
}
