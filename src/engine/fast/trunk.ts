/**
 * A trunk alone on the GPU, for whoever has heads and losses of their own (pretraining): images that the host wrote go in,
 * features come out, their gradient comes back, and the parameters stay. Forward, gradients and Adam are the kernels of
 * the trainings, with one replica.
 */
import { architecture, type ImageShape, type Network } from '../../core/network.ts'
import type { Moments } from '../kernels.ts'
import type { Write } from '../pixels.ts'
import { replay, type Gpu } from './gpu.ts'
import { blend } from './kernels/blend.ts'
import { Header } from './kernels/common.ts'
import { groups } from './operations.ts'
import { planTraining, trainingBytes } from './plan.ts'
import { pack, shapeOf, transposed, unpack, type Shape } from './shape.ts'
import { Optimiser, Pass, STEP_BYTES, type Weights } from './trunkPass.ts'

export class GpuTrunk {
  private readonly shape: Shape
  /** parameters of the trunk, which come first in a network's layout */
  private readonly size: number
  private readonly own: Weights
  /** the share that `blend` leaves */
  private readonly shareStep: GPUBuffer
  private readonly passes = new Map<number, Promise<Pass>>()
  private optimiser: Optimiser | undefined

  private constructor(
    private readonly gpu: Gpu,
    private readonly network: Network,
    private readonly image: ImageShape,
    weights: Float32Array,
    private readonly start?: Moments
  ) {
    // dense layers belong to a network's layout, and stay as they are: nothing has a gradient there
    const net = architecture({ channels: network.channels, hidden: 4 }, image, 1)
    this.shape = shapeOf(net)
    this.size = net.parameters[2 * net.channels.length].offset
    this.own = this.store(weights)
    this.shareStep = gpu.buffer(STEP_BYTES, 'step')
  }

  /**
   * `weights`: of the trunk, or of a network that begins with it; so are Adam's moments, of a training that goes on. Rejects
   * with NoRoom.
   */
  static open(
    gpu: Gpu,
    network: Network,
    image: ImageShape,
    weights: Float32Array,
    moments?: Moments
  ): Promise<GpuTrunk> {
    return gpu.allocate(() => new GpuTrunk(gpu, network, image, weights, moments))
  }

  /** The trunk's part of flat parameters as stored. */
  private packed(parameters: Float32Array): Float32Array<ArrayBuffer> {
    const all = new Float32Array(this.shape.net.size)
    all.set(parameters.subarray(0, this.size))
    return pack(this.shape, all)
  }

  private store(weights: Float32Array): Weights {
    const { gpu, shape } = this
    const stored = this.packed(weights)
    const turned = transposed(shape, stored)
    const own = {
      parameters: gpu.buffer(stored.byteLength, 'trunk'),
      transposed: gpu.buffer(turned.byteLength, 'transposed trunk')
    }
    gpu.write(own.parameters, stored)
    if (turned.length) gpu.write(own.transposed, turned)
    return own
  }

  /** Images that can be looked at together: `most`, or as many as the device's bindings hold. */
  together(most: number): number {
    const { input, pooled } = trainingBytes(planTraining(this.shape, 1))
    let count = most
    while (count > 1 && !this.gpu.fits(1, count * input, ...pooled.map(bytes => count * bytes)))
      count = Math.ceil(count / 2)
    return count
  }

  /** Flattened features of images that `write` puts into the batch, [count, features]; buffers are kept for `capacity` images. */
  async look(count: number, write: Write, capacity: number): Promise<Float32Array> {
    let pass = this.passes.get(capacity)
    if (!pass) {
      pass = Pass.prepare(this.gpu, planTraining(this.shape, capacity), this.own.parameters)
      this.passes.set(capacity, pass)
    }
    const ready = await pass
    ready.put(count, write)
    return ready.run(count)
  }

  /**
   * The same with a tape: `descend` takes the step of Adam (t from 1) that the features' gradient [count, features] asks for.
   * All steps have as many images; those of step t + 1 are written by `next` while this one's features are on their way.
   */
  async step(count: number, write: Write, t: number, rate: number, next?: Write) {
    this.optimiser ??= await this.prepare(count)
    return this.optimiser.step(count, write, t, rate, next)
  }

  private async prepare(count: number): Promise<Optimiser> {
    const { gpu, shape, start } = this
    const optimiser = await Optimiser.prepare(gpu, planTraining(shape, count), this.own)
    if (start) optimiser.put(this.packed(start.moments), this.packed(start.squares))
    return optimiser
  }

  /** A trunk with the weights of now, or with these. */
  async follower(weights?: Float32Array): Promise<GpuTrunk> {
    return GpuTrunk.open(this.gpu, this.network, this.image, weights ?? (await this.weights()))
  }

  /** The weights become share x own + (1 - share) x the other's. (Not so their transposed copy: a follower has no gradients.) */
  async blend(other: GpuTrunk, share: number): Promise<void> {
    const { gpu, shape, shareStep: step } = this
    const kernel = await gpu.compile(blend(shape.size))
    const header = new Uint32Array(STEP_BYTES / 4)
    new Float32Array(header.buffer)[Header.rate] = share
    gpu.write(step, header)
    const buffers = [this.own.parameters, other.own.parameters]
    const dispatch = gpu.dispatch(kernel, buffers, groups(shape.size))
    gpu.submit(pass => {
      pass.setBindGroup(0, gpu.stepGroup(step, STEP_BYTES), [0])
      replay(pass, [dispatch])
    })
  }

  /** The trunk's parameters in the layout's order. */
  async weights(): Promise<Float32Array> {
    return this.read(this.own.parameters)
  }

  /** Adam's moments of the trunk, in that order; after a step. */
  async moments(): Promise<Moments> {
    const { moments, squares } = this.optimiser!.moments
    return { moments: await this.read(moments), squares: await this.read(squares) }
  }

  private async read(buffer: GPUBuffer): Promise<Float32Array> {
    const stored = await this.gpu.read(buffer, 4 * this.shape.size)
    return unpack(this.shape, stored).slice(0, this.size)
  }

  dispose(): void {
    this.gpu.free(this.own.parameters, this.own.transposed, this.shareStep)
    for (const pass of this.passes.values()) {
      void pass.then(
        p => p.dispose(),
        () => {}
      )
    }
    this.optimiser?.dispose()
  }
}
