/**
 * The network's steps on one WASM thread, on the heap of tfjs-backend-wasm: SIMD code made for each shape (forwardcode.ts,
 * gradientcode.ts, densecode.ts and so on). XNNPACK, which tfjs carries, is not used: conv + bias + ReLU + pool in one go
 * is faster than its convolution followed by a pool, most of all for the first layer's one or three channels.
 */
import type { Architecture, ImageShape } from '../../core/network.ts'
import { dropoutThreshold } from '../../core/law.ts'
import type { Key } from '../../core/random.ts'
import { stepRates } from '../adam.ts'
import type { Block, Kernels, Moments, State } from '../kernels.ts'
import type { PixelTarget } from '../pixels.ts'
import { Heap, type Buffer, type WasmModule } from './heap.ts'
import { gradientScratch, turnedColumns } from './gradientcode.ts'
import { MASK_SLACK } from './maskcode.ts'
import { Programs } from './programs.ts'
import { crossEntropyRows, softmaxRows } from './softmax.ts'

interface WasmState extends State<Buffer> {
  net: Architecture
  size: number
  raw: number
  weights: number
  moments: number
  squares: number
  loss: number
}

/** conv outputs of a chunk stay within this many bytes, so that they stay in the cache */
const CHUNK_BYTES = 1 << 21

export class WasmKernels implements Kernels<Buffer> {
  readonly backend = 'wasm'
  readonly variant = ''
  readonly padTail = false
  private readonly heap: Heap
  private readonly programs: Programs

  constructor(module: WasmModule) {
    this.heap = new Heap(module)
    this.programs = new Programs(module.asm.memory)
  }

  chunk(net: Architecture): number {
    const image = net.input.height * net.input.width * net.channels[0] * 4
    return Math.max(1, Math.min(512, Math.floor(CHUNK_BYTES / image)))
  }

  scope<R>(work: () => R): R {
    return this.heap.scope(work)
  }

  createState(net: Architecture, weights: Float32Array, trainable: boolean | Moments): WasmState {
    const { heap } = this
    const stride = (net.size * 4 + 15) & ~15
    const bytes = stride * (trainable ? 3 : 1)
    const { at, raw } = heap.allocate(bytes)
    heap.f32.fill(0, at >> 2, (at + bytes) >> 2)
    heap.f32.set(weights, at >> 2)
    if (typeof trainable === 'object') {
      heap.f32.set(trainable.moments, (at + stride) >> 2)
      heap.f32.set(trainable.squares, (at + 2 * stride) >> 2)
    }
    const parameters = net.parameters.map((p): Buffer => {
      const columns = p.shape[p.shape.length - 1]
      return { at: at + p.offset * 4, size: p.size, rows: p.size / columns, columns, pad: 0 }
    })
    return {
      net,
      size: net.size,
      raw,
      weights: at,
      moments: at + stride,
      squares: at + 2 * stride,
      loss: 0,
      parameters: () => parameters
    }
  }

  freeState(state: WasmState): void {
    this.heap.free(state.raw)
  }

  async readWeights(state: WasmState): Promise<Float32Array> {
    return this.slice(state.weights, state.size)
  }

  async readMoments({ moments, squares, size }: WasmState): Promise<Moments> {
    return { moments: this.slice(moments, size), squares: this.slice(squares, size) }
  }

  private slice(at: number, size: number): Float32Array {
    return this.heap.f32.slice(at >> 2, (at >> 2) + size)
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

  dropoutMask(ids: Uint32Array, features: number, key: Key, rate: number): Buffer {
    const { heap } = this
    const batch = ids.length
    const at = heap.scratch((batch * features + MASK_SLACK) * 4)
    const mask: Buffer = { at, size: batch * features, rows: batch, columns: features, pad: 0 }
    const threshold = dropoutThreshold(rate)
    if (threshold > 0xffff) {
      heap.f32.fill(0, at >> 2, (at >> 2) + mask.size)
      return mask
    }
    const idsAt = heap.scratch(batch * 4)
    heap.u32.set(ids, idsAt >> 2)
    this.programs.elementwise.mask(batch, features, idsAt, key[0], key[1], threshold, 1 / (1 - rate), at)
    return mask
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
    const pad = flatten ? 0 : 1
    const pooled = heap.map(batch, h, w, out, pad)
    const program = this.programs.block({ height, width, channels, out, pad })
    if (!training) {
      program.forward(batch, x.at, weight.at, bias.at, pooled.at, 0)
      return { pooled, tape: null }
    }
    const tape = heap.matrix(batch, h * w * out)
    program.forwardWithCodes(batch, x.at, weight.at, bias.at, pooled.at, tape.at)
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
    const shape = { height, width, channels, out, pad: dPooled.pad }
    const program = this.programs.block(shape)
    const sums = this.zeros(out, turnedColumns(shape))
    const dBias = this.zeros(1, out)
    const scratch = heap.scratch(gradientScratch(shape))
    const tape = block.tape!.at
    let input: Buffer | null = null
    if (wantInput) {
      input = heap.map(batch, height, width, channels, 1)
      const turned = this.zeros(out, turnedColumns(shape))
      program.turn(weight.at, turned.at)
      program.gradientsWithInput(
        ...[batch, x.at, dPooled.at, tape, sums.at, dBias.at, turned.at, input.at, scratch]
      )
    } else {
      program.gradients(batch, x.at, dPooled.at, tape, sums.at, dBias.at, 0, 0, scratch)
    }
    const dWeight = heap.matrix(9 * channels, out)
    program.back(sums.at, dWeight.at)
    return { weight: dWeight, bias: dBias, input }
  }

  private zeros(rows: number, columns: number): Buffer {
    const buffer = this.heap.matrix(rows, columns)
    this.heap.f32.fill(0, buffer.at >> 2, (buffer.at >> 2) + buffer.size)
    return buffer
  }

  dense(x: Buffer, weight: Buffer, bias: Buffer, relu: boolean): Buffer {
    const y = this.heap.matrix(x.rows, weight.columns)
    const program = this.programs.dense(weight.rows, weight.columns)
    const entry = relu ? program.forwardRelu : program.forward
    entry(x.rows, x.at, weight.at, bias.at, y.at)
    return y
  }

  denseGradients(x: Buffer, weight: Buffer, dY: Buffer) {
    const { heap } = this
    const dWeight = heap.matrix(weight.rows, weight.columns)
    const bias = heap.matrix(1, weight.columns)
    const input = heap.matrix(x.rows, weight.rows)
    const program = this.programs.dense(weight.rows, weight.columns)
    program.weight(x.rows, x.at, dY.at, dWeight.at, bias.at)
    program.input(x.rows, weight.at, dY.at, input.at)
    return { weight: dWeight, bias, input }
  }

  reluGradient(dY: Buffer, y: Buffer): Buffer {
    const to = this.heap.matrix(y.rows, y.columns)
    this.programs.elementwise.reluGradient(dY.at, y.at, to.at, y.size)
    return to
  }

  multiply(a: Buffer, b: Buffer): Buffer {
    const to = this.heap.matrix(b.rows, b.columns)
    this.programs.elementwise.multiply(a.at, b.at, to.at, b.size)
    return to
  }

  add(a: Buffer, b: Buffer): Buffer {
    const at = this.heap.scratch(a.size * 4)
    const { f32 } = this.heap
    const [x, y, to] = [a.at >> 2, b.at >> 2, at >> 2]
    for (let i = 0; i < a.size; i++) f32[to + i] = f32[x + i] + f32[y + i]
    return { ...a, at }
  }

  means(x: Buffer, { height, width, channels }: ImageShape): Buffer {
    const to = this.heap.matrix(x.rows, channels)
    const { f32 } = this.heap
    const sums = new Float64Array(channels)
    for (let b = 0; b < x.rows; b++) {
      sums.fill(0)
      for (let y = 0; y < height; y++) {
        let at = rowStart(x, b, y, height, width, channels)
        for (let i = 0; i < width; i++) for (let c = 0; c < channels; c++) sums[c] += f32[at++]
      }
      for (let c = 0; c < channels; c++) f32[(to.at >> 2) + b * channels + c] = sums[c] / (height * width)
    }
    return to
  }

  meansGradient(d: Buffer, x: Buffer, { height, width, channels }: ImageShape): Buffer {
    const to = this.heap.map(x.rows, height, width, channels, x.pad)
    const { f32 } = this.heap
    for (let b = 0; b < x.rows; b++) {
      const from = (d.at >> 2) + b * channels
      for (let y = 0; y < height; y++) {
        let at = rowStart(to, b, y, height, width, channels)
        for (let i = 0; i < width; i++)
          for (let c = 0; c < channels; c++) f32[at++] = f32[from + c] / (height * width)
      }
    }
    return to
  }

  scaledRows(weight: Buffer, mask: Float32Array): Buffer {
    const { at, raw } = this.heap.allocate(weight.size * 4)
    const f32 = this.heap.f32
    const { rows, columns, size } = weight
    for (let i = 0, k = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, k++) f32[(at >> 2) + k] = f32[(weight.at >> 2) + k] * mask[i]
    }
    const lasting: Lasting = { at, raw, size, rows, columns, pad: 0 }
    return lasting
  }

  release(tensor: Buffer): void {
    this.heap.free((tensor as Lasting).raw)
  }

  crossEntropy(logits: Buffer, labels: Int32Array, state: WasmState, weights?: Float32Array): Buffer {
    state.loss += crossEntropyRows(this.heap, logits.at, logits.rows, logits.columns, labels, weights)
    return logits
  }

  softmax(logits: Buffer): Buffer {
    softmaxRows(this.heap, logits.at, logits.rows, logits.columns)
    return logits
  }

  adam(state: WasmState, gradients: readonly Buffer[], learningRate: number, t: number): void {
    const { rate, correction } = stepRates(learningRate, t)
    state.net.parameters.forEach((p, i) => {
      const at = p.offset * 4
      const addresses = [state.weights + at, state.moments + at, state.squares + at, gradients[i].at]
      this.programs.elementwise.adam(...addresses, p.size, rate, correction)
    })
  }

  values(tensor: Buffer): Float32Array {
    return this.heap.f32.slice(tensor.at >> 2, (tensor.at >> 2) + tensor.size)
  }

  blend(target: WasmState, source: WasmState, share: number): void {
    const { f32 } = this.heap
    const [to, from] = [target.weights >> 2, source.weights >> 2]
    for (let i = 0; i < target.size; i++) f32[to + i] = share * f32[to + i] + (1 - share) * f32[from + i]
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

/** Index of the first float of row y of image b in a map, with or without a border. */
function rowStart(
  { at, pad }: Buffer,
  b: number,
  y: number,
  height: number,
  width: number,
  channels: number
): number {
  return (at >> 2) + ((b * (height + 2 * pad) + y + pad) * (width + 2 * pad) + pad) * channels
}
