/**
 * A recipe is everything that shapes a training besides its data and seed: the law of one round's knobs.
 * It is hashed whole into a training's key.
 */
import type { Network } from './network.ts'

/** How training images are varied: 'none'; 'shift' by up to 2 pixels (zeros come in); 'flip' = shift and horizontal mirror. */
export type Augmentation = 'none' | 'shift' | 'flip'

/**
 * How a training begins and what it trains; a recipe without a mode trains everything from fresh weights.
 * 'warm': from the final weights of the run's previous round (round 0 from fresh ones), with a fresh optimiser.
 * 'fineTune': the trunk from a pretrained encoder, the rest fresh. 'linear': softmax regression on the features of a
 * frozen encoder, or on those that the data set consists of. Encoders go by their key (core/pretraining/settings.ts).
 */
export type Mode =
  { kind: 'warm' } | { kind: 'fineTune'; encoder: string } | { kind: 'linear'; encoder?: string }

/** The modes by name; 'scratch' is the absence of one. */
export type ModeName = 'scratch' | Mode['kind']

/**
 * A recipe whose optional members are all absent is the plain training law; each of them adds something to it, and one
 * that an engine does not know it must not ignore (see `isPlain`).
 */
export interface Recipe {
  network: Network
  epochs: number
  /** least number of optimiser steps of a training; 0 is the pure epoch law */
  stepsFloor: number
  learningRate: number
  batchSize: number
  /** dropout rate on the flattened trunk features, 0 <= rate < 1 */
  dropout: number
  augmentation: Augmentation
  /** 'balanced': each image's loss times core/law.ts's classWeights; absent: all count the same */
  classWeights?: 'balanced'
  mode?: Mode
}

/** Whether the recipe is the plain training law: from scratch, cross-entropy over the labelled images, nothing else. */
export function isPlain(recipe: Recipe): boolean {
  return recipe.classWeights === undefined && recipe.mode === undefined
}

/** Whether a training depends on what its run did before, so that its key carries that history. */
export function carriesState(recipe: Recipe): boolean {
  return recipe.mode?.kind === 'warm'
}

/** Optimiser steps of a training on n images: max(floor, epochs x ceil(n / batch)). */
export function trainingSteps(
  recipe: Pick<Recipe, 'epochs' | 'stepsFloor' | 'batchSize'>,
  n: number
): number {
  return Math.max(recipe.stepsFloor, recipe.epochs * Math.ceil(n / recipe.batchSize))
}

/** Adam's constants (Kingma and Ba 2015); epsilon is added to the root of the corrected second moment. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
