/** The engine in a browser's worker: the WASM binary lies where the bundler put it. */
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import type { BackendName, Engine } from '../core/engine.ts'
import { openEngine } from './index.ts'
import { openPretrainer, type Pretrainer } from './pretraining/open.ts'

/** As `openEngine`; `onLost` is called when the device goes away later. */
export function openBrowserEngine(backend: BackendName, onLost: (reason: string) => void): Promise<Engine> {
  return openEngine({ backend, wasmUrl: new URL(wasmUrl, import.meta.url).href, onLost })
}

/** The pretrainer in a browser's worker. */
export const openBrowserPretrainer = (): Promise<Pretrainer> =>
  openPretrainer(new URL(wasmUrl, import.meta.url).href)
