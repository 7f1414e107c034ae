/**
 * What a format is: a way to recognise files by their first bytes, and to read all files of one data set together.
 * A format is one file in this folder and one line in the registry (index.ts).
 */
import type { ImageSet } from '../../core/view.ts'
import type { ImageShape } from '../../core/network.ts'
import type { Remark } from '../errors.ts'
import type { Source } from './source.ts'

export interface Format {
  id: string
  /** whether a file with these first bytes (gzip already opened) is for this format; names are a last resort */
  sniff(head: Uint8Array, name: string): boolean
  /** Reads the files of one data set. Throws DataError. */
  read(sources: readonly Source[]): Promise<Read>
}

/** What a format hands back: without a test part one is split off. */
export interface Read {
  name: string
  shape: ImageShape
  classNames: string[]
  pool: ImageSet
  test?: ImageSet
  remarks: Remark[]
  /** a file to name when what was read makes no data set */
  labelFile: string
}

/** Bounds that hold for every format. */
export const limits = {
  /** bytes of one decoded file */
  bytes: 1 << 30,
  /** pixels of an image's side */
  leastSide: 8,
  mostSide: 128
} as const
