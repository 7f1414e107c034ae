/**
 * Where experiments are computed, as the page sees it: the laboratory's progress, backend and unfinished work in runes.
 * The laboratory opens in the background while the page is readable already; what is asked for before it stands is
 * done when it does.
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { Experiment } from '../core/experiment/table.ts'
import type { Result } from '../core/result.ts'
import type { Laboratory, LabEvent, Phase, Progress, Unfinished } from '../runtime/client/types.ts'
import type { Notices } from './notices.svelte.ts'

const IDLE: Progress = { phase: 'idle', trainings: { done: 0, total: 0 }, now: [] }
/** phases in which an experiment is in force here, so that editing it means: compute that */
const live: readonly Phase[] = ['preparing', 'running', 'paused', 'finished']

export class Bench {
  laboratory = $state.raw<Laboratory>()
  progress = $state.raw<Progress>(IDLE)
  backend = $state.raw<BackendDescription>()
  workers = $state(0)
  /** backends this browser offers */
  choices = $state.raw<readonly BackendName[]>([])
  unfinished = $state.raw<Unfinished>()
  /** asked for and not yet taken up by the laboratory */
  #pending = $state.raw<Experiment>()
  readonly phase: Phase = $derived(this.#pending ? 'preparing' : this.progress.phase)
  readonly live: boolean = $derived(live.includes(this.phase))
  readonly busy: boolean = $derived(this.phase === 'preparing' || this.phase === 'running')
  readonly #notices: Notices
  readonly #onResult: (result: Result) => void

  constructor(notices: Notices, onResult: (result: Result) => void) {
    this.#notices = notices
    this.#onResult = onResult
  }

  /** Takes up a laboratory; resolves when it can compute (or has said why it cannot). */
  async connect(laboratory: Laboratory): Promise<void> {
    laboratory.on(event => this.#hear(event))
    this.laboratory = laboratory
    await this.#try(async () => {
      this.unfinished = await laboratory.unfinished()
    })
    await this.#try(async () => {
      this.backend = await laboratory.open()
      this.choices = await laboratory.backends()
    })
    const pending = this.#pending
    this.#pending = undefined
    if (pending && this.backend) laboratory.run(pending)
  }

  run(experiment: Experiment): void {
    this.unfinished = undefined
    if (this.laboratory && this.backend) this.laboratory.run(experiment)
    else this.#pending = experiment
  }

  pause(): void {
    this.laboratory?.pause()
  }
  resume(): void {
    this.laboratory?.resume()
  }
  cancel(): void {
    this.#pending = undefined
    this.laboratory?.cancel()
  }

  async switchBackend(wanted: BackendName): Promise<void> {
    const laboratory = this.laboratory
    if (!laboratory) return
    await this.#try(async () => {
      this.backend = await laboratory.open(wanted)
    })
  }

  async forgetUnfinished(): Promise<void> {
    this.unfinished = undefined
    await this.#try(async () => this.laboratory?.forgetUnfinished())
  }

  #hear(event: LabEvent): void {
    if (event.type === 'progress') this.progress = event.progress
    else if (event.type === 'result') this.#onResult(event.result)
    else if (event.type === 'notice') this.#notices.add(event.notice)
    else {
      this.backend = event.description
      this.workers = event.workers
    }
  }

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.#notices.addError(error)
    }
  }
}
