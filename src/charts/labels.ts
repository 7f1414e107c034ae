/** Direct labels: names at the ends of lines, moved apart so that none overlaps, tied to their line where they moved. */
import { dodge } from './dodge.ts'
import { labelGap, type Frame, type Sizes } from './layout.ts'
import { belowPath } from './markers.ts'
import { line, type GroupMark, type Mark } from './scene.ts'
import type { PlacedPoint, Series } from './series.ts'
import { textColour } from './styles.ts'
import type { Theme } from './options.ts'
import { textWidth } from './text.ts'

const OFFSET = 10
const FLAG = 13
/** radius of a mark without a name, px */
const MARK = 5
/** px from a line's end to the labels beside the plot that a tie may bridge */
const LONGEST_TIE = 24 + OFFSET

/** px that the labels of these names need beside a panel. */
export function gutterFor(names: readonly string[], sizes: Sizes, flags: boolean): number {
  const widest = Math.max(0, ...names.map(name => textWidth(name, sizes.text, true)))
  return Math.ceil(OFFSET + widest + (flags ? FLAG : 0) + 8)
}

/** A name, where it stands and what it is the end of. */
interface Placed {
  series: Series
  end: PlacedPoint
  x: number
  y: number
}

/**
 * Where names stand: beside `start` where a line reaches it, else at the line's own end, in mid-run. Names that would
 * overlap are moved apart.
 */
function placed(
  series: readonly Series[],
  frame: Frame,
  sizes: Sizes,
  gap: number,
  start: number,
  reach: number
): Placed[] {
  /** the first one beside the plot */
  let columns: Placed[][] = [[]]
  const right = ({ series: { label }, x }: Placed) => x + textWidth(label, sizes.text, true)
  for (const s of series) {
    const end = s.points[s.points.length - 1]
    const reaches = start - end.x <= reach
    const place = { series: s, end, x: (reaches ? start : end.x) + OFFSET, y: end.y }
    const over = (other: Placed) => other.x < right(place) && place.x < right(other)
    const met = columns.filter((column, i) => column.some(over) || (i === 0 && right(place) > start + OFFSET))
    const column = [...met.flat(), place]
    columns = met.includes(columns[0])
      ? [column, ...columns.slice(1).filter(c => !met.includes(c))]
      : [...columns.filter(c => !met.includes(c)), column]
  }
  const half = sizes.text / 2
  return columns.flatMap(column => {
    const places = dodge(
      column.map(p => p.y),
      gap,
      frame.top + half,
      frame.bottom - half
    )
    return column.map((p, i) => ({ ...p, y: places[i] }))
  })
}

/**
 * The labels of a panel, from `start` (px), of lines that end within `reach` of it: names, after a mark where the strategy is below
 * random.
 */
export function labelMarks(
  series: readonly Series[],
  frame: Frame,
  sizes: Sizes,
  theme: Theme,
  start = frame.right,
  reach = LONGEST_TIE - OFFSET
): GroupMark[] {
  const shown = series.filter(s => s.points.length > 0)
  return placed(shown, frame, sizes, labelGap(sizes), start, reach).map(({ series: s, end, x, y }) => {
    const colour = textColour(s.colour, theme)
    const marks: Mark[] = []
    const away = Math.abs(y - end.y) > 2 || end.x < x - OFFSET - 2
    if (away && x - end.x <= LONGEST_TIE)
      marks.push({
        kind: 'path',
        d: line(end.x + 5, end.y, x - 2, y),
        fill: 'none',
        stroke: s.colour,
        width: 1,
        opacity: 0.55
      })
    if (s.below) marks.push({ kind: 'path', d: belowPath(x + 4, y, 4.2), fill: colour })
    marks.push({
      kind: 'text',
      x: x + (s.below ? FLAG : 0),
      y: y + sizes.text * 0.35,
      text: s.label,
      size: sizes.text,
      bold: true,
      fill: colour,
      ...(x < frame.right ? { halo: true } : {})
    })
    return { kind: 'group', key: s.key, marks }
  })
}

/**
 * The marks of lines below random, in a panel without names: beside their points at the line at N, which is where they are. At a
 * line's end they would be read as of its last label count.
 */
export function belowMarks(
  series: readonly Series[],
  labelCount: number,
  { top, bottom }: Frame,
  theme: Theme
): GroupMark[] {
  const shown = series.flatMap(s => {
    const at = s.below ? s.points.find(p => p.point.labelCount === labelCount) : undefined
    return at ? [{ ...s, at }] : []
  })
  const room = bottom - top - 2 * MARK
  const places = dodge(
    shown.map(s => s.at.y),
    Math.min(2 * MARK + 1, room / Math.max(1, shown.length - 1)),
    top + MARK,
    bottom - MARK
  )
  return shown.map(({ key, colour, at }, i) => ({
    kind: 'group',
    key,
    marks: [
      {
        kind: 'path',
        d: belowPath(at.x + OFFSET + 4, places[i], MARK),
        fill: textColour(colour, theme),
        stroke: 'surface',
        width: 1.5
      }
    ]
  }))
}
