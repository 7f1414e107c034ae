/**
 * Class-balanced active learning (CBAL), what its two forms share. Wanted: as many labels of each class as of any other,
 * once this query is labelled. Omega_c is what class c still lacks, max(0, floor((labelled + k) / C) - labelled of c); the
 * predicted probabilities of the picks are charged against it, r = Omega - sum p. A step that leaves a smaller ||r||_1 is
 * worth giving up some score. (The authors' code counts labelled classes with np.unique, so a class that is missing
 * shifts the others; and it scores augmented images. Neither is done here.)
 */
import type { QueryInput } from '../strategy.ts'

/** Omega [classes]: what each class lacks to its even share of all labels after this query. */
export function neededCounts({ k, classes, labels, unlabelled }: QueryInput): Float64Array {
  const share = Math.floor((labels.length + Math.min(k, unlabelled.length)) / classes)
  const counts = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return counts.map(count => Math.max(0, share - count))
}

/** ||r - p_i||_1 for row i of [rows, classes]. */
export function shortage(r: Float64Array, p: ArrayLike<number>, i: number): number {
  let sum = 0
  for (let c = 0, at = i * r.length; c < r.length; c++) sum += Math.abs(r[c] - p[at + c])
  return sum
}

/** Charges row i of [rows, classes] against r. */
export function charge(r: Float64Array, p: ArrayLike<number>, i: number): void {
  for (let c = 0, at = i * r.length; c < r.length; c++) r[c] -= p[at + c]
}
