/** Reading a chart point by point: what lies at a label count, and where an arrow key leads. */
import { nearestCount } from '../core/curves.ts'
import type { ChartMessages } from './messages.ts'
import { count, percent, percentNumber } from './format.ts'
import { markerPath } from './markers.ts'
import type { Cursor } from './options.ts'
import { line, type Mark } from './scene.ts'
import type { PlacedPoint, Series } from './series.ts'
import type { Frame } from './layout.ts'

/** A panel as the cursor sees it. */
export interface Readable {
  frame: Frame
  series: Series[]
}

export interface Reading {
  series: Series
  placed: PlacedPoint
}

/** What a panel's lines are at exactly this label count, highest first. Baselines are not read. */
export function readingsAt(panel: Readable, labelCount: number): Reading[] {
  return panel.series
    .filter(s => !s.baseline)
    .flatMap(series => {
      const placed = series.points.find(p => p.point.labelCount === labelCount)
      return placed ? [{ series, placed }] : []
    })
    .sort((a, b) => b.placed.point.mean - a.placed.point.mean)
}

/** Label counts that any line of the panels was measured at, ascending. */
export function countsOf(panels: readonly Readable[]): number[] {
  const all = panels.flatMap(p => p.series.flatMap(s => s.points.map(q => q.point.labelCount)))
  return [...new Set(all)].sort((a, b) => a - b)
}

const isAt = (series: Series, cursor: Cursor) =>
  !series.baseline && series.arm.strategy === cursor.strategy && series.arm.initialSize === cursor.initialSize

/** The panel and line of a cursor that stands on one. */
export function locate(
  panels: readonly Readable[],
  cursor: Cursor | undefined
): { panel: number; series: Series } | undefined {
  if (!cursor) return undefined
  for (let panel = 0; panel < panels.length; panel++) {
    const series = panels[panel].series.find(s => isAt(s, cursor))
    if (series) return { panel, series }
  }
  return undefined
}

const standOn = (series: Series, labelCount: number): Cursor => ({
  ...series.arm,
  labelCount: nearestCount(
    series.points.map(p => p.point.labelCount),
    labelCount
  )!
})

/** Lines of a panel from high to low at a label count, those not measured there after them. */
function ordered(panel: Readable, labelCount: number): Series[] {
  const here = readingsAt(panel, labelCount).map(r => r.series)
  return [...here, ...panel.series.filter(s => !s.baseline && s.points.length > 0 && !here.includes(s))]
}

/**
 * Where a key leads: left and right along the line, up and down from line to line (and on into the next panel), Page Up
 * and Page Down to its like in the next panel, Home and End to the ends of the line. Undefined: not a key
 * of the chart.
 */
export function moveCursor(
  panels: readonly Readable[],
  cursor: Cursor | undefined,
  key: string
): Cursor | undefined {
  const filled = panels.filter(p => p.series.some(s => !s.baseline && s.points.length > 0))
  if (!filled.length || !/^(Arrow(Left|Right|Up|Down)|Page(Up|Down)|Home|End)$/.test(key)) return undefined
  const at = locate(filled, cursor)
  if (!at || !cursor) {
    const last = Math.max(...countsOf(filled))
    return standOn(ordered(filled[0], cursor?.labelCount ?? last)[0], cursor?.labelCount ?? last)
  }
  const counts = at.series.points.map(p => p.point.labelCount)
  const index = counts.indexOf(nearestCount(counts, cursor.labelCount)!)
  const step = (i: number) => ({ ...cursor, labelCount: counts[Math.min(counts.length - 1, Math.max(0, i))] })
  const into = (panel: number, fromBelow: boolean) => {
    const lines = ordered(filled[panel], cursor.labelCount)
    return standOn(fromBelow ? lines[lines.length - 1] : lines[0], cursor.labelCount)
  }
  /** its like in another panel, though measured elsewhere; the highest there if it has none */
  const across = (panel: number) => {
    const like = filled[panel].series.find(s => !s.baseline && s.points.length && s.key === at.series.key)
    return like ? standOn(like, cursor.labelCount) : into(panel, false)
  }
  const lines = ordered(filled[at.panel], cursor.labelCount)
  const rank = lines.indexOf(at.series)
  switch (key) {
    case 'ArrowLeft':
      return step(index - 1)
    case 'ArrowRight':
      return step(index + 1)
    case 'Home':
      return step(0)
    case 'End':
      return step(counts.length - 1)
    case 'ArrowDown':
      if (rank < lines.length - 1) return standOn(lines[rank + 1], cursor.labelCount)
      return at.panel < filled.length - 1 ? into(at.panel + 1, false) : cursor
    case 'ArrowUp':
      if (rank > 0) return standOn(lines[rank - 1], cursor.labelCount)
      return at.panel > 0 ? into(at.panel - 1, true) : cursor
    case 'PageDown':
      return at.panel < filled.length - 1 ? across(at.panel + 1) : cursor
    default:
      return at.panel > 0 ? across(at.panel - 1) : cursor
  }
}

/** One point in words, for screen readers. */
export function readingText(
  { series, placed }: Reading,
  messages: ChartMessages,
  locale: string,
  strategyName: (id: string) => string
): string {
  const { mean, interval, seeds, labelCount, area } = placed.point
  return messages.reading({
    strategy: strategyName(series.arm.strategy),
    initialSize: count(series.arm.initialSize, locale),
    labels: count(labelCount, locale),
    mean: percent(mean, locale),
    low: interval && percentNumber(interval.low, locale),
    high: interval && percent(interval.high, locale),
    seeds: seeds.length,
    area: area === undefined ? undefined : percent(area, locale),
    kept: placed.ghost === undefined ? undefined : percent(placed.ghost, locale)
  })
}

/** A hairline at the cursor in a panel, and a ring around the point it stands on. */
export function cursorMarks(panel: Readable, cursor: Cursor, radius: number): Mark[] {
  const readings = readingsAt(panel, cursor.labelCount)
  if (!readings.length) return []
  const on = readings.find(r => isAt(r.series, cursor))
  return standMarks(panel.frame, readings[0].placed.x, on?.placed, radius)
}

/** Where a cursor stands: a line through a chart at x (px), and a ring around the point that is read, if one is. */
export function standMarks(
  { top, bottom }: Pick<Frame, 'top' | 'bottom'>,
  x: number,
  on: Pick<PlacedPoint, 'x' | 'y'> | undefined,
  radius: number
): Mark[] {
  const marks: Mark[] = [{ kind: 'path', d: line(x, top, x, bottom), stroke: 'inkSoft', width: 1 }]
  if (on)
    marks.push({
      kind: 'path',
      d: markerPath('circle', on.x, on.y, radius),
      fill: 'none',
      stroke: 'ink',
      width: 2
    })
  return marks
}
