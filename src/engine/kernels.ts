/**
 * What a backend must be able to do. The network's forward and backward pass is written once (network.ts) in these
 * fused steps; each family of backends implements them its own way: tfops.ts with TensorFlow.js operations on any
 * backend, wasm/ with hand-assembled kernels on the WASM heap beside them.
 *
 * All calls are synchronous (they issue work); only the `read` functions wait for it. Tensors live until the scope
 * they were made in ends; states live until freed. Nothing is shared between states, so trainings may interleave.
 */
import type { Architecture, ImageShape } from '../core/network.ts'
import type { BackendName } from '../core/engine.ts'
import type { Key } from '../core/random.ts'
import type { PixelTarget } from './pixels.ts'

/** Adam's two moments of a training, each flat like its weights. */
export interface Moments {
  moments: Float32Array
  squares: Float32Array
}

/** The optimiser's view of one training: flat parameters with Adam's two moments, and a running sum of losses. */
export interface State<T> {
  /** one tensor per entry of `architecture.parameters`; valid within the current scope */
  parameters(): readonly T[]
}

/** A conv block's result: pooled map, and what its gradient needs (which of the four pixels won, or none). */
export interface Block<T> {
  pooled: T
  tape: T | null
}

export interface Kernels<T> {
  readonly backend: BackendName
  /** names the kernel variants that were chosen at start; part of the numericsId. Empty where there is no choice */
  readonly variant: string
  /** images of an inference chunk; depends on the network alone, never on how many rows are asked for */
  chunk(net: Architecture): number
  /** whether a chunk's tail must be filled up so that an image's bits do not depend on how many share its chunk */
  readonly padTail: boolean

  /** Runs synchronous work; tensors made in it are gone when it returns. Scopes do not nest. */
  scope<R>(work: () => R): R

  /** `trainable`: with moments of zeros, or with those of a training that goes on */
  createState(architecture: Architecture, weights: Float32Array, trainable: boolean | Moments): State<T>
  freeState(state: State<T>): void
  readWeights(state: State<T>): Promise<Float32Array>
  /** of a trainable state */
  readMoments(state: State<T>): Promise<Moments>
  /** sum of the cross-entropies recorded since the last `resetLoss` */
  readLoss(state: State<T>): Promise<number>
  resetLoss(state: State<T>): void

  /** Batch of images [batch, height, width, channels] filled by the callback. */
  input(batch: number, map: ImageShape, fill: (target: PixelTarget) => void): T
  /** A matrix [rows, columns] filled by the callback, which gets the array and the index where the matrix starts. */
  matrix(rows: number, columns: number, fill: (values: Float32Array, start: number) => void): T

  /** Training dropout masks of a batch, [batch, features]: row i is core/law.ts's trainingMask of image ids[i]. */
  dropoutMask(ids: Uint32Array, features: number, key: Key, rate: number): T

  /**
   * conv 3x3 'same' + bias + ReLU + 2x2 max-pool (stride 2, an odd last row or column is dropped). Of equal maxima the
   * first in row-major order wins. `flatten` gives [batch, features] instead of a map. With `training`, a tape.
   */
  block(
    x: T,
    weight: T,
    bias: T,
    map: ImageShape,
    channels: number,
    flatten: boolean,
    training: boolean
  ): Block<T>
  /** Gradients of a block from that of its pooled output; the input's only if asked for. */
  blockGradients(
    x: T,
    weight: T,
    block: Block<T>,
    dPooled: T,
    map: ImageShape,
    channels: number,
    wantInput: boolean
  ): { weight: T; bias: T; input: T | null }

  /** x [batch, in] times weight [in, out] plus bias, ReLU if asked for. */
  dense(x: T, weight: T, bias: T, relu: boolean): T
  /** Gradients of `dense` from dY [batch, out]. */
  denseGradients(x: T, weight: T, dY: T): { weight: T; bias: T; input: T }
  /** dY where y > 0, else 0: the gradient of a ReLU whose output was y. */
  reluGradient(dY: T, y: T): T
  /** Element by element; a of [rows, columns] with b of the same shape. */
  multiply(a: T, b: T): T
  /** Element by element; both of one shape: matrices, maps, or parameters' gradients. */
  add(a: T, b: T): T
  /** Mean over the pixels of each image of a block's pooled output, [batch, channels]; `map` is the output's shape. */
  means(x: T, map: ImageShape): T
  /** Gradient of `means` at its input, in the form of x, from that of its output [batch, channels]. */
  meansGradient(d: T, x: T, map: ImageShape): T
  /** weight [in, out], each row times mask [in]; outlives its scope, until released. */
  scaledRows(weight: T, mask: Float32Array): T
  release(tensor: T): void

  /**
   * Gradient of the mean cross-entropy at the logits, (softmax - one-hot) / batch; adds the loss to the state's sum. With
   * weights [batch], each row's loss and gradient are multiplied by its own.
   */
  crossEntropy(logits: T, labels: Int32Array, state: State<T>, weights?: Float32Array): T
  softmax(logits: T): T
  /** One step of Adam; `t` counts steps from 1. */
  adam(state: State<T>, gradients: readonly T[], learningRate: number, t: number): void

  /**
   * A matrix's values now, row-major, for losses that are computed on the host within a step. Waits for the device: only
   * for what is small.
   */
  values(tensor: T): Float32Array
  /** The weights of `target` become share x own + (1 - share) x those of `source`: a moving average. */
  blend(target: State<T>, source: State<T>, share: number): void
  /** The first `rows` rows of a matrix. May be called within a scope that ends before the promise resolves. */
  read(tensor: T, rows: number): Promise<Float32Array>
  /** Lets a queue drain; called between steps. Undefined where work is done when the call returns. */
  settle?(): void | Promise<void>
  dispose(): void
}
