/**
 * The workers and the queue before them. A job is one training with the queries that wait for it; the most urgent
 * queued job goes to the next free worker; a more urgent one that appears suspends a running one between two steps.
 * A worker that dies is replaced and its jobs start again: by the law they end with the same bits.
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { Measurement, Pick } from '../core/record.ts'
import type { View } from '../core/view.ts'
import { RuntimeError } from './errors.ts'
import type { FromWorker, JobTask, ToWorker, WorkerPort } from './protocol.ts'

/** Compared lexicographically, smaller first. The first component is the urgency class: only it may suspend a running job. */
export type Priority = readonly number[]

export interface Job {
  readonly task: JobTask
  priority: Priority
  /** nobody waits for it any more: it is not started, and suspended when it runs */
  wanted: boolean
  state: 'queued' | 'running' | 'suspended'
  step: number
  steps: number
  attempts: number
  /** of its latest start: what a worker says of an earlier one is not heard */
  ticket: number
}

interface Slot {
  port: WorkerPort<ToWorker, FromWorker>
  running?: Job
  suspended: Job[]
  failures: number
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
  /** a worker was lost and replaced */
  restarted(reason: string): void
  /** given up: the job has left the pool */
  failed(job: Job, code: string, message: string): void
  /** the last worker is gone and none could take its place: nothing runs until `open` */
  deserted(reason: string): void
}

/** Trainings kept suspended in one worker: each holds weights and moments in its memory. */
const MOST_SUSPENDED = 3
const MOST_ATTEMPTS = 3

function before(a: Priority, b: Priority): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i]
  return false
}

export class WorkerPool {
  private slots: Slot[] = []
  private readonly jobs = new Map<string, Job>()
  private backend: BackendName = 'wasm'
  private view: View | undefined
  private paused = false
  /** workers that are being opened, with a way to end the waiting for them */
  private readonly opening = new Map<Slot, (error: RuntimeError) => void>()
  /** the numericsId all workers must have */
  private accepted: string | undefined
  private tickets = 0

  constructor(
    private readonly create: () => WorkerPort<ToWorker, FromWorker>,
    private readonly events: PoolEvents
  ) {}

  get size(): number {
    return this.slots.length
  }

  /**
   * Opens `size` workers on a backend; resolves when the first is ready. Rejects with RuntimeError if none opens, or with
   * the code 'superseded' if `close` was called meanwhile. Workers of another numericsId than the first are closed.
   */
  async open(backend: BackendName, size: number): Promise<BackendDescription> {
    this.backend = backend
    this.accepted = undefined
    const opening = Array.from({ length: size }, () => this.openSlot())
    for (const slot of opening) slot.catch(() => this.events.changed())
    return Promise.any(opening).catch((all: AggregateError) => {
      throw all.errors[0]
    })
  }

  /** Opens one worker and takes it in. */
  private async openSlot(failures = 0): Promise<BackendDescription> {
    const slot: Slot = { port: this.create(), suspended: [], failures }
    const description = await new Promise<BackendDescription>((resolve, reject) => {
      this.opening.set(slot, reject)
      slot.port.onFailure(reason => {
        reject(new RuntimeError('workerFailed', reason))
        this.lost(slot, reason)
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
    this.schedule()
    return description
  }

  /** Gives every worker a view. Jobs of another view must have been dropped. */
  setView(view: View): void {
    this.view = view
    for (const slot of this.slots) slot.port.post({ type: 'view', view })
  }

  /** Jobs in flight. */
  running(): Job[] {
    return this.slots.flatMap(s => (s.running ? [s.running] : []))
  }

  /** Adds a job, or adds queries to one that is there and raises its priority. Call `schedule` afterwards. */
  submit(task: JobTask, priority: Priority): Job {
    const job = this.jobs.get(task.id)
    if (!job) {
      const fresh: Job = {
        task,
        priority,
        wanted: true,
        state: 'queued',
        step: 0,
        steps: 0,
        attempts: 0,
        ticket: 0
      }
      this.jobs.set(task.id, fresh)
      return fresh
    }
    if (!job.wanted || before(priority, job.priority)) job.priority = priority
    job.wanted = true
    const known = new Set(job.task.queries.map(q => q.key))
    const more = task.queries.filter(q => !known.has(q.key))
    if (more.length) {
      job.task.queries.push(...more)
      if (job.state !== 'queued')
        this.slotOf(job)?.port.post({ type: 'ask', ticket: job.ticket, queries: more })
    }
    return job
  }

  /** Marks all jobs unwanted; those that `submit` names again before `schedule` go on. */
  releaseAll(): void {
    for (const job of this.jobs.values()) job.wanted = false
  }

  private slotOf(job: Job): Slot | undefined {
    return this.slots.find(s => s.running === job || s.suspended.includes(job))
  }

  /** Starts, resumes and suspends what the priorities ask for. */
  schedule(): void {
    for (const [id, job] of this.jobs) if (!job.wanted && job.state === 'queued') this.jobs.delete(id)
    for (const slot of this.slots) {
      if (slot.running && (!slot.running.wanted || this.paused)) this.suspend(slot)
      while (slot.suspended.length > MOST_SUSPENDED) this.dropOneSuspended(slot)
    }
    if (this.paused) return this.events.changed()
    for (const slot of this.slots) if (!slot.running) this.fill(slot)
    this.preempt()
    this.events.changed()
  }

  private best(candidates: Iterable<Job>): Job | undefined {
    let best: Job | undefined
    for (const job of candidates) if (job.wanted && (!best || before(job.priority, best.priority))) best = job
    return best
  }

  private queued(): Job[] {
    return [...this.jobs.values()].filter(j => j.state === 'queued')
  }

  private fill(slot: Slot): void {
    const fresh = this.best(this.queued())
    const held = this.best(slot.suspended)
    if (held && (!fresh || !before(fresh.priority, held.priority))) {
      slot.suspended = slot.suspended.filter(j => j !== held)
      this.run(slot, held)
      slot.port.post({ type: 'resume', ticket: held.ticket })
    } else if (fresh) {
      this.run(slot, fresh)
      fresh.attempts++
      fresh.ticket = ++this.tickets
      slot.port.post({ type: 'start', ticket: fresh.ticket, task: fresh.task })
    }
  }

  private run(slot: Slot, job: Job): void {
    job.state = 'running'
    slot.running = job
  }

  private preempt(): void {
    for (;;) {
      const urgent = this.best(this.queued())
      if (!urgent) return
      const weaker = this.slots.filter(s => s.running && s.running.priority[0] > urgent.priority[0])
      weaker.sort((a, b) => (before(a.running!.priority, b.running!.priority) ? 1 : -1))
      const slot = weaker.find(s => this.makeRoom(s))
      if (!slot) return
      this.suspend(slot)
      this.fill(slot)
    }
  }

  /** Whether one more job can be suspended there; an unwanted one is dropped for it. */
  private makeRoom(slot: Slot): boolean {
    if (slot.suspended.length < MOST_SUSPENDED) return true
    if (slot.suspended.every(job => job.wanted)) return false
    this.dropOneSuspended(slot)
    return true
  }

  private suspend(slot: Slot): void {
    const job = slot.running!
    job.state = 'suspended'
    slot.suspended.push(job)
    slot.running = undefined
    slot.port.post({ type: 'suspend', ticket: job.ticket })
  }

  private dropOneSuspended(slot: Slot): void {
    const victim = slot.suspended.find(j => !j.wanted) ?? slot.suspended[0]
    slot.suspended = slot.suspended.filter(j => j !== victim)
    slot.port.post({ type: 'cancel', ticket: victim.ticket })
    if (victim.wanted) victim.state = 'queued'
    else this.jobs.delete(victim.task.id)
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
      for (const job of [slot.running, ...slot.suspended])
        if (job) slot.port.post({ type: 'cancel', ticket: job.ticket })
      slot.running = undefined
      slot.suspended = []
    }
    this.jobs.clear()
    this.paused = false
  }

  /** Ends all workers and forgets all jobs and the view. */
  close(): void {
    this.jobs.clear()
    for (const reject of this.opening.values()) reject(new RuntimeError('superseded', 'closed while opening'))
    for (const slot of this.slots) slot.port.terminate()
    this.slots = []
    this.view = undefined
    this.paused = false
  }

  private receive(slot: Slot, message: Exclude<FromWorker, { type: 'opened' | 'openFailed' }>): void {
    if (message.type === 'lost') return this.lost(slot, message.reason)
    const job = [slot.running, ...slot.suspended].find(j => j?.ticket === message.ticket)
    if (!job) return
    switch (message.type) {
      case 'progress':
        job.step = message.step
        job.steps = message.steps
        return this.events.changed()
      case 'trained':
        return this.events.trained(job, message.weights)
      case 'measured':
        return this.events.measured(job, message.measurement)
      case 'picked':
        return this.events.picked(job, message.key, message.pick)
      case 'failed':
        this.leave(slot, job)
        // a training that diverged would diverge again
        if (message.code === 'diverged' || job.attempts >= MOST_ATTEMPTS) {
          this.jobs.delete(job.task.id)
          this.events.failed(job, message.code, message.message)
        } else job.state = 'queued'
        return this.schedule()
      case 'done':
        slot.failures = 0
        this.leave(slot, job)
        this.jobs.delete(job.task.id)
        this.events.done(job)
        return this.schedule()
    }
  }

  private leave(slot: Slot, job: Job): void {
    if (slot.running === job) slot.running = undefined
    slot.suspended = slot.suspended.filter(j => j !== job)
  }

  /** A worker died or its device was lost: its jobs are queued again and a new worker takes its place. */
  private lost(slot: Slot, reason: string): void {
    if (!this.slots.includes(slot)) return
    slot.port.terminate()
    this.slots = this.slots.filter(s => s !== slot)
    const { running } = slot
    for (const job of [running, ...slot.suspended]) {
      if (!job) continue
      job.state = 'queued'
      job.step = 0
      job.ticket = 0
    }
    // a training that takes its worker down again and again would do so for ever
    if (running && running.attempts >= MOST_ATTEMPTS) {
      this.jobs.delete(running.task.id)
      this.events.failed(running, 'trainingFailed', reason)
    }
    this.events.restarted(reason)
    const reopened =
      slot.failures < MOST_ATTEMPTS ? this.openSlot(slot.failures + 1) : Promise.reject(new Error(reason))
    reopened.catch((error: Error) => {
      if (!this.slots.length && !this.opening.size && (error as RuntimeError).code !== 'superseded')
        this.events.deserted(error.message)
    })
  }
}
