/**
 * Lessons: questions of the field as ready-made experiments, opened with results that this app computed earlier, so that there is
 * something to look at before anything is computed. A lesson goes in steps; each puts one result on screen, some with the curves of
 * another step behind it.
 */
import { readText } from '../core/exchange/schema.ts'
import { sameExperiment } from '../core/experiment/read.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { ofSeeds, type Result } from '../core/result.ts'
import type { Place } from './lessonAddress.ts'
import type { GhostState } from './ghost.svelte.ts'
import type { Notices } from './notices.svelte.ts'
import type { Shown } from './shown.svelte.ts'
import type { ChartView } from './view.svelte.ts'

export interface Step {
  /** file of its result, beside the page */
  result: string
  /** some of its seeds only: the first, and how many */
  seeds?: readonly [first: number, count: number]
  /** the file whose curves are drawn thin behind */
  beside?: string
  /** how the charts are looked at; the rest as the page begins */
  look?: Partial<Pick<ChartView, 'facet' | 'scale' | 'seeds' | 'labelCount'>>
}
export type Shelf = Readonly<Record<string, { steps: readonly Step[] }>>

/** What comes with the page. */
export interface Shipped {
  shelf: Shelf
  /** the text of a file beside the page */
  load(file: string): Promise<string>
  /** a lesson was opened again that the address does not name */
  reopened(place: Place): void
  /** the address names a lesson that is not open: left for something else, or not to be had; what is open instead, if one is */
  left(open?: Place): void
}
export const noLessons: Shipped = {
  shelf: {},
  load: () => Promise.reject(new Error('no lessons')),
  reopened: () => {},
  left: () => {}
}

/** What lessons work on (the App). */
interface Page {
  readonly shown: Shown
  readonly ghost: GhostState
  readonly view: ChartView
  readonly notices: Notices
  open(origin: 'lesson', result: Result): void
  expect(): () => void
}

export class Lessons {
  /** what is open */
  at = $state.raw<Place>()
  /** what is on its way to the screen */
  #coming = $state.raw<Place>()
  readonly loading: boolean = $derived(!!this.#coming)
  /** what is on screen while another is on its way */
  #open: Place | undefined
  /** to be called if nothing comes of what is on its way */
  #giveUp: (() => void) | undefined
  /** the lesson in which what is computed here was asked for */
  #ranIn: string | undefined
  /** the last that was open */
  #last: Place | undefined
  readonly #page: Page
  readonly #shipped: Shipped
  readonly #texts: Record<string, Promise<string>> = {}
  readonly #results: Record<string, Result> = {}

  constructor(page: Page, shipped: Shipped) {
    this.#page = page
    this.#shipped = shipped
  }

  get shelf(): Shelf {
    return this.#shipped.shelf
  }

  /**
   * Opens a step; what cannot be had is said, and what is on screen stays. `place`: undefined where an address is garbled. Says
   * whether nothing else was opened meanwhile.
   */
  async open(place: Place | undefined): Promise<boolean> {
    const { ghost, view } = this.#page
    this.#giveUp ??= this.#page.expect()
    const step = place && this.#stepAt(place)
    if (!step) {
      this.#fail('lessonUnknown')
      return true
    }
    this.at = this.#coming = place
    const files = [step.result, step.beside]
    const results = await Promise.all(files.map(file => this.#result(file))).catch(() => undefined)
    if (this.#coming !== place) return false
    if (!results?.[0]) {
      this.#fail('lessonMissing')
      return true
    }
    const [result, beside] = results
    this.#coming = this.#giveUp = undefined
    this.#last = this.#open = place
    this.#withdraw()
    this.#page.open('lesson', step.seeds ? ofSeeds(result, ...step.seeds) : result)
    ghost.lend(beside)
    Object.assign(view, { facet: 'initial', scale: 'logError', seeds: false, ...step.look })
    this.#fetchAhead(place.lesson)
    return true
  }

  #fail(code: 'lessonUnknown' | 'lessonMissing'): void {
    const giveUp = this.#giveUp
    this.at = this.#open
    this.#coming = this.#giveUp = undefined
    giveUp?.()
    this.#page.notices.add({ code }, 'error')
    this.#shipped.left(this.at)
  }

  /** Something else is opened: what was wrong with the one before is no longer the matter. */
  #withdraw(): void {
    for (const code of ['lessonUnknown', 'lessonMissing']) this.#page.notices.withdraw({ code })
  }

  /** What is computed here was asked for now. */
  ran(): void {
    this.#ranIn = this.at?.lesson
  }

  /** Whether what is computed here belongs to the lesson that is open: asked for in it, or its very experiment. */
  owns(computed: Experiment): boolean {
    const result = this.#page.shown.of('lesson')
    return this.#ranIn === this.at?.lesson || (!!result && sameExperiment(result.experiment, computed))
  }

  /** The lesson that was left last, as it was. */
  again(): void {
    if (!this.#last) return
    this.#shipped.reopened(this.#last)
    void this.open(this.#last)
  }

  /** Something else takes its place. */
  leave(): void {
    this.#withdraw()
    if (!this.at) return
    this.at = this.#coming = this.#open = this.#giveUp = undefined
    this.#page.ghost.lend(undefined)
    this.#shipped.left()
  }

  /** It is left for nothing in particular. */
  close(): void {
    const giveUp = this.#giveUp
    this.leave()
    giveUp?.()
  }

  /** So many steps further in the lesson that is open, if there is such a step. */
  beside(by: number): Place | undefined {
    const place = this.at && { lesson: this.at.lesson, step: this.at.step + by }
    return place && this.#stepAt(place) ? place : undefined
  }

  #stepAt({ lesson, step }: Place): Step | undefined {
    return Object.hasOwn(this.shelf, lesson) ? this.shelf[lesson].steps[step] : undefined
  }

  async #result(file: string | undefined): Promise<Result | undefined> {
    if (file === undefined) return undefined
    if (Object.hasOwn(this.#results, file)) return this.#results[file]
    const text = await this.#text(file)
    // a host may have answered with something else: the next time it is asked again
    delete this.#texts[file]
    const document = readText(text)
    if (!('result' in document)) throw new Error(`${file} holds no result`)
    return (this.#results[file] = document.result)
  }

  /** On its way, or here and not read yet; what did not come is asked for again the next time. */
  #text(file: string): Promise<string> {
    return (this.#texts[file] ??= this.#shipped.load(file).catch((error: unknown) => {
      delete this.#texts[file]
      throw error
    }))
  }

  /** The steps of a lesson are gone through before people who wait. */
  #fetchAhead(lesson: string): void {
    for (const { result } of this.shelf[lesson].steps)
      if (!Object.hasOwn(this.#results, result)) this.#text(result).catch(() => undefined)
  }
}
