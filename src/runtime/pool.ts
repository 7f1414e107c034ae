/**
 * The workers and the queue before them. A job is one training with the queries that wait for it. A free worker is given
 * the most urgent queued job, and with it as many others of its recipe and label count as its engine trains together: a
 * cohort. A more urgent job that appears suspends a running cohort between two steps. A worker that dies or loses its
 * device is replaced and its jobs start again: by the law they end with the same bits, whatever cohort they are in then.
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { GivenFeatures } from '../core/features.ts'
import type { Measurement, Pick } from '../core/record.ts'
import type { View } from '../core/view.ts'
import { before, Cohort, kindOf, recipeKey, type Job, type Priority } from './cohort.ts'
import { RuntimeError } from './errors.ts'
import type { FromWorker, JobTask, ToWorker, WorkerPort } from './protocol.ts'

export type { Job, Priority }

interface Slot {
  port: WorkerPort<ToWorker, FromWorker>
  running?: Cohort
  suspended: Cohort[]
  /** losses without a finished training between them */
  failures: number
  /** trainings its engine does together, by recipe; 'asked' while it does not know */
  sizes: Map<string, number | 'asked'>
}

export interface PoolEvents {
  /** final weights of a training whose recipe carries state */
  trained(job: Job, weights: Float32Array): void
  measured(job: Job, measurement: Measurement): void
  picked(job: Job, key: string, pick: Pick): void
  /** the job has left the pool; queries that were not picked must be submitted again */
  done(job: Job): void
  /** something moved: progress, start, suspension */
  changed(): void
  /** a worker was lost and is being replaced; `device` if it was the device that it lost */
  restarted(reason: string, device: boolean): void
  /** given up: the job has left the pool */
  failed(job: Job, code: string, message: string): void
  /** the last worker is gone and none could take its place: nothing runs until `open` */
  deserted(reason: string): void
  /** more jobs may be submitted soon, as answers are on their way: a cohort that starts now would miss them */
  expecting(): boolean
}

/** Cohorts kept suspended in one worker: each holds weights and moments in its memory. */
const MOST_SUSPENDED = 3
const MOST_ATTEMPTS = 3
/** After a second loss in a row cohorts are smaller by this factor. */
const SMALLER = 4

/** Milliseconds before another worker is tried when one could not be opened in a lost one's place: a GPU needs a moment to come back. */
const RETRY_AFTER = [300, 2000]

export class WorkerPool {
  private slots: Slot[] = []
  private readonly jobs = new Map<string, Job>()
  private backend: BackendName = 'wasm'
  private view: View | undefined
  private encoder: { key: string; weights: Float32Array } | undefined
  /** by key */
  private readonly features = new Map<string, GivenFeatures>()
  private paused = false
  /** workers that are being opened, with a way to end the waiting for them */
  private readonly opening = new Map<Slot, (error: RuntimeError) => void>()
  /** lost workers in whose place none stands yet */
  private replacing = 0
  /** `open` and `close` end what came before */
  private era = 0
  /** the numericsId all workers must have */
  private accepted: string | undefined
  private tickets = 0
  /** no cohort is larger, since the device was lost with larger ones */
  private most = Infinity

  constructor(
    private readonly create: () => WorkerPort<ToWorker, FromWorker>,
    private readonly events: PoolEvents,
    private readonly retryAfter: readonly number[] = RETRY_AFTER
  ) {}

  get size(): number {
    return this.slots.length
  }

  /**
   * Opens `size` workers on a backend; resolves when the first is ready. Rejects with RuntimeError if none opens, or with
   * the code 'superseded' if `close` was called meanwhile. Workers of another numericsId than the first are closed.
   */
  async open(backend: BackendName, size: number): Promise<BackendDescription> {
    this.era++
    this.backend = backend
    this.accepted = undefined
    this.most = Infinity
    const opening = Array.from({ length: size }, () => this.openSlot())
    for (const slot of opening) slot.catch(() => this.events.changed())
    return Promise.any(opening).catch((all: AggregateError) => {
      throw all.errors[0]
    })
  }

  /** Opens one worker and takes it in. */
  private async openSlot(failures = 0): Promise<BackendDescription> {
    const slot: Slot = { port: this.create(), suspended: [], failures, sizes: new Map() }
    const description = await new Promise<BackendDescription>((resolve, reject) => {
      this.opening.set(slot, reject)
      slot.port.onFailure(reason => {
        reject(new RuntimeError('workerFailed', reason))
        this.lost(slot, reason, false)
      })
      slot.port.listen(message => {
        if (message.type === 'opened') resolve(message.description)
        else if (message.type === 'openFailed') reject(new RuntimeError(message.code, message.message))
        else this.receive(slot, message)
      })
      slot.port.post({ type: 'open', backend: this.backend })
    })
      .catch(error => {
        slot.port.terminate()
        throw error
      })
      .finally(() => this.opening.delete(slot))
    this.accepted ??= description.numericsId
    if (description.numericsId !== this.accepted) {
      slot.port.terminate()
      throw new RuntimeError('otherNumerics', `${description.numericsId} instead of ${this.accepted}`)
    }
    this.slots.push(slot)
    if (this.view) slot.port.post({ type: 'view', view: this.view })
    if (this.encoder) slot.port.post({ type: 'encoder', encoder: this.encoder })
    for (const given of this.features.values()) slot.port.post({ type: 'features', given })
    this.schedule()
    return description
  }

  /** Gives every worker a pretrained encoder; it is known until another view is given. */
  setEncoder(encoder: { key: string; weights: Float32Array }): void {
    if (this.encoder?.key === encoder.key) return
    this.encoder = encoder
    for (const slot of this.slots) slot.port.post({ type: 'encoder', encoder })
  }

  /** Gives every worker features that queries name by their key; they are known until another view is given. */
  setFeatures(given: GivenFeatures): void {
    if (this.features.has(given.key)) return
    this.features.set(given.key, given)
    for (const slot of this.slots) slot.port.post({ type: 'features', given })
  }

  /** Gives every worker a view. Jobs of another view must have been dropped. */
  setView(view: View): void {
    this.view = view
    this.encoder = undefined
    this.features.clear()
    for (const slot of this.slots) {
      slot.sizes.clear()
      slot.port.post({ type: 'view', view })
    }
  }

  /** Jobs in flight. */
  running(): Job[] {
    return this.slots.flatMap(s => s.running?.jobs ?? [])
  }

  /** Adds a job, or adds queries to one that is there and raises its priority. Call `schedule` afterwards. */
  submit(task: JobTask, priority: Priority): Job {
    const job = this.jobs.get(task.id)
    if (!job) {
      const fresh: Job = { task, priority, wanted: true, step: 0, steps: 0, attempts: 0, alone: false }
      this.jobs.set(task.id, fresh)
      return fresh
    }
    if (!job.wanted || before(priority, job.priority)) job.priority = priority
    job.wanted = true
    const known = new Set(job.task.queries.map(q => q.key))
    const more = task.queries.filter(q => !known.has(q.key))
    if (more.length) {
      job.task.queries.push(...more)
      const at = this.slots.find(slot => [slot.running, ...slot.suspended].some(c => c?.has(job)))
      if (job.cohort) at?.port.post({ type: 'ask', ticket: job.cohort.ticket, id: task.id, queries: more })
    }
    return job
  }

  /** Marks all jobs unwanted; those that `submit` names again before `schedule` go on. */
  releaseAll(): void {
    for (const job of this.jobs.values()) job.wanted = false
  }

  /** Starts, resumes and suspends what the priorities ask for. */
  schedule(): void {
    for (const [id, job] of this.jobs) if (!job.wanted && !job.cohort) this.jobs.delete(id)
    for (const slot of this.slots) {
      if (slot.running && (!slot.running.wanted || this.paused)) this.suspend(slot)
      while (slot.suspended.length > MOST_SUSPENDED) this.dropOneSuspended(slot)
    }
    if (this.paused) return this.events.changed()
    for (const slot of this.slots) if (!slot.running) this.fill(slot)
    this.preempt()
    this.events.changed()
  }

  private queued(): Job[] {
    return [...this.jobs.values()].filter(j => j.wanted && !j.cohort)
  }

  private mostUrgent<T extends { priority: Priority }>(candidates: readonly T[]): T | undefined {
    return candidates.reduce<T | undefined>(
      (best, each) => (best && !before(each.priority, best.priority) ? best : each),
      undefined
    )
  }

  /** Gives a free worker the most urgent of what is queued and what it has suspended. */
  private fill(slot: Slot): void {
    const fresh = this.mostUrgent(this.queued())
    const held = this.mostUrgent(slot.suspended.filter(cohort => cohort.wanted))
    if (held && (!fresh || !before(fresh.priority, held.priority))) {
      slot.suspended = slot.suspended.filter(c => c !== held)
      slot.running = held
      slot.port.post({ type: 'resume', ticket: held.ticket })
    } else if (fresh) this.start(slot, fresh)
  }

  /** How many trainings of the job's recipe that worker should do together; 0 while that is not known, or more may come. */
  private sizeFor(slot: Slot, { task: { recipe } }: Job): number {
    const key = recipeKey(recipe)
    const size = slot.sizes.get(key)
    if (size === undefined) {
      slot.sizes.set(key, 'asked')
      slot.port.post({ type: 'size', key, recipe })
    }
    return typeof size !== 'number' || (size > 1 && this.events.expecting()) ? 0 : size
  }

  /** Starts a job with those that belong to it, as soon as it is known how many. */
  private start(slot: Slot, first: Job): void {
    const size = this.sizeFor(slot, first)
    if (!size) return
    const alike = this.queued().filter(job => kindOf(job) === kindOf(first))
    alike.sort((a, b) => (before(a.priority, b.priority) ? -1 : 1))
    const jobs = first.alone ? [first] : alike.filter(job => !job.alone).slice(0, Math.min(size, this.most))
    slot.running = new Cohort(++this.tickets, jobs)
    for (const job of jobs) job.attempts++
    slot.port.post({ type: 'start', ticket: slot.running.ticket, tasks: jobs.map(job => job.task) })
  }

  private preempt(): void {
    for (;;) {
      const urgent = this.mostUrgent(this.queued())
      if (!urgent) return
      const weaker = this.slots.filter(s => s.running?.yieldsTo(urgent.priority))
      weaker.sort((a, b) => (before(a.running!.priority, b.running!.priority) ? 1 : -1))
      const slot = weaker.find(s => this.sizeFor(s, urgent) && this.makeRoom(s))
      if (!slot) return
      this.suspend(slot)
      this.fill(slot)
    }
  }

  /** Whether one more cohort can be suspended there; an unwanted one is dropped for it. */
  private makeRoom(slot: Slot): boolean {
    if (slot.suspended.length < MOST_SUSPENDED) return true
    if (slot.suspended.every(cohort => cohort.wanted)) return false
    this.dropOneSuspended(slot)
    return true
  }

  private suspend(slot: Slot): void {
    const cohort = slot.running!
    slot.suspended.push(cohort)
    slot.running = undefined
    slot.port.post({ type: 'suspend', ticket: cohort.ticket })
  }

  private dropOneSuspended(slot: Slot): void {
    const victim = slot.suspended.find(c => !c.wanted) ?? slot.suspended[0]
    slot.suspended = slot.suspended.filter(c => c !== victim)
    slot.port.post({ type: 'cancel', ticket: victim.ticket })
    for (const job of victim.disband()) if (!job.wanted) this.jobs.delete(job.task.id)
  }

  pause(): void {
    this.paused = true
    this.schedule()
  }

  resume(): void {
    this.paused = false
    this.schedule()
  }

  /** Forgets all jobs: another view, another backend, or the user's wish. */
  cancelAll(): void {
    for (const slot of this.slots) {
      for (const cohort of [slot.running, ...slot.suspended])
        if (cohort) slot.port.post({ type: 'cancel', ticket: cohort.ticket })
      slot.running = undefined
      slot.suspended = []
    }
    this.jobs.clear()
    this.paused = false
  }

  /** Ends all workers and forgets all jobs and the view. */
  close(): void {
    this.era++
    this.jobs.clear()
    for (const reject of this.opening.values()) reject(new RuntimeError('superseded', 'closed while opening'))
    for (const slot of this.slots) slot.port.terminate()
    this.slots = []
    this.view = undefined
    this.encoder = undefined
    this.paused = false
  }

  private receive(slot: Slot, message: Exclude<FromWorker, { type: 'opened' | 'openFailed' }>): void {
    if (message.type === 'lost') return this.lost(slot, message.reason, true)
    if (message.type === 'sized') {
      slot.sizes.set(message.key, message.replicas)
      return this.schedule()
    }
    const cohort = [slot.running, ...slot.suspended].find(c => c?.ticket === message.ticket)
    if (!cohort) return
    if (message.type === 'progress') {
      for (const job of cohort.jobs) Object.assign(job, { step: message.step, steps: message.steps })
      return this.events.changed()
    }
    if (message.type === 'failed' && message.id === undefined) {
      for (const job of [...cohort.jobs]) this.failed(slot, cohort, job, message)
      return this.schedule()
    }
    const job = cohort.jobs.find(j => j.task.id === message.id)
    if (!job) return
    switch (message.type) {
      case 'trained':
        return this.events.trained(job, message.weights)
      case 'measured':
        return this.events.measured(job, message.measurement)
      case 'picked':
        return this.events.picked(job, message.key, message.pick)
      case 'failed':
        this.failed(slot, cohort, job, message)
        return this.schedule()
      case 'done':
        slot.failures = 0
        this.leave(slot, cohort, job)
        this.jobs.delete(job.task.id)
        this.events.done(job)
        return this.schedule()
    }
  }

  private failed(
    slot: Slot,
    cohort: Cohort,
    job: Job,
    { code, message }: { code: string; message: string }
  ): void {
    // whose fault it was shows when each is tried alone
    job.alone ||= cohort.jobs.length > 1
    this.leave(slot, cohort, job)
    // a training that diverged would diverge again
    if (code !== 'diverged' && job.attempts < MOST_ATTEMPTS) return
    this.jobs.delete(job.task.id)
    this.events.failed(job, code, message)
  }

  /** A cohort whose last job leaves is done with. */
  private leave(slot: Slot, cohort: Cohort, job: Job): void {
    cohort.leave(job)
    if (cohort.jobs.length) return
    if (slot.running === cohort) slot.running = undefined
    slot.suspended = slot.suspended.filter(c => c !== cohort)
  }

  /** A worker died or its device was lost: its jobs are queued again and a new worker takes its place. */
  private lost(slot: Slot, reason: string, device: boolean): void {
    if (!this.slots.includes(slot)) return
    slot.port.terminate()
    this.slots = this.slots.filter(s => s !== slot)
    const { running } = slot
    const size = running?.jobs.length ?? 0
    const ran = running?.disband() ?? []
    for (const cohort of slot.suspended) cohort.disband()
    if (this.backend === 'webgpu') {
      // the device's fault, not a training's: fewer at once, and in the end another backend
      for (const job of ran) job.attempts--
      if (size && slot.failures) this.most = Math.ceil(size / SMALLER)
    } else {
      // a training that takes its worker down again and again would do so for ever
      for (const job of ran.filter(j => j.attempts >= MOST_ATTEMPTS)) {
        this.jobs.delete(job.task.id)
        this.events.failed(job, 'trainingFailed', reason)
      }
    }
    this.events.restarted(reason, device)
    void this.replace(slot.failures, reason)
  }

  /** Opens a worker in the place of a lost one; trying again, as what was lost may need a moment to come back. */
  private async replace(failures: number, reason: string): Promise<void> {
    const { era } = this
    let error = new Error(reason) as RuntimeError
    this.replacing++
    for (const delay of failures < MOST_ATTEMPTS ? [0, ...this.retryAfter] : []) {
      if (delay) await new Promise(resolve => setTimeout(resolve, delay))
      if (era !== this.era) break
      const opened = await this.openSlot(failures + 1).then(
        () => true,
        (why: RuntimeError) => {
          error = why
          return why.code === 'superseded' || why.code === 'otherNumerics'
        }
      )
      if (opened) break
    }
    this.replacing--
    if (era === this.era && !this.slots.length && !this.opening.size && !this.replacing)
      this.events.deserted(error.message)
  }
}
