/** A stratified, seeded test part for data that come without one. */
import { derive, hashOrder, Purpose, rootKey } from '../core/random.ts'
import type { ImageSet } from '../core/view.ts'

/** Stream of the split, beside those of a view (view.ts). */
const SPLIT = 6

/**
 * Of each class, the nearest whole number to `share` goes to the test part, but at least one image where the class has
 * two, and never all. Both parts keep the order of the whole.
 */
export function splitOff(set: ImageSet, share: number, seed: number): { pool: ImageSet; test: ImageSet } {
  const { images, labels } = set
  const order = hashOrder(derive(rootKey(seed, Purpose.view), SPLIT), Array.from(labels.keys()))
  const members: number[][] = []
  for (const row of order) (members[labels[row]] ??= []).push(row)
  const isTest = new Uint8Array(labels.length)
  members.forEach(rows => {
    const wanted = Math.max(Math.round(rows.length * share), 1)
    for (const row of rows.slice(0, Math.min(wanted, rows.length - 1))) isTest[row] = 1
  })
  const size = images.length / labels.length
  const part = (which: number): ImageSet => {
    const rows = Array.from(labels.keys()).filter(row => isTest[row] === which)
    const out = { images: new Uint8Array(rows.length * size), labels: new Uint16Array(rows.length) }
    rows.forEach((row, i) => {
      out.images.set(images.subarray(row * size, (row + 1) * size), i * size)
      out.labels[i] = labels[row]
    })
    return out
  }
  return { pool: part(0), test: part(1) }
}
