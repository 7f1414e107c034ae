/**
 * The messages between the pool and a worker that trains. One union a direction; every start of a cohort carries a ticket
 * of its own, so that what a cancelled one still says is never taken for its successor's. `id` names a training within it.
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { BasisKeys, GivenFeatures } from '../core/features.ts'
import type { Measurement, Pick } from '../core/record.ts'
import type { Recipe } from '../core/recipe.ts'
import type { Stage } from '../core/strategy.ts'
import type { View } from '../core/view.ts'

export interface JobQuery {
  key: string
  strategy: string
  k: number
  /** keys of the features that the strategy stands on */
  bases: BasisKeys
  /** of a staged strategy */
  stage?: Stage
  /**
   * the run's previous training, where the strategy asks for it: the labelled sets of the run up to it (only its own where
   * the recipe carries no state), and the weights it ended with; without them it is trained again
   */
  before?: { history: Uint32Array[]; weights?: Float32Array }
}

/** One training with the queries that wait for it. */
export interface JobTask {
  /** the training's key */
  id: string
  recipe: Recipe
  seed: number
  /** ascending pool rows */
  labelled: Uint32Array
  /**
   * where the recipe carries state: the labelled sets of the run's earlier rounds, in order. `before` are the weights the
   * last of them ended with; without it they are trained again one after the other
   */
  history?: Uint32Array[]
  before?: Float32Array
  /** somebody goes on from its final weights, or looks back at them: they are to be told */
  keep?: boolean
  /** the seed's order of initial draws */
  order: Uint32Array
  queries: JobQuery[]
}

export type ToWorker =
  | { type: 'open'; backend: BackendName }
  | { type: 'view'; view: View }
  /** of a pretrained encoder, after the view: recipes name its key */
  | { type: 'encoder'; encoder: { key: string; weights: Float32Array } }
  /** products of a pretraining, after the view: queries name their keys */
  | { type: 'features'; given: GivenFeatures }
  /** these are not needed any more */
  | { type: 'forget'; keys: string[] }
  /** how many trainings of this recipe belong together, with the view that was sent last; `key` comes back with the answer */
  | { type: 'size'; key: string; recipe: Recipe }
  /** trainings of one recipe and label count, to be done together */
  | { type: 'start'; ticket: number; tasks: JobTask[] }
  /** more queries for a training in progress */
  | { type: 'ask'; ticket: number; id: string; queries: JobQuery[] }
  | { type: 'suspend'; ticket: number }
  | { type: 'resume'; ticket: number }
  | { type: 'cancel'; ticket: number }

export type FromWorker =
  | { type: 'opened'; description: BackendDescription }
  | { type: 'openFailed'; code: string; message: string }
  /** answer to 'size', and again when the engine knows better */
  | { type: 'sized'; key: string; replicas: number }
  /** of each training of the cohort */
  | { type: 'progress'; ticket: number; step: number; steps: number }
  | { type: 'measured'; ticket: number; id: string; measurement: Measurement }
  /** final weights of a training that is to tell them; before 'measured' */
  | { type: 'trained'; ticket: number; id: string; weights: Float32Array }
  | { type: 'picked'; ticket: number; id: string; key: string; pick: Pick }
  | { type: 'done'; ticket: number; id: string }
  /** one training, or without `id` all that are left of the cohort; `code` is a key of the message catalogue, the text is for the console */
  | { type: 'failed'; ticket: number; id?: string; code: string; message: string }
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
