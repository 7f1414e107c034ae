/** What a chart shows, in a sentence: for screen readers, for files, and for everybody who has not looked yet. */
import { pointAt } from '../core/curves.ts'
import { rankingAt, againstRandom } from '../core/statistics/verdict.ts'
import { count, list, percent, sentences } from './format.ts'
import type { GroupWords } from './messages.ts'
import type { ChartOptions } from './options.ts'

type Words = Pick<ChartOptions, 'curves' | 'n' | 'messages' | 'locale' | 'strategyName'>

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
    strategies: list(g.strategies.map(words.strategyName), words.locale),
    initialSizes: sizeList(g.sizes, words)
  }))
}

const sizeList = (sizes: readonly number[], { locale }: Words) =>
  list(
    sizes.map(s => count(s, locale)),
    locale
  )

/** Why nothing may be said at N: one strategy alone, too few seeds, or seeds enough without the sums over test images. */
function silence({ curves, n, messages, locale }: Words): string {
  if (curves.strategies.length === 1) return messages.summary.single(count(n, locale))
  const pairs = curves.initialSizes.some(initialSize => {
    if (initialSize === n) return false
    const seeds = curves.strategies.map(
      strategy => pointAt(curves, { strategy, initialSize }, n)?.seeds ?? []
    )
    return seeds.some((a, i) => seeds.slice(i + 1).some(b => a.filter(s => b.includes(s)).length > 1))
  })
  const labels = count(n, locale)
  return pairs ? messages.summary.withoutSums(labels) : messages.summary.silent(labels)
}

/** Who is ahead of random at N, and who is below it; and how far there is to go. */
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
  return sentences([standings(words), height ?? ''], locale)
}

function standings(words: Words): string {
  const { curves, n, messages, locale } = words
  if (!curves.curves.length) return messages.summary.empty
  const labels = count(n, locale)
  const rows = curves.initialSizes.map(initialSize => ({
    initialSize,
    rows: againstRandom(curves, initialSize, n)
  }))
  if (!rows.some(r => r.rows.some(row => row.comparison))) return silence(words)
  const of = (verdict: string) =>
    grouped(
      rows.map(r => ({
        initialSize: r.initialSize,
        strategies: r.rows.filter(row => row.verdict === verdict).map(row => row.strategy)
      })),
      words
    )
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
          : messages.summary.belowAt(labels, below)
    ],
    locale
  )
}

/** With which initial size which strategy is best at N, or that it cannot be told. */
export function sensitivitySummary(words: Words): string {
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
  if (!best.length && !open.length) return silence(words)
  const sizes = sizeList(open, words)
  const untold = best.length
    ? messages.summary.cannotTell(sizes)
    : messages.summary.cannotTellAt(labels, sizes)
  return sentences(
    [best.length ? messages.summary.best(labels, best) : '', open.length ? untold : ''],
    locale
  )
}
