/**
 * The life of the workers: they are opened on one backend with one arithmetic, told what they need to know, and replaced when
 * they die or lose their device. What they work on is the pool's business (pool.ts).
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { GivenFeatures } from '../core/features.ts'
import type { View } from '../core/view.ts'
import type { Cohort } from './cohort.ts'
import { RuntimeError } from './errors.ts'
import { hop } from './hop.ts'
import type { FromWorker, ToWorker, WorkerPort } from './protocol.ts'

/** A worker that stands, with what it has been given. */
export interface Slot {
  port: WorkerPort<ToWorker, FromWorker>
  running?: Cohort
  suspended: Cohort[]
  /** losses without a finished training between them */
  failures: number
  /** milliseconds, of when it was opened */
  since: number
  /** trainings its engine does together, by recipe; 'asked' while it does not know */
  sizes: Map<string, number | 'asked'>
}

export type WorkerMessage = Exclude<FromWorker, { type: 'opened' | 'openFailed' | 'lost' }>

export interface WorkersEvents {
  /** a worker stands ready */
  ready(): void
  /** one could not be opened */
  refused(): void
  received(slot: Slot, message: WorkerMessage): void
  /** a worker is gone and is being replaced; `device` if it was the device that it lost */
  gone(slot: Slot, reason: string, device: boolean): void
  /** the last worker is gone and none could take its place */
  deserted(reason: string): void
}

/** After so many losses without a finished training in between none is opened in a worker's place. */
const MOST_LOSSES = 3
/** Milliseconds after which the loss of an idle worker says nothing against it: a computer that sleeps takes its GPU away each time. */
const SOUND = 60_000
/** Milliseconds after which a worker that says nothing counts as one that cannot be opened: a driver may never answer. */
const PATIENCE = 120_000
/** Milliseconds before another worker is tried when one could not be opened in a lost one's place: a GPU needs a moment to come back. */
const RETRY_AFTER = [300, 2000]

export class Workers {
  slots: readonly Slot[] = []
  backend: BackendName = 'wasm'
  private view: View | undefined
  private encoder: { key: string; weights: Float32Array } | undefined
  /** by key */
  private readonly features = new Map<string, GivenFeatures>()
  /** workers that are being opened, with a way to end the waiting for them */
  private readonly opening = new Map<Slot, (error: RuntimeError) => void>()
  /** lost workers in whose place none stands yet */
  private replacing = 0
  /** `end` ends what came before */
  private era = 0
  /** workers that do not know the view yet */
  private readonly untold = new Set<Slot>()
  private telling = false
  /** the numericsId all workers must have */
  private accepted: string | undefined

  constructor(
    private readonly create: () => WorkerPort<ToWorker, FromWorker>,
    private readonly events: WorkersEvents,
    private readonly retryAfter: readonly number[] = RETRY_AFTER
  ) {}

  /**
   * Opens `size` workers on a backend; resolves when the first is ready. Rejects with RuntimeError if none opens, or with
   * the code 'superseded' if `close` was called meanwhile. Workers of another numericsId than the first are closed.
   */
  async open(backend: BackendName, size: number): Promise<BackendDescription> {
    this.backend = backend
    this.accepted = undefined
    const opening = Array.from({ length: size }, () => this.openSlot())
    for (const slot of opening) slot.catch(() => this.events.refused())
    return Promise.any(opening).catch((all: AggregateError) => {
      throw all.errors[0]
    })
  }

  /** Opens one worker and takes it in. */
  private async openSlot(failures = 0): Promise<BackendDescription> {
    const slot: Slot = {
      port: this.create(),
      suspended: [],
      failures,
      since: performance.now(),
      sizes: new Map()
    }
    let timer: ReturnType<typeof setTimeout>
    const description = await new Promise<BackendDescription>((resolve, reject) => {
      this.opening.set(slot, reject)
      const late = () => reject(new RuntimeError('workerFailed', `${this.backend} did not open in time`))
      timer = setTimeout(late, PATIENCE)
      slot.port.onFailure(reason => {
        reject(new RuntimeError('workerFailed', reason))
        this.lost(slot, reason, false)
      })
      slot.port.listen(message => {
        if (message.type === 'opened') resolve(message.description)
        else if (message.type === 'openFailed') reject(new RuntimeError(message.code, message.message))
        else if (message.type === 'lost') {
          // while it opens, what it will say then comes from a device that is gone
          reject(new RuntimeError('lost', message.reason))
          this.lost(slot, message.reason, true)
        } else this.events.received(slot, message)
      })
      slot.port.post({ type: 'open', backend: this.backend })
    })
      .catch(error => {
        slot.port.terminate()
        throw error
      })
      .finally(() => {
        clearTimeout(timer)
        this.opening.delete(slot)
      })
    this.accepted ??= description.numericsId
    if (description.numericsId !== this.accepted) {
      slot.port.terminate()
      throw new RuntimeError('otherNumerics', `${description.numericsId} instead of ${this.accepted}`)
    }
    this.slots = [...this.slots, slot]
    this.tell(slot)
    this.events.ready()
    return description
  }

  private tell({ port }: Slot): void {
    if (this.view) port.post({ type: 'view', view: this.view })
    if (this.encoder) port.post({ type: 'encoder', encoder: this.encoder })
    for (const given of this.features.values()) port.post({ type: 'features', given })
  }

  /**
   * Gives every worker a view; encoders and features of the one before are forgotten. The first is told at once, the others one
   * after the other: each gets a copy, and while tens of megabytes are copied the page stands still.
   */
  setView(view: View): void {
    this.view = view
    this.encoder = undefined
    this.features.clear()
    const [first, ...others] = this.slots
    if (!first) return
    for (const slot of this.slots) slot.sizes.clear()
    this.tell(first)
    for (const slot of others) this.untold.add(slot)
    this.untold.delete(first)
    void this.tellOthers()
  }

  private async tellOthers(): Promise<void> {
    if (this.telling) return
    this.telling = true
    try {
      for (;;) {
        // not a timer: a hidden tab has one of them a second
        await hop()
        const [slot] = this.untold
        if (!slot) return
        this.untold.delete(slot)
        this.tell(slot)
        this.events.ready()
      }
    } finally {
      this.telling = false
    }
  }

  /** Whether a worker knows the view; one that does not takes no job, and is ready when it does. */
  isTold(slot: Slot): boolean {
    return !this.untold.has(slot)
  }

  private get told(): Slot[] {
    return this.slots.filter(slot => this.isTold(slot))
  }

  /** Gives every worker a pretrained encoder; it is known until another view is given. */
  setEncoder(encoder: { key: string; weights: Float32Array }): void {
    if (this.encoder?.key === encoder.key) return
    this.encoder = encoder
    for (const { port } of this.told) port.post({ type: 'encoder', encoder })
  }

  /** Gives every worker features that queries name by their key; they are known until they are forgotten or another view is given. */
  setFeatures(given: GivenFeatures): void {
    if (this.features.has(given.key)) return
    this.features.set(given.key, given)
    for (const { port } of this.told) port.post({ type: 'features', given })
  }

  /** Forgets all features but some, here and in every worker. */
  forgetFeatures(but: ReadonlySet<string>): void {
    const keys = [...this.features.keys()].filter(key => !but.has(key))
    if (!keys.length) return
    for (const key of keys) this.features.delete(key)
    for (const { port } of this.told) port.post({ type: 'forget', keys })
  }

  /** Ends all workers; those that are opened next are told what these were told. */
  end(): void {
    this.era++
    for (const reject of this.opening.values()) reject(new RuntimeError('superseded', 'closed while opening'))
    for (const slot of this.slots) slot.port.terminate()
    this.slots = []
    this.untold.clear()
  }

  /** Ends all workers and forgets what they were told. */
  close(): void {
    this.end()
    this.view = undefined
    this.encoder = undefined
    this.features.clear()
  }

  private lost(slot: Slot, reason: string, device: boolean): void {
    if (!this.slots.includes(slot)) return
    slot.port.terminate()
    this.slots = this.slots.filter(s => s !== slot)
    this.untold.delete(slot)
    const counts = slot.running !== undefined || performance.now() - slot.since < SOUND
    this.events.gone(slot, reason, device)
    void this.replace(counts ? slot.failures + 1 : slot.failures, reason)
  }

  /** Opens a worker in the place of one after so many losses; trying again, as what was lost may need a moment to come back. */
  private async replace(failures: number, reason: string): Promise<void> {
    const { era } = this
    let error = new Error(reason) as RuntimeError
    this.replacing++
    for (const delay of failures <= MOST_LOSSES ? [0, ...this.retryAfter] : []) {
      if (delay) await new Promise(resolve => setTimeout(resolve, delay))
      if (era !== this.era) break
      const opened = await this.openSlot(failures).then(
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
