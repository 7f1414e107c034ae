/**
 * TensorFlow.js's WASM backend: one thread, SIMD. Threads are switched off: runs are independent, so one worker per
 * core does better than several threads in one, and needs no cross-origin isolation.
 */
import { env, ready, setBackend, engine } from '@tensorflow/tfjs-core'
import { setWasmPaths, type BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { EngineError } from '../errors.ts'
import type { WasmModule } from '../wasm/heap.ts'
import { WasmKernels } from '../wasm/kernels.ts'
import type { Opened } from './opened.ts'

/** Opens the backend. `wasmUrl`: where tfjs-backend-wasm-simd.wasm lies; in Node it is found without it. */
export async function openWasm(wasmUrl?: string): Promise<Opened> {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  if (!(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new EngineError('noBackend', 'this machine has no WebAssembly SIMD')
  }
  if (wasmUrl && !engine().findBackend('wasm')) {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': wasmUrl,
      'tfjs-backend-wasm-simd.wasm': wasmUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': wasmUrl
    })
  }
  let opened: boolean
  try {
    opened = await setBackend('wasm')
    await ready()
  } catch (cause) {
    throw new EngineError('noBackend', 'the WebAssembly backend did not start', { cause })
  }
  if (!opened) throw new EngineError('noBackend', 'the WebAssembly backend did not start')
  const backend = engine().findBackend('wasm') as unknown as BackendWasm
  return { kernels: new WasmKernels(backend.wasm as unknown as WasmModule), detail: 'simd' }
}
