/**
 * One import, from the files to the stored set: what is being read, what was found, what the user chooses, what goes
 * wrong. Nothing is stored before `keep`, and `cancel` leaves nothing at any stage.
 */
import type {
  Choices,
  DataClient,
  DataProgress,
  Found,
  InputFile,
  Notice,
  Plan,
  ReadOptions,
  StoredDataset
} from '../runtime/client/types.ts'
import { noticeOf } from './notices.svelte.ts'

export type ImportPhase = 'reading' | 'unreadable' | 'found' | 'keeping'

/** What is wrong with a name. */
export type NameProblem = 'none' | 'same'

/** A guess at the remaining time is worth something after this (milliseconds). */
const SOON = 1500

const asTheyAre: ReadOptions = { fit: 'crop', colour: 'asIs' }

export class Import {
  phase = $state<ImportPhase>('reading')
  /** of the phase; unknown until something was done */
  progress = $state.raw<DataProgress>()
  secondsLeft = $state<number>()
  found = $state.raw<Found>()
  choices = $state.raw<Choices>()
  /** what the choices come to; undefined while they come to nothing */
  plan = $state.raw<Plan>()
  options = $state.raw<ReadOptions>(asTheyAre)
  /** the images cannot stay as they are: they have several sizes, or one that is too large or too small */
  mustFit = $state(false)
  /** why it could not be read, planned or stored */
  problem = $state.raw<Notice>()
  /** by place in the list of classes */
  readonly nameProblems: readonly (NameProblem | undefined)[] = $derived(
    problemsOf(this.choices?.classNames ?? [])
  )
  readonly ready: boolean = $derived(
    this.phase === 'found' &&
      !!this.plan &&
      !!this.choices?.name.trim() &&
      !this.nameProblems.some(problem => problem)
  )
  /** the images came in grey, whatever they are brought to */
  #grey = false
  #id: number | undefined
  #controller = new AbortController()
  #asked = 0
  readonly #files: InputFile[]
  readonly #client: DataClient
  readonly #close: () => void

  constructor(files: InputFile[], client: DataClient, close: () => void) {
    this.#files = files
    this.#client = client
    this.#close = close
  }

  /** Reads the files (again), with other options; what the user entered is kept where it still fits. */
  async read(options: ReadOptions = this.options): Promise<void> {
    const before = this.choices
    const same = this.found
    this.options = options
    const signal = this.#begin('reading')
    await this.#release()
    if (signal.aborted) return
    try {
      const { id, found, choices, plan } = await this.#client.importFiles(
        this.#files,
        options,
        this.#follow(signal)
      )
      if (signal.aborted) return void this.#client.discard(id).catch(() => {})
      this.#id = id
      this.found = found
      if (options.colour !== 'colour') this.#grey = found.shape.channels < 3
      if (!options.side) this.mustFit = found.remarks.some(remark => remark.code === 'fitted')
      this.choices = choices
      this.plan = plan
      this.phase = 'found'
      const fits = same && before && same.classNames.join('\n') === found.classNames.join('\n')
      if (fits) await this.choose(before)
    } catch (error) {
      if (!signal.aborted) this.#fail('unreadable', error)
    }
  }

  /** Enters choices; the latest are in force. */
  async choose(values: Partial<Choices>): Promise<void> {
    if (!this.choices || this.#id === undefined) return
    this.choices = { ...this.choices, ...values }
    if (!('testShare' in values || 'most' in values || 'seed' in values)) return
    const asked = ++this.#asked
    try {
      const plan = await this.#client.plan(this.#id, this.choices)
      if (asked !== this.#asked) return
      this.plan = plan
      this.problem = undefined
    } catch (error) {
      if (asked !== this.#asked) return
      this.plan = undefined
      this.problem = noticeOf(error)
    }
  }

  rename(c: number, name: string): void {
    const names = this.choices?.classNames
    if (names) void this.choose({ classNames: names.with(c, name) })
  }

  /** Stores what was read; `inTab`: in memory, until the tab is closed. */
  async keep(inTab = false): Promise<StoredDataset | undefined> {
    const { choices } = this
    if (!this.ready || !choices || this.#id === undefined) return
    const signal = this.#begin('keeping')
    // grey images brought to colour are still what they were
    const signs = this.#grey && this.options.colour === 'colour'
    try {
      const kept = await this.#client.keep(
        this.#id,
        { ...choices, name: choices.name.trim(), ...(signs && { views: 'signs' as const }) },
        inTab,
        this.#follow(signal)
      )
      this.#id = undefined
      if (signal.aborted) return
      this.#close()
      return kept
    } catch (error) {
      if (!signal.aborted) this.#fail('found', error)
    }
  }

  async cancel(): Promise<void> {
    this.#controller.abort()
    this.#close()
    await this.#release()
  }

  async #release(): Promise<void> {
    const id = this.#id
    this.#id = undefined
    if (id !== undefined) await this.#client.discard(id).catch(() => {})
  }

  #begin(phase: ImportPhase): AbortSignal {
    this.#controller.abort()
    this.#controller = new AbortController()
    this.phase = phase
    this.problem = this.progress = this.secondsLeft = undefined
    return this.#controller.signal
  }

  #fail(phase: ImportPhase, error: unknown): void {
    this.problem = noticeOf(error)
    this.phase = phase
  }

  #follow(signal: AbortSignal) {
    const began = performance.now()
    return {
      signal,
      progress: (state: DataProgress) => {
        if (signal.aborted) return
        this.progress = state
        const passed = performance.now() - began
        if (passed > SOON && state.done > 0)
          this.secondsLeft = ((passed / state.done) * Math.max(0, state.total - state.done)) / 1000
      }
    }
  }
}

function problemsOf(names: readonly string[]): (NameProblem | undefined)[] {
  const trimmed = names.map(name => name.trim())
  const sorted = trimmed.toSorted()
  const repeated = sorted.filter((name, i) => name === sorted[i + 1])
  return trimmed.map(name => (!name ? 'none' : repeated.includes(name) ? 'same' : undefined))
}
