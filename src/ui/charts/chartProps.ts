/** What both charts of curves are given. */
import type { Component } from 'svelte'
import type { fillPanels } from '../../charts/fill.ts'
import type { LearningScene } from '../../charts/learning.ts'
import type { ChartMessages } from '../../charts/messages.ts'
import type { Cursor, Ghost, Scale, Theme } from '../../charts/options.ts'
import type { Curves } from '../../core/curves.ts'

/** For a wall: a chart is drawn larger and fills the room it is given. */
export interface Wall {
  zoom: number
  fill: typeof fillPanels
  /** the way to panels that do not fit */
  Pages: Component<{
    drawn: LearningScene['drawn']
    count: number
    page: number
    messages: ChartMessages
    locale: string
  }>
}

export interface ChartProps {
  curves: Curves
  scale?: Scale
  cursor?: Cursor
  /** the strategy that is brought forward, the others fade */
  focus?: string
  hidden?: ReadonlySet<string>
  theme?: Theme
  messages: ChartMessages
  locale: string
  strategyName: (id: string) => string
  /** what the trainings do besides the plain law, and what they are tested on, in sentences */
  conditions?: string
  /** what the curves were made of, for files */
  origin?: string
  /** curves of another result, to compare with */
  ghost?: Ghost
  /** names of downloaded files begin with this */
  fileName?: string
  wall?: Wall
  /** px, before the first measurement (and where nothing can be measured) */
  initialWidth?: number
}
