/**
 * The pool-based active-learning cycle of one run (one arm with one seed), as a state machine: it says which trainings
 * and which query it waits for, by key, and is told the answers in any order. Where answers come from (a cache, an
 * engine, a fake) is not its business. Strategies that ask nothing of a training (Random) are answered here and at
 * once, so all rounds of such a run can be trained side by side.
 */
import { basisKeys, type BasisKeys } from './features.ts'
import { queryKey } from './keys.ts'
import { strategyStream } from './law.ts'
import type { Origins } from './pretraining/products.ts'
import type { Measurement, Pick, RoundRecord } from './record.ts'
import type { Arm, Point } from './result.ts'
import { complement, union } from './rows.ts'
import type { SelectionRequest } from './selection.ts'
import { basesOf, labelsFor, looksBack, type Setting, type Stage, type Strategy } from './strategy.ts'
import { countCorrect } from './record.ts'

export interface TrainingRequest {
  key: string
  seed: number
  /** ascending pool rows */
  labelled: Uint32Array
  /** the run's previous training, where the recipe carries state from round to round */
  after?: TrainingRequest
}

export interface QueryRequest {
  key: string
  training: TrainingRequest
  strategy: string
  k: number
  /** keys of the features that the strategy stands on */
  bases: BasisKeys
  /** of a staged strategy */
  stage?: Stage
  /** the run's previous training, where the strategy asks what it would have said; none in the first round */
  before?: TrainingRequest
}

export interface CycleSetup {
  arm: Arm
  seed: number
  /** ascending label counts; the first is the initial size */
  counts: readonly number[]
  strategy: Strategy
  setting: Setting
  /** the initial set in the order it was chosen [counts[0]], or the request that it is the answer to */
  initial: Uint32Array | SelectionRequest
  /** the seed's order of random draws [pool], along which Random goes on */
  order: Uint32Array
  /** labels as the training sees them [pool] */
  labels: ArrayLike<number>
  /** key of a training of this view, recipe, seed and numerics on a labelled set, `after` the training with that key */
  trainingKey: (labelled: Uint32Array, after?: string) => string
  /** each training goes on from the one before it (core/recipe.ts's carriesState) */
  carriesState?: boolean
  /** where the products of a pretraining come from that the strategy stands on */
  origins?: Origins
}

interface Round {
  added: Uint32Array
  querySeconds?: number
  training: TrainingRequest
  measurement?: Measurement
  /** as it is in results, made once */
  point?: Point
}

export class Cycle {
  private readonly rounds: Round[] = []
  private readonly asksNothing: boolean
  private readonly bases: BasisKeys
  private readonly looksBack: boolean
  private waitsFor: QueryRequest | undefined
  private waitsForSet: SelectionRequest | undefined
  constructor(private readonly setup: CycleSetup) {
    const { strategy, setting, origins } = setup
    this.looksBack = looksBack(strategy, setting)
    this.asksNothing = strategy.needs(setting).length === 0
    this.bases = basisKeys(basesOf(strategy, setting), origins)
    if (ArrayBuffer.isView(setup.initial)) this.open(setup.initial)
    else this.waitsForSet = setup.initial
  }

  get arm(): Arm {
    return this.setup.arm
  }
  get seed(): number {
    return this.setup.seed
  }

  /** Opens a round; with a strategy that asks for nothing, all rounds after it as well. */
  private open(added: Uint32Array, querySeconds?: number): void {
    this.enter(added, querySeconds)
    while (this.asksNothing && this.rounds.length < this.setup.counts.length) this.enter(this.ownPicks())
  }

  private enter(added: Uint32Array, querySeconds?: number): void {
    const last = this.rounds.at(-1)?.training
    const before = last?.labelled ?? new Uint32Array(0)
    const labelled = union(before, added)
    const { seed, trainingKey, carriesState } = this.setup
    const after = carriesState ? last : undefined
    const key = trainingKey(labelled, after?.key)
    this.rounds.push({
      added,
      querySeconds,
      training: { key, seed, labelled, ...(after ? { after } : {}) }
    })
    if (!this.asksNothing) this.waitsFor = this.nextQuery()
  }

  private ownPicks(): Uint32Array {
    const { strategy, order, setting, seed, labels } = this.setup
    const { labelled } = this.rounds.at(-1)!.training
    const unlabelled = complement(labelled, order.length)
    const stream = strategyStream(seed, labelled.length, strategy.id)
    const query = strategy.query({
      k: this.k(),
      classes: setting.classes,
      unlabelled,
      labelled,
      ...labelsFor(strategy, labels, labelled, unlabelled),
      order,
      needs: {},
      ...this.stage(),
      stream
    })
    if (query instanceof Promise)
      throw new TypeError(`${strategy.id} needs nothing and does not answer at once`)
    return query.picks
  }

  /** where the next query lies in the run, for a staged strategy */
  private stage(): { stage?: Stage } {
    const { strategy, counts } = this.setup
    return strategy.staged ? { stage: { round: this.rounds.length, rounds: counts.length } } : {}
  }

  /** size of the next query */
  private k(): number {
    const { counts } = this.setup
    return counts[this.rounds.length] - counts[this.rounds.length - 1]
  }

  /** Trainings whose measurement is missing, in order; only the first of them where each goes on from the one before. */
  trainings(): TrainingRequest[] {
    const open = this.rounds.filter(r => !r.measurement).map(r => r.training)
    return this.setup.carriesState ? open.slice(0, 1) : open
  }

  private nextQuery(): QueryRequest | undefined {
    if (this.rounds.length === this.setup.counts.length) return undefined
    const { training } = this.rounds.at(-1)!
    const before = this.looksBack ? this.rounds.at(-2)?.training : undefined
    const k = this.k()
    const { stage } = this.stage()
    return {
      key: queryKey(training.key, this.setup.strategy, Object.values(this.bases), k, stage, before?.key),
      training,
      strategy: this.setup.strategy.id,
      k,
      bases: this.bases,
      ...(stage && { stage }),
      ...(before && { before })
    }
  }

  /** The initial set that the first round waits for, if it does. */
  selection(): SelectionRequest | undefined {
    return this.waitsForSet
  }

  /** Tells the initial set and opens the first round; another's is ignored. */
  selected(key: string, rows: Uint32Array): boolean {
    const { waitsForSet } = this
    if (waitsForSet?.key !== key) return false
    if (rows.length !== waitsForSet.size)
      throw new RangeError(`${waitsForSet.selector} chose ${rows.length} of ${waitsForSet.size}`)
    this.waitsForSet = undefined
    this.open(rows)
    return true
  }

  /** The query that the next round waits for, if any. */
  query(): QueryRequest | undefined {
    return this.waitsFor
  }

  /** Tells the measurement of a training; one it does not wait for is ignored. Returns whether it was used. */
  measured(key: string, measurement: Measurement): boolean {
    const round = this.rounds.find(r => r.training.key === key && !r.measurement)
    if (!round) return false
    round.measurement = measurement
    return true
  }

  /** Tells the answer to the current query and opens the next round; another query's answer is ignored. */
  picked(key: string, pick: Pick): boolean {
    const query = this.query()
    if (!query || query.key !== key) return false
    if (pick.picks.length !== query.k)
      throw new RangeError(`${query.strategy} picked ${pick.picks.length} of ${query.k}`)
    this.open(pick.picks, pick.seconds)
    return true
  }

  get finished(): boolean {
    return this.rounds.length === this.setup.counts.length && this.rounds.every(r => r.measurement)
  }

  /** Label counts that are measured. */
  measuredCounts(): number[] {
    return this.rounds.filter(r => r.measurement).map(r => r.training.labelled.length)
  }

  points(): Point[] {
    return this.rounds.flatMap(r => (r.measurement ? (r.point ??= this.point(r, r.measurement)) : []))
  }

  private point(round: Round, measurement: Measurement): Point {
    const { labelCount } = measurement
    const correct = countCorrect(measurement.correct)
    return { labelCount, correct, record: this.record(round, measurement) }
  }

  private record(round: Round, measurement: Measurement): RoundRecord {
    const classCounts = new Array<number>(this.setup.setting.classes).fill(0)
    for (const row of round.training.labelled) classCounts[this.setup.labels[row]]++
    return {
      labelCount: measurement.labelCount,
      trainingKey: round.training.key,
      measurement,
      classCounts,
      added: round.added,
      ...(round.querySeconds === undefined ? {} : { querySeconds: round.querySeconds })
    }
  }
}
