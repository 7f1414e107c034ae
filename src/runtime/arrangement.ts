/**
 * An experiment laid out for running: the cycle of every arm and seed, the training on the whole pool, and what all of
 * them wait for. It moves by being fed answers; who computes them is the director's business.
 */
import { Cycle, type QueryRequest, type TrainingRequest } from '../core/cycle.ts'
import type { BackendDescription } from '../core/engine.ts'
import { armsOf, countsOf, recipeOf, seedsOf, settingOf, type Given } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { hashKey, trainingKey } from '../core/keys.ts'
import { initialOrder } from '../core/law.ts'
import type { Origins, Product } from '../core/pretraining/products.ts'
import { countCorrect, type Measurement } from '../core/record.ts'
import { carriesState, type Recipe } from '../core/recipe.ts'
import { armKey, RANDOM, type Arm, type DatasetCard, type Result } from '../core/result.ts'
import { selectInitial, selectionOf, takesFeatures, type SelectionRequest } from '../core/selection.ts'
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
import type { Answers } from './answers.ts'
import { CEILING, plannedName, planOf, type Planned } from '../core/experiment/plan.ts'

/** A training that is waited for, perhaps with a query of it. `arm` is absent for the whole pool's. */
export interface Wish {
  training: TrainingRequest
  recipe: Recipe
  query?: QueryRequest
  arm?: Arm
}

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
  get looksBack(): boolean {
    return this.experiment.strategies.some(id => {
      const strategy = findStrategy(id)
      return strategy !== undefined && looksBack(strategy, this.setting)
    })
  }

  /** the seeds' orders of random draws */
  readonly orders: Map<number, Uint32Array>
  /** strategies and selectors that the setting refuses, with the reason's code */
  readonly refused: { id: string; code: Refusal }[] = []
  private readonly ceiling: TrainingRequest | undefined
  private ceilingMeasurement: Measurement | undefined

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
    const { grid, querySize, budget } = experiment
    this.protocol = hashKey({ view: view.key, recipe: this.recipe, grid, querySize, budget })
    const pool = view.pool.labels.length
    const seeds = seedsOf(experiment).filter(mine)
    this.orders = new Map(seeds.map(seed => [seed, initialOrder(seed, pool)]))
    const known = kept.of(this.protocol)
    for (const seed of seeds) this.addCycles(seed, known)
    if (mine(experiment.firstSeed)) {
      const labelled = Uint32Array.from({ length: pool }, (_, i) => i)
      const key = this.key(this.recipe, experiment.firstSeed, labelled)
      this.ceiling = { key, seed: experiment.firstSeed, labelled }
    }
    const arms = armsOf(experiment).filter(arm =>
      this.cycles.some(c => c.arm === arm || armKey(c.arm) === armKey(arm))
    )
    this.plan = planOf(experiment, seeds, arms, this.recipe)
  }

  /** every distinct training, by planned name */
  private readonly plan: Map<string, Planned>

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

  private recipeOf({ strategy }: Arm): Recipe {
    return recipeFor(findStrategy(strategy), this.recipe)
  }

  private key(recipe: Recipe, seed: number, labelled: Uint32Array, after?: string): string {
    const { view, backend } = this
    return trainingKey({ view: view.key, recipe, seed, labelled, numericsId: backend.numericsId, after })
  }

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

  /** An initial set, or the request for it. */
  private initialSet(selector: Selector, counts: readonly number[], seed: number) {
    const { view, given } = this
    const request = selectionOf(view.key, selector, seed, counts[0], counts.length, given.origins)
    return takesFeatures(selector) ? request : selectInitial(view, selector, request, this.orders.get(seed))
  }

  /** One pass over all cycles with what is known; true if any moved. */
  feed(answers: Answers): boolean {
    let moved = false
    for (const cycle of this.cycles) {
      const selection = cycle.selection()
      const set = selection && answers.pick(selection.key)
      if (set) moved = cycle.selected(selection.key, set.picks) || moved
      for (const { key } of cycle.trainings()) {
        const known = answers.measurement(key)
        if (known) moved = cycle.measured(key, known) || moved
      }
      for (let query = cycle.query(); query; query = cycle.query()) {
        const known = answers.pick(query.key)
        if (!known) break
        cycle.picked(query.key, known)
        moved = true
      }
    }
    if (this.ceiling && !this.ceilingMeasurement) {
      this.ceilingMeasurement = answers.measurement(this.ceiling.key)
      moved ||= this.ceilingMeasurement !== undefined
    }
    return moved
  }

  /** Initial sets that are waited for, each once. */
  selections(): SelectionRequest[] {
    const requests = this.cycles.flatMap(cycle => cycle.selection() ?? [])
    return [...new Map(requests.map(request => [request.key, request])).values()]
  }

  /** All trainings and queries that are waited for; the same training may be wished for by several arms. */
  *wishes(): Generator<Wish> {
    for (const cycle of this.cycles) {
      const { arm } = cycle
      const recipe = this.recipeOf(arm)
      for (const training of cycle.trainings()) yield { training, recipe, arm }
      const query = cycle.query()
      if (query) yield { training: query.training, recipe, query, arm }
    }
    if (this.ceiling && !this.ceilingMeasurement) yield { training: this.ceiling, recipe: this.recipe }
  }

  /** Arms that wait for a training, and whether it is the one on the whole pool. */
  waitingFor(key: string, seed: number): { arms: Arm[]; ceiling: boolean } {
    const waits = (c: Cycle) => c.trainings().some(t => t.key === key) || c.query()?.training.key === key
    const arms = this.cycles.filter(c => c.seed === seed && waits(c)).map(c => c.arm)
    return { arms, ceiling: this.ceiling?.key === key }
  }

  /** Distinct trainings: how many in all, and those without a measurement. */
  remaining(): { total: number; left: Planned[] } {
    const left = new Map(this.plan)
    for (const cycle of this.cycles) {
      for (const n of cycle.measuredCounts())
        left.delete(plannedName(this.experiment, cycle.arm, cycle.seed, n, this.recipe))
    }
    if (this.ceilingMeasurement) left.delete(CEILING)
    return { total: this.plan.size, left: [...left.values()] }
  }

  card(): DatasetCard {
    const { name, fingerprint, shape, classNames, pool, test } = this.view
    return {
      name: safeName(name),
      fingerprint,
      shape,
      classNames: classNames.map(safeName),
      poolSize: pool.labels.length,
      testSize: test.labels.length
    }
  }

  /** Everything known so far. */
  result(): Result {
    const { numericsId, backend, detail } = this.backend
    const ceiling = this.ceilingMeasurement
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
      ceiling: ceiling
        ? [
            {
              seed: this.ceiling!.seed,
              numericsId,
              correct: countCorrect(ceiling.correct),
              labelCount: ceiling.labelCount
            }
          ]
        : []
    }
  }
}
