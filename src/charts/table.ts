/** The numbers behind the charts, and the table that people read them in. */
import { atLabels, pointAt, type CurvePoint } from '../core/curves.ts'
import type { Arm } from '../core/result.ts'
import { across } from '../core/statistics/across.ts'
import { againstBestSize, type AgainstBest } from '../core/statistics/sizes.ts'
import { startLosses } from '../core/statistics/startLoss.ts'
import { againstRandom, type Verdict } from '../core/statistics/verdict.ts'
import type { Comparison } from '../core/statistics/paired.ts'
import {
  count,
  decimal,
  percent,
  percentNumber,
  points as inPoints,
  pValue,
  sentences,
  upperLimit
} from './format.ts'
import type { ChartMessages } from './messages.ts'
import type { ChartOptions } from './options.ts'

export interface TableRow {
  /** the ceiling starts from no initial set, and goes by the strategy 'ceiling' */
  arm: { strategy: string; initialSize?: number }
  point: Pick<CurvePoint, 'labelCount' | 'seeds' | 'mean' | 'interval' | 'classes' | 'area'>
  /** against random, at N */
  comparison?: Comparison
  verdict?: Verdict
  /** Holm's p, and that which is corrected for looking again as well */
  holm?: number
  adjusted?: number
  /** the line that it is compared with */
  baseline?: string
  /** against the same line from its best initial size, at N; 'best': this is it */
  againstBest?: AgainstBest | 'best'
  /** at most so far below that, in accuracy */
  lossLimit?: number
  /** the same among the ghosts, and this less that */
  ghost?: { mean: number; seeds: number; comparison?: Comparison }
}

export interface Table {
  columns: string[]
  /** columns that hold numbers, set to the right */
  numeric: boolean[]
  rows: string[][]
  /** what a column means that does not say it itself */
  note?: string
}

type Shown = Pick<ChartOptions, 'curves' | 'hidden' | 'ghost'>

/** An arm at a label count among the ghosts. */
function ghostAt({ curves, ghost }: Shown, arm: Arm, labelCount: number): TableRow['ghost'] {
  const point = ghost && pointAt(ghost.curves, arm, labelCount)
  return (
    point && {
      mean: point.mean,
      seeds: point.seeds.length,
      comparison: across(curves, ghost.curves, arm, labelCount)
    }
  )
}

/** Every point of the learning curves, and the ceiling after them. */
export function learningRows(shown: Shown): TableRow[] {
  const { curves, hidden } = shown
  const { ceiling } = curves
  const rows: TableRow[] = curves.curves
    .filter(c => !hidden.has(c.arm.strategy))
    .flatMap(c =>
      c.points.map(point => ({ arm: c.arm, point, ghost: ghostAt(shown, c.arm, point.labelCount) }))
    )
  return ceiling ? [...rows, { arm: { strategy: 'ceiling' }, point: ceiling }] : rows
}

/** Every point at N, with its difference to random. */
export function sensitivityRows(shown: Shown & { n: number }): TableRow[] {
  const { curves, hidden, n } = shown
  const others = againstBestSize(curves, n).filter(row => row.comparison)
  const losses = startLosses(curves, n)
  return atLabels(curves, n)
    .filter(s => !hidden.has(s.strategy))
    .flatMap(s =>
      s.points.flatMap(({ initialSize, point }): TableRow[] => {
        if (!point) return []
        const against = againstRandom(curves, initialSize, n).find(row => row.strategy === s.strategy)
        const own = others.filter(row => row.strategy === s.strategy)
        const againstBest =
          own.find(row => row.initialSize === initialSize) ??
          (own.some(row => row.best === initialSize) ? ('best' as const) : undefined)
        return [
          {
            arm: { strategy: s.strategy, initialSize },
            point,
            comparison: against?.comparison,
            verdict: against?.verdict,
            holm: against?.holm,
            adjusted: against?.adjusted,
            baseline: against?.baseline,
            againstBest,
            lossLimit: losses.find(l => l.strategy === s.strategy && l.initialSize === initialSize)?.limit,
            ghost: ghostAt(shown, { strategy: s.strategy, initialSize }, n)
          }
        ]
      })
    )
}

/** For people: numbers written out in their language. */
export function tableOf(
  rows: readonly TableRow[],
  kind: 'learning' | 'sensitivity',
  messages: ChartMessages,
  locale: string,
  strategyName: (id: string) => string
): Table {
  const words = messages.table
  const compared = kind === 'sensitivity'
  const covered = rows.some(row => row.point.classes !== undefined)
  const baselines = new Set(rows.flatMap(row => row.baseline ?? []))
  const named = compared && baselines.size > 1
  const sized = rows.some(row => row.againstBest)
  const limited = rows.some(row => row.lossLimit !== undefined)
  const haunted = rows.some(row => row.ghost)
  const ghostsCompared = rows.some(row => row.ghost?.comparison)
  const summed = !compared && rows.some(row => row.point.area !== undefined)
  /** with its seeds, where they are not those of the row */
  const difference = (c: Comparison | undefined, seeds: number) => {
    if (!c) return ''
    const [low, high] = [c.interval.low, c.interval.high].map(end => inPoints(end, locale))
    const whole = `${inPoints(c.difference, locale)} (${messages.range(low, high)})`
    return c.seeds === seeds ? whole : words.overPairs(whole, messages.seeds(c.seeds))
  }
  interface Column {
    head: string
    numeric?: boolean
    cell(row: TableRow): string
  }
  const columns: (Column | false)[] = [
    {
      head: words.strategy,
      cell: ({ arm }) => (arm.initialSize === undefined ? words.ceiling : strategyName(arm.strategy))
    },
    {
      head: words.initialSize,
      numeric: true,
      cell: ({ arm }) => (arm.initialSize === undefined ? '' : count(arm.initialSize, locale))
    },
    // all of them are at N, which the table's name says
    !compared && { head: words.labels, numeric: true, cell: row => count(row.point.labelCount, locale) },
    { head: words.seeds, numeric: true, cell: row => count(row.point.seeds.length, locale) },
    { head: words.accuracy, numeric: true, cell: row => percent(row.point.mean, locale) },
    // before what it stands on: that may be beyond the edge of a narrow window
    compared && { head: words.verdict, cell: ({ verdict }) => (verdict ? words.verdicts[verdict] : '') },
    {
      head: words.interval,
      numeric: true,
      cell: ({ point: { interval } }) =>
        interval ? messages.range(percentNumber(interval.low, locale), percent(interval.high, locale)) : ''
    },
    haunted && {
      head: words.ghost,
      numeric: true,
      cell: ({ ghost, point }) => {
        if (!ghost) return ''
        const mean = percent(ghost.mean, locale)
        return ghost.seeds === point.seeds.length ? mean : words.overPairs(mean, messages.seeds(ghost.seeds))
      }
    },
    ghostsCompared && {
      head: words.overGhost,
      numeric: true,
      cell: ({ ghost, point }) => difference(ghost?.comparison, point.seeds.length)
    },
    named && {
      head: words.baseline,
      cell: ({ baseline }) => (baseline === undefined ? '' : strategyName(baseline))
    },
    compared && {
      head: words.difference,
      numeric: true,
      cell: row => difference(row.comparison, row.point.seeds.length)
    },
    compared && {
      head: words.adjusted,
      numeric: true,
      cell: ({ adjusted }) => (adjusted === undefined ? '' : pValue(adjusted, locale))
    },
    sized && {
      head: words.againstBest,
      numeric: true,
      cell: ({ againstBest: best, point }) =>
        best === undefined
          ? ''
          : best === 'best'
            ? words.bestSize
            : words.fromBest(difference(best.comparison, point.seeds.length), count(best.best, locale))
    },
    sized && {
      head: words.sizeAdjusted,
      numeric: true,
      cell: ({ againstBest: best }) =>
        best === undefined || best === 'best' ? '' : pValue(best.adjusted!, locale)
    },
    limited && {
      head: words.lossLimit,
      numeric: true,
      cell: ({ lossLimit }) => (lossLimit === undefined ? '' : upperLimit(lossLimit, locale))
    },
    covered && {
      head: words.classes,
      numeric: true,
      cell: ({ point }) => (point.classes === undefined ? '' : decimal(point.classes, locale))
    },
    summed && {
      head: words.area,
      numeric: true,
      cell: ({ point }) => (point.area === undefined ? '' : percent(point.area, locale))
    }
  ]
  const shown = columns.filter(column => column !== false)
  return {
    columns: shown.map(column => column.head),
    numeric: shown.map(column => column.numeric ?? false),
    ...(summed ? { note: words.areaMeans } : {}),
    ...(compared && rows.some(row => row.comparison)
      ? {
          note: sentences(
            [words.verdictMeans, sized ? words.sizeMeans : '', limited ? words.lossMeans : ''],
            locale
          )
        }
      : {}),
    rows: rows.map(row => shown.map(column => column.cell(row)))
  }
}
