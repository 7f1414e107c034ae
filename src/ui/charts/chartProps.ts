/** What both charts of curves are given. */
import type { ChartMessages } from '../../charts/messages.ts'
import type { Cursor, Ghost, Scale, Theme } from '../../charts/options.ts'
import type { Curves } from '../../core/curves.ts'

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
  /** px, before the first measurement (and where nothing can be measured) */
  initialWidth?: number
}
