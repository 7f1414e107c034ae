/** Self-supervised pretraining as the page sees it: what is under way, and the encoders that are kept. */
import type { Experiment } from '../core/experiment/table.ts'
import { RANDOM } from '../core/result.ts'
import type { EncoderCard, Laboratory, PretrainingStatus } from '../runtime/client/types.ts'
import type { Encoder } from '../core/pretraining/settings.ts'
import type { Notices } from './notices.svelte.ts'

const IDLE: PretrainingStatus = { phase: 'idle', step: 0, steps: 0, reports: [] }

export class PretrainingState {
  status = $state.raw<PretrainingStatus>(IDLE)
  kept = $state.raw<readonly EncoderCard[]>([])
  /** the key of the one that was opened last */
  opened = $state<string>()
  /** there is a laboratory that can pretrain */
  ready = $state(false)
  /** what is interrupted is kept */
  lasting = $state(false)
  readonly active: boolean = $derived(['opening', 'waiting', 'running', 'paused'].includes(this.status.phase))
  #laboratory: Laboratory | undefined
  readonly #notices: Notices

  constructor(notices: Notices) {
    this.#notices = notices
  }

  async connect(laboratory: Laboratory): Promise<void> {
    this.#laboratory = laboratory
    this.ready = true
    this.lasting = laboratory.storage === 'kept'
    laboratory.on(event => {
      if (event.type !== 'pretraining') return
      this.status = event.status
      if (event.status.phase === 'finished') void this.refresh()
    })
    await this.refresh()
  }

  async refresh(): Promise<void> {
    await this.#try(async laboratory => {
      this.kept = await laboratory.pretraining.list()
    })
  }

  /** Whether what an experiment stands on is kept here; undefined while nobody knows. */
  here = $state<boolean>()
  #asked: Experiment | undefined
  async lookFor(experiment: Experiment): Promise<void> {
    this.#asked = experiment
    this.here = undefined
    try {
      const here = await this.#laboratory?.pretraining.has(experiment)
      if (this.#asked === experiment) this.here = here
    } catch {
      // a data set that is missing is said elsewhere
    }
  }

  /** after how many epochs the pretraining of these settings was interrupted, if it was */
  standing = $state<number>()
  /** the encoder of these settings is kept here: there is nothing to pretrain */
  made = $state(false)
  #askedStanding: Experiment | undefined
  /** Nobody knows of the settings any more. */
  forgetStanding(): void {
    this.#askedStanding = undefined
    this.standing = undefined
    this.made = false
  }
  async lookForStanding(experiment: Experiment): Promise<void> {
    this.#askedStanding = experiment
    const pretraining = this.#laboratory?.pretraining
    // an experiment that stands on the encoder of these settings and on nothing else
    const plain = { ...experiment, mode: 'linear' as const, selectors: [RANDOM], strategies: [RANDOM] }
    const [standing, made] = await Promise.all([
      pretraining?.standing(experiment).catch(() => undefined),
      pretraining?.has(plain).catch(() => false)
    ])
    if (this.#askedStanding !== experiment) return
    this.standing = standing
    this.made = made ?? false
  }

  start(experiment: Experiment): void {
    this.#laboratory?.pretraining.start(experiment)
  }
  pause(): void {
    this.#laboratory?.pretraining.pause()
  }
  resume(): void {
    this.#laboratory?.pretraining.resume()
  }
  cancel(): void {
    this.#laboratory?.pretraining.cancel()
  }

  async remove(key: string): Promise<void> {
    await this.#try(laboratory => laboratory.pretraining.remove(key))
    await this.refresh()
  }

  /** Keeps an encoder out of a file; says what became of it. */
  async open(encoder: Encoder): Promise<void> {
    await this.#try(async laboratory => {
      await laboratory.pretraining.keep(encoder)
      this.opened = encoder.key
      this.#notices.add({ code: 'encoderKept' })
    })
    await this.refresh()
  }

  /** With its weights; undefined when it is gone. */
  async find(key: string): Promise<Encoder | undefined> {
    let found: Encoder | undefined
    await this.#try(async laboratory => {
      found = await laboratory.pretraining.find(key)
    })
    return found
  }

  async #try(action: (laboratory: Laboratory) => Promise<void>): Promise<void> {
    const laboratory = this.#laboratory
    if (laboratory) await this.#notices.attempt(() => action(laboratory))
  }
}
