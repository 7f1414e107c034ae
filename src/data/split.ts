/** A stratified, seeded test part for data that come without one, and a stratified, seeded choice of fewer images. */
import { hashOrder } from '../core/hashOrder.ts'
import { derive, Purpose, rootKey, type Key } from '../core/random.ts'

/** Streams of the split, beside those of a view (view.ts). */
const SPLIT = 6
const FEWER = 7

/** Rows of each class in a shuffled order, [classes]; rows are ids, of which `labels` gives the class. */
function shuffledMembers(rows: ArrayLike<number>, labels: ArrayLike<number>, key: Key): number[][] {
  const members: number[][] = []
  for (const row of hashOrder(key, rows)) (members[labels[row]] ??= []).push(row)
  return members
}

/** How many of n rows of a class go to the test part: the nearest whole number, at least one of two, never all. */
export const testCount = (n: number, share: number) =>
  Math.min(Math.max(Math.round(n * share), 1), Math.max(n - 1, 0))

/** The rows that become the test part, of each class `testCount` of its own; in the order of `rows`. */
export function drawTest(
  rows: ArrayLike<number>,
  labels: ArrayLike<number>,
  share: number,
  seed: number
): { pool: Uint32Array; test: Uint32Array } {
  const isTest = new Set<number>()
  for (const members of shuffledMembers(rows, labels, derive(rootKey(seed, Purpose.view), SPLIT)))
    for (const row of members?.slice(0, testCount(members.length, share)) ?? []) isTest.add(row)
  const all = Uint32Array.from(rows)
  return { pool: all.filter(row => !isTest.has(row)), test: all.filter(row => isTest.has(row)) }
}

/**
 * At most `most` of the rows, the same share of each class (largest remainders, ties to the lower class), at least one of
 * each where `most` allows; in the order of `rows`. Nested: fewer are among more, but for rounding.
 */
export function drawFewer(
  rows: ArrayLike<number>,
  labels: ArrayLike<number>,
  most: number,
  seed: number
): Uint32Array {
  const all = Uint32Array.from(rows)
  if (all.length <= most) return all
  const members = shuffledMembers(rows, labels, derive(rootKey(seed, Purpose.view), FEWER))
  const kept = new Set<number>()
  fewerCounts(
    Array.from(members, m => m?.length ?? 0),
    most
  ).forEach((n, c) => members[c]?.slice(0, n).forEach(row => kept.add(row)))
  return all.filter(row => kept.has(row))
}

/** How many of each class are left of `counts` when at most `most` are, [classes]. */
export function fewerCounts(counts: readonly number[], most: number): number[] {
  const total = counts.reduce((a, b) => a + b, 0)
  if (total <= most) return [...counts]
  const floor = counts.filter(n => n > 0).length <= most ? 1 : 0
  const exact = counts.map(n => (n * most) / total)
  const out = counts.map((n, c) => Math.min(n, Math.max(Math.floor(exact[c]), floor)))
  let left = most - out.reduce((a, b) => a + b, 0)
  const byRest = counts.map((_, c) => c).sort((a, b) => exact[b] - out[b] - (exact[a] - out[a]) || a - b)
  for (let i = 0; left > 0; i++) {
    const c = byRest[i % byRest.length]
    if (out[c] === counts[c]) continue
    out[c]++
    left--
  }
  for (; left < 0; left++) out[out.indexOf(Math.max(...out))]--
  return out
}
