/**
 * An experiment laid out for running: the cycle of every arm and seed, the training on the whole pool, and what all of
 * them wait for. It moves by being fed answers; who computes them is the director's business.
 */
import { Cycle } from '../core/cycle.ts'
import type { BackendDescription } from '../core/engine.ts'
import { armsOf, countsOf, recipeOf, seedsOf, settingOf, type Given } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { getOrMake } from '../core/getOrMake.ts'
import { hashKey, recipeKey, trainingKey } from '../core/keys.ts'
import { initialOrder } from '../core/law.ts'
import type { Origins, Product } from '../core/pretraining/products.ts'
import { carriesState, type Recipe } from '../core/recipe.ts'
import { armKey, RANDOM, type Arm, type DatasetCard, type Result } from '../core/result.ts'
import { sameValues } from '../core/record.ts'
import { selectInitial, selectionOf, takesFeatures } from '../core/selection.ts'
import type { Selector } from '../core/selector.ts'
import { findSelector } from '../core/selectors/index.ts'
import { findStrategy } from '../core/strategies/index.ts'
import {
  basesOf,
  basesRefusal,
  looksBack,
  recipeFor,
  refusalOf,
  type Refusal,
  type Setting
} from '../core/strategy.ts'
import { safeName } from '../core/text.ts'
import { featureLength, type View } from '../core/view.ts'
import { classHistogram } from '../data/preview.ts'
import type { Answers } from './answers.ts'
import { CEILING, Left, plannedName, planOf } from '../core/experiment/plan.ts'
import { Wishes, type Run } from './wishes.ts'

/** What an experiment is given on a view: the key of its encoder, and where the products of pretrainings come from. */
export const givenOn = (view: View, encoder: string | undefined, origins: Origins): Given => ({
  encoder,
  features: featureLength(view) !== undefined,
  origins
})

/** Protocols whose cycles are kept. What comes back after more of them is laid out again, and fed with what is known. */
const MOST_PROTOCOLS = 4

/** The cycles of earlier arrangements on one view and backend, by protocol and name: those of the last few protocols. */
export class KeptCycles {
  private readonly byProtocol = new Map<string, Map<string, Cycle>>()

  /** Those of a protocol, to be added to. */
  of(protocol: string): Map<string, Cycle> {
    const own = this.byProtocol.get(protocol) ?? new Map<string, Cycle>()
    this.byProtocol.delete(protocol)
    this.byProtocol.set(protocol, own)
    const [oldest] = this.byProtocol.keys()
    if (this.byProtocol.size > MOST_PROTOCOLS) this.byProtocol.delete(oldest)
    return own
  }

  clear(): void {
    this.byProtocol.clear()
  }
}

export class Arrangement {
  /** of the experiment; a strategy may add to it for its own arms */
  readonly recipe: Recipe
  private readonly setting: Setting
  readonly cycles: Cycle[] = []
  /** some strategy compares a training with the run's previous one, so final weights are worth keeping */
  readonly looksBack: boolean
  /** the seeds' orders of random draws */
  readonly orders: Map<number, Uint32Array>
  /** strategies and selectors that the setting refuses, with the reason's code */
  readonly refused: { id: string; code: Refusal }[] = []
  /** the training on the whole pool: a run of one round, and of no arm */
  private readonly ceiling: Cycle | undefined
  readonly wishes: Wishes
  /** of its distinct trainings, those without a measurement */
  readonly left: Left

  /** Only seeds that `mine` admits are run (a shard); the whole pool is trained on with the first seed. */
  constructor(
    readonly experiment: Experiment,
    readonly view: View,
    private readonly backend: BackendDescription,
    mine: (seed: number) => boolean,
    private readonly given: Given,
    /** new ones are added */
    kept: KeptCycles
  ) {
    this.recipe = recipeOf(experiment, given)
    this.setting = settingOf(experiment, view.classNames.length, given)
    this.looksBack = experiment.strategies.some(id => {
      const strategy = findStrategy(id)
      return strategy !== undefined && looksBack(strategy, this.setting)
    })
    const { grid, querySize, budget } = experiment
    this.protocol = hashKey({ view: view.key, recipe: this.recipe, grid, querySize, budget })
    const pool = view.pool.labels.length
    const seeds = seedsOf(experiment).filter(mine)
    this.orders = new Map(seeds.map(seed => [seed, initialOrder(seed, pool)]))
    const known = kept.of(this.protocol)
    for (const seed of seeds) this.addCycles(seed, known)
    const runs = this.cycles.map((cycle, place): Run => {
      const { arm } = cycle
      return {
        cycle,
        recipe: recipeFor(findStrategy(arm.strategy), this.recipe),
        name: this.nameOf(arm),
        place
      }
    })
    if (mine(experiment.firstSeed)) {
      this.ceiling = this.wholePool(experiment.firstSeed)
      runs.push({ cycle: this.ceiling, recipe: this.recipe, place: runs.length })
    }
    this.wishes = new Wishes(runs)
    const run = new Set(this.cycles.map(({ arm }) => armKey(arm)))
    const arms = armsOf(experiment).filter(arm => run.has(armKey(arm)))
    this.left = new Left(planOf(experiment, seeds, arms, this.recipe))
    // what cycles of an earlier arrangement have got already
    for (const cycle of this.cycles) for (const n of cycle.measuredCounts()) this.strike(cycle, n)
  }

  /** An arm with all that decides its trainings besides the seed: what stays the same through an edit has the same name. */
  readonly nameOf = (arm: Arm) => `${this.protocol}/${armKey(arm)}${this.origin(arm)}`
  private readonly protocol: string

  /** The keys of what it stands on, if it does stand on a pretraining. */
  private origin(arm: Arm): string {
    const { origins = {} } = this.given
    const { strategy, selector } = this.rules(arm)
    const bases = [...(selector?.bases ?? []), ...(strategy ? basesOf(strategy, this.setting) : [])]
    const keys = bases.flatMap(basis => origins[basis as Product] ?? [])
    return keys.length ? `/${keys.join()}` : ''
  }

  private rules({ strategy, selector = RANDOM }: Arm) {
    return { strategy: findStrategy(strategy), selector: findSelector(selector) }
  }

  private refuse(id: string, code: Refusal | undefined): boolean {
    if (code && !this.refused.some(r => r.id === id)) this.refused.push({ id, code })
    return code !== undefined
  }

  get armNames(): string[] {
    return armsOf(this.experiment).map(this.nameOf)
  }

  /** Runs have many trainings in common (round 0, Random at N): to compare their sets takes less than to make a key again. */
  private key(recipe: Recipe, seed: number, labelled: Uint32Array, after?: string): string {
    const { view, backend } = this
    const known = getOrMake(
      this.keys,
      `${recipeKey(recipe)} ${seed} ${labelled.length} ${after ?? ''}`,
      () => []
    )
    const same = known.find(training => sameValues(training.labelled, labelled))
    if (same) return same.key
    const key = trainingKey({ view: view.key, recipe, seed, labelled, numericsId: backend.numericsId, after })
    known.push({ labelled, key })
    return key
  }
  private readonly keys = new Map<string, { labelled: Uint32Array; key: string }[]>()

  private addCycles(seed: number, known: Map<string, Cycle>): void {
    const { experiment, view, setting } = this
    const order = this.orders.get(seed)!
    for (const arm of armsOf(experiment)) {
      const { strategy, selector } = this.rules(arm)
      if (!strategy || !selector) continue
      const refused = [
        this.refuse(strategy.id, refusalOf(strategy, setting)),
        this.refuse(selector.id, basesRefusal(selector.bases ?? [], setting))
      ]
      if (refused.includes(true)) continue
      const recipe = recipeFor(strategy, this.recipe)
      const name = `${this.nameOf(arm)}/${seed}`
      const counts = countsOf(experiment, arm)
      const cycle =
        known.get(name) ??
        new Cycle({
          arm,
          seed,
          counts,
          strategy,
          setting,
          initial: this.initialSet(selector, counts, seed),
          order,
          labels: view.pool.labels,
          trainingKey: (labelled, after) => this.key(recipe, seed, labelled, after),
          carriesState: carriesState(recipe),
          origins: this.given.origins
        })
      known.set(name, cycle)
      this.cycles.push(cycle)
    }
  }

  private wholePool(seed: number): Cycle {
    const { labels } = this.view.pool
    const all = Uint32Array.from({ length: labels.length }, (_, i) => i)
    return new Cycle({
      arm: { strategy: RANDOM, initialSize: all.length },
      seed,
      counts: [all.length],
      strategy: findStrategy(RANDOM)!,
      setting: this.setting,
      initial: all,
      order: all,
      labels,
      trainingKey: labelled => this.key(this.recipe, seed, labelled)
    })
  }

  /** An initial set, or the request for it. */
  private initialSet(selector: Selector, counts: readonly number[], seed: number) {
    const { view, given } = this
    const request = selectionOf(view.key, selector, seed, counts[0], counts.length, given.origins)
    return takesFeatures(selector) ? request : selectInitial(view, selector, request, this.orders.get(seed))
  }

  /** Lets the runs that may go on do so with what is known; true if any moved. */
  feed(answers: Answers): boolean {
    return this.wishes.feed(run => this.feedRun(run, answers))
  }

  /** One pass. */
  private feedRun({ cycle }: Run, answers: Answers): boolean {
    let moved = false
    const selection = cycle.selection()
    const set = selection && answers.pick(selection.key)
    if (set) moved = cycle.selected(selection.key, set.picks)
    for (const { key, labelled } of cycle.trainings()) {
      const known = answers.measurement(key)
      if (!known || !cycle.measured(key, known)) continue
      moved = true
      this.strike(cycle, labelled.length)
    }
    for (let query = cycle.query(); query; query = cycle.query()) {
      const known = answers.pick(query.key)
      if (!known) break
      cycle.picked(query.key, known)
      moved = true
    }
    return moved
  }

  /** A training is measured. */
  private strike(cycle: Cycle, labelCount: number): void {
    const { experiment, recipe } = this
    this.left.strike(
      cycle === this.ceiling ? CEILING : plannedName(experiment, cycle.arm, cycle.seed, labelCount, recipe)
    )
  }

  /** Arms that wait for a training, and whether it is the one on the whole pool. */
  waitingFor(key: string): { arms: Arm[]; ceiling: boolean } {
    const cycles = this.wishes.runsOf(key).map(({ cycle }) => cycle)
    return {
      arms: cycles.filter(cycle => cycle !== this.ceiling).map(({ arm }) => arm),
      ceiling: cycles.some(cycle => cycle === this.ceiling)
    }
  }

  card(): DatasetCard {
    const { name, fingerprint, shape, classNames, pool, test } = this.view
    return {
      name: safeName(name),
      fingerprint,
      shape,
      classNames: classNames.map(safeName),
      poolSize: pool.labels.length,
      testSize: test.labels.length,
      majority: Math.max(...classHistogram(test.labels, classNames.length))
    }
  }

  /** Everything known so far. */
  result(): Result {
    const { numericsId, backend, detail } = this.backend
    const { ceiling } = this
    return {
      experiment: this.experiment,
      dataset: this.card(),
      numerics: [{ id: numericsId, backend, detail }],
      runs: this.cycles.map(cycle => ({
        arm: cycle.arm,
        seed: cycle.seed,
        numericsId,
        points: cycle.points()
      })),
      ceiling: (ceiling?.points() ?? []).map(({ correct, labelCount }) => ({
        seed: ceiling!.seed,
        numericsId,
        correct,
        labelCount
      }))
    }
  }
}
