/**
 * How much may a start cost? Where it is not decided whether the initial size matters, there still is a most that each size can
 * cost: an upper limit of how far a line from that size lies below the same line from its truly best one, whichever that is. For
 * one line these are multiple comparisons with the best (Hsu 1981, Ann. Statist. 9, 1026): if the differences of the best size
 * to the k - 1 others are all within their one-sided limits, so is what every size loses. The limits of all lines together hold
 * with 95 %, however often one looks (looks.ts): they say nothing that later seeds are likely to belie.
 */
import { pointAt, sameCounts, type Curves } from '../curves.ts'
import { ALPHA } from './alpha.ts'
import { affordable } from './looks.ts'
import { reach } from './paired.ts'
import { measuredFrom, sizePairs } from './sizes.ts'

/** Fewer seeds are hardly allowed any errors (looks.ts): their limits would be beyond everything. */
const LEAST_SEEDS = 5

export interface StartLoss {
  strategy: string
  initialSize: number
  /** the most that it costs against the line's best size, in accuracy; 0: none is better */
  most: number
}

/**
 * Of every line that depends on the initial size, what each of its sizes may cost at N. Empty unless all of that can be said: lines
 * measured from several sizes with enough seeds in common, all pairs of sizes with their sums over test images.
 */
export function startLosses(curves: Curves, labelCount: number): StartLoss[] {
  const lines = curves.strategies.filter(line => sizePairs(curves, line, labelCount).length)
  const sizes = new Map(
    lines.map(line => [line, measuredFrom(curves, line, labelCount).map(({ initialSize }) => initialSize)])
  )
  const statements = [...sizes.values()].reduce((sum, { length }) => sum + length - 1, 0)
  const losses: StartLoss[] = []
  for (const [strategy, from] of sizes)
    for (const initialSize of from) {
      const rivals = from.filter(size => size !== initialSize)
      const limits = rivals.map(size => behind(curves, strategy, initialSize, size, labelCount, statements))
      if (limits.includes(undefined)) return []
      losses.push({ strategy, initialSize, most: Math.max(0, ...limits.map(limit => limit!)) })
    }
  return losses
}

/** An upper limit of how far a line from one size lies below itself from another, one of so many. */
function behind(
  curves: Curves,
  strategy: string,
  initialSize: number,
  other: number,
  labelCount: number,
  statements: number
): number | undefined {
  const [mine, its] = [initialSize, other].map(size => ({ strategy, initialSize: size }))
  const [a, b] = [mine, its].map(arm => pointAt(curves, arm, labelCount)!)
  const compared = curves.compare(its, mine, labelCount)
  if (!compared) return sameCounts(a, b) ? 0 : undefined
  const { difference, seeds } = compared
  if (seeds < LEAST_SEEDS) return undefined
  return difference + reach(compared, affordable((2 * ALPHA) / statements, seeds))
}

/** What a size may cost, whichever of the lines one takes. */
export interface SizeLoss {
  initialSize: number
  most: number
}

/** The least costly first; without sizes from which some of the lines were not measured. */
export function worstLosses(losses: readonly StartLoss[]): SizeLoss[] {
  const lines = new Set(losses.map(loss => loss.strategy)).size
  const sizes = [...new Set(losses.map(loss => loss.initialSize))].sort((a, b) => a - b)
  return sizes
    .flatMap(initialSize => {
      const own = losses.filter(loss => loss.initialSize === initialSize)
      return own.length < lines ? [] : [{ initialSize, most: Math.max(...own.map(({ most }) => most)) }]
    })
    .sort((a, b) => a.most - b.most)
}
