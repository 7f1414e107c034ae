/**
 * How much may a start lose? Where it is not decided whether the initial size matters, there still is a limit to what each size can
 * lose: how far a line from that size lies at most below the same line from its truly best one, whichever that is. For
 * one line these are multiple comparisons with the best (Hsu 1981, Ann. Statist. 9, 1026): if the differences of the best size
 * to the k - 1 others are all within their one-sided limits, so is what every size loses. The limits of all lines at one N hold
 * together with 95 %, however many seeds are added and looked at (looks.ts). They take differences to vary about normally from seed
 * to seed: failures so rare that no seed has shown one are not foreseen. Who changes what is compared, or N, looks at other
 * limits.
 */
import { sameCounts, type CurvePoint, type Curves } from '../curves.ts'
import { ALPHA } from './alpha.ts'
import { affordable, LEAST_SEEDS } from './looks.ts'
import { reach, type Comparison } from './paired.ts'
import { measuredFrom, MOST_PAIRED } from './sizes.ts'

export interface StartLoss {
  strategy: string
  initialSize: number
  /** at most so far below the line's best size, in accuracy; 0: no size is better */
  limit: number
}

interface Sized {
  initialSize: number
  point: CurvePoint
}

/** Two sizes of a line; without a comparison they are the same training. */
interface Pair {
  sizes: [number, number]
  compared?: Comparison
}

/**
 * Of every line that depends on the initial size, what each of its sizes loses at most at N. Empty unless that can be said of all
 * lines: measured from the same sizes, several and not too many, with enough seeds in common, and their sums over test images.
 */
export function startLosses(curves: Curves, labelCount: number): StartLoss[] {
  const lines = curves.strategies
    .map(strategy => ({ strategy, from: measuredFrom(curves, strategy, labelCount) }))
    .filter(({ from }) => from.length)
  const count = new Set(lines.flatMap(({ from }) => from.map(sized => sized.initialSize))).size
  if (count < 2 || count > MOST_PAIRED || lines.some(({ from }) => from.length < count)) return []
  const paired = lines.map(({ strategy, from }) => ({
    strategy,
    from,
    pairs: pairsOf(curves, strategy, from, labelCount)
  }))
  if (paired.some(({ pairs }) => !pairs)) return []
  const sloping = paired.filter(({ pairs }) => pairs!.some(pair => pair.compared))
  const statements = sloping.length * (count - 1)
  return sloping.flatMap(({ strategy, from, pairs }) => {
    const limits = new Map(from.map(({ initialSize }) => [initialSize, 0]))
    const raise = (size: number, limit: number) => limits.set(size, Math.max(limits.get(size)!, limit))
    for (const { sizes, compared } of pairs!) {
      if (!compared) continue
      const { difference, seeds } = compared
      const half = reach(compared, affordable((2 * ALPHA) / statements, seeds))
      raise(sizes[0], half - difference)
      raise(sizes[1], half + difference)
    }
    return [...limits].map(([initialSize, limit]) => ({ strategy, initialSize, limit }))
  })
}

/** All pairs of sizes of a line; undefined where one of them cannot be compared. */
function pairsOf(
  curves: Curves,
  strategy: string,
  from: readonly Sized[],
  labelCount: number
): Pair[] | undefined {
  const pairs: Pair[] = []
  for (const [i, a] of from.entries())
    for (const b of from.slice(i + 1)) {
      const sizes: Pair['sizes'] = [a.initialSize, b.initialSize]
      if (commonSeeds(a.point, b.point) < LEAST_SEEDS) return undefined
      if (sameCounts(a.point, b.point)) {
        pairs.push({ sizes })
        continue
      }
      const [one, other] = sizes.map(initialSize => ({ strategy, initialSize }))
      const compared = curves.compare(one, other, labelCount)
      if (!compared || compared.seeds < LEAST_SEEDS) return undefined
      pairs.push({ sizes, compared })
    }
  return pairs
}

const commonSeeds = (a: CurvePoint, b: CurvePoint) => a.seeds.filter(seed => b.seeds.includes(seed)).length

/** The largest limit of each size, whichever of the lines one takes: the least first. */
export function worstLosses(losses: readonly StartLoss[]): Omit<StartLoss, 'strategy'>[] {
  const worst = new Map<number, number>()
  for (const { initialSize, limit } of losses)
    worst.set(initialSize, Math.max(limit, worst.get(initialSize) ?? 0))
  return [...worst]
    .map(([initialSize, limit]) => ({ initialSize, limit }))
    .sort((a, b) => a.limit - b.limit || a.initialSize - b.initialSize)
}
