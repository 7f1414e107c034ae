/**
 * Calls to the data worker: one request, one answer, matched by number. A call whose last argument is a Following tells
 * its progress before it answers, and can be called off.
 */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import type { GivenFeatures } from '../core/features.ts'
import type { Features } from '../core/features.ts'
import type { PoolSample } from '../core/imageMap.ts'
import type { Pick } from '../core/record.ts'
import type { SelectionRequest } from '../core/selection.ts'
import type { StoredDataset } from '../core/storedDataset.ts'
import type { View } from '../core/view.ts'
import type { DownloadCalls } from './downloads.ts'
import type { Choices, Found, Plan } from '../data/assembly.ts'
import type { InputFile } from '../data/formats/index.ts'
import type { ReadOptions } from '../data/formats/format.ts'
import type { Preview } from '../data/preview.ts'

/** How far a long call is, in some unit; `file` where one is being read. */
export interface Progress {
  done: number
  total: number
  file?: string
}

/** What was read, and what would be stored of it without further choices. */
export interface Import {
  id: number
  found: Found
  choices: Choices
  plan: Plan
}

/** Calls about data sets: what dataService answers. */
export interface DatasetCalls {
  view(source: DataSource, knobs: ViewKnobs): Promise<View>
  /** `given`: what of the request's features is not made from the view alone */
  select(
    source: DataSource,
    knobs: ViewKnobs,
    request: SelectionRequest,
    given: readonly GivenFeatures[]
  ): Promise<Pick>
  preview(source: DataSource, knobs: ViewKnobs): Promise<Preview>
  /** images of the pool to be looked at, `first` among them */
  sample(source: DataSource, knobs: ViewKnobs, first: Uint32Array): Promise<PoolSample>
  /** these rows of the pool, in their order; those that it has */
  images(source: DataSource, knobs: ViewKnobs, rows: Uint32Array): Promise<PoolSample>
  /** the basis 'pixels' of a view */
  pixelFeatures(source: DataSource, knobs: ViewKnobs): Promise<Features>
  /** reads files; nothing is stored. Each import is held until it is kept or discarded. */
  importFiles(files: InputFile[], options?: ReadOptions, following?: Following<Progress>): Promise<Import>
  /** what choices would come to */
  plan(id: number, choices: Choices): Promise<Plan>
  /** stores what was read; `inTab`: in memory only, when the disk is full. A failure leaves the import as it was. */
  keep(id: number, choices: Choices, inTab?: boolean, following?: Following<Progress>): Promise<StoredDataset>
  discard(id: number): Promise<void>
  list(): Promise<StoredDataset[]>
  rename(fingerprint: string, name: string): Promise<void>
  /** a file that the import reads again */
  exportFile(fingerprint: string, following?: Following<Progress>): Promise<{ name: string; blob: Blob }>
  remove(fingerprint: string): Promise<void>
}

export type DataCalls = DatasetCalls & DownloadCalls
export type DataCall = keyof DataCalls

/** How a long call is followed. Neither part crosses the channel: messages stand for them. */
export interface Following<P = unknown> {
  progress?(state: P): void
  /** when it is aborted, the call rejects with its reason at once, and the worker stops soon */
  signal?: AbortSignal
}

export const isFollowing = (value: unknown): value is Following =>
  typeof value === 'object' &&
  value !== null &&
  (typeof (value as Following).progress === 'function' || (value as Following).signal instanceof AbortSignal)

export type DataRequest =
  /** `followed`: the worker appends a Following of its own to the arguments */
  | { number: number; call: DataCall; arguments: unknown[]; followed: boolean }
  | { number: number; abort: true }

export type DataAnswer =
  | { number: number; progress: unknown }
  | { number: number; value: unknown }
  | { number: number; error: { code: string; parameters: Record<string, string | number> } }
