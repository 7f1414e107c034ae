/** The parts of an experiment that the layers ask for: knobs of the view, the recipe, the arms, the seeds. */
import type { ViewKnobs } from '../datasource.ts'
import { labelCounts } from '../grid.ts'
import { networks } from '../network.ts'
import type { Recipe } from '../recipe.ts'
import type { Arm } from '../result.ts'
import type { Setting } from '../strategy.ts'
import type { Experiment } from './table.ts'

export function knobsOf(e: Experiment): ViewKnobs {
  const { poolSize, testSize, classes, imbalance, imbalanceRatio, labelNoise, duplicates, dataSeed } = e
  return { poolSize, testSize, classes, imbalance, imbalanceRatio, labelNoise, duplicates, dataSeed }
}

export function recipeOf(e: Experiment): Recipe {
  const { epochs, stepsFloor, learningRate, batchSize, dropout, augmentation, mode, classWeights } = e
  const { channels, hidden } = networks[e.network]
  return {
    network: { channels: [...channels], hidden },
    epochs,
    stepsFloor,
    learningRate,
    batchSize,
    dropout,
    augmentation,
    // what a recipe does not do is not in it, so that keys of before these rows still hold
    ...(classWeights === 'none' ? {} : { classWeights }),
    ...(mode === 'scratch' ? {} : { mode: { kind: mode } })
  }
}

export function settingOf(e: Experiment, classes: number): Setting {
  return { classes, dropout: e.dropout, augmentation: e.augmentation }
}

/** Every arm: initial size by initial size, strategies in the order of the experiment. */
export function armsOf(e: Experiment): Arm[] {
  return e.initialSizes.flatMap(initialSize => e.strategies.map(strategy => ({ strategy, initialSize })))
}

export function seedsOf(e: Experiment): number[] {
  return Array.from({ length: e.seeds }, (_, i) => e.firstSeed + i)
}

/** The label counts an arm is measured at. */
export function countsOf(e: Experiment, arm: Arm): number[] {
  return labelCounts(e.grid, arm.initialSize, e.querySize, e.budget)
}
