/**
 * The kernels tfjs-wasm lacks or does badly, as loops over the WASM heap. Their point is sparsity: of each 2x2 window
 * only the pixel that won the max-pool has a gradient, and none where ReLU was silent, so a block's gradients visit
 * a quarter of the positions or fewer. All maps that are convolved carry a border of zeros, so that no loop has an
 * edge case. Every sum has one fixed order.
 */
import { expPortable, logPortable } from '../../core/numeric/portable.ts'
import type { Heap } from './heap.ts'

/** Code of a window whose maximum is not positive. Otherwise the winner's place in the window, row-major: 0 .. 3. */
export const DEAD = 4

/** Shape of one block: conv output [batch, height, width, out], pooled by two. Addresses are in bytes. */
export interface BlockShape {
  batch: number
  height: number
  width: number
  channels: number
  out: number
}

/** Max-pool of y [batch, height, width, out] into a map with or without border; codes [batch, h / 2, w / 2, out] unless 0. */
export function pool(heap: Heap, s: BlockShape, y: number, pooled: number, pad: 0 | 1, codes: number): void {
  const f32 = heap.f32
  const u8 = heap.u8
  const { batch, height, width, out } = s
  const h = height >> 1
  const w = width >> 1
  const row = width * out
  let code = codes
  for (let b = 0; b < batch; b++) {
    for (let py = 0; py < h; py++) {
      let from = (y >> 2) + (b * height + 2 * py) * width * out
      let to = (pooled >> 2) + ((b * (h + 2 * pad) + py + pad) * (w + 2 * pad) + pad) * out
      for (let px = 0; px < w; px++, from += out) {
        for (let c = 0; c < out; c++, from++, to++) {
          let best = f32[from]
          let winner = 0
          const right = f32[from + out]
          if (right > best) {
            best = right
            winner = 1
          }
          const below = f32[from + row]
          if (below > best) {
            best = below
            winner = 2
          }
          const diagonal = f32[from + row + out]
          if (diagonal > best) {
            best = diagonal
            winner = 3
          }
          f32[to] = best
          if (codes) u8[code++] = best > 0 ? winner : DEAD
        }
      }
    }
  }
}

/** a [outer, inner] into its transpose [inner, outer]. */
export function transpose(heap: Heap, from: number, to: number, outer: number, inner: number): void {
  const f32 = heap.f32
  const a = from >> 2
  const b = to >> 2
  for (let i = 0; i < outer; i++)
    for (let j = 0; j < inner; j++) f32[b + j * outer + i] = f32[a + i * inner + j]
}

/**
 * Gradients of conv + ReLU + pool. x: bordered input; d: gradient of the pooled map (border `dPad`); codes of `pool`.
 * dWeight [out, 9 x channels] and dBias [out] are summed into zeroed arrays; dX (0: not wanted) into a zeroed bordered
 * map, from the weights transposed to [out, 9 x channels].
 */
export function blockGradients(
  heap: Heap,
  s: BlockShape,
  x: number,
  d: number,
  dPad: 0 | 1,
  codes: number,
  dWeight: number,
  dBias: number,
  weight: number,
  dX: number
): void {
  const f32 = heap.f32
  const u8 = heap.u8
  const { batch, height, width, channels, out } = s
  const h = height >> 1
  const w = width >> 1
  const span = 3 * channels
  const row = (width + 2) * channels
  let code = codes
  for (let b = 0; b < batch; b++) {
    for (let py = 0; py < h; py++) {
      let from = (d >> 2) + ((b * (h + 2 * dPad) + py + dPad) * (w + 2 * dPad) + dPad) * out
      for (let px = 0; px < w; px++) {
        const corner = ((b * (height + 2) + 2 * py) * (width + 2) + 2 * px) * channels
        for (let c = 0; c < out; c++, from++, code++) {
          const winner = u8[code]
          if (winner === DEAD) continue
          const g = f32[from]
          f32[(dBias >> 2) + c] += g
          const patch = corner + (winner >> 1) * row + (winner & 1) * channels
          for (let ky = 0; ky < 3; ky++) {
            const at = (x >> 2) + patch + ky * row
            const to = (dWeight >> 2) + c * 3 * span + ky * span
            for (let j = 0; j < span; j++) f32[to + j] += g * f32[at + j]
          }
          if (dX) {
            for (let ky = 0; ky < 3; ky++) {
              const at = (dX >> 2) + patch + ky * row
              const by = (weight >> 2) + c * 3 * span + ky * span
              for (let j = 0; j < span; j++) f32[at + j] += g * f32[by + j]
            }
          }
        }
      }
    }
  }
}

/** dWeight [inputs, outputs], dBias [outputs] and dX [batch, inputs] (0: not wanted) of y = x W + b. All are overwritten. */
export function denseGradients(
  heap: Heap,
  batch: number,
  inputs: number,
  outputs: number,
  x: number,
  weight: number,
  dY: number,
  dWeight: number,
  dBias: number,
  dX: number
): void {
  const f32 = heap.f32
  const dw = dWeight >> 2
  const db = dBias >> 2
  f32.fill(0, dw, dw + inputs * outputs)
  f32.fill(0, db, db + outputs)
  for (let b = 0; b < batch; b++) {
    const dy = (dY >> 2) + b * outputs
    for (let j = 0; j < outputs; j++) f32[db + j] += f32[dy + j]
    for (let i = 0; i < inputs; i++) {
      const v = f32[(x >> 2) + b * inputs + i]
      const to = dw + i * outputs
      const by = (weight >> 2) + i * outputs
      let sum = 0
      for (let j = 0; j < outputs; j++) sum += f32[dy + j] * f32[by + j]
      f32[(dX >> 2) + b * inputs + i] = sum
      if (v !== 0) for (let j = 0; j < outputs; j++) f32[to + j] += v * f32[dy + j]
    }
  }
}

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

/** Logits become the gradient of the mean cross-entropy, in place; returns the sum of the cross-entropies in nats. */
export function crossEntropyRows(
  heap: Heap,
  at: number,
  rows: number,
  classes: number,
  labels: Int32Array
): number {
  const f32 = heap.f32
  let loss = 0
  for (let r = 0, from = at >> 2; r < rows; r++, from += classes) {
    let top = -Infinity
    for (let c = 0; c < classes; c++) top = Math.max(top, f32[from + c])
    let sum = 0
    for (let c = 0; c < classes; c++) sum += expPortable(f32[from + c] - top)
    loss += logPortable(sum) - (f32[from + labels[r]] - top)
    for (let c = 0; c < classes; c++) {
      const p = expPortable(f32[from + c] - top) / sum
      f32[from + c] = (p - (c === labels[r] ? 1 : 0)) / rows
    }
  }
  return loss
}

/** Adam on `size` parameters; rate = learning rate / (1 - beta1^t), correction = 1 / (1 - beta2^t). */
export function adamStep(
  heap: Heap,
  parameters: number,
  moments: number,
  squares: number,
  gradient: number,
  size: number,
  beta1: number,
  beta2: number,
  rate: number,
  correction: number,
  epsilon: number
): void {
  const f32 = heap.f32
  const p = parameters >> 2
  const m = moments >> 2
  const v = squares >> 2
  const g = gradient >> 2
  for (let i = 0; i < size; i++) {
    const d = f32[g + i]
    const first = (f32[m + i] = beta1 * f32[m + i] + (1 - beta1) * d)
    const second = (f32[v + i] = beta2 * f32[v + i] + (1 - beta2) * d * d)
    f32[p + i] -= (rate * first) / (Math.sqrt(second * correction) + epsilon)
  }
}
