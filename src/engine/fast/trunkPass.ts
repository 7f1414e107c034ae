/** Passes through a trunk whose images the host writes and whose features it reads: forward alone, or with the way back. */
import { stepRates, type StepRates } from '../adam.ts'
import type { Write } from '../pixels.ts'
import { replay, type Dispatch, type Gpu } from './gpu.ts'
import { Header } from './kernels/common.ts'
import { prepared, trunkBackward, trunkForward } from './operations.ts'
import { trainingBytes, type Plan } from './plan.ts'
import { featurePlace, inputSize } from './shape.ts'

/** Bytes of a step's header, as the dynamic offsets of bind groups want them. */
export const STEP_BYTES = 256

/** The parameters of one trunk as stored, with the transposed copy that its gradients read. */
export interface Weights {
  parameters: GPUBuffer
  transposed: GPUBuffer
}

/** Images through a trunk: buffers and dispatches for up to `plan.batch` of them. */
export class Pass {
  private readonly header = new Uint32Array(STEP_BYTES / 4)
  private readonly group: GPUBindGroup
  private readonly images: Float32Array<ArrayBuffer>
  /** one image whose channels are not filled up */
  private readonly image: Float32Array
  /** where feature f lies among an image's stored ones */
  private readonly places: Uint32Array

  private constructor(
    private readonly gpu: Gpu,
    private readonly plan: Plan,
    readonly buffers: PassBuffers,
    private readonly forwards: readonly Dispatch[]
  ) {
    const { shape, batch } = plan
    this.group = gpu.stepGroup(buffers.step, STEP_BYTES)
    this.images = new Float32Array(batch * inputSize(shape))
    const { height, width, channels } = shape.net.input
    this.image = new Float32Array(height * width * channels)
    this.places = Uint32Array.from({ length: shape.net.features }, (_, f) => featurePlace(shape, f))
  }

  static async prepare(gpu: Gpu, plan: Plan, parameters: GPUBuffer, training = false): Promise<Pass> {
    const { shape, batch } = plan
    const { tiling } = gpu
    const bytes = trainingBytes(plan)
    const buffers: PassBuffers = await gpu.allocate(() => ({
      step: gpu.buffer(STEP_BYTES, 'step'),
      staging: gpu.staging(4 * batch * shape.features),
      input: gpu.buffer(bytes.input, 'input'),
      pooled: bytes.pooled.map(size => gpu.buffer(size, 'pooled')),
      codes: training ? bytes.codes.map(size => gpu.buffer(size, 'codes')) : []
    }))
    try {
      const { codes, ...own } = buffers
      const operations = trunkForward(plan, tiling, { ...own, parameters, ...(training && { codes }) })
      return new Pass(gpu, plan, buffers, await prepared(gpu, operations))
    } catch (error) {
      gpu.free(...Object.values(buffers).flat())
      throw error
    }
  }

  /** Features [count, features] of the images that were put last. `meanwhile` runs while they are on their way. */
  async run(count: number, rates?: StepRates, meanwhile?: () => void): Promise<Float32Array> {
    const { gpu, header, buffers, images, places, forwards } = this
    const { shape } = this.plan
    header[Header.count] = count
    if (rates) {
      const floats = new Float32Array(header.buffer)
      floats[Header.rate] = rates.rate
      floats[Header.correction] = rates.correction
    }
    gpu.write(buffers.step, header)
    gpu.write(buffers.input, images.subarray(0, count * inputSize(shape)))
    const size = shape.features
    const last = buffers.pooled[buffers.pooled.length - 1]
    const use = (stored: Float32Array) => {
      const features = new Float32Array(count * places.length)
      for (let i = 0, to = 0; i < count; i++)
        for (let f = 0; f < places.length; f++) features[to++] = stored[i * size + places[f]]
      return features
    }
    const record = this.record(forwards)
    return gpu.submitAndRead(record, last, buffers.staging, 4 * count * size, use, meanwhile)
  }

  /** Images as the kernels read them: within a border of zeros, one channel alone or filled up to four. */
  put(count: number, write: Write): void {
    const { images } = this
    const { blocks, net } = this.plan.shape
    const { height, width, channels } = net.input
    const stored = blocks[0].in
    const [row, map] = [(width + 2) * stored, (height + 2) * (width + 2) * stored]
    const start = row + stored
    if (stored === channels) {
      const target = { values: images, start, imageStride: map, rowStride: row }
      for (let slot = 0; slot < count; slot++) write(target, slot)
      return
    }
    const { image } = this
    const target = { values: image, start: 0, imageStride: 0, rowStride: width * channels }
    for (let slot = 0; slot < count; slot++) {
      write(target, slot)
      let from = 0
      for (let y = 0; y < height; y++) {
        let to = slot * map + start + y * row
        for (let x = 0; x < width; x++, to += stored)
          for (let c = 0; c < channels; c++) images[to + c] = image[from++]
      }
    }
  }

  /** A gradient [count, features] as stored. */
  stored(gradient: Float32Array, count: number): Float32Array<ArrayBuffer> {
    const { places } = this
    const { features } = this.plan.shape
    const out = new Float32Array(count * features)
    for (let i = 0, at = 0; i < count; i++)
      for (let f = 0; f < places.length; f++) out[i * features + places[f]] = gradient[at++]
    return out
  }

  submit(dispatches: readonly Dispatch[]): void {
    this.gpu.submit(this.record(dispatches))
  }

  private readonly record = (dispatches: readonly Dispatch[]) => (pass: GPUComputePassEncoder) => {
    pass.setBindGroup(0, this.group, [0])
    replay(pass, dispatches)
  }

  dispose(): void {
    this.gpu.free(...Object.values(this.buffers).flat())
  }
}

interface PassBuffers {
  step: GPUBuffer
  staging: GPUBuffer
  input: GPUBuffer
  pooled: GPUBuffer[]
  codes: GPUBuffer[]
}

/** A pass with the way back and Adam's moments. */
export class Optimiser {
  private constructor(
    private readonly gpu: Gpu,
    private readonly pass: Pass,
    private readonly buffers: { last: GPUBuffer; all: GPUBuffer[] },
    readonly moments: { moments: GPUBuffer; squares: GPUBuffer },
    private readonly backwards: readonly Dispatch[]
  ) {}

  /** the step whose images were put last */
  private ready = 0

  static async prepare(gpu: Gpu, plan: Plan, weights: Weights): Promise<Optimiser> {
    const pass = await Pass.prepare(gpu, plan, weights.parameters, true)
    const bytes = trainingBytes(plan)
    const made: GPUBuffer[] = []
    try {
      const make = (size: number, label: string) => {
        const buffer = gpu.buffer(size, label)
        made.push(buffer)
        return buffer
      }
      const own = await gpu.allocate(() => ({
        pooledGradients: bytes.pooledGradients.map(size => make(size, 'pooledGradients')),
        moments: make(bytes.moments, 'moments'),
        squares: make(bytes.squares, 'squares'),
        gradients: make(bytes.gradients, 'gradients')
      }))
      const operations = trunkBackward(plan, gpu.tiling, { ...pass.buffers, ...weights, ...own })
      const last = own.pooledGradients[plan.shape.blocks.length - 1]
      return new Optimiser(gpu, pass, { last, all: made }, own, await prepared(gpu, operations))
    } catch (error) {
      gpu.free(...made)
      pass.dispose()
      throw error
    }
  }

  /** Moments as stored, of a training that goes on. */
  put(moments: Float32Array<ArrayBuffer>, squares: Float32Array<ArrayBuffer>): void {
    this.gpu.write(this.moments.moments, moments)
    this.gpu.write(this.moments.squares, squares)
  }

  async step(
    count: number,
    write: Write,
    t: number,
    rate: number,
    next?: Write
  ): Promise<{ features: Float32Array; descend: (gradient: Float32Array) => void }> {
    const { gpu, pass, buffers, backwards } = this
    const put = (step: number, images: Write) => {
      pass.put(count, images)
      this.ready = step
    }
    if (this.ready !== t) put(t, write)
    const features = await pass.run(count, stepRates(rate, t), next && (() => put(t + 1, next)))
    return {
      features,
      descend: gradient => {
        gpu.write(buffers.last, pass.stored(gradient, count))
        pass.submit(backwards)
      }
    }
  }

  dispose(): void {
    this.gpu.free(...this.buffers.all)
    this.pass.dispose()
  }
}
