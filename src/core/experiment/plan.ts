/**
 * Which distinct trainings an experiment needs, before any of them is known by key: for the progress bar, the time that
 * is left, and what an experiment costs before it is run. Round 0 is one training for all strategies, Random at N labels one for all initial sizes (when initial
 * sets are prefixes of the order Random goes on along).
 */
import { armsOf, countsOf, recipeOf, runnableArms, seedsOf, type Given } from './parts.ts'
import type { Experiment } from './table.ts'
import { recipeKey } from '../keys.ts'
import { carriesState, trainingSteps, type Recipe } from '../recipe.ts'
import { armKey, RANDOM, type Arm } from '../result.ts'
import { findStrategy } from '../strategies/index.ts'
import { recipeFor } from '../strategy.ts'

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
  for (const arm of arms) {
    const own = recipeFor(findStrategy(arm.strategy), recipe)
    for (const n of countsOf(e, arm)) {
      const planned = { recipe: own, steps: trainingSteps(recipe, n) }
      for (const seed of seeds) plan.set(plannedName(e, arm, seed, n, recipe), planned)
    }
  }
  if (seeds.includes(e.firstSeed)) plan.set(CEILING, { recipe, steps: trainingSteps(recipe, e.poolSize) })
  return plan
}

/** What is left of a plan, kept as trainings are done: to look at it costs no more where there are tens of thousands. */
export class Left {
  readonly total: number
  private readonly counts = new Map<Planned, number>()

  /** `plan` is struck off */
  constructor(private readonly plan: Map<string, Planned>) {
    this.total = plan.size
    for (const planned of plan.values()) this.counts.set(planned, (this.counts.get(planned) ?? 0) + 1)
  }

  get size(): number {
    return this.plan.size
  }

  /** A training is done, of which several arms may tell. */
  strike(name: string): void {
    const planned = this.plan.get(name)
    if (!planned) return
    this.plan.delete(name)
    const count = this.counts.get(planned)! - 1
    if (count) this.counts.set(planned, count)
    else this.counts.delete(planned)
  }

  /** How many there are of each. */
  kinds(): (Planned & { count: number })[] {
    return [...this.counts].map(([planned, count]) => ({ ...planned, count }))
  }
}

/** Planned name of the training on the whole pool. */
export const CEILING = 'ceiling'

/**
 * How many trainings the arms that can run in this setting come to, the ceiling included. Only what arms can share is counted by
 * name: an experiment too large to be planned is counted as fast as any.
 */
export function trainingCount(e: Experiment, given: Given = {}): number {
  const recipe = recipeOf(e, given)
  const lengths = new Map<number, number>()
  const shared = new Set<string>()
  let alone = 0
  for (const arm of runnableArms(e, given)) {
    const name = (n: number) => plannedName(e, arm, e.firstSeed, n, recipe)
    shared.add(name(arm.initialSize))
    if (arm.strategy === RANDOM && !arm.selector) for (const n of countsOf(e, arm)) shared.add(name(n))
    else {
      const length = lengths.get(arm.initialSize) ?? countsOf(e, arm).length
      lengths.set(arm.initialSize, length)
      alone += length - 1
    }
  }
  return (shared.size + alone) * e.seeds + 1
}
