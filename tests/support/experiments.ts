/** Experiments of a few trainings, for engines that are faked. */
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import type { Recipe } from '../../src/core/recipe.ts'

/** Two strategies, one initial size, two seeds, up to 60 labels. */
export const smallExperiment: Experiment = {
  ...frozenExperiment,
  poolSize: 120,
  testSize: 40,
  initialSizes: [10],
  querySize: 20,
  budget: 60,
  strategies: ['random', 'margin'],
  seeds: 2
}

/** A single step of a network of three hidden units. */
export const tinyRecipe: Recipe = {
  network: { channels: [2], hidden: 3 },
  epochs: 1,
  stepsFloor: 1,
  learningRate: 1e-3,
  batchSize: 32,
  dropout: 0.25,
  augmentation: 'none'
}
