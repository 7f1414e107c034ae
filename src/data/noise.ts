/**
 * Symmetric label noise: an exact share of the pool gets the label of another class, each other class equally likely
 * (Angluin and Laird 1988; van Rooyen, Menon and Williamson, NeurIPS 2015). Real annotators err between similar
 * classes; that is left out.
 */
import { hashOrder } from '../core/hashOrder.ts'
import { below, derive, type Key } from '../core/random.ts'

/** How many of n rows a share means. */
export const shareOf = (share: number, n: number) => Math.round(share * n)

/** New labels [pool]: `shareOf(share, pool)` of them differ. With a single class nothing can be wrong. */
export function noisyLabels(labels: Uint16Array, classes: number, share: number, key: Key): Uint16Array {
  const out = labels.slice()
  if (classes < 2) return out
  const rows = hashOrder(derive(key, 0), Array.from(labels.keys())).subarray(0, shareOf(share, labels.length))
  const replacement = derive(key, 1)
  for (const row of rows) out[row] = (labels[row] + 1 + below(replacement, row, classes - 1)) % classes
  return out
}
