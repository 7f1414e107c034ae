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
  const listening = unhandledListeners()
  let opened: boolean
  try {
    opened = await setBackend('wasm')
    await ready()
  } catch (cause) {
    throw new EngineError('noBackend', 'the WebAssembly backend did not start', { cause })
  }
  removeOthers(listening)
  if (!opened) throw new EngineError('noBackend', 'the WebAssembly backend did not start')
  const backend = engine().findBackend('wasm') as unknown as BackendWasm
  return { kernels: new WasmKernels(backend.wasm as unknown as WasmModule), detail: 'simd' }
}

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const

/** In Node, Emscripten listens for everybody's errors and throws them again; those listeners are taken away. */
function unhandledListeners(): Map<string, unknown[]> | null {
  if (typeof process !== 'object' || !process.listeners) return null
  return new Map(EVENTS.map(event => [event, process.listeners(event as 'uncaughtException')]))
}

function removeOthers(before: Map<string, unknown[]> | null): void {
  for (const [event, known] of before ?? []) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!known.includes(listener)) process.removeListener(event, listener)
    }
  }
}
