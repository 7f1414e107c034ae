/**
 * What the adapter can do at best, by three programs that do nothing else: multiply-adds in registers, copying, and
 * dispatches of an empty shader. Each is the best of several goes: a peak is not an average.
 */
import { requestAdapter } from '../../src/engine/backends/adapter.ts'
import type { Contender } from '../contender.ts'
import type { Peaks } from '../protocol.ts'

/** What kernels could use, where it is there. */
const OPTIONAL = ['shader-f16', 'subgroups'] as const

const GOES = 5
/** a measurement should last this long at least */
const MILLISECONDS = 30

export async function floor(): Promise<Contender> {
  const adapter = await requestAdapter()
  if (!adapter) throw new Error('no WebGPU adapter')
  const device = await adapter.requestDevice()
  const { vendor, architecture, description } = adapter.info
  const offered = `(${OPTIONAL.map(name => `${adapter.features.has(name) ? '' : 'no '}${name}`).join(', ')})`
  return {
    description: [vendor, architecture, description, offered].filter(Boolean).join(' '),
    train: () => Promise.reject(new Error('the floor trains nothing')),
    prepare: () => Promise.resolve(),
    score: () => Promise.reject(new Error('the floor scores nothing')),
    // a program that the adapter refuses would be very fast
    async peaks() {
      device.pushErrorScope('validation')
      const found = await peaks(device)
      const error = await device.popErrorScope()
      if (error) throw new Error(error.message)
      return found
    }
  }
}

const GROUP = 64
const chains = [0, 1, 2, 3, 4, 5, 6, 7]

/** Eight chains of vec4 multiply-adds a thread; what they come to is stored, so that nothing is optimised away. */
const ARITHMETIC = `
@group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
override rounds: u32 = 256;
@compute @workgroup_size(${GROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = vec4f(f32(id.x & 7u) * 0.125 + 0.25);
  ${chains.map(i => `var a${i} = x + ${i}.0;`).join(' ')}
  for (var i = 0u; i < rounds; i++) { ${chains.map(i => `a${i} = fma(a${i}, x, x);`).join(' ')} }
  result[id.x & 1023u] = ${chains.map(i => `a${i}`).join(' + ')};
}`
const ROUNDS = 256

const COPY = `
@group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
@compute @workgroup_size(${GROUP}) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.x + id.y * groups.x * ${GROUP}u;
  if (at < arrayLength(&source)) { result[at] = source[at]; }
}`

const EMPTY = `@compute @workgroup_size(1) fn main() {}`

async function peaks(device: GPUDevice): Promise<Peaks> {
  const pipeline = (code: string) =>
    device.createComputePipeline({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }), entryPoint: 'main' }
    })
  const buffer = (size: number) => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE })
  const bind = (of: GPUComputePipeline, ...buffers: GPUBuffer[]) =>
    device.createBindGroup({
      layout: of.getBindGroupLayout(0),
      entries: buffers.map((b, binding) => ({ binding, resource: { buffer: b } }))
    })

  /** milliseconds of `count` dispatches in one submit */
  async function run(of: GPUComputePipeline, group: GPUBindGroup | null, size: number[], count: number) {
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(of)
    if (group) pass.setBindGroup(0, group)
    for (let i = 0; i < count; i++) pass.dispatchWorkgroups(size[0], size[1] ?? 1)
    pass.end()
    const began = performance.now()
    device.queue.submit([encoder.finish()])
    await device.queue.onSubmittedWorkDone()
    return performance.now() - began
  }
  /** milliseconds of one dispatch among so many that a submit's own cost does not count */
  async function best(of: GPUComputePipeline, group: GPUBindGroup | null, size: number[], least = 1) {
    await run(of, group, size, 1)
    let count = least
    let fastest = (await run(of, group, size, count)) / count
    while (fastest * count < MILLISECONDS && count < 1 << 16) {
      count *= 2
      fastest = Math.min(fastest, (await run(of, group, size, count)) / count)
    }
    for (let go = 0; go < GOES; go++) fastest = Math.min(fastest, (await run(of, group, size, count)) / count)
    return fastest
  }

  const arithmetic = pipeline(ARITHMETIC)
  const groups = 4096
  const ms = await best(arithmetic, bind(arithmetic, buffer(1024 * 16)), [groups])
  const gigaflops = (groups * GROUP * ROUNDS * chains.length * 4 * 2) / ms / 1e6

  const copy = pipeline(COPY)
  const bytes = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize, 1 << 27)
  const threads = bytes / 16 / GROUP
  const size = [Math.min(threads, 32768), Math.ceil(threads / 32768)]
  const copyMs = await best(copy, bind(copy, buffer(bytes), buffer(bytes)), size)
  const empty = await best(pipeline(EMPTY), null, [1], 512)
  return { gigaflops, gigabytes: (2 * bytes) / copyMs / 1e6, dispatchMicroseconds: empty * 1000 }
}
