/**
 * A recipe is everything that shapes a training besides its data and seed: the law of one round's knobs.
 * It is hashed whole into a training's key.
 */
import type { Network } from './network.ts'
import type { UnlabelledKind } from './recipes/methods.ts'

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

/** What a training does with the images that are not labelled (engine/recipes/unlabelled/ says how). */
export interface Unlabelled {
  kind: UnlabelledKind
  /** what its loss counts beside the cross-entropy, at full strength */
  weight: number
  /** unlabelled images of a step, for each image of a full labelled batch */
  ratio: number
  /** share of the steps over which the weight rises to its full strength, 0 .. 1 */
  rampUp: number
  /** what the moving average keeps of itself at a step, at most: 0 <= decay < 1 */
  decay: number
}

/** A module beside the network that learns to rank images by their loss (engine/recipes/lossPrediction.ts). */
export interface LossPrediction {
  /** what its loss counts beside the cross-entropy */
  weight: number
  /** by how much the predictions of two images shall differ */
  margin: number
  /** share of the steps after which its gradient no longer reaches the network, 0 .. 1 */
  detachAfter: number
}

/** Two more heads on the embedding, which leave the network as it is (engine/recipes/discrepancy.ts). */
export interface HeadDiscrepancy {
  /** what their discrepancy on unlabelled images counts beside their cross-entropy */
  weight: number
}

/** The modes by name; 'scratch' is the absence of one. */
export type ModeName = 'scratch' | Mode['kind']

/**
 * A recipe whose optional members are all absent is the plain training law; each of them adds something to it, and one
 * that an engine does not know it must not ignore (`knowsRecipe` of the fast path).
 */
export interface Recipe {
  network: Network
  epochs: number
  /** least number of optimiser steps of a training; 0 is the pure epoch law */
  stepsFloor: number
  learningRate: number
  batchSize: number
  /** 'even': the batches of an epoch are as large as each other, up to one image; absent: full ones, then what is left */
  batches?: 'even'
  /** dropout rate on the flattened trunk features, 0 <= rate < 1 */
  dropout: number
  augmentation: Augmentation
  /** 'balanced': each image's loss times core/law.ts's classWeights; absent: all count the same */
  classWeights?: 'balanced'
  mode?: Mode
  /** semi-supervised training; absent: unlabelled images are not looked at */
  unlabelled?: Unlabelled
  /** what learning loss adds */
  lossPrediction?: LossPrediction
  /** what MCDAL adds */
  discrepancy?: HeadDiscrepancy
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
