/**
 * Which distinct trainings an experiment needs, before any of them is known by key: for the progress bar and the time
 * that is left. Round 0 is one training for all strategies, Random at N labels one for all initial sizes (when initial
 * sets are prefixes of the order Random goes on along).
 */
import { armsOf, countsOf, recipeOf, seedsOf } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { carriesState, trainingSteps, type Recipe } from '../core/recipe.ts'
import { armKey, RANDOM, type Arm } from '../core/result.ts'
import { findStrategy } from '../core/strategies/index.ts'
import { recipeFor } from '../core/strategy.ts'
import { recipeKey } from './cohort.ts'

/**
 * Name of the training of an arm and seed at a label count; equal names are one training. `recipe` is the experiment's:
 * arms whose strategy adds to it share trainings only with those that add the same.
 */
export function plannedName(
  e: Experiment,
  arm: Arm,
  seed: number,
  labelCount: number,
  recipe = recipeOf(e)
): string {
  const own = recipeFor(findStrategy(arm.strategy), recipe)
  if (own !== recipe) return `${recipeKey(own)}/${sharedName(arm, seed, labelCount, carriesState(own))}`
  return sharedName(arm, seed, labelCount, carriesState(recipe))
}

/** The same among arms of one recipe. */
function sharedName(arm: Arm, seed: number, labelCount: number, carries: boolean): string {
  const { selector = RANDOM, initialSize } = arm
  const first = labelCount === initialSize
  // random sets lie on the order that Random goes on along; a training that carries state depends on the way to it
  const alongTheOrder = selector === RANDOM && (first || !carries)
  if (alongTheOrder && (first || arm.strategy === RANDOM)) return `${seed}/order/${labelCount}`
  if (first) return `${seed}/${selector}/${labelCount}`
  return `${seed}/${armKey(arm)}/${labelCount}`
}

/** A training that is to come. */
export interface Planned {
  recipe: Recipe
  /** of the optimiser */
  steps: number
}

/**
 * Every distinct training, by planned name, for some of the experiment's seeds and arms (all by default). The
 * ceiling is the first seed's.
 */
export function planOf(
  e: Experiment,
  seeds = seedsOf(e),
  arms = armsOf(e),
  recipe = recipeOf(e)
): Map<string, Planned> {
  const plan = new Map<string, Planned>()
  for (const seed of seeds) {
    for (const arm of arms) {
      const own = recipeFor(findStrategy(arm.strategy), recipe)
      for (const n of countsOf(e, arm))
        plan.set(plannedName(e, arm, seed, n, recipe), { recipe: own, steps: trainingSteps(recipe, n) })
    }
  }
  if (seeds.includes(e.firstSeed)) plan.set(CEILING, { recipe, steps: trainingSteps(recipe, e.poolSize) })
  return plan
}

/** Planned name of the training on the whole pool. */
export const CEILING = 'ceiling'

/** How many timings are looked back on. */
const LAST = 15

/**
 * Predicts how long trainings take, from those that were timed: seconds a step, seconds of the test, seconds of a query,
 * each the median of the last few.
 */
export class Pace {
  private steps: number[] = []
  private tests: number[] = []
  private queries: number[] = []
  /** clears what was learned: another network, data set or backend */
  reset(): void {
    this.steps = []
    this.tests = []
    this.queries = []
  }
  timed(steps: number, trainSeconds: number, testSeconds: number): void {
    remember(this.steps, trainSeconds / steps)
    remember(this.tests, testSeconds)
  }
  asked(querySeconds: number): void {
    remember(this.queries, querySeconds)
  }
  /** Seconds for the given work on some workers, or undefined when nothing was timed yet. */
  predict(steps: number, trainings: number, workers: number): number | undefined {
    if (!this.steps.length) return undefined
    const beside = median(this.tests) + (this.queries.length ? median(this.queries) : 0)
    return (steps * median(this.steps) + trainings * beside) / Math.max(1, Math.min(workers, trainings))
  }
}

function remember(list: number[], value: number): void {
  list.push(value)
  if (list.length > LAST) list.shift()
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}
