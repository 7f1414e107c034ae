/**
 * The queue before the workers. A job is one training with the queries that wait for it. A free worker is given
 * the most urgent queued job, and with it as many others of its recipe and label count as its engine trains together: a
 * cohort. A more urgent job that appears suspends a running cohort between two steps. The jobs of a
 * worker that dies or loses its device start again: by the law they end with the same bits, whatever cohort they are in then.
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { GivenFeatures } from '../core/features.ts'
import type { Measurement, Pick } from '../core/record.ts'
import type { View } from '../core/view.ts'
import { before, Cohort, kindOf, sizeKey, type Job, type Priority } from './cohort.ts'
import type { FromWorker, JobTask, ToWorker, WorkerPort } from './protocol.ts'
import { Workers, type Slot, type WorkerMessage } from './workerLife.ts'

export type { Job, Priority }

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

export class WorkerPool {
  private readonly workers: Workers
  private readonly jobs = new Map<string, Job>()
  private view: string | undefined
  private paused = false
  private tickets = 0
  /** no cohort is larger, since the device was lost with larger ones */
  private most = Infinity

  constructor(
    create: () => WorkerPort<ToWorker, FromWorker>,
    private readonly events: PoolEvents,
    retryAfter?: readonly number[]
  ) {
    this.workers = new Workers(
      create,
      {
        ready: () => this.schedule(),
        refused: () => events.changed(),
        received: (slot, message) => this.receive(slot, message),
        gone: (slot, reason, device) => this.lost(slot, reason, device),
        deserted: reason => events.deserted(reason)
      },
      retryAfter
    )
  }

  private get slots(): readonly Slot[] {
    return this.workers.slots
  }

  get size(): number {
    return this.slots.length
  }

  /** Opens workers; see Workers.open. */
  open(backend: BackendName, size: number): Promise<BackendDescription> {
    this.most = Infinity
    return this.workers.open(backend, size)
  }

  setEncoder(encoder: { key: string; weights: Float32Array }): void {
    this.workers.setEncoder(encoder)
  }

  /** From now on queries name these; what else was given is forgotten when no job that is there names it any more. */
  setFeatures(given: readonly GivenFeatures[]): void {
    const queries = [...this.jobs.values()].flatMap(job => job.task.queries)
    const named = queries.flatMap(({ bases }) => Object.values(bases))
    this.workers.forgetFeatures(new Set([...named, ...given.map(({ key }) => key)]))
    for (const each of given) this.workers.setFeatures(each)
  }

  /** Gives every worker a view. Jobs of another view must have been dropped. */
  setView(view: View): void {
    this.view = view.key
    this.workers.setView(view)
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

  /** Marks jobs unwanted (all by default); those that `submit` names again before `schedule` go on. */
  release(ids: Iterable<string> = this.jobs.keys()): void {
    for (const id of ids) {
      const job = this.jobs.get(id)
      if (job) job.wanted = false
    }
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

  /** How many trainings of the job's recipe that worker should do together; 0 while that is not known, or more may come, or it has not got the view. */
  private sizeFor(slot: Slot, { task: { recipe } }: Job): number {
    if (!this.workers.isTold(slot)) return 0
    // what a worker says of the view before is not heard
    const key = sizeKey(this.view, recipe)
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

  /** Ends all workers and forgets all jobs; whatever is opened next knows the view. */
  end(): void {
    this.jobs.clear()
    this.workers.end()
  }

  /** Ends all workers and forgets all jobs and the view. */
  close(): void {
    this.jobs.clear()
    this.workers.close()
    this.paused = false
  }

  private receive(slot: Slot, message: WorkerMessage): void {
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

  /** A worker died or its device was lost: its jobs are queued again. */
  private lost(slot: Slot, reason: string, device: boolean): void {
    const { running } = slot
    const size = running?.jobs.length ?? 0
    const ran = running?.disband() ?? []
    for (const cohort of slot.suspended) cohort.disband()
    if (this.workers.backend === 'webgpu') {
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
  }
}
