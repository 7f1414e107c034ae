/**
 * The engine's door: opens a backend, has it prove itself on the micro-run, and hands back an Engine. Each backend's
 * code is loaded only when it is asked for.
 */
import type { BackendName, Engine } from '../core/engine.ts'
import { ReferenceEngine } from './engine.ts'
import type { Opened } from './backends/opened.ts'
import { EngineError } from './errors.ts'
import { probe } from './probe.ts'

export { EngineError, type EngineErrorCode } from './errors.ts'

export interface EngineOptions {
  backend: BackendName
  /** where tfjs-backend-wasm-simd.wasm lies; not needed in Node */
  wasmUrl?: string
  /** called when the backend is lost or reports an error after it was opened; the engine is of no more use then */
  onLost?: (reason: string) => void
}

/**
 * Opens and probes a backend. Rejects with an EngineError: 'noBackend' or 'noAdapter' if it is not there,
 * 'wrongNumbers' if it trains wrongly, 'lost' if its device went away meanwhile.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const opened = await open(options)
  try {
    return new ReferenceEngine(opened.kernels, await probe(opened))
  } catch (error) {
    opened.kernels.dispose()
    throw error
  }
}

/** The backends that could be there; cheap, trains nothing. The slowest and surest comes last. */
export async function availableBackends(): Promise<BackendName[]> {
  const names: BackendName[] = []
  if (typeof WebAssembly === 'object') names.push('wasm')
  return names
}

async function open({ backend, wasmUrl }: EngineOptions): Promise<Opened> {
  switch (backend) {
    case 'wasm':
      return (await import('./backends/wasm.ts')).openWasm(wasmUrl)
    default:
      throw new EngineError('noBackend', `no backend is called ${backend}`)
  }
}
