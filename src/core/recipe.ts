/**
 * A recipe is everything that shapes a training besides its data and seed: the law of one round's knobs.
 * It is hashed whole into a training's key.
 */
import type { Network } from './network.ts'

/** How training images are varied: 'none'; 'shift' by up to 2 pixels (zeros come in); 'flip' = shift and horizontal mirror. */
export type Augmentation = 'none' | 'shift' | 'flip'

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
