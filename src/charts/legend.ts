/** Which line is whose, under a chart: where names at the lines' ends would not fit beside it. */
import { marker } from './markers.ts'
import { line, type GroupMark, type Paint } from './scene.ts'
import type { MarkerShape } from './styles.ts'
import { shortened, textWidth } from './text.ts'

/** One line in the legend: what it looks like, and what fades with it. */
export interface LegendEntry {
  key: string
  label: string
  colour: Paint
  dash: string
  marker: MarkerShape
  baseline?: boolean
}

const SWATCH = 30
const BETWEEN = 22

/** A legend begins under the plots; on a phone it needs the whole width. */
export const legendLeft = (width: number, axis: number) => (width < 520 ? 0 : axis)

/** Entries in as many columns as fit from `left` to `right`, row by row; `y` is the middle of the first. */
export function legendMarks(
  entries: readonly LegendEntry[],
  left: number,
  right: number,
  y: number,
  size: number
): { marks: GroupMark[]; bottom: number } {
  const widest = Math.max(0, ...entries.map(e => SWATCH + 6 + textWidth(e.label, size)))
  const columns = Math.max(1, Math.floor((right - left + BETWEEN) / (widest + BETWEEN)))
  const step = widest + BETWEEN
  const height = size * 1.55
  const marks = entries.map((entry, i): GroupMark => {
    const x = left + (i % columns) * step
    const middle = y + Math.floor(i / columns) * height
    const { key, label, colour, dash, baseline } = entry
    const text = shortened(label, size, right - x - SWATCH - 6)
    return {
      kind: 'group',
      key,
      marks: [
        {
          kind: 'path',
          d: line(x, middle, x + SWATCH, middle),
          stroke: colour,
          width: baseline ? 1.6 : 2.2,
          dash: dash || undefined
        },
        ...(baseline ? [] : [marker(entry.marker, x + SWATCH / 2, middle, 4, colour)]),
        {
          kind: 'text',
          x: x + SWATCH + 6,
          y: middle + size * 0.35,
          text,
          size,
          fill: 'ink',
          ...(text === label ? {} : { full: label })
        }
      ]
    }
  })
  return { marks, bottom: y + (Math.ceil(entries.length / columns) - 0.5) * height }
}
