/** How the charts are looked at: nothing here changes what is computed. */
import { SvelteSet } from 'svelte/reactivity'

/** one panel for each initial size with the strategies in it, or the other way round */
export type Facet = 'initial' | 'strategy'
/** accuracy by the logarithm of the error, or plain */
export type Scale = 'logError' | 'plain'

/** where somebody is reading, in all charts at once */
export interface Cursor {
  labelCount: number
  strategy?: string
  initialSize?: number
}

export class ChartView {
  facet = $state<Facet>('initial')
  scale = $state<Scale>('logError')
  /** single seeds beside the means */
  seeds = $state(false)
  /** the label count that strategies are compared at; undefined: the budget */
  labelCount = $state<number>()
  cursor = $state.raw<Cursor>()
  /** the strategy that is brought forward */
  focus = $state<string>()
  readonly hidden = new SvelteSet<string>()

  /** Another experiment: what was said of the old one's labels no longer holds. */
  reset(): void {
    this.hidden.clear()
    this.labelCount = this.cursor = this.focus = undefined
  }

  toggle(strategy: string): void {
    if (!this.hidden.delete(strategy)) this.hidden.add(strategy)
  }
}
