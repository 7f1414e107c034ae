/**
 * The network's steps as TensorFlow.js operations, for any backend: what WebGPU's reference path and the CPU run on.
 * Plain rather than fast. Convolution gradients are tfjs's own kernels; the max-pool and its gradient are written with
 * slices, because tfjs's backends disagree about which of equal maxima gets the gradient (here: the first).
 */
import * as tf from '@tensorflow/tfjs-core'
import type { BackendName } from '../core/engine.ts'
import { trainingMask } from '../core/law.ts'
import type { Architecture, ImageShape } from '../core/network.ts'
import type { Key } from '../core/random.ts'
import { ADAM } from '../core/recipe.ts'
import { power } from './adam.ts'
import type { Block, Kernels, Moments, State } from './kernels.ts'
import type { PixelTarget } from './pixels.ts'

interface TfState extends State<tf.Tensor> {
  net: Architecture
  weights: tf.Tensor1D
  moments: tf.Tensor1D | null
  squares: tf.Tensor1D | null
  loss: tf.Scalar
}

export interface TfOptions {
  backend: BackendName
  padTail: boolean
  /** images of an inference chunk at most, 256 unless told */
  chunk?: number
  /** write the weight gradient as a convolution instead of calling tfjs's own kernel, which is slow or missing */
  filterByConvolution?: boolean
  /** what to throw instead of an error that the device's loss explains */
  failure?: (cause: unknown) => unknown
  /** lets the device's queue drain; throws if the device is lost */
  settle?: () => void | Promise<void>
  dispose: () => void
}

/**
 * Gradient of a 3x3 'same' convolution's weights [3, 3, in, out] as a convolution: the batch takes the place of the
 * channels, and the gradient dY [batch, height, width, out] that of the weights.
 */
export function filterGradient(x: tf.Tensor4D, dY: tf.Tensor4D): tf.Tensor {
  const bordered = tf.pad4d(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0]
  ])
  const images = tf.transpose(bordered, [3, 1, 2, 0])
  return tf.transpose(tf.conv2d(images, tf.transpose(dY, [1, 2, 0, 3]), 1, 'valid'), [1, 2, 0, 3])
}

/** conv outputs of an inference chunk stay within this many bytes */
const CHUNK_BYTES = 1 << 25

export class TfKernels implements Kernels<tf.Tensor> {
  readonly backend: BackendName
  readonly variant = ''
  readonly padTail: boolean
  readonly settle?: () => void | Promise<void>
  private readonly constants = new Map<number, tf.Scalar>()

  constructor(private readonly options: TfOptions) {
    this.backend = options.backend
    // no advice on the console, no debugging checks
    tf.env().set('PROD', true)
    this.padTail = options.padTail
    this.settle = options.settle
  }

  chunk(net: Architecture): number {
    const image = net.input.height * net.input.width * Math.max(...net.channels) * 4
    return Math.max(1, Math.min(this.options.chunk ?? 256, Math.floor(CHUNK_BYTES / image)))
  }

  scope<R>(work: () => R): R {
    this.activate()
    tf.engine().startScope()
    try {
      return work()
    } catch (cause) {
      throw this.options.failure?.(cause) ?? cause
    } finally {
      tf.engine().endScope()
    }
  }

  /** tfjs has one active backend; several may be open. An open one is switched to at once. */
  private activate(): void {
    if (tf.getBackend() !== this.backend) void tf.setBackend(this.backend)
  }

  /** A scalar that stays on the device: a number written into an operation would be uploaded each time. */
  private constant(value: number): tf.Scalar {
    let tensor = this.constants.get(value)
    if (!tensor) this.constants.set(value, (tensor = tf.keep(tf.scalar(value))))
    return tensor
  }

  createState(net: Architecture, weights: Float32Array, trainable: boolean | Moments): TfState {
    const moment = (part: keyof Moments) => {
      if (!trainable) return null
      return tf.keep(
        trainable === true ? tf.zeros<tf.Rank.R1>([net.size]) : tf.tensor1d(trainable[part].slice())
      )
    }
    return this.scope(() => {
      const state: TfState = {
        net,
        weights: tf.keep(tf.tensor1d(weights.slice())),
        moments: moment('moments'),
        squares: moment('squares'),
        loss: tf.keep(tf.scalar(0)),
        parameters: () =>
          tf
            .split(
              state.weights,
              net.parameters.map(p => p.size)
            )
            .map((piece, i) => tf.reshape(piece, [...net.parameters[i].shape]))
      }
      return state
    })
  }

  freeState(state: TfState): void {
    tf.dispose([state.weights, state.loss])
    if (state.moments && state.squares) tf.dispose([state.moments, state.squares])
  }

  async readWeights(state: TfState): Promise<Float32Array> {
    return this.download(state.weights)
  }

  async readMoments(state: TfState): Promise<Moments> {
    const [moments, squares] = [state.moments!, state.squares!]
    return { moments: await this.download(moments), squares: await this.download(squares) }
  }

  async readLoss(state: TfState): Promise<number> {
    return (await this.download(state.loss))[0]
  }

  /** A tensor's values; it may be disposed of meanwhile. */
  private async download(tensor: tf.Tensor): Promise<Float32Array> {
    this.activate()
    const kept = tf.keep(tf.clone(tensor))
    try {
      return Float32Array.from(await kept.data())
    } catch (cause) {
      throw this.options.failure?.(cause) ?? cause
    } finally {
      kept.dispose()
    }
  }

  resetLoss(state: TfState): void {
    this.scope(() => this.replaceLoss(state, tf.scalar(0)))
  }

  private replaceLoss(state: TfState, loss: tf.Scalar): void {
    state.loss.dispose()
    state.loss = tf.keep(loss)
  }

  input(batch: number, map: ImageShape, fill: (target: PixelTarget) => void): tf.Tensor {
    const { height, width, channels } = map
    const rowStride = width * channels
    const values = new Float32Array(batch * height * rowStride)
    fill({ values, start: 0, imageStride: height * rowStride, rowStride })
    return tf.tensor4d(values, [batch, height, width, channels])
  }

  matrix(rows: number, columns: number, fill: (values: Float32Array, start: number) => void): tf.Tensor {
    const values = new Float32Array(rows * columns)
    fill(values, 0)
    return tf.tensor2d(values, [rows, columns])
  }

  dropoutMask(ids: Uint32Array, features: number, key: Key, rate: number): tf.Tensor {
    return this.matrix(ids.length, features, values => {
      ids.forEach((id, i) => trainingMask(values.subarray(i * features, (i + 1) * features), key, id, rate))
    })
  }

  /** The four pixels of each window of y [batch, height, width, out], row-major, each [1, windows, out]. */
  private windows(y: tf.Tensor, map: ImageShape, out: number): tf.Tensor[] {
    const [batch] = y.shape
    const [h, w] = [map.height >> 1, map.width >> 1]
    const odd = map.height % 2 || map.width % 2
    const even = odd ? tf.slice(y as tf.Tensor4D, [0, 0, 0, 0], [batch, 2 * h, 2 * w, out]) : y
    const apart = tf.transpose(tf.reshape(even, [batch * h, 2, w, 2, out]), [1, 3, 0, 2, 4])
    return tf.split(tf.reshape(apart, [4, batch * h * w, out]), 4)
  }

  block(
    x: tf.Tensor,
    weight: tf.Tensor,
    bias: tf.Tensor,
    map: ImageShape,
    out: number,
    flatten: boolean,
    training: boolean
  ): Block<tf.Tensor> {
    const y = tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter: weight as tf.Tensor4D,
      strides: 1,
      pad: 'same',
      bias,
      activation: 'relu'
    })
    const [a, b, c, d] = this.windows(y, map, out)
    const best = tf.maximum(tf.maximum(a, b), tf.maximum(c, d))
    const [h, w] = [map.height >> 1, map.width >> 1]
    const batch = x.shape[0]
    return {
      pooled: tf.reshape(best, flatten ? [batch, h * w * out] : [batch, h, w, out]),
      tape: training ? y : null
    }
  }

  blockGradients(
    x: tf.Tensor,
    weight: tf.Tensor,
    block: Block<tf.Tensor>,
    dPooled: tf.Tensor,
    map: ImageShape,
    out: number,
    wantInput: boolean
  ) {
    const y = block.tape!
    const { height, width } = map
    const [batch, h, w] = [x.shape[0], height >> 1, width >> 1]
    const pixels = this.windows(y, map, out)
    const best = tf.reshape(block.pooled, [1, batch * h * w, out])
    const alive = tf.cast(tf.greater(best, this.constant(0)), 'float32')
    const d = tf.mul(tf.reshape(dPooled, [1, batch * h * w, out]), alive)
    let left = tf.onesLike(best)
    const routed = pixels.map(pixel => {
      const won = tf.mul(tf.cast(tf.equal(pixel, best), 'float32'), left)
      left = tf.sub(left, won)
      return tf.mul(d, won)
    })
    const together = tf.transpose(tf.reshape(tf.concat(routed), [2, 2, batch * h, w, out]), [2, 0, 3, 1, 4])
    const even = tf.reshape(together, [batch, 2 * h, 2 * w, out]) as tf.Tensor4D
    const dY = tf.pad4d(even, [
      [0, 0],
      [0, height - 2 * h],
      [0, width - 2 * w],
      [0, 0]
    ])
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC' }
    const dWeight: tf.Tensor = this.options.filterByConvolution
      ? filterGradient(x as tf.Tensor4D, dY)
      : tf
          .engine()
          .runKernel(tf.Conv2DBackpropFilter, { x, dy: dY }, { ...attributes, filterShape: weight.shape })
    const input: tf.Tensor | null = wantInput
      ? tf
          .engine()
          .runKernel(
            tf.Conv2DBackpropInput,
            { dy: dY, filter: weight },
            { ...attributes, inputShape: x.shape }
          )
      : null
    return { weight: dWeight, bias: tf.sum(dY, [0, 1, 2]), input }
  }

  dense(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, relu: boolean): tf.Tensor {
    const y = tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias)
    return relu ? tf.relu(y) : y
  }

  denseGradients(x: tf.Tensor, weight: tf.Tensor, dY: tf.Tensor) {
    return {
      weight: tf.matMul(x as tf.Tensor2D, dY as tf.Tensor2D, true, false),
      bias: tf.sum(dY, 0),
      input: tf.matMul(dY as tf.Tensor2D, weight as tf.Tensor2D, false, true)
    }
  }

  reluGradient(dY: tf.Tensor, y: tf.Tensor): tf.Tensor {
    return tf.mul(dY, tf.cast(tf.greater(y, this.constant(0)), 'float32'))
  }

  multiply(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    return tf.mul(tf.reshape(a, b.shape), b)
  }

  add(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    return tf.add(a, tf.reshape(b, a.shape))
  }

  means(x: tf.Tensor, { height, width, channels }: ImageShape): tf.Tensor {
    return tf.mean(tf.reshape(x, [-1, height * width, channels]), 1)
  }

  meansGradient(d: tf.Tensor, x: tf.Tensor, { height, width, channels }: ImageShape): tf.Tensor {
    const each = tf.div(tf.reshape(d, [-1, 1, channels]), this.constant(height * width))
    return tf.reshape(tf.tile(each, [1, height * width, 1]), x.shape)
  }

  scaledRows(weight: tf.Tensor, mask: Float32Array): tf.Tensor {
    return tf.keep(tf.mul(weight, tf.tensor2d(mask, [mask.length, 1])))
  }

  release(tensor: tf.Tensor): void {
    tensor.dispose()
  }

  crossEntropy(logits: tf.Tensor, labels: Int32Array, state: TfState, weights?: Float32Array): tf.Tensor {
    const [rows, classes] = logits.shape
    const target = new Float32Array(rows * classes)
    labels.forEach((label, row) => (target[row * classes + label] = 1))
    const hot = tf.tensor2d(target, [rows, classes])
    const shifted = tf.sub(logits, tf.max(logits, 1, true))
    const exps = tf.exp(shifted)
    const sums = tf.sum(exps, 1, true)
    const difference = tf.sub(tf.div(exps, sums), hot)
    if (!weights) {
      const loss = tf.sub(tf.sum(tf.log(sums)), tf.sum(tf.mul(shifted, hot)))
      this.replaceLoss(state, tf.add(state.loss, loss))
      return tf.div(difference, this.constant(rows))
    }
    const weight = tf.tensor2d(weights, [rows, 1])
    const losses = tf.sub(tf.log(sums), tf.sum(tf.mul(shifted, hot), 1, true))
    this.replaceLoss(state, tf.add(state.loss, tf.sum(tf.mul(weight, losses))))
    return tf.div(tf.mul(weight, difference), this.constant(rows))
  }

  softmax(logits: tf.Tensor): tf.Tensor {
    return tf.softmax(logits)
  }

  adam(state: TfState, gradients: readonly tf.Tensor[], learningRate: number, t: number): void {
    const { beta1, beta2, epsilon } = ADAM
    const g = tf.concat(gradients.map(gradient => tf.reshape(gradient, [-1])))
    const moments = tf.add(tf.mul(this.constant(beta1), state.moments!), tf.mul(this.constant(1 - beta1), g))
    const squares = tf.add(
      tf.mul(this.constant(beta2), state.squares!),
      tf.mul(this.constant(1 - beta2), tf.mul(g, g))
    )
    const rate = tf.scalar(learningRate / (1 - power(beta1, t)))
    const correction = tf.scalar(1 / (1 - power(beta2, t)))
    const root = tf.add(tf.sqrt(tf.mul(squares, correction)), this.constant(epsilon))
    const weights = tf.sub(state.weights, tf.div(tf.mul(rate, moments), root))
    tf.dispose([state.weights, state.moments!, state.squares!])
    state.weights = tf.keep(weights as tf.Tensor1D)
    state.moments = tf.keep(moments as tf.Tensor1D)
    state.squares = tf.keep(squares as tf.Tensor1D)
  }

  values(tensor: tf.Tensor): Float32Array {
    return Float32Array.from(tensor.dataSync())
  }

  blend(target: TfState, source: TfState, share: number): void {
    this.scope(() => {
      const own = tf.mul(this.constant(share), target.weights)
      const mixed = tf.add(own, tf.mul(this.constant(1 - share), source.weights))
      target.weights.dispose()
      target.weights = tf.keep(mixed as tf.Tensor1D)
    })
  }

  async read(tensor: tf.Tensor, rows: number): Promise<Float32Array> {
    const columns = tensor.shape[tensor.shape.length - 1]
    return this.download(tf.slice(tf.reshape(tensor, [-1, columns]), [0, 0], [rows, columns]))
  }

  dispose(): void {
    for (const constant of this.constants.values()) constant.dispose()
    this.constants.clear()
    this.options.dispose()
  }
}
