/** Data sets on their way into the store and out of it: what is to be stored, and what is known without reading it. */
import type { DataSource } from './datasource.ts'
import type { ImageShape } from './network.ts'
import type { Likeness } from './pretraining/settings.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** RGBA pixels, ready for ImageData. */
export interface Picture {
  width: number
  height: number
  pixels: Uint8ClampedArray<ArrayBuffer>
}

export interface StoredDataset {
  fingerprint: string
  name: string
  /** of features: 1 x d x 1 */
  shape: ImageShape
  classNames: string[]
  poolSize: number
  testSize: number
  bytes: number
  /** milliseconds since 1970 */
  storedAt: number
  /** ready features instead of images */
  features?: boolean
  /** how its images may be changed, where their channels do not tell: grey ones that were brought to colour */
  views?: Likeness
  /** images kept beside the pool that have no label yet */
  unlabelledSize?: number
  /** some images side by side */
  thumbnail?: Picture
  /** the disk does not have it: it lasts until the tab is closed */
  inTab?: boolean
}

/** Whether a source is a stored set of ready features. */
export const consistsOfFeatures = (
  source: DataSource,
  stored: readonly Pick<StoredDataset, 'fingerprint' | 'features'>[]
): boolean => source.kind === 'stored' && !!stored.find(d => d.fingerprint === source.fingerprint)?.features

/** How images of a data set may be changed into views of themselves, as far as one can tell: signs are mostly grey, pictures in colour. */
export const viewsSuiting = ({ shape, views }: Pick<StoredDataset, 'shape' | 'views'>): Likeness =>
  views ?? (shape.channels < 3 ? 'signs' : 'pictures')

/** One array of a data set, made piece by piece: a large one is never copied whole. */
export interface Piecewise {
  bytes: number
  /** a copy of the bytes from start to end; in `room`, if it is given one of that length */
  slice(start: number, end: number, room?: Bytes): Bytes
}

/** A data set that is to be stored. Labels are 16-bit, features 32-bit floats, both little-endian. */
export interface Content {
  name: string
  shape: ImageShape
  features: boolean
  views?: Likeness
  classNames: string[]
  poolSize: number
  testSize: number
  unlabelledSize: number
  /** images or features */
  poolRows: Piecewise
  poolLabels: Piecewise
  testRows: Piecewise
  testLabels: Piecewise
  unlabelledRows: Piecewise
  thumbnail?: Picture
}

/** How far a long piece of work is, and a way to stop it. */
export interface Task {
  /** `done` of `total` in some unit; `file` where one is being read */
  progress?(state: { done: number; total: number; file?: string }): void
  /** aborted: the work ends soon with the signal's reason and leaves nothing behind */
  signal?: AbortSignal
}
