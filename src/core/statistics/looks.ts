/**
 * Looking again is paid for. Verdicts are on screen while seeds come in, and who does not like one can add seeds: with a test at
 * 5 % that is looked at after each of 2 to 20 seeds, one comparison in four is decided at some time where there is no
 * difference. What `paid` makes of p falls below a with probability a at most, after any of 2 to 100 seeds, so a difference that
 * is none is found at most once in twenty, however often one looks and whenever one stops. It is a function of the result alone:
 * merging and links need to know nothing of who looked when.
 *
 * Of the errors that may be made in all, most are allowed where experiments end, from 5 to 20 seeds; hardly any to 2 and
 * 3, which decide nothing anyway, and ever fewer beyond 20. (Spending errors over looks: Pocock 1977; Lan and DeMets
 * 1983.) What the smallest weighted p of all looks is worth was found by simulating half a million courses of a paired
 * t-test over 100 seeds: nearly a straight line over its logarithm. A test simulates them again.
 */

/** With fewer seeds hardly any errors are allowed: what could be said of them would be beyond everything. */
export const LEAST_SEEDS = 5

/** Which share of the errors a look at so many seeds may make, as a weight. */
function weight(seeds: number): number {
  if (seeds < LEAST_SEEDS) return seeds < 3 ? 0.05 : seeds < 4 ? 0.1 : 0.3
  return Math.min(1, (20 / seeds) ** 2)
}

/** `p` of one look at so many seeds, two-sided. */
export function paid(p: number, seeds: number): number {
  const weighted = p / weight(seeds)
  return weighted > 0
    ? Math.min(1, Math.max(p, weighted * (1.45 - 1.08 * Math.log(Math.min(1, weighted)))))
    : 0
}

const afforded = new Map<string, number>()

/** The largest p of one look at so many seeds that is worth `level` when paid for: the inverse of `paid`. */
export function affordable(level: number, seeds: number): number {
  const key = `${level} ${seeds}`
  let p = afforded.get(key)
  if (p === undefined) {
    // over its logarithm: it may be a small share of the level
    let [low, high] = [Math.log(1e-300), Math.log(level)]
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2
      if (paid(Math.exp(middle), seeds) <= level) low = middle
      else high = middle
    }
    p = Math.exp(low)
    if (afforded.size < 1000) afforded.set(key, p)
  }
  return p
}

/** The price of the one look that a study has whose seeds were fixed beforehand: none. */
export const planned = (p: number): number => p
