/**
 * Rows of a pool that have to be asked for to look at some: none (undefined) if they are `there`; with those that may be looked at
 * `next` if all together are at most `most`. Each once.
 */
export function rowsToAsk(
  there: Iterable<number>,
  rows: Iterable<number>,
  next: Iterable<number>,
  most: number
): Uint32Array | undefined {
  const known = new Set(there)
  const wanted = new Set(rows)
  if ([...wanted].every(row => known.has(row))) return undefined
  const all = new Set([...wanted, ...next])
  return Uint32Array.from(all.size <= most ? all : wanted)
}
