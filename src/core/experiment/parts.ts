/** The parts of an experiment that the layers ask for: knobs of the view, the recipe, the arms, the seeds. */
import type { ViewKnobs } from '../datasource.ts'
import { labelCounts } from '../grid.ts'
import { networks } from '../network.ts'
import type { Pretraining } from '../pretraining/settings.ts'
import type { Mode, Recipe } from '../recipe.ts'
import { lineOf, RANDOM, type Arm } from '../result.ts'
import type { Setting } from '../strategy.ts'
import type { Experiment } from './table.ts'

export function knobsOf(e: Experiment): ViewKnobs {
  const { poolSize, testSize, classes, imbalance, imbalanceRatio, labelNoise, duplicates, dataSeed } = e
  return { poolSize, testSize, classes, imbalance, imbalanceRatio, labelNoise, duplicates, dataSeed }
}

/**
 * What decides a training besides the experiment's own rows: the key of its pretrained encoder, and whether the data set
 * consists of ready features, which are always classified linearly.
 */
export interface Given {
  encoder?: string
  features?: boolean
}

function modeOf({ mode }: Experiment, { encoder = '', features }: Given): Mode | undefined {
  if (features) return { kind: 'linear' }
  if (mode === 'fineTune' || mode === 'linear') return { kind: mode, encoder }
  return mode === 'warm' ? { kind: mode } : undefined
}

export function recipeOf(e: Experiment, given: Given = {}): Recipe {
  const { epochs, stepsFloor, learningRate, batchSize, dropout, augmentation, classWeights } = e
  const mode = modeOf(e, given)
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
    ...(mode ? { mode } : {})
  }
}

/** The pretraining that an experiment's trainings begin with; undefined where they begin with none. */
export function pretrainingOf(e: Experiment): Pretraining | undefined {
  if (e.mode !== 'fineTune' && e.mode !== 'linear') return undefined
  return pretrainingRows(e)
}

/** The rows about pretraining, whether the experiment uses them or not. */
export function pretrainingRows(e: Experiment): Pretraining {
  const { channels, hidden } = networks[e.network]
  return {
    method: e.pretraining,
    network: { channels: [...channels], hidden },
    likeness: e.pretrainingViews,
    epochs: e.pretrainingEpochs,
    batchSize: e.pretrainingBatch,
    seed: e.pretrainingSeed
  }
}

export function settingOf(e: Experiment, classes: number, { features }: Given = {}): Setting {
  return { classes, dropout: e.dropout, augmentation: e.augmentation, ...(features ? { features } : {}) }
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
