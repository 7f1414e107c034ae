/**
 * The accuracy axis. On the scale of log error, y = -log10(1 - accuracy): .4 .6 .8 .9 .95 .98 lie about evenly, and so
 * do the differences between strategies. One domain for all panels: it holds every mean, the ceiling and, where they
 * are drawn, single seeds; intervals widen it only so far, since with two seeds they reach beyond all that was measured.
 */
import { extent, scaleLinear } from 'd3'
import type { Curves, CurvePoint } from '../core/curves.ts'
import type { Scale } from './options.ts'

const LOG_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999]

export interface AccuracyAxis {
  /** accuracy to px, kept within the panel */
  y(accuracy: number): number
  /** accuracies */
  ticks: number[]
  /** most decimals of a percentage that the ticks need */
  decimals: number
}

/**
 * The axis over `points`, from `bottom` to `top` (px). A test set of M images cannot tell accuracies above 1 - 1/(2M)
 * apart, and there the log scale ends. `headroom` (px) is kept free above the ceiling, for its label;
 * `seeds`: single seeds are drawn.
 */
export function accuracyAxis(
  points: readonly CurvePoint[],
  curves: Pick<Curves, 'ceiling' | 'testSize'>,
  scale: Scale,
  bottom: number,
  top: number,
  { headroom = 0, seeds = false }: { headroom?: number; seeds?: boolean } = {}
): AccuracyAxis {
  const most = 1 - 0.5 / Math.max(1, curves.testSize)
  const place = (v: number) => (scale === 'plain' ? v : -Math.log10(1 - Math.min(most, Math.max(0, v))))
  const seen = points.flatMap(p => (seeds ? [p.mean, ...p.values] : [p.mean]))
  const ceiling = curves.ceiling?.mean
  const [lowest = 0, highest = place(1)] = extent(seen.concat(ceiling ?? []).map(place))
  const reach = Math.max(highest - lowest, scale === 'plain' ? 0.02 : 0.1)
  const widened = points.flatMap(p => (p.interval ? [p.interval.low, p.interval.high] : [])).map(place)
  const low = Math.max(lowest - 0.25 * reach, Math.min(lowest, ...widened))
  const high = Math.min(highest + 0.25 * reach, Math.max(highest, ...widened))
  const floor = Math.max(0, low - 0.04 * reach)
  const share = Math.min(0.3, headroom / Math.abs(bottom - top))
  const aboveCeiling = ceiling === undefined ? 0 : floor + (place(ceiling) - floor) / (1 - share)
  const roof = Math.max(high + 0.04 * reach, aboveCeiling)
  const linear = scaleLinear([floor, roof], [bottom, top]).clamp(true)
  const y = (v: number) => linear(place(v))
  const room = Math.abs(bottom - top)
  const candidates = scale === 'plain' ? linear.ticks(Math.max(3, Math.floor(room / 45))) : LOG_TICKS
  const inside = candidates.filter(v => v <= 1 && place(v) >= floor - 1e-9 && place(v) <= roof + 1e-9)
  const ticks = scale === 'plain' ? inside : spaced(inside, y, 24)
  const decimals = Math.max(
    0,
    ...ticks.map(v => (String(Math.round(v * 1e6) / 1e4).split('.')[1] ?? '').length)
  )
  return { y, ticks, decimals }
}

/** Drops ticks that would stand closer than `gap` px to one already kept, from below. */
function spaced(ticks: readonly number[], y: (v: number) => number, gap: number): number[] {
  const kept: number[] = []
  for (const v of ticks) if (!kept.length || Math.abs(y(v) - y(kept[kept.length - 1])) >= gap) kept.push(v)
  return kept
}
