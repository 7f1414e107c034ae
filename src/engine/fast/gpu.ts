/**
 * A WebGPU device as the fast path uses it: pipelines compiled once per source, buffers that are counted, waits that
 * notice when the device is gone. Kernels have two bind groups: group 0 is the step (a slice of the schedule, by a
 * dynamic offset), group 1 the buffers, bound once and replayed.
 */
import { EngineError } from '../errors.ts'
import type { Tiling } from './kernels/common.ts'

/** An allocation failed: fewer replicas at once may fit. If not, the device is of no use to this training. */
export class NoRoom extends EngineError {
  constructor(message: string) {
    super('lost', message)
  }
}

/** What a kernel is compiled from. */
export interface KernelCode {
  source: string
  /** of group 1 in order: 'r' is only read, 'w' is written */
  bindings: string
}

export interface Kernel {
  pipeline: GPUComputePipeline
  layout: GPUBindGroupLayout
}

/** A kernel bound to its buffers, with the number of workgroups. */
export interface Dispatch {
  pipeline: GPUComputePipeline
  group: GPUBindGroup
  size: readonly [number, number, number]
}

/** Dispatches one after the other, in a pass that has its step (group 0). */
export function replay(pass: GPUComputePassEncoder, dispatches: readonly Dispatch[]): void {
  for (const { pipeline, group, size } of dispatches) {
    pass.setPipeline(pipeline)
    pass.setBindGroup(1, group)
    pass.dispatchWorkgroups(...size)
  }
}

/** Threads of a workgroup: half of what even compatibility mode guarantees. */
export const THREADS = 64

export class Gpu {
  /** bytes of the buffers alive */
  bytes = 0
  private lost: string | null = null
  private readonly compiled = new Map<string, Promise<Kernel>>()
  private readonly layouts = new Map<string, GPUBindGroupLayout>()
  private readonly stepLayout: GPUBindGroupLayout
  /** whoever waits for the device, to be woken when it is gone */
  private readonly waiting = new Set<() => void>()

  constructor(
    readonly device: GPUDevice,
    readonly tiling: Tiling
  ) {
    this.stepLayout = device.createBindGroupLayout({
      entries: [
        {
          binding: 0,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: 'read-only-storage', hasDynamicOffset: true }
        }
      ]
    })
  }

  /** To be told when the device is lost or in error: all waits end with an EngineError 'lost'. */
  fail(reason: string): void {
    this.lost ??= reason
    for (const wake of [...this.waiting]) wake()
  }

  check(): void {
    if (this.lost !== null) throw new EngineError('lost', this.lost)
  }

  /** A storage buffer of zeros. */
  buffer(bytes: number, label: string): GPUBuffer {
    const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage
    return this.create({
      size: Math.max(16, Math.ceil(bytes / 4) * 4),
      usage: STORAGE | COPY_DST | COPY_SRC,
      label
    })
  }

  private create(descriptor: GPUBufferDescriptor): GPUBuffer {
    this.check()
    if (descriptor.size > this.device.limits.maxBufferSize)
      throw new NoRoom(`the GPU has no buffers of ${descriptor.size} bytes`)
    const buffer = this.device.createBuffer(descriptor)
    this.bytes += buffer.size
    return buffer
  }

  free(...buffers: readonly GPUBuffer[]): void {
    for (const buffer of buffers) {
      this.bytes -= buffer.size
      buffer.destroy()
    }
  }

  /** Runs allocations; rejects with NoRoom if the device has no room, and frees nothing itself. */
  async allocate<T>(work: () => T): Promise<T> {
    this.device.pushErrorScope('out-of-memory')
    let result: T
    let error: Promise<GPUError | null>
    try {
      result = work()
    } finally {
      error = this.device.popErrorScope()
    }
    const failed = await this.orLost(error)
    if (failed) throw new NoRoom(`the GPU has no room: ${failed.message}`)
    return result
  }

  write(
    buffer: GPUBuffer,
    data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
    offset = 0
  ): void {
    this.device.queue.writeBuffer(buffer, offset, data)
  }

  compile({ source, bindings }: KernelCode): Promise<Kernel> {
    let kernel = this.compiled.get(source)
    if (!kernel) {
      this.compiled.set(source, (kernel = this.orLost(this.build(source, bindings))))
      // a driver's mishap: whoever asks next tries again
      kernel.catch(() => this.compiled.delete(source))
    }
    return kernel
  }

  private async build(source: string, bindings: string): Promise<Kernel> {
    const layout = this.layout(bindings)
    const pipeline = await this.device.createComputePipelineAsync({
      layout: this.device.createPipelineLayout({ bindGroupLayouts: [this.stepLayout, layout] }),
      compute: { module: this.device.createShaderModule({ code: source }), entryPoint: 'main' }
    })
    return { pipeline, layout }
  }

  private layout(bindings: string): GPUBindGroupLayout {
    let layout = this.layouts.get(bindings)
    if (!layout) {
      const entries = [...bindings].map((kind, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: kind === 'r' ? ('read-only-storage' as const) : ('storage' as const) }
      }))
      this.layouts.set(bindings, (layout = this.device.createBindGroupLayout({ entries })))
    }
    return layout
  }

  /** Throws NoRoom if the device has no such bindings or dispatches: using them would cost it. */
  dispatch({ pipeline, layout }: Kernel, buffers: readonly GPUBuffer[], x: number, y = 1, z = 1): Dispatch {
    if (!this.fits(Math.max(x, y, z), ...buffers.map(buffer => buffer.size)))
      throw new NoRoom('more at once than the GPU takes')
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }))
    return { pipeline, group: this.device.createBindGroup({ layout, entries }), size: [x, y, z] }
  }

  /** Group 0: `bytes` of a schedule, from the dynamic offset on. */
  stepGroup(schedule: GPUBuffer, bytes: number): GPUBindGroup {
    return this.device.createBindGroup({
      layout: this.stepLayout,
      entries: [{ binding: 0, resource: { buffer: schedule, size: bytes } }]
    })
  }

  /** Records and submits one compute pass. */
  submit(record: (pass: GPUComputePassEncoder) => void): void {
    this.device.queue.submit([this.recorded(record).finish()])
  }

  private recorded(record: (pass: GPUComputePassEncoder) => void): GPUCommandEncoder {
    this.check()
    const encoder = this.device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    record(pass)
    pass.end()
    return encoder
  }

  /** Whether the device has dispatches of so many workgroups and bindings as large. */
  fits(groups: number, ...bytes: number[]): boolean {
    const { limits } = this.device
    const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize)
    return groups <= limits.maxComputeWorkgroupsPerDimension && bytes.every(each => each <= most)
  }

  /** A buffer through which the CPU reads. */
  staging(bytes: number): GPUBuffer {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
    return this.create({ size: bytes, usage, label: 'staging' })
  }

  /**
   * `submit`, and `use` of the first `bytes` that the pass leaves in a buffer, which come through `staging`: for what is read
   * again and again. `meanwhile` runs while they are on their way.
   */
  async submitAndRead<R>(
    record: (pass: GPUComputePassEncoder) => void,
    buffer: GPUBuffer,
    staging: GPUBuffer,
    bytes: number,
    use: (values: Float32Array) => R,
    meanwhile: () => void = () => {}
  ): Promise<R> {
    const encoder = this.recorded(record)
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes)
    this.device.queue.submit([encoder.finish()])
    const mapped = this.orLost(staging.mapAsync(GPUMapMode.READ, 0, bytes))
    meanwhile()
    await mapped
    try {
      return use(new Float32Array(staging.getMappedRange(0, bytes)))
    } finally {
      staging.unmap()
    }
  }

  /** Copies `bytes` from one buffer to another. */
  copy(from: GPUBuffer, to: GPUBuffer, bytes: number): void {
    this.check()
    const encoder = this.device.createCommandEncoder()
    encoder.copyBufferToBuffer(from, 0, to, 0, bytes)
    this.device.queue.submit([encoder.finish()])
  }

  /** Resolves when all that was submitted is done. */
  async done(): Promise<void> {
    await this.orLost(this.device.queue.onSubmittedWorkDone())
  }

  /** Copies `bytes` of a buffer to the CPU. */
  async read(buffer: GPUBuffer, bytes: number): Promise<Float32Array<ArrayBuffer>> {
    if (bytes === 0) return new Float32Array(0)
    const staging = this.staging(bytes)
    try {
      const encoder = this.device.createCommandEncoder()
      encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes)
      this.device.queue.submit([encoder.finish()])
      await this.orLost(staging.mapAsync(GPUMapMode.READ))
      return new Float32Array(staging.getMappedRange().slice(0))
    } finally {
      this.free(staging)
    }
  }

  /** A wait on the device that ends when the device does. */
  private async orLost<T>(work: Promise<T>): Promise<T> {
    let result: T | void
    try {
      result = await this.orWoken(work)
    } catch (cause) {
      // the device's loss is told a moment after the calls that it broke
      await this.orWoken(new Promise<void>(resolve => setTimeout(resolve, 50)))
      this.check()
      throw cause
    }
    this.check()
    return result as T
  }

  /** (Promise.race would leave a reaction behind on whatever lives as long as the device.) */
  private orWoken<T>(work: Promise<T>): Promise<T | void> {
    return new Promise((resolve, reject) => {
      const wake = () => settle(resolve)
      const settle = (how: () => void) => {
        this.waiting.delete(wake)
        how()
      }
      this.waiting.add(wake)
      work.then(
        value => settle(() => resolve(value)),
        error => settle(() => reject(error))
      )
      if (this.lost !== null) wake()
    })
  }
}
