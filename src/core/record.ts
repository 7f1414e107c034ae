/**
 * What is kept. A Measurement belongs to a training, a Pick to a query of it; a Record joins the two for one
 * round of one run. What is not stored cannot be studied later, so all of it is kept from the first day.
 */

/** Label-free diagnostics of a training, from its predictions on a fixed sample of at most 1,000 unlabelled pool images. */
export interface Diagnostics {
  /** cross-entropy between the uniform prior and the mean prediction, in nats (after Gao et al. 2020; experimental) */
  marginalCrossEntropy: number
  /** entropy of the histogram of predicted classes, in nats */
  predictedEntropy: number
  /** number of classes predicted at least once */
  predictedClasses: number
  /** mean of the largest probability */
  meanConfidence: number
}

/** Time of each phase without suspensions; that of a query stands with the query. */
export interface Seconds {
  train: number
  /** test set and diagnostics */
  test: number
}

/** What a finished training leaves behind. */
export interface Measurement {
  labelCount: number
  /** test images predicted right, one bit each, image i at bit i & 7 of byte i >> 3 */
  correct: Uint8Array
  testSize: number
  /** predicted class counts on the test set [classes] */
  predicted: number[]
  steps: number
  /** mean training loss of the last epoch */
  trainLoss: number
  /** mean cross-entropy on the test set, in nats */
  testLoss: number
  diagnostics: Diagnostics
  seconds: Seconds
}

/** What a finished query leaves behind. */
export interface Pick {
  /** pool rows in picking order */
  picks: Uint32Array
  /** the score of each pick, where the strategy scores [picks] */
  scores?: Float32Array
  /** needs (shared among the queries that were answered together) and selection */
  seconds: number
}

/** One round of one run. */
export interface RoundRecord {
  labelCount: number
  trainingKey: string
  measurement: Measurement
  /** labelled images of each class [classes] (with the labels the training saw) */
  classCounts: number[]
  /** rows labelled for this round, in picking order (round 0: the initial set) */
  added: Uint32Array
  /** seconds of the query that chose them; absent in round 0 and where nothing was asked of a training */
  querySeconds?: number
}

export function sameValues(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Whether two records of a round say the same of what was labelled, and of which test images are right. */
export const sameRound = (a: RoundRecord, b: RoundRecord): boolean =>
  sameValues(a.added, b.added) && sameValues(a.measurement.correct, b.measurement.correct)

/** Number of bits set: right test images. */
export function countCorrect(correct: Uint8Array): number {
  let n = 0
  for (let byte of correct) for (; byte; byte &= byte - 1) n++
  return n
}
