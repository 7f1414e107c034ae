/**
 * What the page may ask of the runtime, and what it is told. The page never sees a worker, a tensor or a database;
 * everything here is plain data.
 */
import type { BackendDescription, BackendName } from '../../core/engine.ts'
import type { Experiment } from '../../core/experiment/table.ts'
import type { Features } from '../../core/features.ts'
import type { ImageMap, MapBasis, PoolSample } from '../../core/imageMap.ts'
import type { Arm, Result } from '../../core/result.ts'
import type { Choices, Found, Plan } from '../../data/assembly.ts'
import type { ReadOptions } from '../../data/formats/format.ts'
import type { InputFile } from '../../data/formats/index.ts'
import type { Preview, Sheet } from '../../data/preview.ts'
import type { EncoderCard } from '../../core/encoders.ts'
import type { Encoder } from '../../core/pretraining/settings.ts'
import type { PretrainingStatus } from '../pretraining/encoders.ts'
import type { StoredDataset } from '../../core/storedDataset.ts'
import type { DownloadCalls, DownloadState } from '../downloads.ts'
import type { DatasetCalls, Following, Import, Progress as DataProgress } from '../dataProtocol.ts'

export type { DownloadState, StoredDataset }
export type { EncoderCard, PretrainingStatus }

export type Phase = 'idle' | 'preparing' | 'running' | 'paused' | 'finished' | 'cancelled' | 'failed'

/** A training in flight. */
export interface Now {
  /** arms that wait for it */
  arms: Arm[]
  /** the training on the whole pool */
  ceiling: boolean
  seed: number
  labelCount: number
  step: number
  steps: number
}

export interface Progress {
  phase: Phase
  /** distinct trainings the experiment needs, those shared by several arms counted once */
  trainings: { done: number; total: number }
  now: Now[]
  /** estimate; absent until something was timed */
  secondsLeft?: number
  /** trainings that the GPU does not know are done by so many workers of WASM: all of the experiment's, or some */
  beside?: { workers: number; all: boolean }
}

/** Something went wrong or changed that the user should know; `code` is a key of the message catalogue. */
export interface Notice {
  code: string
  parameters?: Record<string, string | number>
}

export type LabEvent =
  /** everything known of the experiment so far; a new object each time, at most some ten a second */
  | { type: 'result'; result: Result }
  | { type: 'progress'; progress: Progress }
  | { type: 'backend'; description: BackendDescription; workers: number }
  | { type: 'pretraining'; status: PretrainingStatus }
  | { type: 'notice'; notice: Notice }
  /** what was asked for last could not be taken up, which a notice says: this goes on, if anything does */
  | { type: 'refused'; stands: Experiment | undefined }
  /** what another tab was computing, now that it does no more */
  | { type: 'unfinished'; unfinished: Unfinished | undefined }

export type { Choices, Found, Import, InputFile, Plan, Preview, ReadOptions, Sheet }
export type { DataProgress, ImageMap, MapBasis, PoolSample }

/** All calls reject with a LabError, or with the reason of the signal that called them off. */
export interface DataClient
  extends
    DownloadCalls,
    Pick<
      DatasetCalls,
      | 'importFiles'
      | 'plan'
      | 'keep'
      | 'discard'
      | 'list'
      | 'rename'
      | 'remove'
      | 'exportFile'
      /** a look at the view an experiment would use */
      | 'preview'
      | 'images'
    > {
  /** another tab has stored or deleted something */
  onChange(listener: () => void): void
}

/** An error the user can do something about. `code` is a key of the message catalogue. */
export class LabError extends Error {
  constructor(
    readonly code: string,
    readonly parameters: Record<string, string | number> = {}
  ) {
    super(`${code} ${JSON.stringify(parameters)}`)
  }
}

/** Self-supervised pretraining. An experiment that begins with one asks for it by itself; here it can be had before. */
export interface PretrainingClient {
  /** makes the encoder that an experiment's rows describe, or finds it. What becomes of it is told in events. */
  start(experiment: Experiment): void
  pause(): void
  resume(): void
  /** calls it off; an experiment that waits for it stops */
  cancel(): void
  list(): Promise<EncoderCard[]>
  remove(key: string): Promise<void>
  /** undefined when it is not (or no longer) kept */
  find(key: string): Promise<Encoder | undefined>
  /** keeps one out of a file */
  keep(encoder: Encoder): Promise<void>
  /** whether the encoders that an experiment stands on are kept here; what is not is pretrained when it runs */
  has(experiment: Experiment): Promise<boolean>
  /** after how many epochs the pretraining was interrupted that `start` would go on with, if it was */
  standing(experiment: Experiment): Promise<number | undefined>
}

/** Maps of a pool, to be looked at. All calls reject with an error that has a `code`, or with the signal's reason. */
export interface MapClient {
  /** see runtime/maps/maps.ts */
  open(experiment: Experiment, basis: MapBasis, first: ArrayLike<number>): Promise<ImageMap>
  /** the same images arranged by UMAP, [rows, 2] */
  arrange(features: Features, following?: Following<DataProgress>): Promise<Float32Array>
}

export interface Unfinished {
  experiment: Experiment
  /** another tab is computing it */
  elsewhere: boolean
}

export interface Laboratory {
  readonly data: DataClient
  readonly pretraining: PretrainingClient
  readonly maps: MapClient
  /** 'memory' when the browser refuses storage: said on the page */
  readonly storage: 'kept' | 'memory'
  on(listener: (event: LabEvent) => void): () => void
  /** opens workers and chooses the backend (or takes the wanted one); called again it switches */
  open(wanted?: BackendName): Promise<BackendDescription>
  backends(): Promise<BackendName[]>
  /**
   * makes this the experiment that is computed; what is known already is in the next result event. `goOn`: it ends a pause, once
   * it has taken the place of what was paused. Never throws: see notices.
   */
  run(experiment: Experiment, goOn?: boolean): void
  pause(): void
  resume(): void
  /** stops; finished rounds stay */
  cancel(): void
  /** an experiment that a reload or a crash interrupted */
  unfinished(): Promise<Unfinished | undefined>
  /** before going on with it; false: another tab does, and an event tells when it has ended */
  claimUnfinished(): Promise<boolean>
  forgetUnfinished(): Promise<void>
}
