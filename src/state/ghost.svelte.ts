/**
 * The result whose curves are kept for comparison, thin behind those on screen (charts/ghost.ts). A reload of the tab finds them
 * again. Another tab does not: what it opens is nobody else's to draw over. While a lesson lends the curves of another step, those
 * are drawn instead.
 */
import { resultText } from '../core/exchange/schema.ts'
import { sameExperiment } from '../core/experiment/read.ts'
import type { Result } from '../core/result.ts'
import { relationOf, type Relation } from '../core/statistics/across.ts'
import type { KeptResult } from './keptResult.ts'
import type { Shown } from './shown.svelte.ts'

/** Whether two say the same; of what a later version knows, nobody knows here. */
const alike = (a: Result, b: Result) =>
  !a.unknown && !b.unknown && sameExperiment(a.experiment, b.experiment) && resultText(a) === resultText(b)

export class GhostState {
  #own = $state.raw<Result>()
  /** null: the reader let go of it, and wants nothing behind that step */
  #lent = $state.raw<Result | null>()
  /** it is what is computed here: kept in mid-run it is kept whole */
  #growing = false
  /** it has grown since it was stored */
  #unkept = false
  readonly #shown: Shown
  readonly #kept: KeptResult

  /** how it stands to what is on screen */
  readonly relation: Relation | undefined = $derived.by(() => {
    const { result } = this.#shown
    return this.result && result && relationOf(this.result, result)
  })

  constructor(shown: Shown, kept: KeptResult) {
    this.#shown = shown
    this.#kept = kept
  }

  get result(): Result | undefined {
    return this.#lent === null ? undefined : (this.#lent ?? this.#own)
  }

  /** Keeps what is on screen. */
  keep(): void {
    const { result } = this.#shown
    if (!result) return
    this.#lent = undefined
    this.#own = result
    this.#growing = result === this.#shown.of('live')
    this.#kept.write(result)
  }

  letGo(): void {
    if (this.#lent) {
      // one's own come back with another step, or when the lesson is left
      this.#lent = null
      return
    }
    this.#own = undefined
    this.#kept.forget()
  }

  /** A lesson puts a result behind its own, and takes it away. */
  lend(result: Result | undefined): void {
    this.#lent = result
  }

  /** After a reload; `own`: what was computed here last. */
  restore(own: Result | undefined): void {
    const result = this.#kept.read()
    if (!result) return
    this.#own = result
    this.#growing = !!own && alike(own, result)
  }

  /** News of the experiment that is computed here. */
  live(result: Result): void {
    if (!this.#own || !this.#growing) return
    this.#growing = sameExperiment(this.#own.experiment, result.experiment)
    if (!this.#growing) return
    this.#own = result
    this.#unkept = true
  }

  /** Stores what it has grown to. */
  store(): void {
    if (this.#own && this.#unkept) this.#kept.write(this.#own)
    this.#unkept = false
  }
}
