/**
 * The engine's door: opens a backend, has it prove itself on the micro-run, and hands back an Engine. Each backend's
 * code is loaded only when it is asked for.
 */
import type { BackendName, Engine } from '../core/engine.ts'
import { ReferenceEngine } from './engine.ts'
import type { Opened } from './backends/opened.ts'
import { probe } from './probe.ts'

export { EngineError, type EngineErrorCode } from './errors.ts'

export interface EngineOptions {
  backend: BackendName
  /** where tfjs-backend-wasm-simd.wasm lies; not needed in Node */
  wasmUrl?: string
  /** of WebGPU: 'fast' with kernels of our own, unless told; 'reference' with tfjs's */
  path?: 'fast' | 'reference'
  /** called when the backend is lost or reports an error after it was opened; the engine is of no more use then */
  onLost?: (reason: string) => void
}

/**
 * Opens and probes a backend. Rejects with an EngineError: 'noBackend' or 'noAdapter' if it is not there,
 * 'wrongNumbers' if it trains wrongly, 'lost' if its device went away meanwhile.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  if (options.backend === 'webgpu') await installGpu()
  if (options.backend === 'webgpu' && options.path !== 'reference') {
    return (await import('./fast/open.ts')).openFast({ onLost: options.onLost, wasmUrl: options.wasmUrl })
  }
  const opened = await open(options)
  try {
    return new ReferenceEngine(opened.kernels, await probe(opened))
  } catch (error) {
    opened.kernels.dispose()
    throw error
  }
}

/** Whether this is Node, where WebGPU comes from a package and not from the platform. */
const inNode = typeof process === 'object' && !!process.versions?.node

async function installGpu(): Promise<void> {
  if (inNode) await (await import('./node/webgpu.ts')).installWebgpu()
}

async function open({ backend, wasmUrl, onLost }: EngineOptions): Promise<Opened> {
  switch (backend) {
    case 'webgpu':
      return (await import('./backends/webgpu.ts')).openWebgpu(onLost)
    case 'wasm':
      return (await import('./backends/wasm.ts')).openWasm(wasmUrl)
    case 'cpu':
      return (await import('./backends/cpu.ts')).openCpu()
  }
}
