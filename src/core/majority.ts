/** The majority class of a test part: what an answer that is always the same gets right, whatever has been learned. */

/** Images of the largest class. `labels` [n], 0 .. classes-1. */
export function majorityOf(labels: ArrayLike<number>, classes: number): number {
  const counts = new Array<number>(classes).fill(0)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return counts.reduce((most, n) => Math.max(most, n), 0)
}

/**
 * Whether one should know of it before reading an accuracy: it is more than an even part of the images by a fifth of them all.
 * `classes`: those that have test images.
 */
export const isLopsided = (majority: number, testSize: number, classes: number): boolean =>
  // in integers: majority / testSize - 1 / classes >= 1 / 5
  5 * majority * classes >= testSize * (5 + classes)
