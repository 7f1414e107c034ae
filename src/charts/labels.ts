/**
 * Direct labels: names at the ends of lines, moved apart so that none overlaps, tied to their line where they moved. A line that
 * ends far from its label (its trainings go on) is not tied to it: the tie would read as a curve.
 */
import { dodge } from './dodge.ts'
import { labelGap, type Frame, type Sizes } from './layout.ts'
import { markerPath } from './markers.ts'
import { line, type GroupMark, type Mark } from './scene.ts'
import type { Series } from './series.ts'
import { textColour } from './styles.ts'
import type { Theme } from './options.ts'
import { textWidth } from './text.ts'

const OFFSET = 10
const FLAG = 13
/** px from a line's end to its label that a tie may bridge */
const LONGEST_TIE = 24 + OFFSET

/** px that the labels of these names need beside a panel. */
export function gutterFor(names: readonly string[], sizes: Sizes, flags: boolean): number {
  const widest = Math.max(0, ...names.map(name => textWidth(name, sizes.text, true)))
  return Math.ceil(OFFSET + widest + (flags ? FLAG : 0) + 8)
}

/**
 * The labels of a panel, from `start` (px). With `names`: name, after a mark where the strategy is below random. Without: the
 * marks alone.
 */
export function labelMarks(
  series: readonly Series[],
  frame: Frame,
  sizes: Sizes,
  theme: Theme,
  names: boolean,
  start = frame.right
): GroupMark[] {
  const shown = series.filter(s => s.points.length > 0 && (names || s.below))
  const ends = shown.map(s => s.points[s.points.length - 1])
  const half = sizes.text / 2
  const room = frame.bottom - frame.top - sizes.text
  const gap = names ? labelGap(sizes) : Math.min(11, room / Math.max(1, shown.length - 1))
  const places = dodge(
    ends.map(p => p.y),
    gap,
    frame.top + half,
    frame.bottom - half
  )
  return shown.map((s, i): GroupMark => {
    const end = ends[i]
    const y = places[i]
    const x = start + OFFSET
    const colour = textColour(s.colour, theme)
    const marks: Mark[] = []
    const away = Math.abs(y - end.y) > 2 || end.x < start - 2
    if (names && away && x - end.x <= LONGEST_TIE)
      marks.push({
        kind: 'path',
        d: line(end.x + 5, end.y, x - 2, y),
        fill: 'none',
        stroke: s.colour,
        width: 1,
        opacity: 0.55
      })
    if (s.below) marks.push({ kind: 'path', d: markerPath('wedge', x + 4, y, 4.2), fill: colour })
    if (names)
      marks.push({
        kind: 'text',
        x: x + (s.below ? FLAG : 0),
        y: y + sizes.text * 0.35,
        text: s.label,
        size: sizes.text,
        bold: true,
        fill: colour,
        ...(start < frame.right ? { halo: true } : {})
      })
    return { kind: 'group', key: s.key, marks }
  })
}
