/**
 * Where the numbers at the cursor stand. In full where somebody points, if the panel has room for that; in a narrow
 * panel that has neighbours values alone, inside the panel, so that no other panel's values are covered. What a
 * neighbour would show under the readout that is pointed at is left out, and so are lines that the height of the panel
 * has no room for: the table and the keyboard carry them.
 */
import { readingsAt, type Readable, type Reading } from './cursor.ts'
import { count, percent, percentNumber } from './format.ts'
import type { Frame } from './layout.ts'
import type { ChartMessages } from './messages.ts'
import type { Cursor } from './options.ts'
import { textWidth } from './text.ts'

export interface PlacedReadout {
  /** the rows: those around the line that is pointed at, else the best ones */
  readings: readonly Reading[]
  /** lines that there is no room for */
  more: number
  /** names and intervals, not values alone */
  full: boolean
  /** name of the column of areas under the curve, where there is room for it */
  area?: string
  /** over the rows: where on the label axis, or which initial size */
  heading?: string
  /** to the left of the cursor and at the top, otherwise to its right and at the bottom */
  toLeft: boolean
  /** px, estimated; the edge towards the cursor is exact */
  box: Frame
}

interface Words {
  messages: ChartMessages
  locale: string
  /** px of their text, where that is not the page's */
  size?: number
}

/** The name of the column, short. */
export const AREA = 'AUBC'

/** panels narrower than this have no room for names and intervals */
const NARROW = 220
/** between the cursor and the box, and between the box and the panel's ends */
const OFF = 10
const EDGE = 4
/** of the page's text, and what goes with it */
const TEXT = 13
const ROW = 19
const PADDING = { x: 20, y: 14 }
const MARKER = 19
const AREA_WIDTH = 58
/** as few rows as there are in the lowest panel */
const LEAST = 3

function widthOf(readings: readonly Reading[], full: boolean, heading: string, words: Words): number {
  const { messages, locale, size = TEXT } = words
  const padding = (PADDING.x * size) / TEXT
  const rows = readings.map(({ series, placed: { point, ghost } }) => {
    const value = MARKER + textWidth(percent(point.mean, locale), size)
    if (!full) return value
    const { interval } = point
    const ends = interval && [interval.low, interval.high].map(v => percentNumber(v, locale))
    const range = ends ? textWidth(messages.range(ends[0], ends[1]), size) + 6 : 0
    const kept = ghost === undefined ? 0 : textWidth(messages.kept(percent(ghost, locale)), size) + 6
    return value + textWidth(series.label, size) + 14 + range + kept
  })
  return padding + Math.max(textWidth(heading, size), ...rows)
}

/** Whose row is to be among those that there is room for. */
export type Near = Partial<Pick<Cursor, 'strategy' | 'initialSize'>>

/** As many rows as the panel has room for, in their order: around the line that is pointed at, else the first ones. */
function fitting(
  all: readonly Reading[],
  frame: Frame,
  headed: boolean,
  aim: Near,
  scale: number
): readonly Reading[] {
  const room =
    Math.floor(((frame.bottom - frame.top - 2 * EDGE) / scale - PADDING.y) / ROW) - (headed ? 1 : 0)
  if (all.length <= Math.max(room, LEAST)) return all
  // one of them says how many are left out
  const rows = Math.max(room - 1, LEAST)
  const match = ({ series: { arm } }: Reading) =>
    Number(arm.strategy === aim.strategy) + Number(arm.initialSize === aim.initialSize)
  const at = aim.strategy === undefined ? 0 : all.indexOf(all.reduce((a, b) => (match(b) > match(a) ? b : a)))
  const first = Math.max(0, Math.min(at - Math.floor(rows / 2), all.length - rows))
  return all.slice(first, first + rows)
}

/**
 * One readout at its first reading. Lines rise to the right: free room lies below right of a point on the left, and
 * above left of one on the right. `bounds`: px that it stays between.
 */
export function placeReadout(
  all: readonly Reading[],
  frame: Frame,
  full: boolean,
  bounds: { left: number; right: number },
  words: Words,
  heading?: string,
  areas = false,
  aim: Near = {}
): PlacedReadout {
  const { size = TEXT } = words
  const scale = size / TEXT
  const readings = fitting(all, frame, heading !== undefined, aim, scale)
  const more = all.length - readings.length
  const { x } = all[0].placed
  const plain = widthOf(readings, full, heading ?? '', words)
  const column = AREA_WIDTH * scale
  const wide = Math.max(plain, PADDING.x * scale + textWidth(heading ?? '', size) + column) + column
  const summed =
    full &&
    areas &&
    readings.some(r => r.placed.point.area !== undefined) &&
    wide <= bounds.right - bounds.left
  const width = summed ? wide : plain
  const rows = readings.length + (heading === undefined ? 0 : 1) + (more ? 1 : 0)
  const height = scale * (PADDING.y + ROW * rows)
  const fitsLeft = x - OFF - width >= bounds.left
  const fitsRight = x + OFF + width <= bounds.right
  const toLeft = x > (frame.left + frame.right) / 2 ? fitsLeft || !fitsRight : fitsLeft && !fitsRight
  const near = toLeft
    ? Math.max(x - OFF, Math.min(bounds.right, bounds.left + width))
    : Math.min(x + OFF, Math.max(bounds.left, bounds.right - width))
  const left = toLeft ? near - width : near
  const top = toLeft ? frame.top + EDGE : frame.bottom - EDGE - height
  return {
    readings,
    more,
    full,
    heading,
    ...(summed ? { area: AREA } : {}),
    toLeft,
    box: { left, right: left + width, top, bottom: top + height }
  }
}

const overlap = (a: Frame, b: Frame) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** The readouts of all panels at a label count, with gaps where there is none. `width`: px of the chart. */
export function placeReadouts(
  panels: readonly Readable[],
  active: number,
  labelCount: number,
  width: number,
  words: Words,
  aim?: Near
): (PlacedReadout | undefined)[] {
  const placed = panels.map((panel, i) => {
    const readings = readingsAt(panel, labelCount)
    if (!readings.length) return undefined
    const { frame } = panel
    const alone = panels.every(p => p === panel || p.frame.top !== frame.top)
    const full = i === active && (alone || frame.right - frame.left >= NARROW)
    const heading = i === active ? words.messages.countOfLabels(count(labelCount, words.locale)) : undefined
    const bounds = full ? { left: 0, right: width } : frame
    return placeReadout(readings, frame, full, bounds, words, heading, true, aim)
  })
  const front = placed[active]
  return placed.map((p, i) => (front && p && i !== active && overlap(p.box, front.box) ? undefined : p))
}
