/**
 * The presenter view: the page on one screen, for people at the back of a room. It is a way to look at the page, so it is part of no
 * experiment and of no link, and a reload leaves it.
 */
import { lineOf } from '../core/result.ts'
import type { Shown } from './shown.svelte.ts'
import type { ChartView } from './view.svelte.ts'

/** The charts that may be on screen. */
export const choices = ['both', 'learning', 'sensitivity'] as const
export type Choice = (typeof choices)[number]

/** The height of a screen in lines of the smallest text, and its least width in the same measure. */
const LINES = 45
const LEAST_ACROSS = 60
/** px of text that the charts are drawn with (charts/layout.ts) */
const DRAWN = 15
/** less of it is too little for two charts side by side */
const ROOMY = 70
/** of both charts side by side, what the learning curves have of the width (ui/presenter/screen.css) */
const SHARE = 0.6
/** what each of their panels takes of that, and all of them besides, in text */
const PANEL = 9.2
const BESIDES = 5
/** the legend of more lines takes the height that two charts need */
const MOST_LINES = 12

export class Presenter {
  /** which charts were asked for */
  wanted = $state<Choice>('both')
  #screen = $state.raw({ width: 1280, height: 720 })

  /** px of the smallest text that is to be read from afar */
  readonly text: number = $derived(Math.min(this.#screen.height / LINES, this.#screen.width / LEAST_ACROSS))
  /** how much larger than they are drawn charts are shown */
  readonly zoom: number = $derived(this.text / DRAWN)
  readonly #across: number = $derived(this.#screen.width / this.text)
  readonly #shown: Shown
  readonly #view: ChartView
  /** the lines of the result on screen, those that are hidden too */
  readonly #lines: readonly string[] = $derived.by(() => {
    const lines = this.#shown.result?.runs.map(run => lineOf(run.arm)) ?? []
    return lines.filter((line, i) => lines.indexOf(line) === i)
  })
  /** What may be on screen: both charts only where neither becomes small, and the one of initial sizes has more than one. */
  readonly offered: readonly Choice[] = $derived.by(() => {
    const starts = this.#shown.result?.experiment.initialSizes.length ?? 0
    const { facet, hidden } = this.#view
    const panels = facet === 'initial' ? starts : this.#lines.filter(line => !hidden.has(line)).length
    const both =
      starts > 1 &&
      this.#lines.length <= MOST_LINES &&
      this.#across >= ROOMY &&
      SHARE * this.#across >= BESIDES + panels * PANEL
    return both ? choices : choices.filter(choice => choice !== 'both')
  })
  readonly shown: Choice = $derived(this.offered.includes(this.wanted) ? this.wanted : this.offered[0])

  constructor(shown: Shown, view: ChartView) {
    this.#shown = shown
    this.#view = view
  }

  /** px of the window */
  measure(width: number, height: number): void {
    if (width > 0 && height > 0) this.#screen = { width, height }
  }

  /** To the next of what is offered, or the one before. */
  turn(by: 1 | -1): void {
    const { length } = this.offered
    this.wanted = this.offered[(this.offered.indexOf(this.shown) + by + length) % length]
  }
}
