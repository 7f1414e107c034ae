/**
 * Additions: what a recipe adds to the plain law of training, each a file of its own here and a line in index.ts. An
 * addition adds loss terms to a step (on the labelled pass, on passes of unlabelled images, on heads of its own behind the
 * network's parameters), and may do something after the optimiser (a follower moves, heads are trained by themselves).
 */
import type { Architecture, ParameterSlice } from '../../core/network.ts'
import type { Recipe } from '../../core/recipe.ts'
import type { Kernels, State } from '../kernels.ts'
import type { Batch } from '../network.ts'
import type { Pixels } from '../pixels.ts'
import type { Pass } from './pass.ts'

/** A training under way, for as long as it lasts. */
export interface Desk<T> {
  k: Kernels<T>
  /** the network and, behind it, the parameters that additions brought */
  net: Architecture
  recipe: Recipe
  /** parameters and optimiser of all of them */
  state: State<T>
  pixels: Pixels
  seed: number
  labelCount: number
  /** rows without a label, ascending; there may be none */
  unlabelled: Uint32Array
  /** optimiser steps in all */
  steps: number
  /** what the training goes on from, if it goes on (warm start) */
  before?: Float32Array
}

/** One step before the optimiser. All within one scope of the kernels. */
export interface Step<T> {
  /** counts from 1 */
  t: number
  batch: Batch
  parameters: readonly T[]
  labelled: Pass<T>
  /** opens another pass through the network; what losses pull there joins the step's gradients. `mask`: dropout */
  pass(images: T, mask: T | null): Pass<T>
  /** adds to the gradient of parameter number `index`, for parameters that the addition brought */
  give(index: number, gradient: T): void
}

/** An addition at work in one training. */
export interface Addition<T> {
  /** adds its terms to a step */
  add?(step: Step<T>): void
  /** after the optimiser and outside its scope: it may open scopes of its own */
  after?(batch: Batch, t: number): void
  /** what the training leaves behind [net.size], given the final weights of the state */
  finish?(weights: Float32Array): Promise<Float32Array>
  /** gives back what it holds */
  end?(): void
}

export interface AdditionKind {
  /** whether the recipe asks for it */
  wanted(recipe: Recipe): boolean
  /** parameters it brings, behind those of the network and of the additions before it; absent: none */
  parameters?(recipe: Recipe, net: Architecture): Pick<ParameterSlice, 'name' | 'shape' | 'fanIn'>[]
  /** `first`: index of the first of its parameters */
  begin<T>(desk: Desk<T>, first: number): Addition<T>
}
