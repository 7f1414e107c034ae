/**
 * The director runs one experiment at a time: it feeds the arrangement's cycles what is known, gives the worker pool what
 * nobody knows, and stores every answer before it is shown. Changing the experiment keeps whatever the new one still
 * needs. It is the same in the page and in the headless runner.
 */
import type { QueryRequest, TrainingRequest } from '../core/cycle.ts'
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import type { BackendDescription, BackendName } from '../core/engine.ts'
import { knobsOf, recipeOf, unlabelledOf, type Given } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import type { GivenFeatures } from '../core/features.ts'
import { hashKey } from '../core/keys.ts'
import { carriesState } from '../core/recipe.ts'
import type { Measurement, Pick } from '../core/record.ts'
import type { RecordStore } from '../core/recordStore.ts'
import type { Result } from '../core/result.ts'
import { selectInitial, type SelectionRequest } from '../core/selection.ts'
import { findSelector } from '../core/selectors/index.ts'
import { findStrategy } from '../core/strategies/index.ts'
import { recipeFor } from '../core/strategy.ts'
import { Answers } from './answers.ts'
import { Arrangement, givenOn, KeptCycles } from './arrangement.ts'
import type { Phase, Progress } from './client/types.ts'
import { RuntimeError } from './errors.ts'
import { Materials, type Gathered, type Sources } from './materials.ts'
import type { Job } from './pool.ts'
import { Pools, type Beside, type Readiness } from './pools.ts'
import type { FromWorker, JobQuery, ToWorker, WorkerPort } from './protocol.ts'
import { States } from './states.ts'
import type { Wish } from './wishes.ts'

export interface DirectorOptions extends Sources {
  createWorker(): WorkerPort<ToWorker, FromWorker>
  /**
   * the initial set of a selector that stands on features of the view, of which those that are products of a pretraining are
   * given; left out: chosen in this thread
   */
  select?(
    source: DataSource,
    knobs: ViewKnobs,
    request: SelectionRequest,
    given: readonly GivenFeatures[]
  ): Promise<Pick>
  records: RecordStore
  /** a new result is there: called at most once for each turn of the event loop */
  changed(): void
  notice(code: string, parameters?: Record<string, string | number>): void
  /** what is opened beside a GPU for trainings that it does not know; absent: its own engine has to see to them */
  beside?: Beside
  /** no worker is left and the backend gives no other; `active` if work was in progress on it, `paused` or not */
  deserted?(active: boolean, backend: BackendName, paused: boolean): void
  /** milliseconds before a lost worker's place is tried to be filled again */
  retryAfter?: readonly number[]
  /** only these of the experiment's seeds (a shard) */
  seeds?: (seed: number) => boolean
}

interface Prepared {
  gathered: Gathered
  given: Given
  readiness: Readiness
}

/** Urgency of work, by the edit that added it last: smaller is more urgent, and only a smaller one suspends what runs. */
type Urgency = number

const LEAST_URGENT: Urgency = 0

/** Milliseconds for which a cohort waits for an answer that is being stored, as others may follow from it. */
const WORTH_WAITING = 2000

export class Director {
  private readonly pool: Pools
  private readonly answers: Answers
  private current: Arrangement | undefined
  /** the one whose wishes the pool has, but for the changes since */
  private submitted: Arrangement | undefined
  private readonly materials: Materials
  /** of the current arms; those that an edit leaves alone keep theirs */
  private urgencies = new Map<string, Urgency>()
  private description: BackendDescription | undefined
  /** what is done beside the GPU */
  private beside: Readiness['beside']
  private backend: BackendName = 'wasm'
  /** of the current arrangement */
  private phase: Exclude<Phase, 'preparing'> = 'idle'
  private edits = 0
  /** the edit that is being prepared; until it is there, all is as it was before it */
  private preparing: number | undefined
  /** the pause of what was computed before ends with that edit, and not before: it was asked for to be run */
  private goesOn = false
  private announced = false
  /** answers that are being stored, or whose consequences are not in the queue yet, and that are worth waiting for */
  private settling = 0
  /** final weights of trainings that others go on from */
  private readonly states = new States()
  /** trainings whose loss is not a number: they would end so again, so their runs end before them */
  private readonly diverged = new Set<string>()
  /** initial sets that are being chosen, by key */
  private readonly selecting = new Set<string>()
  /** an edit goes on with those it leaves alone, and a return finds them where they were */
  private readonly cycles = new KeptCycles()

  constructor(private readonly options: DirectorOptions) {
    this.materials = new Materials(options)
    this.answers = new Answers(
      options.records,
      reason => options.notice('notStored', { reason }),
      key => this.current?.wishes.told(key)
    )
    this.pool = new Pools(
      options.createWorker,
      {
        trained: (job, weights) => this.states.keep(job.task.id, weights),
        measured: (job, measurement) => void this.keepMeasurement(job, measurement),
        picked: (job, key, pick) => void this.keepPick(job, key, pick),
        done: ({ task }) => this.renew(task.id),
        changed: () => this.announce(),
        restarted: (reason, device) =>
          options.notice(device ? 'deviceRestarted' : 'workerRestarted', { reason }),
        expecting: () => this.settling > 0,
        failed: (job, code, message) => this.fail(job, code, message),
        deserted: (reason, beside) => this.desert(reason, beside)
      },
      options.retryAfter,
      options.beside
    )
  }

  /** Opens `workers` workers on a backend; those there were are closed, and what they were at is dropped. Rejects with RuntimeError. */
  async open(backend: BackendName, workers: number): Promise<BackendDescription> {
    this.callOff()
    this.pool.close()
    this.current = undefined
    this.materials.forget()
    this.phase = 'idle'
    this.beside = undefined
    this.description = undefined
    this.backend = backend
    this.announce()
    this.description = await this.pool.open(backend, workers)
    return this.description
  }

  close(): void {
    this.pool.close()
  }

  /** The edit that is being prepared comes to nothing. */
  private callOff(): void {
    this.edits++
    this.preparing = undefined
    this.goesOn = false
  }

  /**
   * Makes this the experiment that is computed. Rounds that are known are in the result when the promise resolves. Rejects
   * when the view cannot be built or the workers cannot be had: then what was computed before goes on. Does nothing, and says
   * false, if another edit comes, or the workers are gone, before all is there. `paused`: whether it waits for `resume`; left
   * out, as what was computed before does.
   */
  async run(experiment: Experiment, paused?: boolean): Promise<boolean> {
    if (!this.description) throw new RuntimeError('noBackend', 'the director has no workers')
    const edit = ++this.edits
    this.preparing = edit
    if (paused !== undefined) this.goesOn = !paused
    this.announce()
    const stillWanted = () => edit === this.edits
    let adopted = false
    try {
      const ready = await this.prepare(experiment, stillWanted)
      if (!stillWanted() || !ready) return false
      this.adopt(experiment, ready, edit, paused === true)
      adopted = true
    } catch (error) {
      if (stillWanted()) throw error
      return false
    } finally {
      if (stillWanted()) {
        this.preparing = undefined
        this.goesOn = false
      }
      // workers that were opened for it alone go with it
      if (!adopted && this.preparing === undefined) this.pool.take({ beside: this.beside })
      this.announce()
    }
    await this.advance()
    // not before: what was paused would go on first
    if (this.phase !== 'paused') this.pool.resume()
    return true
  }

  /** What an experiment stands on, with workers that are ready for it; undefined if another edit came meanwhile. */
  private async prepare(experiment: Experiment, stillWanted: () => boolean): Promise<Prepared | undefined> {
    const gathered = await this.materials.gather(experiment, stillWanted)
    if (!gathered) return undefined
    const { view, encoder, origins } = gathered
    const given = givenOn(view, encoder?.key, origins)
    const own = recipeOf(experiment, given)
    const others = experiment.strategies.map(id => recipeFor(findStrategy(id), own))
    return { gathered, given, readiness: await this.pool.ready(view, own, others) }
  }

  /** From here on this is computed; in one go, so that nothing of the experiment before starts on what this one stands on. */
  private adopt(
    experiment: Experiment,
    { gathered, given, readiness }: Prepared,
    edit: number,
    paused: boolean
  ): void {
    const { view, encoder, features } = gathered
    if (this.materials.hold(gathered)) {
      this.pool.cancelAll()
      this.cycles.clear()
      this.pool.setView(view)
      this.pool.forgetPace()
    }
    if (encoder) this.pool.setEncoder(encoder)
    this.pool.setFeatures(features)
    this.pool.take(readiness)
    this.beside = readiness.beside
    const mine = this.options.seeds ?? (() => true)
    this.follow(new Arrangement(experiment, view, readiness.description, mine, given, this.cycles), edit)
    // an edit does not end a pause; a run does
    this.phase = paused || this.waits ? 'paused' : 'running'
    if (this.phase === 'paused') this.pool.pause()
  }

  private follow(next: Arrangement, edit: number): void {
    if (this.current && hashKey(this.current.recipe) !== hashKey(next.recipe)) this.pool.forgetPace()
    for (const { id, code } of next.refused) this.options.notice(code, { id })
    if (unlabelledOf(next.experiment) && !next.recipe.unlabelled) this.options.notice('unlabelledLeftOut')
    this.current = next
    const before = this.urgencies
    this.urgencies = new Map(next.armNames.map(name => [name, before.get(name) ?? -edit]))
  }

  /** Feeds the cycles what is known, asks the store for the rest, and gives the pool what nobody knows. */
  private async advance(): Promise<void> {
    const { current } = this
    if (!current || this.phase === 'cancelled' || this.phase === 'failed') return
    for (;;) {
      if (current.feed(this.answers)) this.announce()
      const lookUp = this.answers.lookUp(current.wishes.takeFresh())
      if (!lookUp) break
      await lookUp
      if (current !== this.current) return
    }
    if (this.working) this.submit(current)
  }

  /** Tells the pool what else is wished for since it was told last: of another arrangement, everything. */
  private submit(current: Arrangement): void {
    const selections = current.wishes.selections()
    for (const request of selections)
      if (!this.answers.isArriving(request.key) && !this.selecting.has(request.key))
        void this.select(current, request)
    const { trainings, wishes } = current.wishes.takeChanges()
    if (current === this.submitted) this.pool.release(trainings)
    else this.pool.release()
    this.submitted = current
    for (const wish of wishes)
      if (!this.diverged.has(wish.training.key) && !this.answers.isArriving(wish.key))
        this.submitWish(current, wish)
    this.pool.schedule()
    if (!selections.length && !this.isWaiting(current)) {
      this.phase = 'finished'
      this.announce()
    }
  }

  /** Whether a training is waited for that may still come. */
  private isWaiting({ wishes }: Arrangement): boolean {
    for (const key of wishes.trainings()) if (!this.diverged.has(key)) return true
    return false
  }

  private async select({ experiment, view }: Arrangement, request: SelectionRequest): Promise<void> {
    const { selector, bases } = request
    const given = this.materials.featuresOf(Object.values(bases))
    this.selecting.add(request.key)
    try {
      const pick = (await this.options.select?.(experiment.source, knobsOf(experiment), request, given)) ?? {
        picks: selectInitial(view, findSelector(selector)!, request),
        seconds: 0
      }
      await this.answers.keepPick(request.key, pick)
    } catch (error) {
      this.selecting.delete(request.key)
      if (!this.current?.wishes.selections().some(({ key }) => key === request.key)) return
      const { message } = error as Error
      this.options.notice('selectionFailed', { selector, message })
      this.phase = 'failed'
      this.pool.cancelAll()
      return this.announce()
    }
    this.selecting.delete(request.key)
    await this.advance()
  }

  private submitWish({ orders, looksBack }: Arrangement, { training, query, run }: Wish): void {
    const { recipe, name } = run
    const { key, seed, labelled } = training
    const queries = query ? [this.queryOf(query)] : []
    const urgency = name === undefined ? LEAST_URGENT : this.urgencies.get(name)!
    const history = wayTo(training.after)
    const before = training.after && this.states.of(training.after.key)
    const order = orders.get(seed)!
    const keep = looksBack || carriesState(recipe)
    this.pool.submit(
      {
        id: key,
        recipe,
        seed,
        labelled,
        order,
        queries,
        ...(keep ? { keep } : {}),
        ...(history.length ? { history, before } : {})
      },
      [urgency, seed, labelled.length]
    )
  }

  private queryOf({ before, key, strategy, k, bases, stage }: QueryRequest): JobQuery {
    const query = { key, strategy, k, bases, stage }
    if (!before) return query
    return { ...query, before: { history: wayTo(before), weights: this.states.of(before.key) } }
  }

  private async keepMeasurement({ task }: Job, measurement: Measurement): Promise<void> {
    const known = this.answers.measurement(task.id)
    if (known) {
      // the law: a training that is done again for a new query must end with the same bits
      if (known.correct.some((byte, i) => byte !== measurement.correct[i]))
        this.options.notice('numericsChanged')
      return
    }
    this.pool.timed(task.recipe, measurement)
    await this.settle(task.id, this.answers.keepMeasurement(task.id, measurement))
  }

  private keepPick({ task }: Job, key: string, pick: Pick): Promise<void> {
    this.pool.asked(task.recipe, pick.seconds)
    return this.settle(task.id, this.answers.keepPick(key, pick))
  }

  /** Goes on when an answer of a training is stored; until then no cohort starts that would lack what follows from it. */
  private async settle(training: string, stored: Promise<void>): Promise<void> {
    // it is not to be computed again meanwhile
    this.current?.wishes.touch(training)
    this.settling++
    let waited = true
    const settled = () => {
      clearTimeout(timer)
      if (waited) this.settling--
      waited = false
      if (!this.settling) this.pool.schedule()
    }
    const timer = setTimeout(settled, WORTH_WAITING)
    await stored
    await this.advance().finally(settled)
  }

  private fail({ task }: Job, code: string, message: string): void {
    this.options.notice(code, { message, seed: task.seed, labelCount: task.labelled.length })
    if (code === 'diverged') {
      this.diverged.add(task.id)
      return this.renew(task.id)
    }
    this.phase = 'failed'
    this.pool.cancelAll()
    this.announce()
  }

  /** The pool has let go of a training: what is still wished for of it is submitted again. */
  private renew(training: string): void {
    this.current?.wishes.touch(training)
    void this.advance()
  }

  private get working(): boolean {
    return this.phase === 'running' || this.phase === 'paused'
  }

  /** Paused, and not about to go on. */
  private get waits(): boolean {
    return this.phase === 'paused' && !this.goesOn
  }

  private desert(reason: string, beside: boolean): void {
    const { backend } = this
    const active = this.working || this.preparing !== undefined
    const paused = this.waits
    if (this.working) this.phase = 'failed'
    if (beside) {
      // the GPU stands: whoever runs the experiment again gets new ones
      this.pool.cancelAll()
      this.options.notice('workerFailed', { reason })
      return this.announce()
    }
    if (active) this.phase = 'failed'
    this.callOff()
    this.description = undefined
    this.options.notice(backend === 'webgpu' ? 'lost' : 'workerFailed', { reason })
    this.announce()
    this.options.deserted?.(active, backend, paused)
  }

  pause(): void {
    if (this.phase !== 'running') return
    this.phase = 'paused'
    this.goesOn = false
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
    this.callOff()
    this.phase = 'cancelled'
    this.pool.cancelAll()
    this.announce()
  }

  private announce(): void {
    if (this.announced) return
    this.announced = true
    queueMicrotask(() => {
      this.announced = false
      this.options.changed()
    })
  }

  /** What was taken up last, unless it was cancelled: an edit that fails leaves it. */
  get experiment(): Experiment | undefined {
    return this.phase === 'cancelled' ? undefined : this.current?.experiment
  }

  /** Everything known of the current experiment. */
  result(): Result | undefined {
    return this.current?.result()
  }

  progress(): Progress {
    const { current } = this
    const awaited =
      this.preparing !== undefined && (!this.working || (this.phase === 'paused' && this.goesOn))
    const phase = awaited ? 'preparing' : this.phase
    if (!current || phase === 'preparing') return { phase, trainings: { done: 0, total: 0 }, now: [] }
    const { left } = current
    return {
      phase,
      trainings: { done: left.total - left.size, total: left.total },
      beside: this.beside,
      now: this.pool.running().map(job => {
        const { id, seed, labelled } = job.task
        return {
          ...current.waitingFor(id),
          seed,
          labelCount: labelled.length,
          step: job.step,
          steps: job.steps
        }
      }),
      secondsLeft: this.pool.secondsLeft(left.kinds())
    }
  }
}

/** The labelled sets of a training and of those it goes on from, the first one first. */
function wayTo(training: TrainingRequest | undefined): Uint32Array[] {
  const way: Uint32Array[] = []
  for (let t = training; t; t = t.after) way.unshift(t.labelled)
  return way
}
