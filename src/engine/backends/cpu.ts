/** TensorFlow.js's plain JavaScript backend: the last resort, and a second opinion in tests. */
import { ready, setBackend } from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { EngineError } from '../errors.ts'
import { TfKernels } from '../tfops.ts'
import type { Opened } from './opened.ts'

export async function openCpu(): Promise<Opened> {
  if (!(await setBackend('cpu'))) throw new EngineError('noBackend', 'the CPU backend did not start')
  await ready()
  return {
    kernels: new TfKernels({ backend: 'cpu', padTail: false, filterByConvolution: true, dispose: () => {} }),
    detail: 'JavaScript'
  }
}
