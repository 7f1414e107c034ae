/**
 * The contract between the cycle and whatever trains: a fake in tests, tfjs on a backend, the fast path.
 * An engine trains replicas of one recipe and label count together and answers needs of what it trained.
 */
import type { Geometry } from './geometry.ts'
import type { Architecture } from './network.ts'
import type { EngineNeed, NeedResults } from './needs.ts'
import type { Recipe } from './recipe.ts'
import type { View } from './view.ts'

export interface Replica {
  seed: number
  /** labelled pool rows, ascending */
  labelled: Uint32Array
  /** final weights of the run's previous round, for recipes that carry state; absent in round 0 */
  before?: Float32Array
}

/**
 * Asked between optimiser steps (those of all replicas are counted) and, with all steps done, between the chunks of images of later questions. A promise
 * that is returned is awaited: that is how a round is suspended. Throwing cancels it.
 */
export type Checkpoint = (stepsDone: number, stepsTotal: number) => void | Promise<void>

/** A finished replica. Valid until `dispose`. */
export interface Trained {
  readonly steps: number
  /** mean training loss of the last epoch */
  readonly trainLoss: number
  /** the flat parameters [architecture.size] */
  weights(): Promise<Float32Array>
  /** softmax probabilities of test images, [test, classes] */
  testProbabilities(): Promise<Float32Array>
  /** softmax probabilities of some pool rows, [rows, classes]; under other weights than its own where some are given */
  poolProbabilities(rows: Uint32Array, weights?: Float32Array): Promise<Float32Array>
  /** the weights that the training began with */
  startWeights(): Promise<Float32Array>
  /** all needs at once; what they have in common (the trunk's features) is computed once */
  answer(needs: readonly EngineNeed[], unlabelled: Uint32Array, labelled: Uint32Array): Promise<NeedResults>
  dispose(): void
}

export interface Engine {
  readonly numericsId: string
  /** what the user is told: backend and, for WebGPU, the adapter */
  readonly description: BackendDescription
  /** uploads a view; the one before is dropped */
  load(view: View): Promise<void>
  /**
   * Hands over the weights of a pretrained encoder, for recipes that name its key. What was handed over before stays known
   * until another view is loaded.
   */
  adopt(encoder: { key: string; weights: Float32Array }): void
  /**
   * Trains a cohort: all replicas share recipe and label count. `check` is called between steps and between chunks. Several calls may
   * be in progress (one of them suspended in `check`); they must not disturb each other's bits.
   */
  train(recipe: Recipe, cohort: readonly Replica[], check?: Checkpoint): Promise<Trained[]>
  architecture(recipe: Recipe): Architecture
  /** Replicas that train together at once, as many as memory and the time of a step allow; absent: one. It may change as the engine learns. */
  preferredCohort?(recipe: Recipe): number
  /** Absent: the processor's. It answers also when the device behind it is lost. */
  readonly geometry?: Geometry
  dispose(): void
}

export type BackendName = 'webgpu' | 'wasm' | 'cpu'

export interface BackendDescription {
  backend: BackendName
  numericsId: string
  /** WebGPU: "vendor architecture"; WASM: 'simd' or 'scalar' */
  detail: string
  /** milliseconds of one step of the micro-run, for choosing among backends */
  stepMilliseconds: number
  /** a software adapter */
  fallback?: boolean
}
