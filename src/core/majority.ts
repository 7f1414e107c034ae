/** The majority class of a test part: what an answer that is always the same gets right, whatever has been learned. */

/**
 * Whether one should know of it before reading an accuracy: it is more than an even part of the images by a fifth of them all.
 * `classes`: those that have test images.
 */
export const isLopsided = (majority: number, testSize: number, classes: number): boolean =>
  // in integers: majority / testSize - 1 / classes >= 1 / 5
  5 * majority * classes >= testSize * (5 + classes)
