/**
 * TensorFlow.js's WebGPU backend on the device that device.ts opened. Its kernels are registered under the name
 * 'webgpu', so that name is kept; one engine at a time can have it in a worker.
 */
import { engine, env, ready, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { EngineError } from '../errors.ts'
import { TfKernels } from '../tfops.ts'
import { openDevice, type OpenedDevice } from './device.ts'
import type { Opened } from './opened.ts'

/** steps that may be queued before the device is waited for, so that no watchdog or frame suffers */
const QUEUED_STEPS = 4

/** Only kernels that add in a fixed order: matrix products by tiles, none by atomic adds (MatMulProgramType 3). */
const PACKED_MATMUL = 3

/** The reference path on a device of its own. */
export async function openWebgpu(onLost: (reason: string) => void = () => {}): Promise<Opened> {
  const opened = await openDevice()
  opened.onLost(onLost)
  return { kernels: await tfjsKernels(opened), detail: opened.detail, fallback: opened.fallback }
}

/** tfjs's kernels on an open device; disposing of them closes it. */
export async function tfjsKernels({ device, info, fallback, lost, close }: OpenedDevice): Promise<TfKernels> {
  env().set('WEBGPU_MATMUL_PROGRAM_TYPE', PACKED_MATMUL)
  // small tensors, too, are computed on the GPU: one kind of arithmetic, whatever the size
  env().set('WEBGPU_CPU_FORWARD', false)
  if (engine().registryFactory['webgpu']) removeBackend('webgpu')
  registerBackend('webgpu', () => new WebGPUBackend(device, info), 3)
  if (!(await setBackend('webgpu'))) throw new EngineError('noBackend', 'the WebGPU backend did not start')
  await ready()

  let queued = 0
  const failure = (cause?: unknown) => {
    const reason = lost()
    return reason === null ? cause : new EngineError('lost', reason, { cause })
  }
  return new TfKernels({
    backend: 'webgpu',
    // a software adapter gains nothing from many images at once, and every chunk is filled up
    chunk: fallback ? 32 : 256,
    padTail: true,
    failure,
    settle: () => {
      const gone = failure()
      if (gone) throw gone
      if (++queued < QUEUED_STEPS) return
      queued = 0
      return device.queue.onSubmittedWorkDone()
    },
    dispose: () => {
      removeBackend('webgpu')
      close()
    }
  })
}
