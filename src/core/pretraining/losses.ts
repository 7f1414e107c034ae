/**
 * The losses of contrastive and siamese pretraining with their gradients, written out; float64 inside, portable, so an
 * encoder has the same bits on every machine. All take projections before normalisation, row-major [rows, size], and give
 * the mean loss and its gradient at them.
 */
import { expPortable, logPortable } from '../numeric/portable.ts'
import { innerProducts, weightedSums } from '../numeric/innerProducts.ts'
import { addRow, dot, unitGradient, unitRows } from '../numeric/unit.ts'

export interface LossAndGradient {
  /** mean over the anchors */
  loss: number
  /** at the projections, [rows, size] */
  gradient: Float32Array
}

/**
 * Turns logits into the gradient of their cross-entropy with `target`, in place, and returns that cross-entropy. A logit
 * of -Infinity takes no part.
 */
function crossEntropyRow(logits: Float64Array, target: number): number {
  let top = -Infinity
  for (let j = 0; j < logits.length; j++) if (logits[j] > top) top = logits[j]
  const right = logits[target] - top
  let sum = 0
  for (let j = 0; j < logits.length; j++) sum += logits[j] = expPortable(logits[j] - top)
  for (let j = 0; j < logits.length; j++) logits[j] /= sum
  logits[target] -= 1
  return logPortable(sum) - right
}

/** Cross-entropy of logits [rows, classes] with a class each: rotation and jigsaw. */
export function classLoss(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number
): LossAndGradient {
  const values = Float64Array.from(logits)
  const rows = labels.length
  let loss = 0
  for (let r = 0; r < rows; r++)
    loss += crossEntropyRow(values.subarray(r * classes, (r + 1) * classes), labels[r])
  return { loss: loss / rows, gradient: Float32Array.from(values, v => v / rows) }
}

/**
 * NT-Xent (SimCLR): rows i and i + n are two views of one image; each of the 2n rows has to find the other among all rows
 * but itself. The mean over the 2n anchors, as in the paper (the authors' code gives twice that).
 */
export function ntXent(projections: ArrayLike<number>, size: number, temperature: number): LossAndGradient {
  const unit = unitRows(projections, size)
  const u = unit.rows
  const rows = unit.lengths.length
  const n = rows / 2
  const similarities = innerProducts(u, u, size)
  for (let at = 0; at < similarities.length; at++) similarities[at] /= temperature
  let loss = 0
  for (let i = 0; i < rows; i++) {
    similarities[i * rows + i] = -Infinity
    loss += crossEntropyRow(similarities.subarray(i * rows, (i + 1) * rows), i < n ? i + n : i - n)
  }
  // a pair has part in the losses of both of its rows
  const scale = 1 / (rows * temperature)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      const g = (similarities[i * rows + j] + similarities[j * rows + i]) * scale
      similarities[i * rows + j] = similarities[j * rows + i] = g
    }
  }
  const gradient = weightedSums(similarities, u, size)
  return { loss: loss / rows, gradient: unitGradient(unit, gradient, size) }
}

/**
 * InfoNCE against a queue (MoCo): query i has to find key i (unit rows [rows, size], no gradient) among that key and all
 * keys of the queue (unit rows [length, size]).
 */
export function infoNce(
  queries: ArrayLike<number>,
  keys: Float64Array,
  queue: Float64Array,
  size: number,
  temperature: number
): LossAndGradient {
  const unit = unitRows(queries, size)
  const rows = unit.lengths.length
  const length = queue.length / size
  const scale = 1 / (rows * temperature)
  const similarities = innerProducts(unit.rows, queue, size)
  const logits = new Float64Array(length + 1)
  const own = new Float64Array(rows)
  let loss = 0
  for (let i = 0; i < rows; i++) {
    const row = similarities.subarray(i * length, (i + 1) * length)
    logits[0] = dot(unit.rows, i, keys, i, size) / temperature
    for (let j = 0; j < length; j++) logits[j + 1] = row[j] / temperature
    loss += crossEntropyRow(logits, 0)
    own[i] = logits[0] * scale
    for (let j = 0; j < length; j++) row[j] = logits[j + 1] * scale
  }
  const gradient = weightedSums(similarities, queue, size)
  for (let i = 0; i < rows; i++) addRow(gradient, i, keys, i, own[i], size)
  return { loss: loss / rows, gradient: unitGradient(unit, gradient, size) }
}

/**
 * Instance discrimination: row i has to find its own entry ids[i] of the memory bank (unit rows [images, size], no gradient)
 * among all of them: the full softmax, as in the authors' small-image setting.
 */
export function instanceLoss(
  projections: ArrayLike<number>,
  ids: ArrayLike<number>,
  bank: Float64Array,
  size: number,
  temperature: number
): LossAndGradient {
  const unit = unitRows(projections, size)
  const rows = unit.lengths.length
  const images = bank.length / size
  const logits = innerProducts(unit.rows, bank, size)
  for (let at = 0; at < logits.length; at++) logits[at] /= temperature
  let loss = 0
  for (let i = 0; i < rows; i++)
    loss += crossEntropyRow(logits.subarray(i * images, (i + 1) * images), ids[i])
  const scale = 1 / (rows * temperature)
  for (let at = 0; at < logits.length; at++) logits[at] *= scale
  const gradient = weightedSums(logits, bank, size)
  return { loss: loss / rows, gradient: unitGradient(unit, gradient, size) }
}

/** The bank's rows `ids` move to the new projections: normalise(share x old + (1 - share) x new unit row), in place. */
export function updateBank(
  bank: Float64Array,
  ids: ArrayLike<number>,
  projections: ArrayLike<number>,
  size: number,
  share: number
): void {
  const { rows } = unitRows(projections, size)
  const mixed = new Float64Array(rows.length)
  for (let i = 0; i < ids.length; i++) {
    for (let d = 0; d < size; d++)
      mixed[i * size + d] = share * bank[ids[i] * size + d] + (1 - share) * rows[i * size + d]
  }
  const { rows: unit } = unitRows(mixed, size)
  for (let i = 0; i < ids.length; i++) bank.set(unit.subarray(i * size, (i + 1) * size), ids[i] * size)
}

/**
 * The negative cosine of predictions and targets (SimSiam), rows i of both belonging together; no gradient goes to the
 * targets (the stopped one). The mean over rows: with both views' rows in one batch this is the symmetric loss.
 */
export function negativeCosine(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  size: number
): LossAndGradient {
  const unit = unitRows(predictions, size)
  const target = unitRows(targets, size).rows
  const rows = unit.lengths.length
  const gradient = new Float64Array(target.length)
  let loss = 0
  for (let i = 0; i < rows; i++) loss -= dot(unit.rows, i, target, i, size)
  for (let at = 0; at < gradient.length; at++) gradient[at] = -target[at] / rows
  return { loss: loss / rows, gradient: unitGradient(unit, gradient, size) }
}
