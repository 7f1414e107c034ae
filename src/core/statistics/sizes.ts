/**
 * What the initial size does to one line at N labels: its best size against each of the others, paired by seed, with seeds and
 * test images as sources of error (paired.ts). Corrected for looking again (looks.ts), for having chosen the best of k sizes
 * (one of all k (k - 1) / 2 pairs, of which k - 1 are compared: k / 2), and for all of these comparisons together (Holm). At N = the initial
 * size nothing has been queried: that would compare the strategy with Random. A line that is the same training from all sizes, as
 * Random, has none.
 */
import { pointAt, sameCounts, type Curves } from '../curves.ts'
import { ALPHA } from './alpha.ts'
import { holm } from './holm.ts'
import { paid } from './looks.ts'
import type { Comparison } from './paired.ts'

/** A line from another size than the one with its largest mean. */
export interface OtherSize {
  strategy: string
  initialSize: number
  best: number
  /** sizes that the best one is the best of */
  of: number
}

export interface AgainstBest extends OtherSize {
  /** this size - the best one; absent where two common seeds or the sums over test images are missing */
  comparison?: Comparison
  /** its p-value, so corrected */
  adjusted?: number
  /** below the best one beyond doubt */
  below: boolean
}

/** The sizes that a line was measured from at N, ascending: where it starts nothing was queried. */
export const measuredFrom = (curves: Curves, strategy: string, labelCount: number) =>
  curves.initialSizes.flatMap(initialSize => {
    const queried = initialSize !== labelCount
    const point = queried ? pointAt(curves, { strategy, initialSize }, labelCount) : undefined
    return point ? [{ initialSize, point }] : []
  })

/** Of more initial sizes than these, a line is not compared from each with each other: too much to carry, and to compute. */
export const MOST_PAIRED = 6

/** All pairs of sizes of a line at N that are not the same training, the smaller first. */
export function sizePairs(curves: Curves, strategy: string, labelCount: number): [number, number][] {
  const from = measuredFrom(curves, strategy, labelCount)
  return from.flatMap((a, i) =>
    from
      .slice(i + 1)
      .filter(b => !sameCounts(a.point, b.point))
      .map((b): [number, number] => [a.initialSize, b.initialSize])
  )
}

/** The sizes that a line was measured from at N, but its best; ties to the smaller. */
export function otherSizes(curves: Curves, strategy: string, labelCount: number): OtherSize[] {
  const from = measuredFrom(curves, strategy, labelCount)
  if (!from.length) return []
  const first = from.reduce((a, b) => (b.point.mean > a.point.mean ? b : a))
  return from
    .filter(({ point }) => point !== first.point && !sameCounts(point, first.point))
    .map(({ initialSize }) => ({ strategy, initialSize, best: first.initialSize, of: from.length }))
}

/** All lines from all sizes but their best ones, in the curves' order. */
export function againstBestSize(curves: Curves, labelCount: number): AgainstBest[] {
  const rows = curves.strategies
    .flatMap(strategy => otherSizes(curves, strategy, labelCount))
    .map((row): AgainstBest => {
      const { strategy, initialSize, best } = row
      const comparison = curves.compare(
        { strategy, initialSize },
        { strategy, initialSize: best },
        labelCount
      )
      return { ...row, comparison, below: false }
    })
  const compared = rows.filter(row => row.comparison)
  const adjusted = holm(compared.map(({ comparison: c, of }) => Math.min(1, (paid(c!.p, c!.seeds) * of) / 2)))
  compared.forEach((row, i) => {
    row.adjusted = adjusted[i]
    row.below = adjusted[i] < ALPHA && row.comparison!.difference < 0
  })
  return rows
}
