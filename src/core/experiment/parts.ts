/** The parts of an experiment that the layers ask for: knobs of the view, the recipe, the arms, the seeds. */
import type { ViewKnobs } from '../datasource.ts'
import { labelCounts } from '../grid.ts'
import { networks } from '../network.ts'
import type { Recipe } from '../recipe.ts'
import { lineOf, RANDOM, type Arm } from '../result.ts'
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

/** Strategies with selectors: selector by selector, strategies in the order of the experiment. */
function pairsOf(e: Pick<Experiment, 'strategies' | 'selectors'>): Omit<Arm, 'initialSize'>[] {
  return e.selectors.flatMap(selector =>
    e.strategies.map(strategy => (selector === RANDOM ? { strategy } : { strategy, selector }))
  )
}

/** The lines (core/result.ts) of an experiment, in their order. */
export const linesOf = (e: Pick<Experiment, 'strategies' | 'selectors'>): string[] => pairsOf(e).map(lineOf)

/** Every arm: initial size by initial size, in each the lines in their order. */
export function armsOf(e: Pick<Experiment, 'strategies' | 'selectors' | 'initialSizes'>): Arm[] {
  return e.initialSizes.flatMap(initialSize => pairsOf(e).map(pair => ({ ...pair, initialSize })))
}

export function seedsOf(e: Experiment): number[] {
  return Array.from({ length: e.seeds }, (_, i) => e.firstSeed + i)
}

/** The label counts an arm is measured at. */
export function countsOf(e: Experiment, arm: Arm): number[] {
  return labelCounts(e.grid, arm.initialSize, e.querySize, e.budget)
}
