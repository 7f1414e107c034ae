/**
 * What semi-supervised training adds to the cross-entropy: losses with their gradients at the logits, and the schedules of
 * their weight and of the moving average. Float64 inside and portable, so a training has the same bits on every machine.
 */
import { expPortable, logPortable } from '../numeric/portable.ts'

export interface LossAndGradient {
  /** mean over rows and columns */
  loss: number
  /** at the logits, row-major [rows, columns] */
  gradient: Float32Array
}

/** Softmax of each row of logits [rows, classes]. */
export function softmaxOf(logits: ArrayLike<number>, classes: number): Float64Array {
  const p = Float64Array.from(logits)
  for (let from = 0; from < p.length; from += classes) {
    let top = -Infinity
    for (let c = from; c < from + classes; c++) if (p[c] > top) top = p[c]
    let sum = 0
    for (let c = from; c < from + classes; c++) sum += p[c] = expPortable(p[c] - top)
    for (let c = from; c < from + classes; c++) p[c] /= sum
  }
  return p
}

/**
 * Squared difference between the predictions of logits [rows, classes] and given probabilities, which are constants: mean
 * over rows and classes, as mean teacher's and MixMatch's authors take it.
 */
export function predictionError(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  classes: number
): LossAndGradient {
  const p = softmaxOf(logits, classes)
  const gradient = new Float32Array(p.length)
  let loss = 0
  for (let from = 0; from < p.length; from += classes) {
    let along = 0
    for (let c = from; c < from + classes; c++) {
      const difference = p[c] - targets[c]
      loss += difference * difference
      along += p[c] * difference
    }
    for (let c = from; c < from + classes; c++)
      gradient[c] = (2 * p[c] * (p[c] - targets[c] - along)) / p.length
  }
  return { loss: loss / p.length, gradient }
}

/** Squared difference between logits and given ones, which are constants: mean over rows and columns, as in TOD's code. */
export function outputError(logits: ArrayLike<number>, targets: ArrayLike<number>): LossAndGradient {
  const { length } = logits
  const gradient = new Float32Array(length)
  let loss = 0
  for (let at = 0; at < length; at++) {
    const difference = logits[at] - targets[at]
    loss += difference * difference
    gradient[at] = (2 * difference) / length
  }
  return { loss: loss / length, gradient }
}

/** Probabilities [rows, classes] to the power 1 / temperature, each row summing to 1 again (MixMatch, eq. 7). */
export function sharpened(
  probabilities: ArrayLike<number>,
  classes: number,
  temperature: number
): Float64Array {
  const scaled = Float64Array.from(probabilities, p => (p > 0 ? logPortable(p) / temperature : -Infinity))
  return softmaxOf(scaled, classes)
}

/**
 * How much of an added loss's weight counts in step `t` (from 1) of `steps`: exp(-5 (1 - x)^2) with x rising from 0 to 1
 * over that share of the steps (Laine and Aila 2017, as mean teacher has it). A share of 0 means all of it from the start.
 */
export function rampUp(t: number, steps: number, share: number): number {
  const x = share > 0 ? Math.min(1, t / (share * steps)) : 1
  return expPortable(-5 * (1 - x) * (1 - x))
}

/**
 * What a follower keeps of itself after step `t` (from 1): min(1 - 1 / (t + 1), decay), so that early on it is the plain
 * mean of all weights so far (mean teacher, TOD). Where it has followed before (a warm start), the decay from the beginning.
 */
export function followerShare(t: number, decay: number, settled = false): number {
  return settled ? decay : Math.min(1 - 1 / (t + 1), decay)
}
