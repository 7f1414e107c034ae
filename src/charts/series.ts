/** One line of a panel: its arm, its look, its points in pixels, and the marks that draw it. */
import { area, line as lineShape } from 'd3'
import type { Arm } from '../core/result.ts'
import type { CurvePoint } from '../core/curves.ts'
import type { Interval } from '../core/statistics/interval.ts'
import type { Frame } from './layout.ts'
import { marker } from './markers.ts'
import type { Paint, GroupMark, Mark } from './scene.ts'
import type { MarkerShape } from './styles.ts'

export interface PlacedPoint {
  point: CurvePoint
  x: number
  y: number
  /** accuracy of the same among the ghosts */
  ghost?: number
}

export interface Series {
  arm: Arm
  /** what fades together */
  key: string
  /** the label at the line's end */
  label: string
  colour: Paint
  dash: string
  marker: MarkerShape
  points: PlacedPoint[]
  /** drawn without interval or markers: random beside one strategy */
  baseline?: boolean
  /** the verdict at N is: below random */
  below?: boolean
}

const digits = 2

const path = lineShape<[number, number]>()
  .x(p => p[0])
  .y(p => p[1])
  .digits(digits)

const band = area<{ x: number; low: number; high: number }>()
  .x(p => p.x)
  .y0(p => p.low)
  .y1(p => p.high)
  .digits(digits)

/** More bands than these in one panel are a single block of colour; so are some that cover it nearly twice over together. */
const MOST_BANDS = 7
const MOST_COVER = 1.8
const BAND = 0.11
/** as many bands as lie upon each other without hiding a line */
const CLEAR_BANDS = 4

/** Seeds from which on an interval is drawn as a band: of two, t is 12.7, and the band is the panel. */
export const BAND_SEEDS = 3

/** The interval that a band shows. */
export const bandAt = ({ interval, seeds }: CurvePoint): Interval | undefined =>
  interval && seeds.length >= BAND_SEEDS ? interval : undefined

/** The ends of a line's bands in px, where it has some. */
const edgesOf = ({ points }: Series, y: (v: number) => number) =>
  points.flatMap(({ point, x }) => {
    const interval = bandAt(point)
    return interval ? [{ x, low: y(interval.low), high: y(interval.high) }] : []
  })

/** Whether so many lines with intervals hide each other by these. */
export const areMany = (intervals: number): boolean => intervals > MOST_BANDS

/** Whether the bands of a panel would hide its lines. `y`: accuracy to px, clamped to the plot. */
export function isCrowded(series: readonly Series[], y: (v: number) => number, frame: Frame): boolean {
  const banded = series.map(s => edgesOf(s, y)).filter(edges => edges.length > 1)
  if (banded.length < 2) return false
  let covered = 0
  for (const edges of banded)
    for (let i = 1; i < edges.length; i++) {
      const [a, b] = [edges[i - 1], edges[i]]
      covered += ((b.x - a.x) * (a.low - a.high + b.low - b.high)) / 2
    }
  const from = Math.min(...banded.map(edges => edges[0].x))
  const plot = (frame.right - from) * (frame.bottom - frame.top)
  return areMany(banded.length) || covered > MOST_COVER * plot
}

/**
 * Band of the 95 % interval, where there is one: the fainter, the more there are beside it, and where they are `crowded` only
 * while its line is in focus. `beside`: bands in the panel, this one included.
 */
export function bandMarks(
  series: Series,
  y: (v: number) => number,
  beside: number,
  crowded: boolean
): GroupMark {
  const faint = Math.sqrt(Math.min(1, CLEAR_BANDS / Math.max(1, beside)))
  const opacity = crowded ? 1.5 * BAND : BAND * faint
  const edges = edgesOf(series, y)
  const marks: Mark[] =
    edges.length > 1 ? [{ kind: 'path', d: band(edges)!, fill: series.colour, opacity }] : []
  return { kind: 'group', key: series.key, ...(crowded ? { whenFocused: true } : {}), marks }
}

/** A faint line for every seed. */
export function seedMarks(series: Series, y: (v: number) => number): GroupMark {
  const seeds = [...new Set(series.points.flatMap(p => p.point.seeds))]
  const marks = seeds.flatMap((seed): Mark[] => {
    const places = series.points.flatMap(({ point, x }): [number, number][] => {
      const i = point.seeds.indexOf(seed)
      return i < 0 ? [] : [[x, y(point.values[i])]]
    })
    if (places.length < 2) return []
    return [{ kind: 'path', d: path(places)!, fill: 'none', stroke: series.colour, width: 1, opacity: 0.3 }]
  })
  return { kind: 'group', key: series.key, marks }
}

/** The line of means with a marker at every point that was measured. */
export function lineMarks(series: Series, radius: number): GroupMark {
  const { points, colour, dash } = series
  const marks: Mark[] = []
  if (points.length > 1)
    marks.push({
      kind: 'path',
      d: path(points.map(p => [p.x, p.y]))!,
      fill: 'none',
      stroke: colour,
      width: series.baseline ? 1.6 : 2.2,
      dash: dash || undefined
    })
  if (!series.baseline)
    for (const p of points) marks.push(marker(series.marker, p.x, p.y, radius, colour, p.point.provisional))
  return { kind: 'group', key: series.key, marks }
}
