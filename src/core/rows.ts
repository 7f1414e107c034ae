/** Sets of pool rows, always ascending. */

/** Pool rows that are not in `labelled` (ascending), ascending. */
export function complement(labelled: Uint32Array, poolSize: number): Uint32Array {
  const out = new Uint32Array(poolSize - labelled.length)
  for (let row = 0, next = 0, filled = 0; row < poolSize; row++) {
    if (next < labelled.length && labelled[next] === row) next++
    else out[filled++] = row
  }
  return out
}
