/**
 * What may be said at one label count. Verdicts come from paired differences that count seeds and test images as
 * sources of error (paired.ts), corrected for the number of strategies that are looked at together (Holm). "Undecided"
 * is an answer; one seed gets no verdict; at N = the initial size all strategies are the same training.
 */
import { pointAt, type Curves } from '../curves.ts'
import type { Comparison } from './paired.ts'
import { holm } from './holm.ts'

const ALPHA = 0.05
export const BASELINE = 'random'

export type Verdict =
  | 'aboveRandom'
  | 'belowRandom'
  | 'undecided'
  /** at the initial size: the same training for every strategy */
  | 'sameTraining'
  /** fewer than two seeds in common, or links without what a verdict needs */
  | 'noVerdict'

export interface AgainstRandom {
  strategy: string
  verdict: Verdict
  /** strategy - random; absent where there is none */
  comparison?: Comparison
}

/** Strategies of one initial size that were measured at N, in the curves' order. */
function measuredAt(curves: Curves, initialSize: number, labelCount: number): string[] {
  return curves.strategies.filter(strategy => pointAt(curves, { strategy, initialSize }, labelCount))
}

/** Every strategy but random, measured at N from this initial size, against random from the same initial size. */
export function againstRandom(curves: Curves, initialSize: number, labelCount: number): AgainstRandom[] {
  const baseline = { strategy: BASELINE, initialSize }
  const rows = measuredAt(curves, initialSize, labelCount)
    .filter(strategy => strategy !== BASELINE)
    .map((strategy): AgainstRandom => {
      if (labelCount === initialSize) return { strategy, verdict: 'sameTraining' }
      const comparison = curves.compare({ strategy, initialSize }, baseline, labelCount)
      return { strategy, verdict: comparison ? 'undecided' : 'noVerdict', comparison }
    })
  const compared = rows.filter(row => row.comparison)
  const adjusted = holm(compared.map(row => row.comparison!.p))
  compared.forEach((row, i) => {
    if (adjusted[i] < ALPHA) row.verdict = row.comparison!.difference > 0 ? 'aboveRandom' : 'belowRandom'
  })
  return rows
}

/** The verdict on one strategy, corrected for the others beside it. */
export function verdictOf(
  curves: Curves,
  strategy: string,
  initialSize: number,
  labelCount: number
): Verdict | undefined {
  return againstRandom(curves, initialSize, labelCount).find(row => row.strategy === strategy)?.verdict
}

export type Ranking =
  /** supported against every other strategy */
  | { kind: 'best'; strategy: string }
  /** the leader by mean, and those that cannot be told from it */
  | { kind: 'undecided'; leader: string; rivals: string[] }
  | { kind: 'sameTraining' }
  /** fewer than two strategies there, or nothing that a comparison could stand on */
  | { kind: 'noVerdict' }

/** The strategy with the largest mean at N; ties to the first in order. */
export function leaderAt(curves: Curves, initialSize: number, labelCount: number): string | undefined {
  let leader: string | undefined
  let most = -1
  for (const strategy of measuredAt(curves, initialSize, labelCount)) {
    const m = pointAt(curves, { strategy, initialSize }, labelCount)!.mean
    if (m > most) [leader, most] = [strategy, m]
  }
  return leader
}

/** Who is best at N from this initial size, if anybody can be said to be. */
export function rankingAt(curves: Curves, initialSize: number, labelCount: number): Ranking {
  if (labelCount === initialSize) return { kind: 'sameTraining' }
  const leader = leaderAt(curves, initialSize, labelCount)
  const others = measuredAt(curves, initialSize, labelCount).filter(s => s !== leader)
  if (leader === undefined || !others.length) return { kind: 'noVerdict' }
  const comparisons = others.map(strategy =>
    curves.compare({ strategy: leader, initialSize }, { strategy, initialSize }, labelCount)
  )
  if (comparisons.every(c => !c)) return { kind: 'noVerdict' }
  const adjusted = holm(comparisons.map(c => c?.p ?? 1))
  const rivals = others.filter((_, i) => !(adjusted[i] < ALPHA && comparisons[i]!.difference > 0))
  return rivals.length ? { kind: 'undecided', leader, rivals } : { kind: 'best', strategy: leader }
}
