/**
 * What a training needs, planned before anything is allocated: how sums are split (from the network and the batch size
 * alone), the bytes of every buffer per replica, and so how many replicas fit into the adapter's limits at once.
 */
import { inputSize, pooledSize, transposedSize, type BlockShape, type Shape } from './shape.ts'
import { HEADER, RECORD } from './kernels/common.ts'
import type { GradientSlice } from './kernels/blockGradients.ts'

/** Threads per replica that a split sum should occupy: enough for a few replicas to fill a GPU. */
const WEIGHT_THREADS = 2048
/** Cells of an image that a thread of the weight gradient walks through at least. */
const CELLS = 16
const HIDDEN_THREADS = 1024

export interface Plan {
  shape: Shape
  /** images of a full batch */
  batch: number
  gradients: GradientSlice[]
  /** floats of a replica's gradients, all parts */
  gradientSize: number
  hiddenSplits: number
}

export function planTraining(shape: Shape, batch: number): Plan {
  const gradients: GradientSlice[] = []
  let offset = 0
  shape.slices.forEach(({ size }, k) => {
    const block = shape.blocks[k >> 1]
    const [splits, cellSplits] = block ? weightSplits(block, batch) : [1, 1]
    gradients.push({ offset, size, splits, cellSplits })
    offset += size * splits
  })
  return { shape, batch, gradients, gradientSize: offset, hiddenSplits: hiddenSplits(shape, batch) }
}

/** Parts of a batch that different threads of the weight gradient walk through, and how many of them share an image. */
function weightSplits({ in: into, out, h, w }: BlockShape, batch: number): [parts: number, cells: number] {
  const threads = Math.ceil(into / 4) * out
  const wanted = Math.max(1, Math.round(WEIGHT_THREADS / threads))
  const per = Math.ceil(batch / Math.min(batch, wanted))
  const byImage = Math.ceil(batch / per)
  const most = Math.max(1, Math.floor((h * w) / CELLS))
  const part = Math.ceil((h * w) / Math.min(most, Math.max(1, Math.round(wanted / byImage))))
  const byCell = Math.ceil((h * w) / part)
  return [byImage * byCell, byCell]
}

/** Parts of the features; of an inference as of a batch of 32. */
export function hiddenSplits(shape: Shape, batch = 32): number {
  const threads = Math.ceil(batch / 4) * (shape.hidden / 4)
  const blocks = shape.features / 4
  const per = Math.ceil(
    blocks / Math.min(Math.ceil(blocks / 8), Math.max(1, Math.round(HIDDEN_THREADS / threads)))
  )
  return Math.ceil(blocks / per)
}

/** Bytes of each buffer of one replica. */
export function trainingBytes({ shape, batch, gradientSize, hiddenSplits: parts }: Plan) {
  return {
    input: 4 * batch * inputSize(shape),
    pooled: shape.blocks.map((_, l) => 4 * batch * pooledSize(shape, l)),
    codes: shape.blocks.map(b => batch * b.h * b.w * b.out),
    // the gradient at each block's pooled map
    pooledGradients: shape.blocks.map(b => 4 * batch * b.h * b.w * b.out),
    hiddenParts: 4 * batch * parts * shape.hidden,
    activations: 4 * batch * shape.hidden,
    hiddenGradients: 4 * batch * shape.hidden,
    logitGradients: 4 * batch * shape.classes,
    rowLosses: 4 * batch,
    parameters: 4 * shape.size,
    moments: 4 * shape.size,
    squares: 4 * shape.size,
    gradients: 4 * gradientSize,
    transposed: 4 * Math.max(4, transposedSize(shape))
  }
}

/** Multiplications of one step on a full batch: forward, and twice as much backward. */
export function stepProducts({ shape, batch }: Pick<Plan, 'shape' | 'batch'>): number {
  return 3 * batch * imageProducts(shape)
}

/** Multiplications of one image forward. */
export function imageProducts(shape: Shape): number {
  const conv = shape.blocks.reduce((sum, b) => sum + 9 * b.in * b.out * 4 * b.h * b.w, 0)
  return conv + shape.features * shape.hidden + shape.hidden * shape.classes
}

export interface Limits {
  /** largest binding and largest buffer */
  binding: number
  buffer: number
  /** bytes that one training may hold in all */
  total: number
}

/** Replicas of a plan that fit at once: at least 1, whether it fits or not (the allocation tells). */
export function replicasThatFit(plan: Plan, limits: Limits): number {
  const sizes = Object.values(trainingBytes(plan)).flat()
  const largest = Math.min(limits.binding, limits.buffer) / Math.max(...sizes)
  const all = limits.total / sizes.reduce((a, b) => a + b)
  return Math.max(1, Math.floor(Math.min(largest, all, 65535)))
}

/**
 * Words of one step's slice of the schedule; slices begin at multiples of 256 bytes. `weights`: class weights of a
 * replica, which follow the records.
 */
export const stepWords = (replicas: number, batch: number, weights = 0): number =>
  Math.ceil((HEADER + replicas * (RECORD + batch + weights)) / 64) * 64
