/**
 * The accuracy axis. On the scale of log error, y = -log10(1 - accuracy): .4 .6 .8 .9 .95 .98 lie about evenly, and so
 * do the differences between strategies. One domain for all panels: it holds every mean, the ceiling and, where they
 * are drawn, single seeds; intervals widen it only so far, since with two seeds they reach beyond all that was measured.
 */
import { extent, scaleLinear, ticks as evenTicks } from 'd3'
import type { Curves, CurvePoint } from '../core/curves.ts'
import type { Interval } from '../core/statistics/interval.ts'
import type { Scale } from './options.ts'
import { bandAt } from './series.ts'

const LOG_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999]
/** px between ticks of the log scale, at least */
const TICK_GAP = 24

export interface AccuracyAxis {
  /** accuracy to px, kept within the panel */
  y(accuracy: number): number
  /** accuracies: two or more */
  ticks: number[]
  /** most decimals of a percentage that the ticks need */
  decimals: number
  /** at which ends an interval goes on beyond the axis */
  cut(interval: Interval): { low: boolean; high: boolean }
}

export interface AxisOptions {
  /** px kept free above the ceiling, for its label */
  headroom?: number
  /** single seeds are drawn */
  seeds?: boolean
  /** how far intervals widen the axis: a little (bands), not at all, or as far as the means stay readable (bars) */
  intervals?: 'none' | 'little' | 'far'
}

/** How far bands may widen the axis at an end, in ranges of the means. */
const LITTLE = { none: 0, little: 0.25 }
/** What an axis spans at least: points of accuracy or of its logarithm, and images of the test set. */
const LEAST_SPAN = { plain: 0.02, logError: 0.1 }
const LEAST_IMAGES = 2

/** How far intervals may widen the axis at one end and at both, in ranges of the means: these keep a quarter of it. */
const FAR = { end: 2, both: 3 }
/** What stands free at an end where some interval goes on, so that it is seen to go further than those that end. */
const BEYOND = 0.3

/**
 * What the intervals add to the axis at its two ends. Every interval that ends within reach is held whole; one that
 * does not is cut, and widens the axis no further than that shows.
 */
function widening(low: readonly number[], high: readonly number[], reach: number): [number, number] {
  const held = (ends: readonly number[]) => {
    const inside = ends.filter(v => v <= FAR.end * reach)
    return [...new Set([0, ...inside])].sort((a, b) => b - a)
  }
  const [below, above] = [held(low), held(high)]
  while (below[0] + above[0] > FAR.both * reach) (below[0] >= above[0] ? below : above).shift()
  const margin = (ends: readonly number[], most: number) =>
    ends.some(v => v > most) ? most + BEYOND * reach : most
  return [margin(low, below[0]), margin(high, above[0])]
}

/**
 * The axis over `points`, from `bottom` to `top` (px). Means over S seeds of a test set of M images do not come closer
 * to 1 than 1 - 1/(S M), and at 1 - 1/(2 S M) the log scale ends.
 */
export function accuracyAxis(
  points: readonly CurvePoint[],
  curves: Pick<Curves, 'ceiling' | 'testSize'>,
  scale: Scale,
  bottom: number,
  top: number,
  { headroom = 0, seeds = false, intervals = 'little' }: AxisOptions = {}
): AccuracyAxis {
  const images = Math.max(1, curves.testSize)
  /** answers that a mean is of, at most: a finer accuracy there is not */
  const answers = images * Math.max(1, ...points.map(p => p.seeds.length))
  const most = 1 - 0.5 / answers
  const place = (v: number) => (scale === 'plain' ? v : -Math.log10(1 - Math.min(most, Math.max(0, v))))
  const accuracyAt = (v: number) => (scale === 'plain' ? v : 1 - 10 ** -v)
  const seen = points.flatMap(p => (seeds ? [p.mean, ...p.values] : [p.mean]))
  const ceiling = curves.ceiling?.mean
  const extentOf = (values: readonly number[]) => {
    const [low = 0, high = place(1)] = extent(values.map(place))
    return { low, high, reach: Math.max(high - low, LEAST_SPAN[scale]) }
  }
  const means = extentOf(points.map(p => p.mean))
  const all = extentOf(seen.concat(ceiling ?? []))
  const ends = points.flatMap(p => bandAt(p) ?? [])
  const below = ends.map(i => all.low - place(i.low)).filter(v => v > 0)
  const above = ends.map(i => place(i.high) - all.high).filter(v => v > 0)
  const [down, up] =
    intervals === 'far'
      ? widening(below, above, all.reach)
      : [below, above].map(beyond => Math.min(LITTLE[intervals] * means.reach, Math.max(0, ...beyond)))
  const edge = 0.04 * all.reach
  let floor = Math.max(0, all.low - down - edge)
  const share = Math.min(0.3, headroom / Math.abs(bottom - top))
  const aboveCeiling = ceiling === undefined ? 0 : floor + (place(ceiling) - floor) / (1 - share)
  let roof = Math.max(all.high + up + edge, aboveCeiling)
  // an axis of less than that would make much of single images
  const middle = accuracyAt((floor + roof) / 2)
  const some = LEAST_IMAGES / 2 / images
  const least = Math.max(LEAST_SPAN[scale], place(middle + some) - place(middle - some))
  if (roof - floor < least) {
    roof = Math.min(place(1) + edge, (floor + roof + least) / 2)
    floor = Math.max(0, roof - least)
    roof = Math.max(roof, floor + least)
  }
  const linear = scaleLinear([floor, roof], [bottom, top]).clamp(true)
  const y = (v: number) => linear(place(v))
  const room = Math.abs(bottom - top)
  const finest = 1 / images
  // what lies between the last accuracy below 1 and 1 is not on the axis, but 1 may be
  const bounds = [accuracyAt(floor), Math.min(1 - 1 / answers, accuracyAt(roof))] as const
  const whole = place(1) <= roof
  const ticks =
    scale === 'plain'
      ? even([bounds[0], Math.min(1, roof)], Math.max(3, Math.floor(room / 45)), finest)
      : logTicks(bounds, y, finest, whole)
  const decimals = Math.max(
    0,
    ...ticks.map(v => (String(Math.round(v * 1e6) / 1e4).split('.')[1] ?? '').length)
  )
  const cut = ({ low, high }: Interval) => ({
    low: place(low) < floor - 1e-9,
    high: place(high) > roof + 1e-9
  })
  return { y, ticks, decimals, cut }
}

/** About `count` round accuracies between two, no finer than asked, and no fewer than two of them. */
function even([low, high]: readonly [number, number], count: number, finest = 0): number[] {
  for (let wanted = count; wanted > 1; wanted--) {
    const found = evenTicks(low, high, wanted)
    if (found.length > 1 && found[1] - found[0] >= finest - 1e-9) return found
  }
  for (let wanted = count; wanted < 40; wanted++) {
    const found = evenTicks(low, high, wanted)
    if (found.length > 1) return found
  }
  return [low, high]
}

/**
 * Ticks of the log scale: its own where three of them or more are in sight, else round accuracies; and 1 where `whole` says that it
 * is in sight.
 */
function logTicks(
  bounds: readonly [number, number],
  y: (v: number) => number,
  finest: number,
  whole: boolean
): number[] {
  const [low, high] = bounds
  const withWhole = (ticks: number[]) => (whole ? [...ticks.filter(v => y(v) - y(1) >= TICK_GAP), 1] : ticks)
  const own = withWhole(
    spaced(
      LOG_TICKS.filter(v => v >= low - 1e-9 && v <= high + 1e-9),
      y
    )
  )
  if (own.length > 2) return own
  for (const count of [4, 6, 8, 12]) {
    const found = withWhole(spaced(even(bounds, count, finest), y))
    if (found.length > 1 && found.length >= own.length) return found
  }
  return own.length > 1 ? own : whole ? [low, 1] : [low, high]
}

/** Drops ticks that would stand closer than they may to one already kept, from below. */
function spaced(ticks: readonly number[], y: (v: number) => number): number[] {
  const kept: number[] = []
  for (const v of ticks)
    if (!kept.length || Math.abs(y(v) - y(kept[kept.length - 1])) >= TICK_GAP) kept.push(v)
  return kept
}
