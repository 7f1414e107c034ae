/**
 * Which result is on screen: the sample or a lesson's, shipped with the page, what is computed here, or what a link or a file brought.
 * Each keeps its place, so that the user can go back and forth.
 */
import type { Result } from '../core/result.ts'

export const origins = ['live', 'link', 'file', 'lesson', 'sample'] as const
export type Origin = (typeof origins)[number]

export const hasPoints = (result: Result | undefined) => !!result?.runs.some(run => run.points.length)
/** the picks of its rounds, and which test images were right: a link has none, nor what was too large to be kept over a reload */
export const hasRecords = (result: Result | undefined) =>
  !!result?.runs.some(run => run.points.some(point => point.record))

export class Shown {
  #results = $state.raw<Partial<Record<Origin, Result>>>({})
  origin = $state<Origin>('sample')
  /** a computation was started and takes the screen with its first point */
  #awaited = $state(false)

  readonly result: Result | undefined = $derived(this.#results[this.origin])
  readonly available: readonly Origin[] = $derived(origins.filter(o => hasPoints(this.#results[o])))
  /** a computation was started and has no point yet: what is on screen is something else */
  readonly waiting: boolean = $derived(this.#awaited)

  of(origin: Origin): Result | undefined {
    return this.#results[origin]
  }

  /** Opens a result on screen. */
  open(origin: Origin, result: Result): void {
    this.#results = { ...this.#results, [origin]: result }
    this.origin = origin
    this.#awaited = false
  }

  /** Keeps a result that is not asked for on screen. */
  keep(origin: Origin, result: Result): void {
    this.#results = { ...this.#results, [origin]: result }
  }

  /** Keeps a result that is on screen only while nothing else is. */
  offer(origin: Origin, result: Result): void {
    this.keep(origin, result)
    if (!this.result) this.origin = origin
  }

  choose(origin: Origin): void {
    if (this.#results[origin]) {
      this.origin = origin
      this.#awaited = false
    }
  }

  /** From now on the live result takes the screen as soon as it has a point. */
  await(): void {
    this.#awaited = this.origin !== 'live'
  }

  /** News of the experiment that is computed here. */
  live(result: Result): void {
    this.#results = { ...this.#results, live: result }
    if (this.#awaited && hasPoints(result)) {
      this.origin = 'live'
      this.#awaited = false
    }
  }
}
