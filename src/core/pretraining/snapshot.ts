/**
 * Where a pretraining stands between two epochs. All else that it does follows from images, settings and arithmetic, so with
 * this it goes on to the same bits as if it had never been interrupted.
 */
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

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null
const isKept = (v: unknown) =>
  isObject(v) &&
  Object.values(v).every(
    part => part instanceof Float32Array || part instanceof Float64Array || Number.isSafeInteger(part)
  )

/** Whether a value that was read back is a whole one. */
export function isUnfinished(v: unknown): v is Unfinished {
  if (!isObject(v) || typeof v.key !== 'string' || typeof v.numericsId !== 'string') return false
  if (!isObject(v.pretraining) || typeof v.images !== 'string' || !Number.isFinite(v.seconds)) return false
  const { snapshot } = v
  if (!isObject(snapshot) || !isObject(snapshot.learned)) return false
  const { epoch, reports, learned, course, dynamics } = snapshot
  const parts = ['weights', 'moments', 'squares'].map(name => learned[name])
  return (
    Number.isSafeInteger(epoch) &&
    (epoch as number) > 0 &&
    Array.isArray(reports) &&
    reports.length === (epoch as number) + 1 &&
    parts.every(part => part instanceof Float32Array && part.length === (parts[0] as Float32Array).length) &&
    isKept(course) &&
    isKept(dynamics)
  )
}
