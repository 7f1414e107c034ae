/**
 * The laboratory, where experiments are computed, as the page sees it: its progress, backend and unfinished work in runes.
 * It opens in the background while the page is readable already; what is asked for before it stands is
 * done when it does.
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { Experiment } from '../core/experiment/table.ts'
import type { Result } from '../core/result.ts'
import type { Laboratory, LabEvent, Notice, Phase, Progress, Unfinished } from '../runtime/client/types.ts'
import type { Notices } from './notices.svelte.ts'

const IDLE: Progress = { phase: 'idle', trainings: { done: 0, total: 0 }, now: [] }
/** phases in which an experiment is in force here, so that editing it means: compute that */
const live: readonly Phase[] = ['preparing', 'running', 'paused', 'finished']

export class LaboratoryState {
  #laboratory = $state.raw<Laboratory>()
  /** data can be given to it; what is to be computed waits for the backend */
  readonly ready: boolean = $derived(!!this.#laboratory)
  progress = $state.raw<Progress>(IDLE)
  backend = $state.raw<BackendDescription>()
  workers = $state(0)
  /** backends this browser offers */
  choices = $state.raw<readonly BackendName[]>([])
  unfinished = $state.raw<Unfinished>()
  /** the first backend is being looked for */
  opening = $state(true)
  /** asked for before there was a laboratory that could be given it */
  #pending = $state.raw<Experiment>()
  /** given to the laboratory, which has not answered yet */
  #asked = $state(false)
  /** brings the laboratory in once more, after it could not be loaded */
  #reload: (() => void) | undefined
  readonly phase: Phase = $derived(this.#pending || this.#asked ? 'preparing' : this.progress.phase)
  readonly live: boolean = $derived(live.includes(this.phase))
  /** something is being computed, or will be as soon as its pause ends */
  readonly active: boolean = $derived(this.live && this.phase !== 'finished')
  readonly busy: boolean = $derived(this.phase === 'preparing' || this.phase === 'running')
  /** why there was no laboratory */
  #missing: Notice | undefined
  readonly #notices: Notices
  readonly #onResult: (result: Result) => void
  readonly #onRest: () => void
  readonly #onRefused: (stands: Experiment | undefined) => void

  /** `onRest`: nothing is being computed any more; `onRefused`: what was asked for last is not computed, this goes on */
  constructor(
    notices: Notices,
    onResult: (result: Result) => void,
    onRest: () => void,
    onRefused: (stands: Experiment | undefined) => void
  ) {
    this.#notices = notices
    this.#onResult = onResult
    this.#onRest = onRest
    this.#onRefused = onRefused
  }

  /** Takes up a laboratory; resolves when it can compute (or has said why it cannot). */
  async connect(laboratory: Laboratory): Promise<void> {
    if (this.#missing) this.#notices.withdraw(this.#missing)
    this.#missing = undefined
    laboratory.on(event => this.#hear(event))
    this.#laboratory = laboratory
    this.opening = true
    await this.#notices.attempt(async () => {
      this.unfinished = await laboratory.unfinished()
    })
    // not after the opening: if that fails or takes long, another backend can be chosen
    const choices = this.#notices.attempt(async () => {
      this.choices = await laboratory.backends()
    })
    await this.#notices.attempt(async () => {
      this.backend = await laboratory.open()
    })
    await choices
    this.#opened()
  }

  /** The laboratory could not be loaded; `reload` tries again when something is asked for. */
  unavailable(error: unknown, reload: () => void): void {
    this.#reload = reload
    this.opening = false
    this.#pending = undefined
    this.progress = { ...IDLE, phase: 'failed' }
    this.#missing = this.#notices.addError(error)
  }

  /** `goOn`: it ends a pause. Without a backend the laboratory looks for one again, and says so if there is none. */
  run(experiment: Experiment, goOn = false): void {
    this.unfinished = undefined
    if (this.#laboratory && !this.opening) {
      this.#asked = !this.live
      this.#laboratory.run(experiment, goOn)
      return
    }
    this.#pending = experiment
    const reload = this.#reload
    this.#reload = undefined
    reload?.()
  }

  pause(): void {
    this.#laboratory?.pause()
  }
  resume(): void {
    this.#laboratory?.resume()
  }
  cancel(): void {
    this.#pending = undefined
    this.#asked = false
    this.#laboratory?.cancel()
  }

  async switchBackend(wanted: BackendName): Promise<void> {
    const laboratory = this.#laboratory
    if (!laboratory) return
    await this.#notices.attempt(async () => {
      this.backend = await laboratory.open(wanted)
      this.#opened()
    })
  }

  /** A backend was looked for: what was asked for meanwhile is computed, if there is one. */
  #opened(): void {
    this.opening = false
    const pending = this.#pending
    this.#pending = undefined
    if (pending && this.backend) this.run(pending)
  }

  /** Whether this tab may go on with it. */
  async claimUnfinished(): Promise<boolean> {
    const mine = (await this.#laboratory?.claimUnfinished()) ?? true
    if (!mine && this.unfinished) this.unfinished = { ...this.unfinished, elsewhere: true }
    return mine
  }

  async forgetUnfinished(): Promise<void> {
    this.unfinished = undefined
    await this.#notices.attempt(async () => this.#laboratory?.forgetUnfinished())
  }

  #hear(event: LabEvent): void {
    if (event.type === 'progress') {
      this.#asked = false
      this.progress = event.progress
      if (!this.active) this.#onRest()
    } else if (event.type === 'result') this.#onResult(event.result)
    else if (event.type === 'notice') {
      // an experiment that could not be taken up has no progress to tell
      if (event.notice.code === 'noBackend') this.#asked = false
      this.#notices.add(event.notice)
    } else if (event.type === 'refused') {
      this.#asked = false
      this.#onRefused(event.stands)
    } else if (event.type === 'backend') {
      this.backend = event.description
      this.workers = event.workers
      this.#notices.withdraw({ code: 'noBackend' })
    } else if (event.type === 'unfinished' && this.unfinished) this.unfinished = event.unfinished
  }
}
