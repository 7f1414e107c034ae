/**
 * What may be said at one label count. Verdicts come from paired differences that count seeds and test images as
 * sources of error (paired.ts), corrected for looking again while seeds come in (looks.ts) and for the number of
 * strategies that are looked at together (Holm). "Undecided" is an answer; one seed gets no verdict; at N = the initial
 * size all strategies are the same training, and with the whole pool labelled again.
 */
import { pointAt, type Curves } from '../curves.ts'
import { baselineOf, RANDOM, readLine } from '../result.ts'
import { findStrategy } from '../strategies/index.ts'
import { ALPHA } from './alpha.ts'
import type { Comparison } from './paired.ts'
import { holm } from './holm.ts'
import { paid } from './looks.ts'

export type Verdict =
  | 'aboveRandom'
  | 'belowRandom'
  | 'undecided'
  /** the same training for every strategy: at the initial size, and where the whole pool is labelled */
  | 'sameTraining'
  /** fewer than two seeds in common, or links without what a verdict needs */
  | 'noVerdict'

export interface AgainstRandom {
  strategy: string
  verdict: Verdict
  /** strategy - random; absent where there is none */
  comparison?: Comparison
  /** what it is compared with */
  baseline: string
  /** its p-value corrected for the comparisons beside it (Holm) */
  holm?: number
  /** corrected for looking again as well: what the verdict goes by */
  adjusted?: number
}

/** Strategies of one initial size that were measured at N, in the curves' order. */
function measuredAt(curves: Curves, initialSize: number, labelCount: number): string[] {
  return curves.strategies.filter(strategy => pointAt(curves, { strategy, initialSize }, labelCount))
}

/** Whether two lines from one initial size have the same labelled set at N: they do at the start, if their initial sets agree. */
export const sameStart = (a: string, b: string, initialSize: number, labelCount: number) =>
  labelCount === initialSize && readLine(a).selector === readLine(b).selector

/** Whether they have the same training there: unless one of the strategies adds to its trainings. */
export const sameTraining = (a: string, b: string, initialSize: number, labelCount: number) =>
  sameStart(a, b, initialSize, labelCount) && !addsToTraining(a) && !addsToTraining(b)

/** Every seed answers every test image alike: as where the whole pool is labelled, and the sets are the same. */
const sameAnswers = ({ difference, errors }: Comparison) =>
  difference === 0 && errors.every(error => error.variance === 0)

const addsToTraining = (line: string) => findStrategy(readLine(line).strategy)?.recipe !== undefined

/**
 * Every line measured at N from this initial size, against random from the same initial sets (and random from chosen
 * initial sets against random from random ones, where there is that).
 */
export function againstRandom(curves: Curves, initialSize: number, labelCount: number): AgainstRandom[] {
  const rows = measuredAt(curves, initialSize, labelCount)
    .flatMap(strategy => {
      const baseline = baselineOf(strategy)
      const isRandom = readLine(strategy).strategy === RANDOM
      if (baseline === undefined || (isRandom && !curves.strategies.includes(baseline))) return []
      return [{ strategy, baseline }]
    })
    .map(({ strategy, baseline }): AgainstRandom => {
      if (sameTraining(strategy, baseline, initialSize, labelCount))
        return { strategy, baseline, verdict: 'sameTraining' }
      const comparison = curves.compare(
        { strategy, initialSize },
        { strategy: baseline, initialSize },
        labelCount
      )
      if (comparison && sameAnswers(comparison)) return { strategy, baseline, verdict: 'sameTraining' }
      return { strategy, baseline, verdict: comparison ? 'undecided' : 'noVerdict', comparison }
    })
  const compared = rows.filter(row => row.comparison)
  const comparisons = compared.map(row => row.comparison!)
  const once = holm(comparisons.map(c => c.p))
  const adjusted = holm(comparisons.map(c => paid(c.p, c.seeds)))
  compared.forEach((row, i) => {
    row.holm = once[i]
    row.adjusted = adjusted[i]
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

/** The lines that compete at N: of several with the same training, the first. */
function rivalsAt(curves: Curves, initialSize: number, labelCount: number): string[] {
  const lines = measuredAt(curves, initialSize, labelCount)
  return lines.filter(
    (line, i) => !lines.slice(0, i).some(l => sameTraining(l, line, initialSize, labelCount))
  )
}

/** The strategy with the largest mean at N; ties to the first in order. */
export function leaderAt(curves: Curves, initialSize: number, labelCount: number): string | undefined {
  let leader: string | undefined
  let most = -1
  for (const strategy of rivalsAt(curves, initialSize, labelCount)) {
    const m = pointAt(curves, { strategy, initialSize }, labelCount)!.mean
    if (m > most) [leader, most] = [strategy, m]
  }
  return leader
}

/** Who leads by mean at N from this initial size, and how it compares with each of the others; undefined where nobody is compared. */
interface Contest {
  leader: string
  others: string[]
  /** leader - other */
  comparisons: (Comparison | undefined)[]
}

export function contestAt(curves: Curves, initialSize: number, labelCount: number): Contest | undefined {
  const leader = leaderAt(curves, initialSize, labelCount)
  if (leader === undefined) return undefined
  const others = rivalsAt(curves, initialSize, labelCount).filter(s => s !== leader)
  const comparisons = others.map(strategy =>
    curves.compare({ strategy: leader, initialSize }, { strategy, initialSize }, labelCount)
  )
  return comparisons.some(c => c) ? { leader, others, comparisons } : undefined
}

/**
 * Who is best at N from this initial size, if anybody can be said to be. `priced`: what is made of a p-value, by its number of
 * seeds.
 */
export function rankingAt(
  curves: Curves,
  initialSize: number,
  labelCount: number,
  priced: (p: number, seeds: number) => number = paid
): Ranking {
  if (labelCount === initialSize && rivalsAt(curves, initialSize, labelCount).length < 2)
    return { kind: 'sameTraining' }
  const contest = contestAt(curves, initialSize, labelCount)
  if (!contest) return { kind: 'noVerdict' }
  const { leader, others, comparisons } = contest
  if (comparisons.every(c => c && sameAnswers(c))) return { kind: 'sameTraining' }
  const adjusted = holm(comparisons.map(c => (c ? priced(c.p, c.seeds) : 1)))
  const equals = others.filter((_, i) => !(adjusted[i] < ALPHA && comparisons[i]!.difference > 0))
  return equals.length ? { kind: 'undecided', leader, rivals: equals } : { kind: 'best', strategy: leader }
}
