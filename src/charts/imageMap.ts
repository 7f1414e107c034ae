/**
 * A map of images: a point for each, coloured by the group it belongs to. Distances of an embedding mean something in both
 * directions alike, so its two scales are one; the dataset map has axes of its own. Groups differ by marker where there are more
 * of them than colours, and bear their name where their points lie; where that would be a heap of names, only the group that
 * is brought out does.
 */
import { extent, median, min, scaleLinear, ticks } from 'd3'
import { markerPath } from './markers.ts'
import type { Theme } from './options.ts'
import { line, type GroupMark, type Mark, type Paint, type Scene } from './scene.ts'
import { textWidth } from './text.ts'
import { palette, sizeStyles, textColour, type MarkerShape } from './styles.ts'

export interface MapGroup {
  name: string
  colour: Paint
  marker: MarkerShape
  /** drawn as an outline: more groups than colours and markers together */
  hollow?: boolean
}

export interface MapPoints {
  /** [points, 2] */
  positions: Float32Array
  /** group of each point; -1: of none, drawn pale and beneath the others */
  group: ArrayLike<number>
  groups: readonly MapGroup[]
}

export interface MapOptions {
  width: number
  height: number
  theme: Theme
  /** titles of the axes: then the scales begin at 0 and are independent */
  axes?: { x: string; y: string; number(value: number): string }
  /** names stand where the groups lie, if they are few */
  named?: boolean
  /** the group that is brought out: above the others, larger, and with its name where it lies */
  focus?: number
}

export interface MapScene extends Scene {
  /** px of each point, [points, 2] */
  places: Float32Array
  radius: number
}

const colours = ['blue', 'amber', 'green', 'red', 'violet', 'teal', 'brown', 'navy', 'wine', 'grey'] as const
const shapes: readonly MarkerShape[] = ['circle', 'square', 'triangle', 'diamond', 'star', 'bar', 'hourglass']

/** A group for each class; the looks of 140 differ. */
export const classGroups = (names: readonly string[], theme: Theme): MapGroup[] =>
  names.map((name, i) => {
    const turn = Math.floor(i / colours.length)
    return {
      name,
      colour: palette[colours[i % colours.length]][theme],
      marker: shapes[turn % shapes.length],
      ...(Math.floor(turn / shapes.length) % 2 ? { hollow: true } : {})
    }
  })

/** How a group of points or its swatch is painted. */
export const paintOf = ({ colour, hollow }: MapGroup): { fill: Paint; stroke?: Paint; width?: number } =>
  hollow ? { fill: 'none', stroke: colour, width: 1.2 } : { fill: colour }

/** The name under which the marks of a group are brought out. */
export const groupKey = (group: number): string => String(group)

/** Groups that follow one another: rounds, or shares from none to all. */
export const orderedGroups = (names: readonly string[], theme: Theme): MapGroup[] =>
  sizeStyles(names.length, theme).map((style, i) => ({ name: names[i], ...style }))

const SIZE = 13
/** of the names that stand among the points */
const NAME = 17
/** more of them are not written all at once */
const MOST_NAMES = 12
const EDGE = 10
const AXES = { left: 46, right: 12, top: 30, bottom: 44 }

export function mapScene(points: MapPoints, options: MapOptions): MapScene {
  const { positions, group, groups } = points
  const { width, height, theme, axes } = options
  const n = positions.length / 2
  const radius = n > 1500 ? 2 : n > 500 ? 2.6 : 3.4
  const frame = axes
    ? { left: AXES.left, right: width - AXES.right, top: AXES.top, bottom: height - AXES.bottom }
    : { left: EDGE, right: width - EDGE, top: EDGE, bottom: height - EDGE }
  const { x, y } = scalesOf(positions, frame, axes !== undefined)
  const places = Float32Array.from(positions, (v, i) => (i & 1 ? y(v) : x(v)))

  const marks: Mark[] = axes ? axesMarks(frame, x, y, axes) : []
  const of: number[][] = groups.map(() => [])
  const none: number[] = []
  for (let i = 0; i < n; i++) (group[i] < 0 ? none : of[group[i]]).push(i)
  const path = (rows: number[], marker: MarkerShape, r: number) =>
    rows.map(i => markerPath(marker, places[2 * i], places[2 * i + 1], r)).join('')
  if (none.length)
    marks.push({ kind: 'path', d: path(none, 'circle', radius), fill: 'inkSoft', opacity: 0.22 })
  // few points among many pale ones are those that are meant
  const size = none.length ? radius + 1.6 : radius
  const present = groups.flatMap((group, g) => (of[g].length ? [{ ...group, g }] : []))
  const { focus } = options
  // what is brought out is not covered
  const ordered = [...present.filter(({ g }) => g !== focus), ...present.filter(({ g }) => g === focus)]
  for (const { g, ...group } of ordered) {
    const r = g === focus ? size + 1 : size
    const look = none.length
      ? { stroke: 'surface' as const, width: 1, ...paintOf(group) }
      : { opacity: 0.8, ...paintOf(group) }
    marks.push(own(g, { kind: 'path', d: path(of[g], group.marker, r), ...look }))
  }
  const few = options.named && present.length <= MOST_NAMES
  for (const { g, name, colour } of ordered) {
    if (!few && g !== focus) continue
    const middle = (axis: 0 | 1) => median(of[g], i => places[2 * i + axis])!
    const fill = textColour(colour, theme)
    const half = textWidth(name, NAME, true) / 2
    const x = Math.min(Math.max(middle(0), half), Math.max(width - half, half))
    // one name among many groups belongs to a small one, which it would cover
    const above = () => Math.max(NAME, min(of[g], i => places[2 * i + 1])! - size - 5)
    const at = { x, y: few ? middle(1) + NAME * 0.35 : above(), size: NAME, fill }
    marks.push(own(g, { kind: 'text', ...at, text: name, bold: true, anchor: 'middle', halo: true }))
  }
  return { width, height, marks, places, radius }
}

const own = (group: number, mark: Mark): GroupMark => ({
  kind: 'group',
  key: groupKey(group),
  marks: [mark]
})

interface Frame {
  left: number
  right: number
  top: number
  bottom: number
}

function scalesOf(positions: Float32Array, { left, right, top, bottom }: Frame, own: boolean) {
  const range = (axis: 0 | 1): [number, number] => {
    const [low = 0, high = 1] = extent(positions.filter((_, i) => (i & 1) === axis))
    return own ? [0, Math.max(high, 1e-6)] : [low, high]
  }
  const [[x0, x1], [y0, y1]] = [range(0), range(1)]
  if (own) {
    const x = scaleLinear([x0, x1 * 1.03], [left, right])
    return { x, y: scaleLinear([y0, Math.max(y1, 0.1) * 1.03], [bottom, top]) }
  }
  const unit = Math.min((right - left) / (x1 - x0 || 1), (bottom - top) / (y1 - y0 || 1))
  const centred = (low: number, high: number, middle: number, sign: number) =>
    scaleLinear(
      [low, high],
      [middle - (sign * unit * (high - low)) / 2, middle + (sign * unit * (high - low)) / 2]
    )
  return { x: centred(x0, x1, (left + right) / 2, 1), y: centred(y0, y1, (top + bottom) / 2, -1) }
}

type Scale = ReturnType<typeof scaleLinear<number, number>>

function axesMarks(
  { left, right, top, bottom }: Frame,
  x: Scale,
  y: Scale,
  { x: xTitle, y: yTitle, number }: NonNullable<MapOptions['axes']>
): Mark[] {
  const text = (place: { x: number; y: number }, text: string, anchor: 'start' | 'middle' | 'end'): Mark => ({
    kind: 'text',
    ...place,
    text,
    size: SIZE,
    fill: 'inkSoft',
    anchor
  })
  const marks: Mark[] = []
  for (const v of ticks(0, y.domain()[1], 4)) {
    marks.push({ kind: 'path', d: line(left, y(v), right, y(v)), stroke: 'hairline', width: 1 })
    marks.push(text({ x: left - 6, y: y(v) + SIZE * 0.35 }, number(v), 'end'))
  }
  for (const v of ticks(0, x.domain()[1], 4))
    marks.push(text({ x: x(v), y: bottom + SIZE + 4 }, number(v), 'middle'))
  marks.push(text({ x: right, y: bottom + 2 * SIZE + 10 }, xTitle, 'end'))
  marks.push(text({ x: left, y: top - SIZE }, yTitle, 'start'))
  return marks
}

/** The point nearest to a place, within so many px. */
export function nearestPoint(places: Float32Array, x: number, y: number, within: number): number | undefined {
  let best: number | undefined
  let least = within * within
  for (let i = 0; 2 * i < places.length; i++) {
    const [dx, dy] = [places[2 * i] - x, places[2 * i + 1] - y]
    const d = dx * dx + dy * dy
    if (d <= least) [best, least] = [i, d]
  }
  return best
}

const directions: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1]
}

/** The next point in the direction of an arrow key: the nearest one in that quarter; the same where there is none. */
export function stepFrom(places: Float32Array, from: number | undefined, key: string): number | undefined {
  const direction = directions[key]
  if (!direction || !places.length) return undefined
  if (from === undefined) return 0
  const [u, v] = direction
  let best = from
  let least = Infinity
  for (let i = 0; 2 * i < places.length; i++) {
    const [dx, dy] = [places[2 * i] - places[2 * from], places[2 * i + 1] - places[2 * from + 1]]
    const along = dx * u + dy * v
    const across = Math.abs(dx * v) + Math.abs(dy * u)
    if (along <= 0 || across > along || along + across >= least) continue
    ;[best, least] = [i, along + across]
  }
  return best
}
