/** What a chart shows, in a sentence: for screen readers, for files, and for everybody who has not looked yet. */
import { pointAt, type Curves } from '../core/curves.ts'
import { RANDOM, readLine } from '../core/result.ts'
import { againstBestSize } from '../core/statistics/sizes.ts'
import { startLosses, worstLosses } from '../core/statistics/startLoss.ts'
import { againstRandom, leaderAt, rankingAt, type Ranking } from '../core/statistics/verdict.ts'
import { count, list, percent, points as inPoints, sentences, upperLimit } from './format.ts'
import type { GroupWords } from './messages.ts'
import { shownName, type ChartOptions } from './options.ts'

type Words = Pick<ChartOptions, 'curves' | 'n' | 'messages' | 'locale' | 'strategyName' | 'hidden'>

/** Initial sizes that share the same strategies go into one group, in order of first appearance. */
function grouped(found: { initialSize: number; strategies: string[] }[], words: Words): GroupWords[] {
  const groups = new Map<string, { strategies: string[]; sizes: number[] }>()
  for (const { initialSize, strategies } of found) {
    if (!strategies.length) continue
    const key = strategies.join('\n')
    const group = groups.get(key) ?? { strategies, sizes: [] }
    group.sizes.push(initialSize)
    groups.set(key, group)
  }
  return [...groups.values()].map(g => ({
    strategies: list(
      g.strategies.map(line => shownName(line, words)),
      words.locale
    ),
    initialSizes: sizeList(g.sizes, words)
  }))
}

const sizeList = (sizes: readonly number[], { locale }: Words) =>
  list(
    sizes.map(s => count(s, locale)),
    locale
  )

/** Two lines of one initial size that a verdict would compare. */
interface Pair {
  initialSize: number
  strategy: string
  other: string
}

/** Why nothing may be said at N of these pairs; '' where there is nothing to compare, as of Random from several initial sets alone. */
function silence({ curves, n, messages, locale }: Words, pairs: readonly Pair[]): string {
  const words = messages.summary
  const labels = count(n, locale)
  if (curves.strategies.length === 1) return words.single(labels)
  if (!pairs.length) {
    const alike = curves.initialSizes.some(
      size => size < n && rankingAt(curves, size, n).kind === 'sameTraining'
    )
    if (alike) return words.sameSet(labels)
    const starting = curves.strategies.filter(line => pointAt(curves, { strategy: line, initialSize: n }, n))
    // from smaller initial sizes something is queried by then, whether or not it is measured yet
    const none = curves.initialSizes.every(size => size >= n)
    if (starting.length > 1) return none ? words.sameTraining(labels) : words.silent(labels)
    return curves.strategies.every(line => readLine(line).strategy === RANDOM) ? '' : words.silent(labels)
  }
  const seeds = pairs.map(({ initialSize, strategy, other }) =>
    [strategy, other].map(line => pointAt(curves, { strategy: line, initialSize }, n)?.seeds ?? [])
  )
  if (seeds.every(([a, b]) => a.length && !b.length)) return words.noBaseline(labels)
  if (seeds.some(([a, b]) => a.filter(seed => b.includes(seed)).length > 1)) return words.withoutSums(labels)
  if (seeds.some(([a, b]) => a.length > 1 && b.length > 1)) return words.apart(labels)
  return words.silent(labels)
}

/** Who is ahead of random at N, and who is below it (`learningVerdict`); and how far there is to go. */
export function learningSummary(words: Words): string {
  const { curves, messages, locale } = words
  const { ceiling } = curves
  const height =
    ceiling &&
    messages.summary.ceiling(
      count(ceiling.labelCount, locale),
      percent(ceiling.mean, locale),
      ceiling.seeds.length
    )
  return sentences([learningVerdict(words), height ?? ''], locale)
}

export function learningVerdict(words: Words): string {
  const { curves, n, messages, locale } = words
  if (!curves.curves.length) return messages.summary.empty
  const labels = count(n, locale)
  const rows = curves.initialSizes.map(initialSize => ({
    initialSize,
    rows: againstRandom(curves, initialSize, n)
  }))
  if (!rows.some(r => r.rows.some(row => row.comparison))) {
    const mute = rows.flatMap(r =>
      r.rows
        .filter(row => row.verdict === 'noVerdict')
        .map(({ strategy, baseline }) => ({ initialSize: r.initialSize, strategy, other: baseline }))
    )
    return silence(words, mute)
  }
  const of = (verdict: string) =>
    grouped(
      rows.map(r => ({
        initialSize: r.initialSize,
        strategies: r.rows.filter(row => row.verdict === verdict).map(row => row.strategy)
      })),
      words
    )
  const baselines = new Set(rows.flatMap(r => r.rows.map(row => row.baseline)))
  const told = rows
    .flatMap(r => r.rows)
    .filter(row => row.verdict === 'aboveRandom' || row.verdict === 'belowRandom')
    .map(row => readLine(row.strategy).strategy === RANDOM)
  const named = { strategies: baselines.size > 1 && told.includes(false), random: told.includes(true) }
  const above = of('aboveRandom')
  const below = of('belowRandom')
  return sentences(
    [
      above.length || below.length ? '' : messages.summary.noneDiffers(labels),
      above.length ? messages.summary.above(labels, above) : '',
      !below.length
        ? ''
        : above.length
          ? messages.summary.below(below)
          : messages.summary.belowAt(labels, below),
      named.strategies || named.random ? messages.summary.whichRandom(named) : ''
    ],
    locale
  )
}

/** The leader of an initial size with each of its rivals. */
function pairsFrom(curves: Curves, initialSize: number, n: number): Pair[] {
  const leader = leaderAt(curves, initialSize, n)
  const others = curves.strategies.filter(
    line => line !== leader && pointAt(curves, { strategy: line, initialSize }, n)
  )
  return leader === undefined ? [] : others.map(other => ({ initialSize, strategy: leader, other }))
}

/** As many names can be taken in. */
const MOST_NAMED = 4

/** The leader and those that cannot be told from it, where that leaves others out. */
function contenders(curves: Curves, n: number, initialSize: number, ranking: Ranking): string[] {
  if (ranking.kind !== 'undecided') return []
  const names = curves.strategies.filter(s => s === ranking.leader || ranking.rivals.includes(s))
  const measured = curves.strategies.filter(strategy => pointAt(curves, { strategy, initialSize }, n))
  return names.length <= MOST_NAMED && names.length < measured.length ? names : []
}

/** Which lines lose by starting from another size than their best, or that it cannot be told; '' where nothing can be compared. */
function startMatters(words: Words): string {
  const { curves, n, hidden, messages, locale, strategyName } = words
  const rows = againstBestSize(curves, n)
  if (!rows.some(row => row.comparison)) return ''
  const below = rows
    .filter(row => row.below && !hidden.has(row.strategy))
    .sort((a, b) => a.comparison!.difference - b.comparison!.difference)
  if (!below.length) return rows.some(row => row.below) ? '' : messages.summary.startOpen
  const said = below.slice(0, MOST_NAMED).map(({ strategy, initialSize, best, comparison }) => {
    const { difference, interval } = comparison!
    const [low, high] = [interval.low, interval.high].map(end => inPoints(end, locale))
    return {
      strategy: strategyName(strategy),
      initialSize: count(initialSize, locale),
      best: count(best, locale),
      difference: `${inPoints(difference, locale)} (${messages.range(low, high)})`
    }
  })
  return messages.summary.startMatters(said, below.length - said.length)
}

/** What the starts lose at most, the safest first; '' where there is no such limit. Of the lines that are shown. */
function startLoss({ curves, n, hidden, messages, locale, strategyName }: Words): string {
  const shown = startLosses(curves, n).filter(loss => !hidden.has(loss.strategy))
  if (!shown.length) return ''
  const worst = worstLosses(shown)
  const said = worst.slice(0, MOST_NAMED).map(({ initialSize, limit }) => ({
    initialSize: count(initialSize, locale),
    ...(limit ? { limit: upperLimit(limit, locale) } : {})
  }))
  const lines = [...new Set(shown.map(loss => loss.strategy))]
  const line = lines.length > 1 ? undefined : strategyName(lines[0])
  return messages.summary.startLoss(said, line, worst.length - said.length)
}

/**
 * With which initial size which strategy is best at N, or that it cannot be told; what the size of the start does to each of
 * them, and what it loses at most.
 */
export function sensitivitySummary(words: Words): string {
  return sentences([bestByStart(words), startMatters(words), startLoss(words)], words.locale)
}

function bestByStart(words: Words): string {
  const { curves, n, messages, locale } = words
  if (!curves.curves.length) return messages.summary.empty
  const labels = count(n, locale)
  const rankings = curves.initialSizes.map(initialSize => ({
    initialSize,
    ranking: rankingAt(curves, initialSize, n)
  }))
  const best = grouped(
    rankings.map(({ initialSize, ranking }) => ({
      initialSize,
      strategies: ranking.kind === 'best' ? [ranking.strategy] : []
    })),
    words
  )
  const open = rankings.filter(r => r.ranking.kind === 'undecided').map(r => r.initialSize)
  if (!best.length && !open.length) {
    const mute = rankings.filter(r => r.ranking.kind === 'noVerdict').map(r => r.initialSize)
    return silence(
      words,
      mute.flatMap(initialSize => pairsFrom(curves, initialSize, n))
    )
  }
  const sizes = sizeList(open, words)
  const untold = best.length
    ? messages.summary.cannotTell(sizes)
    : messages.summary.cannotTellAt(labels, sizes)
  const running = grouped(
    rankings.map(({ initialSize, ranking }) => ({
      initialSize,
      strategies: contenders(curves, n, initialSize, ranking)
    })),
    words
  )
  return sentences(
    [
      best.length ? messages.summary.best(labels, best) : '',
      open.length ? untold : '',
      running.length ? messages.summary.running(running) : ''
    ],
    locale
  )
}
