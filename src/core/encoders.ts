/** Where finished encoders are kept, under their keys. What is missing or damaged is simply not there. */
import { isObject } from './guards.ts'
import type { ImageShape } from './network.ts'
import { encoderSize } from './pretraining/layout.ts'
import { methodNames } from './pretraining/methods/index.ts'
import { isRecorded, products } from './pretraining/products.ts'
import type { Encoder, EpochReport, Pretraining } from './pretraining/settings.ts'
import type { Unfinished } from './pretraining/snapshot.ts'

/** An encoder without its arrays, for lists. */
export type EncoderCard = Omit<Encoder, 'weights' | 'recorded'>

export interface EncoderStore {
  get(key: string): Promise<Encoder | undefined>
  /** Resolves when it is safe. */
  put(encoder: Encoder): Promise<void>
  /** newest last */
  list(): Promise<EncoderCard[]>
  remove(key: string): Promise<void>
  /** the one of these settings and images that was interrupted */
  unfinished(of: Pick<Unfinished, 'pretraining' | 'images'>): Promise<Unfinished | undefined>
  /** Keeps it, in the place of an earlier one of its settings and images; of others the last few stay. Rejects when it is not safe. */
  putUnfinished(unfinished: Unfinished): Promise<void>
  removeUnfinished(of: Pick<Unfinished, 'pretraining' | 'images'>): Promise<void>
}

const isCount = (v: unknown): v is number => Number.isSafeInteger(v) && (v as number) > 0
const isShare = (v: unknown) => typeof v === 'number' && v >= 0 && v <= 1

export function isPretraining(v: unknown): v is Pretraining {
  if (!isObject(v) || !isObject(v.network)) return false
  const { channels, hidden } = v.network
  return (
    methodNames.includes(v.method as never) &&
    Array.isArray(channels) &&
    channels.length > 0 &&
    channels.every(isCount) &&
    isCount(hidden) &&
    (v.likeness === 'signs' || v.likeness === 'pictures') &&
    Number.isSafeInteger(v.epochs) &&
    (v.epochs as number) >= 0 &&
    isCount(v.batchSize) &&
    (v.learningRate === undefined || (Number.isFinite(v.learningRate) && (v.learningRate as number) > 0)) &&
    Number.isSafeInteger(v.seed)
  )
}

const isShape = (v: unknown): v is ImageShape =>
  isObject(v) && isCount(v.height) && isCount(v.width) && isCount(v.channels)

/** Products that are recorded: of the same images, all of them finite numbers. Of which pool, only its view can tell. */
function areRecords(v: unknown): boolean {
  if (v === undefined) return true
  if (!isObject(v)) return false
  const rows = Object.entries(v).map(([name, features]) => {
    const product = products.find(product => product === name)
    if (!product || !isRecorded(product) || !isObject(features) || !isCount(features.size)) return NaN
    const { values, size } = features
    return values instanceof Float32Array && values.every(Number.isFinite) ? values.length / size : NaN
  })
  return rows.every(n => isCount(n) && n === rows[0])
}

export const isReport = (v: unknown): v is EpochReport =>
  isObject(v) &&
  Number.isSafeInteger(v.epoch) &&
  isShare(v.knn) &&
  isShare(v.spread) &&
  (v.loss === undefined || typeof v.loss === 'number')

/** Whether a value that was read back is a whole and consistent encoder. */
export function isEncoder(v: unknown): v is Encoder {
  if (!isObject(v) || typeof v.key !== 'string' || typeof v.numericsId !== 'string') return false
  const { pretraining, shape, images, weights, reports, recorded } = v
  if (!isPretraining(pretraining) || !isShape(shape) || !(weights instanceof Float32Array)) return false
  if (!areRecords(recorded) || (images !== undefined && typeof images !== 'string')) return false
  if (!Array.isArray(reports) || !reports.every(isReport) || typeof v.seconds !== 'number') return false
  try {
    return weights.length === encoderSize(pretraining.network, shape) && weights.every(Number.isFinite)
  } catch {
    return false
  }
}
