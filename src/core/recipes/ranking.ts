/**
 * The loss of a module that predicts losses (Yoo and Kweon, CVPR 2019, eq. 2): of two images the one with the larger loss
 * shall have the larger prediction, by a margin. Only the order counts, since losses shrink as a training goes on.
 */
import { logPortable } from '../numeric/portable.ts'
import { softmaxOf } from './losses.ts'

export interface RankingLoss {
  /** mean over the pairs; 0 without a pair */
  loss: number
  /** at the predictions [batch] */
  gradient: Float32Array
}

/**
 * Mean of max(0, margin - s (p_i - p_j)) over the pairs (i, B-1-i) of a batch, with s = 1 where the loss of i is larger and -1
 * otherwise. The one in the middle of an odd batch has no partner. `losses` and `predictions` [batch].
 */
export function rankingLoss(
  losses: ArrayLike<number>,
  predictions: ArrayLike<number>,
  margin: number
): RankingLoss {
  const pairs = predictions.length >> 1
  const gradient = new Float32Array(predictions.length)
  let loss = 0
  for (let i = 0; i < pairs; i++) {
    const j = predictions.length - 1 - i
    const sign = losses[i] > losses[j] ? 1 : -1
    const short = margin - sign * (predictions[i] - predictions[j])
    if (short <= 0) continue
    loss += short / pairs
    gradient[i] = -sign / pairs
    gradient[j] = sign / pairs
  }
  return { loss, gradient }
}

/** Cross-entropy of each row of logits [rows, classes] with its class, [rows], in nats. */
export function crossEntropies(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number
): Float64Array {
  const p = softmaxOf(logits, classes)
  return Float64Array.from(labels, (label, row) => -logPortable(Math.max(p[row * classes + label], 1e-30)))
}
