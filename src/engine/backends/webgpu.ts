/**
 * TensorFlow.js's WebGPU backend on a device of our own making: tfjs neither asks for the optional features and larger
 * limits nor notices a lost device (reference: tfjs-backend-webgpu 4.22.0, base.ts). Its kernels are registered under
 * the name 'webgpu', so that name is kept; one engine at a time can have it in a worker.
 */
import { engine, env, ready, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { isSoftware, requestAdapter } from './adapter.ts'
import { EngineError } from '../errors.ts'
import { TfKernels } from '../tfops.ts'
import type { Opened } from './opened.ts'

const FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const
const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX'
] as const

/** steps that may be queued before the device is waited for, so that no watchdog or frame suffers */
const QUEUED_STEPS = 4

/** Only kernels that add in a fixed order: matrix products by tiles, none by atomic adds (MatMulProgramType 3). */
const PACKED_MATMUL = 3

export async function openWebgpu(onLost: (reason: string) => void = () => {}): Promise<Opened> {
  const adapter = await requestAdapter()
  if (!adapter) throw new EngineError('noAdapter', 'no WebGPU adapter was found')
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter(feature => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map(name => [name, adapter.limits[name]]))
  })

  let lost: string | null = null
  let closed = false
  const report = (reason: string) => {
    if (lost !== null || closed) return
    lost = reason
    onLost(reason)
  }
  void device.lost.then(info => report(`the GPU device was lost (${info.reason}): ${info.message}`))
  // the numbers after an error cannot be trusted: out of memory, for one, leaves zeros behind
  device.addEventListener('uncapturederror', event => report(`GPU error: ${event.error.message}`))

  env().set('WEBGPU_MATMUL_PROGRAM_TYPE', PACKED_MATMUL)
  // small tensors, too, are computed on the GPU: one kind of arithmetic, whatever the size
  env().set('WEBGPU_CPU_FORWARD', false)
  if (engine().registryFactory['webgpu']) removeBackend('webgpu')
  registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3)
  if (!(await setBackend('webgpu'))) throw new EngineError('noBackend', 'the WebGPU backend did not start')
  await ready()

  let queued = 0
  const fallback = isSoftware(adapter.info)
  const kernels = new TfKernels({
    backend: 'webgpu',
    // a software adapter gains nothing from many images at once, and every chunk is filled up
    chunk: fallback ? 32 : 256,
    padTail: true,
    failure: cause => (lost === null ? cause : new EngineError('lost', lost, { cause })),
    settle: () => {
      if (lost !== null) throw new EngineError('lost', lost)
      if (++queued < QUEUED_STEPS) return
      queued = 0
      return device.queue.onSubmittedWorkDone()
    },
    dispose: () => {
      closed = true
      removeBackend('webgpu')
      device.destroy()
    }
  })
  const { vendor, architecture, description } = adapter.info
  const detail = [vendor, architecture].filter(Boolean).join(' ') || description || 'unknown adapter'
  return { kernels, detail, fallback }
}
