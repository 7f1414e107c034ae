/**
 * The network's steps on one WASM thread: XNNPACK's convolution (which tfjs-backend-wasm carries) for everything that
 * goes forward, dense layers included (a 1x1 convolution), and loops of our own on the same heap for the rest.
 */
import { ADAM } from '../../core/recipe.ts'
import type { Architecture, ImageShape } from '../../core/network.ts'
import type { Block, Kernels, State } from '../kernels.ts'
import type { PixelTarget } from '../pixels.ts'
import { Heap, type Buffer, type WasmModule } from './heap.ts'
import * as loops from './loops.ts'

const XNN_ARGUMENTS = 23
const LINEAR = 0
const RELU = 1

interface WasmState extends State<Buffer> {
  net: Architecture
  size: number
  raw: number
  weights: number
  moments: number
  squares: number
  loss: number
  fixed: Buffer[] | null
}

/** conv outputs of a chunk stay within this many bytes, so that they stay in the cache */
const CHUNK_BYTES = 1 << 21

export class WasmKernels implements Kernels<Buffer> {
  readonly backend = 'wasm'
  readonly variant = ''
  readonly padTail = false
  private readonly heap: Heap
  private readonly conv2d: (...values: number[]) => void

  constructor(module: WasmModule) {
    this.heap = new Heap(module)
    this.conv2d = module.cwrap('FusedConv2D', null, new Array(XNN_ARGUMENTS).fill('number'))
  }

  chunk(net: Architecture): number {
    const image = net.input.height * net.input.width * net.channels[0] * 4
    return Math.max(1, Math.min(512, Math.floor(CHUNK_BYTES / image)))
  }

  scope<R>(work: () => R): R {
    return this.heap.scope(work)
  }

  createState(net: Architecture, weights: Float32Array, trainable: boolean): WasmState {
    const { heap } = this
    const stride = (net.size * 4 + 15) & ~15
    const bytes = stride * (trainable ? 3 : 1)
    const { at, raw } = heap.allocate(bytes)
    heap.f32.fill(0, at >> 2, (at + bytes) >> 2)
    heap.f32.set(weights, at >> 2)
    const views = () =>
      net.parameters.map((p): Buffer => ({
        at: at + p.offset * 4,
        size: p.size,
        rows: p.size / p.shape[p.shape.length - 1],
        columns: p.shape[p.shape.length - 1],
        pad: 0,
        id: 0
      }))
    const fixed = trainable ? null : views()
    for (const parameter of fixed ?? []) heap.register(parameter, true)
    return {
      net,
      size: net.size,
      raw,
      weights: at,
      moments: at + stride,
      squares: at + 2 * stride,
      loss: 0,
      fixed,
      parameters: () => fixed ?? views()
    }
  }

  freeState(state: WasmState): void {
    for (const parameter of state.fixed ?? []) this.heap.unregister(parameter)
    this.heap.free(state.raw)
  }

  async readWeights(state: WasmState): Promise<Float32Array> {
    return this.heap.f32.slice(state.weights >> 2, (state.weights >> 2) + state.size)
  }

  async readLoss(state: WasmState): Promise<number> {
    return state.loss
  }

  resetLoss(state: WasmState): void {
    state.loss = 0
  }

  input(batch: number, map: ImageShape, fill: (target: PixelTarget) => void): Buffer {
    const { height, width, channels } = map
    const buffer = this.heap.map(batch, height, width, channels, 1)
    const rowStride = (width + 2) * channels
    fill({
      values: this.heap.f32,
      start: (buffer.at >> 2) + rowStride + channels,
      imageStride: (height + 2) * rowStride,
      rowStride
    })
    return buffer
  }

  matrix(rows: number, columns: number, fill: (values: Float32Array, start: number) => void): Buffer {
    const buffer = this.heap.matrix(rows, columns)
    fill(this.heap.f32, buffer.at >> 2)
    return buffer
  }

  /** XNNPACK: x [batch, height, width, in] (no implicit border) * weight [k, k, in, out] + bias. */
  private convolve(
    x: Buffer,
    batch: number,
    height: number,
    width: number,
    inputs: number,
    weight: Buffer,
    kernel: number,
    bias: Buffer,
    outputs: number,
    activation: number,
    to: Buffer
  ): void {
    const { heap } = this
    this.conv2d(
      ...[heap.register(x), batch, height, width, heap.register(weight), kernel, kernel, heap.register(bias)],
      ...[0, 0, 0, 0, 0, 1, 1, 1, 1, inputs, outputs, activation, 0, 0, heap.register(to)]
    )
  }

  block(
    x: Buffer,
    weight: Buffer,
    bias: Buffer,
    map: ImageShape,
    out: number,
    flatten: boolean,
    training: boolean
  ): Block<Buffer> {
    const { heap } = this
    const { height, width, channels } = map
    const batch = x.rows
    const h = height >> 1
    const w = width >> 1
    const y = heap.map(batch, height, width, out, 0)
    this.convolve(x, batch, height + 2, width + 2, channels, weight, 3, bias, out, RELU, y)
    const pooled = heap.map(batch, h, w, out, flatten ? 0 : 1)
    const tape = training ? heap.matrix(batch, Math.ceil((h * w * out) / 4)) : null
    const shape = { batch, height, width, channels, out }
    loops.pool(heap, shape, y.at, pooled.at, pooled.pad, tape ? tape.at : 0)
    return { pooled, tape }
  }

  blockGradients(
    x: Buffer,
    weight: Buffer,
    block: Block<Buffer>,
    dPooled: Buffer,
    map: ImageShape,
    out: number,
    wantInput: boolean
  ) {
    const { heap } = this
    const { height, width, channels } = map
    const batch = x.rows
    const taps = 9 * channels
    const sums = heap.matrix(out, taps)
    const dBias = heap.matrix(1, out)
    heap.f32.fill(0, sums.at >> 2, (sums.at >> 2) + sums.size)
    heap.f32.fill(0, dBias.at >> 2, (dBias.at >> 2) + out)
    const turned = wantInput ? heap.matrix(out, taps) : null
    if (turned) loops.transpose(heap, weight.at, turned.at, taps, out)
    const input = wantInput ? heap.map(batch, height, width, channels, 1) : null
    loops.blockGradients(
      heap,
      { batch, height, width, channels, out },
      x.at,
      dPooled.at,
      dPooled.pad,
      block.tape!.at,
      sums.at,
      dBias.at,
      turned ? turned.at : 0,
      input ? input.at : 0
    )
    const dWeight = heap.matrix(taps, out)
    loops.transpose(heap, sums.at, dWeight.at, out, taps)
    return { weight: dWeight, bias: dBias, input }
  }

  dense(x: Buffer, weight: Buffer, bias: Buffer, relu: boolean): Buffer {
    const y = this.heap.matrix(x.rows, weight.columns)
    this.convolve(x, x.rows, 1, 1, weight.rows, weight, 1, bias, weight.columns, relu ? RELU : LINEAR, y)
    return y
  }

  denseGradients(x: Buffer, weight: Buffer, dY: Buffer) {
    const { heap } = this
    const dWeight = heap.matrix(weight.rows, weight.columns)
    const bias = heap.matrix(1, weight.columns)
    const input = heap.matrix(x.rows, weight.rows)
    const at = [x.at, weight.at, dY.at, dWeight.at, bias.at, input.at] as const
    loops.denseGradients(heap, x.rows, weight.rows, weight.columns, ...at)
    return { weight: dWeight, bias, input }
  }

  reluGradient(dY: Buffer, y: Buffer): Buffer {
    const to = this.heap.matrix(y.rows, y.columns)
    const f32 = this.heap.f32
    const [a, b, c] = [dY.at >> 2, y.at >> 2, to.at >> 2]
    for (let i = 0; i < y.size; i++) f32[c + i] = f32[b + i] > 0 ? f32[a + i] : 0
    return to
  }

  multiply(a: Buffer, b: Buffer): Buffer {
    const to = this.heap.matrix(b.rows, b.columns)
    const f32 = this.heap.f32
    const [p, q, r] = [a.at >> 2, b.at >> 2, to.at >> 2]
    for (let i = 0; i < b.size; i++) f32[r + i] = f32[p + i] * f32[q + i]
    return to
  }

  scaledRows(weight: Buffer, mask: Float32Array): Buffer {
    const { at, raw } = this.heap.allocate(weight.size * 4)
    const f32 = this.heap.f32
    const { rows, columns, size } = weight
    for (let i = 0, k = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, k++) f32[(at >> 2) + k] = f32[(weight.at >> 2) + k] * mask[i]
    }
    const lasting: Lasting = { at, raw, size, rows, columns, pad: 0, id: 0 }
    this.heap.register(lasting, true)
    return lasting
  }

  release(tensor: Buffer): void {
    this.heap.unregister(tensor)
    this.heap.free((tensor as Lasting).raw)
  }

  crossEntropy(logits: Buffer, labels: Int32Array, state: WasmState): Buffer {
    state.loss += loops.crossEntropyRows(this.heap, logits.at, logits.rows, logits.columns, labels)
    return logits
  }

  softmax(logits: Buffer): Buffer {
    loops.softmaxRows(this.heap, logits.at, logits.rows, logits.columns)
    return logits
  }

  adam(state: WasmState, gradients: readonly Buffer[], learningRate: number, t: number): void {
    const { beta1, beta2, epsilon } = ADAM
    const rate = learningRate / (1 - power(beta1, t))
    const correction = 1 / (1 - power(beta2, t))
    state.net.parameters.forEach((p, i) => {
      const at = p.offset * 4
      const g = gradients[i].at
      const { heap } = this
      const [w, m, v] = [state.weights + at, state.moments + at, state.squares + at]
      loops.adamStep(heap, w, m, v, g, p.size, beta1, beta2, rate, correction, epsilon)
    })
  }

  async read(tensor: Buffer, rows: number): Promise<Float32Array> {
    const from = tensor.at >> 2
    return this.heap.f32.slice(from, from + rows * tensor.columns)
  }

  dispose(): void {
    this.heap.dispose()
  }
}

/** A buffer that outlives its scope. */
interface Lasting extends Buffer {
  raw: number
}

/** base^n for a whole n by repeated squaring: the same bits everywhere, unlike Math.pow. */
export function power(base: number, n: number): number {
  let result = 1
  for (let b = base; n > 0; n = Math.floor(n / 2), b *= b) if (n % 2 === 1) result *= b
  return result
}
