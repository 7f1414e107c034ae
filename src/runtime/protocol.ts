/**
 * The messages between the director and a worker that trains. One union a direction; every job carries its id, and
 * a worker never speaks of a job it was not given.
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { Measurement, Pick } from '../core/record.ts'
import type { Recipe } from '../core/recipe.ts'
import type { View } from '../core/view.ts'

export interface JobQuery {
  key: string
  strategy: string
  k: number
}

/** One training with the queries that wait for it. */
export interface JobTask {
  id: string
  recipe: Recipe
  seed: number
  /** ascending pool rows */
  labelled: Uint32Array
  /** the seed's order of initial draws */
  order: Uint32Array
  queries: JobQuery[]
}

export type ToWorker =
  | { type: 'open'; backend: BackendName }
  | { type: 'view'; view: View }
  | { type: 'start'; task: JobTask }
  /** more queries for a job in progress */
  | { type: 'ask'; id: string; queries: JobQuery[] }
  | { type: 'suspend'; id: string }
  | { type: 'resume'; id: string }
  | { type: 'cancel'; id: string }

export type FromWorker =
  | { type: 'opened'; description: BackendDescription }
  | { type: 'openFailed'; code: string; message: string }
  | { type: 'progress'; id: string; step: number; steps: number }
  | { type: 'measured'; id: string; measurement: Measurement }
  | { type: 'picked'; id: string; key: string; pick: Pick }
  | { type: 'done'; id: string }
  | { type: 'cancelled'; id: string }
  /** `code` is a key of the message catalogue; the text is for the console */
  | { type: 'failed'; id: string; code: string; message: string }
  | { type: 'lost'; reason: string }

/** One end of a channel to a worker or a thread. */
export interface Port<Out, In> {
  post(message: Out, transfer?: Transferable[]): void
  listen(receive: (message: In) => void): void
}

/** The director's end: it may also fail and be ended. */
export interface WorkerPort<Out, In> extends Port<Out, In> {
  onFailure(receive: (reason: string) => void): void
  terminate(): void
}
