/**
 * The director runs one experiment at a time: it holds a cycle for every run, answers what the cycles wait for from what
 * is known (memory, then the record store), gives the rest to the worker pool, stores every answer before it shows it,
 * and folds all of it into a result. Changing the experiment keeps whatever the new one still needs. It is the same in
 * the page and in the headless runner.
 */
import { Cycle, type QueryRequest, type TrainingRequest } from '../core/cycle.ts'
import type { BackendDescription, BackendName } from '../core/engine.ts'
import { armsOf, countsOf, knobsOf, recipeOf, seedsOf, settingOf } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { hashKey, trainingKey } from '../core/keys.ts'
import { balancedOrder, initialOrder } from '../core/law.ts'
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import type { Measurement, Pick } from '../core/record.ts'
import { countCorrect } from '../core/record.ts'
import type { RecordStore } from '../core/recordStore.ts'
import { armKey, type Arm, type DatasetCard, type Numerics, type Result } from '../core/result.ts'
import { findStrategy } from '../core/strategies/index.ts'
import type { View } from '../core/view.ts'
import type { Phase, Progress } from './client/types.ts'
import { CEILING, Pace, plannedName, planOf, type Plan } from './plan.ts'
import { WorkerPool, type Job } from './pool.ts'
import type { FromWorker, ToWorker, WorkerPort } from './protocol.ts'

export interface DirectorOptions {
  createWorker(): WorkerPort<ToWorker, FromWorker>
  buildView(source: DataSource, knobs: ViewKnobs): Promise<View>
  records: RecordStore
  /** a new result is there: called at most once for each turn of the event loop */
  changed(): void
  notice(code: string, parameters?: Record<string, string | number>): void
  /** only these of the experiment's seeds (a shard) */
  seeds?: (seed: number) => boolean
}

interface Current {
  experiment: Experiment
  view: View
  plan: Plan
  cycles: Cycle[]
  ceiling: { request: TrainingRequest; measurement?: Measurement }
  orders: Map<number, Uint32Array>
}

/** Urgency of work that an edit added last: smaller is more urgent, and only a smaller one suspends what runs. */
type Urgency = number

export class Director {
  private readonly pool: WorkerPool
  private readonly measurements = new Map<string, Measurement>()
  private readonly picks = new Map<string, Pick>()
  /** keys the store was asked for in vain */
  private readonly missing = new Set<string>()
  /** keys of answers that are being stored: known, and not yet shown */
  private readonly arriving = new Set<string>()
  private urgencies = new Map<string, Urgency>()
  private readonly pace = new Pace()
  private current: Current | undefined
  private viewKey = ''
  private description: BackendDescription | undefined
  private phase: Phase = 'idle'
  private edits = 0
  private announced = false

  constructor(private readonly options: DirectorOptions) {
    this.pool = new WorkerPool(options.createWorker, {
      measured: (job, measurement) => void this.keepMeasurement(job, measurement),
      picked: (_job, key, pick) => void this.keepPick(key, pick),
      done: () => void this.advance(),
      changed: () => this.announce(),
      restarted: reason => options.notice('workerRestarted', { reason }),
      failed: ({ task }, code, message) => {
        this.phase = 'failed'
        this.pool.cancelAll()
        options.notice(code, { message, seed: task.seed, labelCount: task.labelled.length })
        this.announce()
      }
    })
  }

  /** Opens `workers` workers on a backend. Rejects with RuntimeError. */
  async open(backend: BackendName, workers: number): Promise<BackendDescription> {
    this.description = await this.pool.open(backend, workers)
    return this.description
  }

  get backend(): BackendDescription | undefined {
    return this.description
  }

  get workers(): number {
    return this.pool.size
  }

  close(): void {
    this.pool.close()
  }

  /**
   * Makes this the experiment that is computed. Rounds that are known are in the result when the promise resolves.
   * Rejects when the view cannot be built.
   */
  async run(experiment: Experiment): Promise<void> {
    if (!this.description) throw new Error('the director has no workers yet')
    const edit = ++this.edits
    if (this.phase !== 'running') this.phase = 'preparing'
    this.announce()
    const view = await this.viewFor(experiment)
    if (edit !== this.edits) return
    this.adopt(experiment, view, edit)
    this.phase = 'running'
    this.pool.resume()
    await this.advance()
  }

  private async viewFor(experiment: Experiment): Promise<View> {
    const wanted = hashKey({ source: experiment.source, knobs: knobsOf(experiment) })
    if (this.current && wanted === this.viewKey) return this.current.view
    const view = await this.options.buildView(experiment.source, knobsOf(experiment))
    this.pool.cancelAll()
    this.pool.setView(view)
    this.viewKey = wanted
    this.pace.reset()
    return view
  }

  private adopt(experiment: Experiment, view: View, edit: number): void {
    const recipe = recipeOf(experiment)
    const classes = view.classNames.length
    const setting = settingOf(experiment, classes)
    const numericsId = this.description!.numericsId
    const keyFor = (seed: number) => (labelled: Uint32Array) =>
      trainingKey({ view: view.key, recipe, seed, labelled, numericsId })
    const seeds = seedsOf(experiment).filter(this.options.seeds ?? (() => true))
    const orders = new Map(seeds.map(seed => [seed, initialOrder(seed, view.pool.labels.length)]))
    const initialOrders =
      experiment.initialDraw === 'balanced'
        ? new Map(seeds.map(seed => [seed, balancedOrder(seed, view.pool.labels, classes)]))
        : orders
    const base = hashKey({
      view: view.key,
      recipe,
      draw: experiment.initialDraw,
      grid: [experiment.grid, experiment.querySize, experiment.budget]
    })
    const urgencies = new Map<string, Urgency>()
    const cycles: Cycle[] = []
    for (const seed of seeds) {
      for (const arm of armsOf(experiment)) {
        const strategy = findStrategy(arm.strategy)
        if (!strategy) continue
        const refusal = strategy.refuses?.(setting)
        if (refusal) {
          if (seed === seeds[0] && arm.initialSize === experiment.initialSizes[0])
            this.options.notice(refusal, { strategy: arm.strategy })
          continue
        }
        const name = `${base}/${armKey(arm)}`
        urgencies.set(name, this.urgencies.get(name) ?? -edit)
        cycles.push(
          new Cycle({
            arm,
            seed,
            counts: countsOf(experiment, arm),
            strategy,
            setting,
            initialOrder: initialOrders.get(seed)!,
            order: orders.get(seed)!,
            labels: view.pool.labels,
            trainingKey: keyFor(seed)
          })
        )
      }
    }
    const everything = Uint32Array.from({ length: view.pool.labels.length }, (_, i) => i)
    const ceilingSeed = experiment.firstSeed
    const request = { key: keyFor(ceilingSeed)(everything), seed: ceilingSeed, labelled: everything }
    const plan = planOf(experiment, seeds)
    this.current = {
      experiment,
      view,
      plan,
      cycles,
      ceiling: { request, measurement: this.measurements.get(request.key) },
      orders
    }
    this.urgencies = urgencies
    this.urgencyOf = cycle => urgencies.get(`${base}/${armKey(cycle.arm)}`)!
  }

  private urgencyOf: (cycle: Cycle) => Urgency = () => 0

  /** Feeds the cycles what is known, asks the store for the rest, and gives the pool what nobody knows. */
  private async advance(): Promise<void> {
    const { current } = this
    if (!current || this.phase === 'cancelled' || this.phase === 'failed') return
    for (;;) {
      while (this.feed(current)) this.announce()
      const { trainings, queries } = this.unknownKeys(current)
      if (!trainings.length && !queries.length) break
      await this.lookUp(trainings, queries)
      if (current !== this.current) return
    }
    this.submit(current)
  }

  /** One pass over all cycles with what is in memory; true if any moved. */
  private feed({ cycles, ceiling }: Current): boolean {
    let moved = false
    for (const cycle of cycles) {
      for (const { key } of cycle.trainings()) {
        const known = this.measurements.get(key)
        if (known) moved = cycle.measured(key, known) || moved
      }
      for (let query = cycle.query(); query; query = cycle.query()) {
        const known = this.picks.get(query.key)
        if (!known) break
        cycle.picked(query.key, known)
        moved = true
      }
    }
    if (!ceiling.measurement) {
      ceiling.measurement = this.measurements.get(ceiling.request.key)
      moved ||= ceiling.measurement !== undefined
    }
    return moved
  }

  private unknownKeys({ cycles, ceiling }: Current) {
    const fresh = (key: string) => !this.missing.has(key)
    const trainings = new Set<string>()
    const queries = new Set<string>()
    for (const cycle of cycles) {
      for (const { key } of cycle.trainings()) if (fresh(key)) trainings.add(key)
      const query = cycle.query()
      if (query && fresh(query.key)) queries.add(query.key)
    }
    if (!ceiling.measurement && fresh(ceiling.request.key)) trainings.add(ceiling.request.key)
    return { trainings: [...trainings], queries: [...queries] }
  }

  private async lookUp(trainings: string[], queries: string[]): Promise<void> {
    const { records } = this.options
    const [measurements, picks] = await Promise.all([
      records.getMeasurements(trainings),
      records.getPicks(queries)
    ])
    const enter = <T>(keys: string[], found: (T | undefined)[], into: Map<string, T>) =>
      keys.forEach((key, i) => {
        const value = found[i]
        if (value) into.set(key, value)
        else this.missing.add(key)
      })
    enter(trainings, measurements, this.measurements)
    enter(queries, picks, this.picks)
  }

  private submit(current: Current): void {
    this.pool.releaseAll()
    let waiting = 0
    const ask = (training: TrainingRequest, urgency: Urgency, late: number, query?: QueryRequest) => {
      waiting++
      if (this.arriving.has(query?.key ?? training.key)) return
      const queries = query ? [{ key: query.key, strategy: query.strategy, k: query.k }] : []
      const task = {
        id: training.key,
        recipe: recipeOf(current.experiment),
        seed: training.seed,
        labelled: training.labelled,
        order: current.orders.get(training.seed)!,
        queries
      }
      this.pool.submit(task, [urgency, late, training.seed, training.labelled.length])
    }
    for (const cycle of current.cycles) {
      const urgency = this.urgencyOf(cycle)
      const query = cycle.query()
      for (const training of cycle.trainings()) ask(training, urgency, 0)
      if (query) ask(query.training, urgency, 0, query)
    }
    if (!current.ceiling.measurement && current.orders.has(current.ceiling.request.seed))
      ask(current.ceiling.request, 0, 1)
    this.pool.schedule()
    if (!waiting && this.phase !== 'finished') {
      this.phase = 'finished'
      this.announce()
    }
  }

  private async keepMeasurement(job: Job, measurement: Measurement): Promise<void> {
    const key = job.task.id
    const known = this.measurements.get(key)
    if (known) {
      // the law: a training that is done again for a new query must end with the same bits
      if (known.correct.some((byte, i) => byte !== measurement.correct[i]))
        this.options.notice('numericsChanged')
      return
    }
    const { train, test } = measurement.seconds
    this.pace.timed(measurement.steps, train, test)
    await this.keep(() => this.options.records.putMeasurement(key, measurement))
    this.measurements.set(key, measurement)
    await this.advance()
  }

  private async keepPick(key: string, pick: Pick): Promise<void> {
    await this.keep(() => this.options.records.putPick(key, pick))
    this.picks.set(key, pick)
    await this.advance()
  }

  /** Stored before it is shown. A store that refuses must not stop the work: the user is told, memory goes on. */
  private async keep(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      this.options.notice('notStored', { reason: String((error as Error).message ?? error) })
    }
  }

  pause(): void {
    if (this.phase !== 'running') return
    this.phase = 'paused'
    this.pool.pause()
    this.announce()
  }

  resume(): void {
    if (this.phase !== 'paused') return
    this.phase = 'running'
    this.pool.resume()
    this.announce()
  }

  /** Stops; finished rounds stay. */
  cancel(): void {
    this.edits++
    this.phase = 'cancelled'
    this.pool.cancelAll()
    this.announce()
  }

  /** Another backend: everything in flight is dropped, what was computed stays under its own numericsId. */
  async switchBackend(backend: BackendName, workers: number): Promise<BackendDescription> {
    this.pool.close()
    this.current = undefined
    this.viewKey = ''
    this.pace.reset()
    this.phase = 'idle'
    return this.open(backend, workers)
  }

  private announce(): void {
    if (this.announced) return
    this.announced = true
    queueMicrotask(() => {
      this.announced = false
      this.options.changed()
    })
  }

  card(): DatasetCard | undefined {
    if (!this.current) return undefined
    const { name, fingerprint, shape, classNames, pool, test } = this.current.view
    return {
      name,
      fingerprint,
      shape,
      classNames,
      poolSize: pool.labels.length,
      testSize: test.labels.length
    }
  }

  /** Everything known of the current experiment. */
  result(): Result | undefined {
    const { current, description } = this
    if (!current || !description) return undefined
    const numericsId = description.numericsId
    const numerics: Numerics[] = [
      { id: numericsId, backend: description.backend, detail: description.detail }
    ]
    const { request, measurement } = current.ceiling
    return {
      experiment: current.experiment,
      dataset: this.card()!,
      numerics,
      runs: current.cycles.map(cycle => ({
        arm: cycle.arm,
        seed: cycle.seed,
        numericsId,
        points: cycle.points()
      })),
      ceiling: measurement
        ? [
            {
              seed: request.seed,
              numericsId,
              correct: countCorrect(measurement.correct),
              labelCount: measurement.labelCount
            }
          ]
        : []
    }
  }

  progress(): Progress {
    const { current } = this
    if (!current) return { phase: this.phase, trainings: { done: 0, total: 0 }, now: [] }
    const left = new Map(current.plan.steps)
    for (const cycle of current.cycles)
      for (const n of cycle.measuredCounts())
        left.delete(plannedName(current.experiment, cycle.arm, cycle.seed, n))
    if (current.ceiling.measurement) left.delete(CEILING)
    const total = current.plan.steps.size
    const running = this.pool.running()
    let steps = 0
    for (const s of left.values()) steps += s
    for (const job of running) steps -= job.step
    return {
      phase: this.phase,
      trainings: { done: total - left.size, total },
      now: running.map(job => this.nowOf(current, job)),
      secondsLeft: this.pace.predict(Math.max(steps, 0), left.size, this.pool.size)
    }
  }

  private nowOf(current: Current, job: Job) {
    const { id, seed, labelled } = job.task
    const arms: Arm[] = []
    for (const cycle of current.cycles) {
      if (
        cycle.seed === seed &&
        (cycle.trainings().some(t => t.key === id) || cycle.query()?.training.key === id)
      )
        arms.push(cycle.arm)
    }
    return {
      arms,
      ceiling: current.ceiling.request.key === id,
      seed,
      labelCount: labelled.length,
      step: job.step,
      steps: job.steps
    }
  }
}
