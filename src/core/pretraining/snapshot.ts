/**
 * Where a pretraining stands between two epochs. All else that it does follows from images, settings and arithmetic, so with
 * this it goes on to the same bits as if it had never been interrupted.
 */
import { isPretraining, isReport } from '../encoders.ts'
import { isObject } from '../guards.ts'
import { hashKey } from '../keys.ts'
import { ENCODER_VERSION, type EpochReport, type Pretraining } from './settings.ts'

/** The network that learns, heads included, and Adam's moments; flat, in the order of the layout. */
export interface Learned {
  weights: Float32Array
  moments: Float32Array
  squares: Float32Array
}

/** What a method keeps besides the parameters (a queue, a memory bank, an encoder that follows), or the dataset map so far. */
export type Kept = Record<string, Float32Array | Float64Array | number>

export interface Snapshot {
  /** epochs that are done, one at least */
  epoch: number
  /** of these, and of the network as it was drawn */
  reports: EpochReport[]
  learned: Learned
  course: Kept
  dynamics: Kept
}

/** An encoder that is not finished: under which key it would be kept, and where it stands. */
export interface Unfinished {
  key: string
  numericsId: string
  pretraining: Pretraining
  /** the pool's (`imagesName`) */
  images: string
  /** that it took so far */
  seconds: number
  snapshot: Snapshot
}

/** Names what would become of these settings and images, wherever it is computed. */
export const unfinishedName = ({ pretraining, images }: Pick<Unfinished, 'pretraining' | 'images'>): string =>
  hashKey({ unfinished: ENCODER_VERSION, pretraining, images })

/** Whether a value is an array of that kind, of so many finite numbers. */
export const isRow = (
  value: unknown,
  kind: typeof Float32Array | typeof Float64Array,
  length: number
): boolean => value instanceof kind && value.length === length && value.every(Number.isFinite)

/** Whether a value counts a place among so many. */
export const isPlace = (value: unknown, length: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < length

/**
 * Whether a value that was read back has the parts of an unfinished encoder. Whether these are of its network, its pool and
 * its method is for the pretraining to say.
 */
export function isUnfinished(v: unknown): v is Unfinished {
  if (!isObject(v) || typeof v.key !== 'string' || typeof v.numericsId !== 'string') return false
  const { pretraining, images, seconds, snapshot } = v
  if (!isPretraining(pretraining) || typeof images !== 'string' || !Number.isFinite(seconds)) return false
  if (!isObject(snapshot)) return false
  const { epoch, reports, learned, course, dynamics } = snapshot
  return (
    isPlace(epoch, pretraining.epochs) &&
    (epoch as number) > 0 &&
    Array.isArray(reports) &&
    reports.length === (epoch as number) + 1 &&
    reports.every(isReport) &&
    [learned, course, dynamics].every(isObject)
  )
}
