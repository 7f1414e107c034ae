/** What both charts are told besides their curves. */
import type { CurvePoint, Curves } from '../core/curves.ts'
import type { ChartMessages, SeedRange } from './messages.ts'

export type Theme = 'light' | 'dark'
/** 'logError': -log10(1 - accuracy), where the differences between strategies live; or plain accuracy. */
export type Scale = 'logError' | 'plain'
/** one panel for each initial size with the strategies in it, or the other way round */
export type Facet = 'initial' | 'strategy'

/** Where somebody is reading: shared by panels, and by charts if the page binds it. */
export interface Cursor {
  labelCount: number
  strategy?: string
  initialSize?: number
}

/** Curves of another result, drawn thin behind those of a chart. */
export interface Ghost {
  curves: Curves
  /** what is different about them, in words */
  name: string
}

export interface ChartOptions {
  curves: Curves
  /** the label count that verdicts are given at */
  n: number
  /** px */
  width: number
  scale: Scale
  theme: Theme
  hidden: ReadonlySet<string>
  messages: ChartMessages
  /** a BCP 47 tag, for numbers */
  locale: string
  strategyName: (id: string) => string
  /** curves of another result, to compare with */
  ghost?: Ghost
  /** the strategies' looks are explained beside the chart: it needs no legend of its own for them */
  named?: boolean
  /** px to fill, all of them and no more, in text for a wall; without it a chart is as tall as it wants to be */
  height?: number
}

/** A line's name where it is spoken of: verdicts count hidden lines too, and say that they are. */
export const shownName = (
  line: string,
  { hidden, messages, strategyName }: Pick<ChartOptions, 'hidden' | 'messages' | 'strategyName'>
): string => (hidden.has(line) ? messages.hiddenLine(strategyName(line)) : strategyName(line))

/** How many seeds points have, from the fewest to the most. */
export function seedRange(points: readonly Pick<CurvePoint, 'seeds'>[]): SeedRange {
  const counts = points.map(p => p.seeds.length)
  return counts.length ? { least: Math.min(...counts), most: Math.max(...counts) } : { least: 0, most: 0 }
}
