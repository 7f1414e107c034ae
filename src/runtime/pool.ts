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
}

interface Slot {
  port: WorkerPort<ToWorker, FromWorker>
  generation: number
  ready: boolean
  running?: Job
  suspended: Job[]
  failures: number
}

export interface PoolEvents {
  measured(job: Job, measurement: Measurement): void
  picked(job: Job, key: string, pick: Pick): void
  /** the job has left the pool; queries that were not picked must be submitted again */
  done(job: Job): void
  /** something moved: progress, start, suspension */
  changed(): void
  /** a worker was lost and replaced */
  restarted(reason: string): void
  /** given up */
  failed(job: Job, code: string, message: string): void
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
  /** counts the times all workers were closed: one that opens later than that is not wanted any more */
  private generation = 0

  constructor(
    private readonly create: () => WorkerPort<ToWorker, FromWorker>,
    private readonly events: PoolEvents
  ) {}

  get size(): number {
    return this.slots.length
  }

  /**
   * Opens `size` workers on a backend; resolves when the first is ready. Rejects with RuntimeError if none opens.
   * All of them must have one numericsId: one that differs is closed.
   */
  async open(backend: BackendName, size: number): Promise<BackendDescription> {
    this.backend = backend
    const opening = Array.from({ length: size }, () => this.openSlot())
    const first = await Promise.any(opening).catch((all: AggregateError) => {
      throw all.errors[0]
    })
    for (const other of opening) {
      other.then(
        ({ slot, description }) => {
          if (description.numericsId !== first.description.numericsId) this.closeSlot(slot)
          else this.admit(slot)
        },
        () => this.events.changed()
      )
    }
    this.admit(first.slot)
    return first.description
  }

  private openSlot(): Promise<{ slot: Slot; description: BackendDescription }> {
    return new Promise((resolve, reject) => {
      const { generation } = this
      const slot: Slot = { port: this.create(), generation, ready: false, suspended: [], failures: 0 }
      slot.port.onFailure(reason => {
        reject(new RuntimeError('workerFailed', reason))
        this.lost(slot, reason)
      })
      slot.port.listen(message => {
        if (message.type === 'opened') resolve({ slot, description: message.description })
        else if (message.type === 'openFailed') {
          slot.port.terminate()
          reject(new RuntimeError(message.code, message.message))
        } else this.receive(slot, message)
      })
      slot.port.post({ type: 'open', backend: this.backend })
    })
  }

  private admit(slot: Slot): void {
    if (slot.generation !== this.generation) return slot.port.terminate()
    if (slot.ready) return
    slot.ready = true
    this.slots.push(slot)
    if (this.view) slot.port.post({ type: 'view', view: this.view })
    this.schedule()
  }

  private closeSlot(slot: Slot): void {
    slot.port.terminate()
    this.slots = this.slots.filter(s => s !== slot)
  }

  /** Gives every worker a view. Jobs of another view must have been dropped. */
  setView(view: View): void {
    this.view = view
    for (const slot of this.slots) slot.port.post({ type: 'view', view })
  }

  job(id: string): Job | undefined {
    return this.jobs.get(id)
  }

  /** Jobs in flight. */
  running(): Job[] {
    return this.slots.flatMap(s => (s.running ? [s.running] : []))
  }

  /** Adds a job, or adds queries to one that is there and raises its priority. Call `schedule` afterwards. */
  submit(task: JobTask, priority: Priority): Job {
    const job = this.jobs.get(task.id)
    if (!job) {
      const fresh: Job = { task, priority, wanted: true, state: 'queued', step: 0, steps: 0, attempts: 0 }
      this.jobs.set(task.id, fresh)
      return fresh
    }
    if (!job.wanted || before(priority, job.priority)) job.priority = priority
    job.wanted = true
    const known = new Set(job.task.queries.map(q => q.key))
    const more = task.queries.filter(q => !known.has(q.key))
    if (more.length) {
      job.task.queries.push(...more)
      if (job.state !== 'queued') this.slotOf(job)?.port.post({ type: 'ask', id: task.id, queries: more })
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
      slot.port.post({ type: 'resume', id: held.task.id })
    } else if (fresh) {
      this.run(slot, fresh)
      fresh.attempts++
      slot.port.post({ type: 'start', task: fresh.task })
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
      let weakest: Slot | undefined
      for (const slot of this.slots) {
        if (
          slot.running &&
          slot.running.priority[0] > urgent.priority[0] &&
          (!weakest || before(weakest.running!.priority, slot.running.priority))
        )
          weakest = slot
      }
      if (!weakest || weakest.suspended.length >= MOST_SUSPENDED) return
      this.suspend(weakest)
      this.fill(weakest)
    }
  }

  private suspend(slot: Slot): void {
    const job = slot.running!
    job.state = 'suspended'
    slot.suspended.push(job)
    slot.running = undefined
    slot.port.post({ type: 'suspend', id: job.task.id })
  }

  private dropOneSuspended(slot: Slot): void {
    const victim = slot.suspended.find(j => !j.wanted) ?? slot.suspended[0]
    slot.suspended = slot.suspended.filter(j => j !== victim)
    slot.port.post({ type: 'cancel', id: victim.task.id })
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
        if (job) slot.port.post({ type: 'cancel', id: job.task.id })
      slot.running = undefined
      slot.suspended = []
    }
    this.jobs.clear()
    this.paused = false
  }

  /** Ends all workers and forgets all jobs and the view. */
  close(): void {
    this.generation++
    this.jobs.clear()
    for (const slot of this.slots) slot.port.terminate()
    this.slots = []
    this.view = undefined
    this.paused = false
  }

  private receive(slot: Slot, message: Exclude<FromWorker, { type: 'opened' | 'openFailed' }>): void {
    if (message.type === 'lost') return this.lost(slot, message.reason)
    const job = [slot.running, ...slot.suspended].find(j => j?.task.id === message.id)
    if (!job) return
    slot.failures = 0
    switch (message.type) {
      case 'progress':
        job.step = message.step
        job.steps = message.steps
        return this.events.changed()
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
      case 'cancelled':
      case 'done':
        this.leave(slot, job)
        this.jobs.delete(job.task.id)
        if (message.type === 'done') this.events.done(job)
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
    this.closeSlot(slot)
    for (const job of [slot.running, ...slot.suspended]) {
      if (!job) continue
      job.state = 'queued'
      job.step = 0
    }
    this.events.restarted(reason)
    if (slot.failures >= MOST_ATTEMPTS) return this.giveUpIfAlone(reason)
    this.openSlot().then(
      ({ slot: fresh }) => {
        fresh.failures = slot.failures + 1
        this.admit(fresh)
      },
      error => this.giveUpIfAlone(String(error.message))
    )
  }

  private giveUpIfAlone(reason: string): void {
    if (this.slots.length) return
    const [job] = this.jobs.values()
    if (job) this.events.failed(job, 'trainingFailed', reason)
  }
}
