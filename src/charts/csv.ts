/** The numbers behind the charts as CSV, for programs. */
import { RANDOM, readLine } from '../core/result.ts'
import type { TableRow } from './table.ts'

const csvColumns = [
  'strategy',
  'initial_size',
  'labels',
  'seeds',
  'accuracy',
  'low',
  'high',
  'minus_random',
  'minus_random_low',
  'minus_random_high',
  'p',
  'verdict'
] as const

/** after the others, so that these keep their places */
const lastColumns = ['selector', 'classes_labelled', 'aubc'] as const
/**
 * p corrected for the comparisons from one initial size (Holm), and for looking again as well: the verdict goes by that,
 * minus_random_low to p do not. How many seeds both sides have, and what `minus_random` is measured against.
 */
const comparedColumns = ['p_holm', 'p_verdict', 'pairs', 'baseline', 'baseline_selector'] as const
/**
 * the same line from its best initial size: which that is, this less that, and p corrected for all of these and for looking again;
 * and how far it is below the truly best one at most, a limit that holds for all rows together
 */
const sizeColumns = [
  'best_size',
  'minus_best_size',
  'minus_best_size_low',
  'minus_best_size_high',
  'p_size',
  'loss_limit'
] as const

/** only where curves are kept for comparison: their accuracy, this less that over the seeds that both have, and its p, not corrected */
const ghostColumns = [
  'kept',
  'minus_kept',
  'minus_kept_low',
  'minus_kept_high',
  'minus_kept_p',
  'minus_kept_pairs'
] as const

/** A CSV field: quoted where needed, and never taken for a formula by a spreadsheet (names may come from a link). */
export function field(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(Number(value.toPrecision(12)))
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless
}

/** For programs: full precision, ids instead of names, one header line (RFC 4180). */
export function csvOf(rows: readonly TableRow[], kind: 'learning' | 'sensitivity'): string {
  const compared = kind === 'sensitivity'
  const width = compared ? csvColumns.length : 7
  const haunted = rows.some(row => row.ghost)
  const lines = rows.map(
    ({ arm, point, comparison: c, verdict, holm, adjusted, baseline, againstBest, lossLimit, ghost }) => {
      const { strategy, selector = RANDOM } = readLine(arm.strategy)
      const values = [
        strategy,
        arm.initialSize,
        point.labelCount,
        point.seeds.length,
        point.mean,
        point.interval?.low,
        point.interval?.high,
        c?.difference,
        c?.interval.low,
        c?.interval.high,
        c?.p,
        verdict
      ]
      const start = arm.initialSize === undefined ? undefined : selector
      const other = baseline === undefined ? undefined : { selector: RANDOM, ...readLine(baseline) }
      const less = ghost?.comparison
      const ghosts = [
        ...[ghost?.mean, less?.difference, less?.interval.low, less?.interval.high],
        ...[less?.p, less?.seeds]
      ]
      const size = againstBest === 'best' ? undefined : againstBest
      const sizes = [
        againstBest === 'best' ? arm.initialSize : size?.best,
        size?.comparison?.difference,
        size?.comparison?.interval.low,
        size?.comparison?.interval.high,
        size?.adjusted,
        lossLimit
      ]
      const last = [
        ...[start, point.classes, point.area],
        ...(compared ? [holm, adjusted, c?.seeds, other?.strategy, other?.selector, ...sizes] : []),
        ...(haunted ? ghosts : [])
      ]
      return [...values.slice(0, width), ...last].map(field).join(',')
    }
  )
  const head = [
    ...csvColumns.slice(0, width),
    ...lastColumns,
    ...(compared ? [...comparedColumns, ...sizeColumns] : []),
    ...(haunted ? ghostColumns : [])
  ]
  return [head.join(','), ...lines].join('\r\n') + '\r\n'
}
