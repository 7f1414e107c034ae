/** The parts of an experiment that the layers ask for: knobs of the view, the recipe, the arms, the seeds. */
import type { ViewKnobs } from '../datasource.ts'
import { labelCounts } from '../grid.ts'
import { networks } from '../network.ts'
import { suggestionFor, type MethodName } from '../pretraining/methods/index.ts'
import { makerOf, type Origins, type Product } from '../pretraining/products.ts'
import { LEARNING_RATE, type Pretraining } from '../pretraining/settings.ts'
import type { Mode, Recipe, Unlabelled } from '../recipe.ts'
import { ownWeight } from '../recipes/methods.ts'
import { lineOf, RANDOM, type Arm } from '../result.ts'
import { findSelector } from '../selectors/index.ts'
import { findStrategy } from '../strategies/index.ts'
import { basesOf, basesRefusal, refusalOf, type Refusal, type Setting } from '../strategy.ts'
import type { Experiment } from './table.ts'

export function knobsOf(e: Experiment): ViewKnobs {
  const { poolSize, testSize, testBalance, classes, dataSeed } = e
  const { imbalance, imbalanceRatio, labelNoise, duplicates } = e
  return {
    poolSize,
    testSize,
    testBalance,
    classes,
    imbalance,
    imbalanceRatio,
    labelNoise,
    duplicates,
    dataSeed
  }
}

/**
 * What decides a training besides the experiment's own rows: the key of its pretrained encoder, and whether the data set
 * consists of ready features, which are always classified linearly.
 */
export interface Given {
  encoder?: string
  features?: boolean
  /** where the products of a pretraining come from that selectors and strategies stand on */
  origins?: Origins
}

function modeOf({ mode }: Experiment, { encoder = '', features }: Given): Mode | undefined {
  if (features) return { kind: 'linear' }
  if (mode === 'fineTune' || mode === 'linear') return { kind: mode, encoder }
  return mode === 'warm' ? { kind: mode } : undefined
}

/** What trainings do with unlabelled images; undefined for nothing. A weight of 0 is nothing too: the plain law, bit for bit. */
export function unlabelledOf(e: Experiment): Unlabelled | undefined {
  if (e.unlabelled === 'none' || e.unlabelledWeight === 0) return undefined
  return {
    kind: e.unlabelled,
    weight: ownWeight[e.unlabelled] * e.unlabelledWeight,
    ratio: e.unlabelledRatio,
    rampUp: e.unlabelledRampUp,
    decay: e.unlabelledDecay
  }
}

export function recipeOf(e: Experiment, given: Given = {}): Recipe {
  const { epochs, stepsFloor, learningRate, batchSize, batches, dropout, augmentation, classWeights } = e
  const mode = modeOf(e, given)
  // a linear layer on fixed features has nothing that could agree
  const unlabelled = mode?.kind === 'linear' ? undefined : unlabelledOf(e)
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
    ...(batches === 'filled' ? {} : { batches }),
    ...(classWeights === 'none' ? {} : { classWeights }),
    ...(mode ? { mode } : {}),
    ...(unlabelled ? { unlabelled } : {})
  }
}

/** The pretraining that an experiment's trainings begin with; undefined where they begin with none. */
export function pretrainingOf(e: Experiment): Pretraining | undefined {
  if (e.mode !== 'fineTune' && e.mode !== 'linear') return undefined
  return pretrainingRows(e)
}

/**
 * The pretrainings that leave what the experiment's selectors and strategies stand on, by product; none for a product that the
 * chosen method does not leave (its arms are refused).
 */
export function productsOf(e: Experiment): Map<Product, Pretraining> {
  const setting = settingOf(e, 2)
  const bases = [
    ...e.selectors.flatMap(id => findSelector(id)?.bases ?? []),
    ...e.strategies.flatMap(id => {
      const strategy = findStrategy(id)
      return strategy ? basesOf(strategy, setting) : []
    })
  ]
  const wanted = new Map<Product, Pretraining>()
  for (const basis of bases) {
    if (basis === 'pixels') continue
    const maker = makerOf(basis, e.pretraining)
    if ('method' in maker) wanted.set(basis, { ...pretrainingRows(e), method: maker.method })
  }
  return wanted
}

/** The methods of the pretrainings that the experiment needs, for its trainings or for what its arms stand on. */
export function methodsNeeded(e: Experiment): MethodName[] {
  const needed = [pretrainingOf(e) ?? [], ...productsOf(e).values()].flat()
  return [...new Set(needed.map(({ method }) => method))]
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
    // what was meant before there was this row is not in the key
    ...(e.pretrainingRate === LEARNING_RATE ? {} : { learningRate: e.pretrainingRate }),
    seed: e.pretrainingSeed
  }
}

/** The rows of a method's pretraining as they are suggested for a pool. */
export function suggestedRows(method: MethodName, poolSize: number) {
  const { epochs, batchSize, learningRate } = suggestionFor(method, poolSize)
  return {
    pretraining: method,
    pretrainingEpochs: epochs,
    pretrainingBatch: batchSize,
    pretrainingRate: learningRate
  } satisfies Partial<Experiment>
}

export function settingOf(e: Experiment, classes: number, { features }: Given = {}): Setting {
  const { dropout, augmentation, pretraining } = e
  return {
    classes,
    dropout,
    augmentation,
    pretraining,
    ...(features ? { features } : {}),
    ...(features || e.mode === 'linear' ? { linear: true } : {})
  }
}

/** A strategy or selector that cannot run in the setting of its experiment, and why. */
export interface Refused {
  id: string
  code: Refusal
}

/** What an experiment's setting refuses. Names that are not known are no matter of the setting. */
export function refusedIn(
  e: Experiment,
  given: Given = {}
): Record<'strategies' | 'selectors', readonly Refused[]> {
  const setting = settingOf(e, 2, given)
  const of = (ids: readonly string[], why: (id: string) => Refusal | undefined) =>
    ids.flatMap((id): Refused[] => {
      const code = why(id)
      return code ? [{ id, code }] : []
    })
  return {
    strategies: of(e.strategies, id => {
      const strategy = findStrategy(id)
      return strategy && refusalOf(strategy, setting)
    }),
    selectors: of(e.selectors, id => basesRefusal(findSelector(id)?.bases ?? [], setting))
  }
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

/** The arms that the setting does not refuse: those that are run. */
export function runnableArms(e: Experiment, given: Given = {}): Arm[] {
  const { strategies, selectors } = refusedIn(e, given)
  const out = (refused: readonly Refused[], id: string) => refused.some(r => r.id === id)
  return armsOf(e).filter(
    ({ strategy, selector = RANDOM }) => !out(strategies, strategy) && !out(selectors, selector)
  )
}

export function seedsOf(e: Experiment): number[] {
  return Array.from({ length: e.seeds }, (_, i) => e.firstSeed + i)
}

/** The label counts an arm is measured at. */
export function countsOf(e: Experiment, arm: Arm): number[] {
  return labelCounts(e.grid, arm.initialSize, e.querySize, e.budget)
}

/** Whether any two of its lines are different trainings somewhere, so that seeds could tell them apart: something is queried, or more differs. */
export const seedsMayDecide = (e: Experiment): boolean =>
  e.selectors.length > 1 ||
  (e.strategies.length > 1 &&
    (e.initialSizes.some(size => size < e.budget) ||
      e.strategies.some(id => findStrategy(id)?.recipe !== undefined)))
