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

/** `labelled` (ascending) and the rows in `added`, which are in no order: ascending. */
export function union(labelled: Uint32Array, added: Uint32Array): Uint32Array {
  const fresh = added.toSorted()
  const out = new Uint32Array(labelled.length + fresh.length)
  for (let i = 0, a = 0, b = 0; i < out.length; i++)
    out[i] = b === fresh.length || labelled[a] < fresh[b] ? labelled[a++] : fresh[b++]
  return out
}
