/**
 * Softmax and cross-entropy over rows of the heap, in float64 with portable exp and log: the same bits in every
 * JavaScript engine. There are few logits; these loops are no bottleneck.
 */
import { expPortable, logPortable } from '../../core/numeric/portable.ts'
import type { Heap } from './heap.ts'

/** Softmax of each row, in place. */
export function softmaxRows(heap: Heap, at: number, rows: number, classes: number): void {
  const f32 = heap.f32
  for (let r = 0, from = at >> 2; r < rows; r++, from += classes) {
    let top = -Infinity
    for (let c = 0; c < classes; c++) top = Math.max(top, f32[from + c])
    let sum = 0
    for (let c = 0; c < classes; c++) sum += f32[from + c] = expPortable(f32[from + c] - top)
    for (let c = 0; c < classes; c++) f32[from + c] /= sum
  }
}

/**
 * Logits become the gradient of the mean cross-entropy, in place; returns the sum of the cross-entropies in nats. With
 * weights [rows], each row counts as many times.
 */
export function crossEntropyRows(
  heap: Heap,
  at: number,
  rows: number,
  classes: number,
  labels: Int32Array,
  weights?: Float32Array
): number {
  const f32 = heap.f32
  let loss = 0
  for (let r = 0, from = at >> 2; r < rows; r++, from += classes) {
    let top = -Infinity
    for (let c = 0; c < classes; c++) top = Math.max(top, f32[from + c])
    let sum = 0
    for (let c = 0; c < classes; c++) sum += expPortable(f32[from + c] - top)
    const weight = weights ? weights[r] : 1
    loss += weight * (logPortable(sum) - (f32[from + labels[r]] - top))
    for (let c = 0; c < classes; c++) {
      const p = expPortable(f32[from + c] - top) / sum
      f32[from + c] = (weight * (p - (c === labels[r] ? 1 : 0))) / rows
    }
  }
  return loss
}
