/**
 * What a format is: a way to recognise a file by its first bytes, and to read all files of one data set together. A format
 * is one file in this folder and one line in the registry (index.ts). Archives (zip, tar, gzip) are opened before any
 * format sees a file: their members are sources like the others, so each format reads from a folder, from several files
 * and from an archive alike. Nothing here knows of splitting, storing or showing.
 */
import type { ImageShape } from '../../core/network.ts'
import type { ImageSet } from '../../core/view.ts'
import type { Remark } from '../errors.ts'
import type { Source } from './source.ts'

/** Sides that images of other sizes can be brought to. */
export const sides = [28, 32, 48, 64] as const
export type Side = (typeof sides)[number]

/** How images that are not square of that side become so. */
export const fits = ['crop', 'pad', 'stretch'] as const
export type Fit = (typeof fits)[number]

export const colours = ['asIs', 'grey', 'colour'] as const
export type Colour = (typeof colours)[number]

/** What the user chose. */
export interface ReadOptions {
  /**
   * Every image becomes side x side. Without it images stay as they are if all have one size within the limits, and
   * otherwise become 32 x 32 (remark 'fitted').
   */
  side?: Side
  /** crop: the central square; pad: all of it, black around; stretch: all of it, squeezed */
  fit: Fit
  /** one channel, three channels, or as the images are (three as soon as one image has a colour) */
  colour: Colour
}

export const asTheyAre: ReadOptions = { fit: 'crop', colour: 'asIs' }

/** How far the reading is; `done` of `total` in some unit (bytes, images), `file` as the user knows it. */
export interface Progress {
  file: string
  done: number
  total: number
}

/** Everything a format gets besides its files. */
export interface Reading extends ReadOptions {
  /** files in the same folder or archive that belong to no format, such as class names in a text file */
  companions: readonly Source[]
  /** to be called whenever something was done, as often as is convenient; whoever listens thins it out */
  progress(state: Progress): void
  /** rejects with the signal's reason soon after it was aborted: formats call signal?.throwIfAborted() in their loops */
  signal?: AbortSignal
}

export interface Format {
  id: string
  /**
   * Whether a file with these first bytes (at most 512, unpacked) is for this format. Formats are asked in the order of
   * the registry, and the first that says yes has the file. The name is a last resort.
   */
  sniff(head: Uint8Array, file: Pick<Source, 'name' | 'path' | 'size'>): boolean
  /** Reads the files of one data set, all of which this format has recognised. Throws DataError. */
  read(sources: readonly Source[], reading: Reading): Promise<Read>
}

/** The label of an image that has none yet. Formats put such images into the pool only. */
export const UNLABELLED = 0xffff

/** Ready features, for instance from a large pretrained encoder. */
export interface FeatureSet {
  /** [n, dimension], finite */
  features: Float32Array<ArrayBuffer>
  /** [n], 0 .. classes-1 or UNLABELLED */
  labels: Uint16Array<ArrayBuffer>
}

interface ReadBase {
  /** what the data set may be called */
  name: string
  /** [classes]; none when no image has a label */
  classNames: string[]
  /** what was done that the user should know (val merged into the pool, labels renumbered, images fitted, ...) */
  remarks: Remark[]
  /** a file to name when what was read makes no data set */
  labelFile: string
}

/**
 * What a format hands back. A part for validation is no third thing here: with a test part it is appended to the pool
 * (remark 'validationInPool'), without one it is the test part (remark 'validationIsTest'). Without any test part one is
 * split off later, by whoever makes the data set.
 */
export type Read = ImageRead | FeatureRead

export interface ImageRead extends ReadBase {
  kind: 'images'
  shape: ImageShape
  /** labels 0 .. classes-1 or UNLABELLED */
  pool: ImageSet
  /** labels 0 .. classes-1 */
  test?: ImageSet
}

export interface FeatureRead extends ReadBase {
  kind: 'features'
  dimension: number
  pool: FeatureSet
  test?: FeatureSet
}

/** Bounds that hold for every format. */
export const limits = {
  /** bytes of one decoded file, and of all images of a data set */
  bytes: 1 << 30,
  /** pixels of an image's side, in a data set */
  leastSide: 8,
  mostSide: 128,
  /** files in an archive or folder */
  entries: 200_000,
  classes: 1000,
  /** pixels of one image before it is fitted: phones take 50 million */
  pixels: 64 << 20,
  longSide: 65_535
} as const
