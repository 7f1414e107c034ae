/** The browser's training worker: one engine, served on the worker's own message port. */
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { openEngine } from '../../engine/index.ts'
import { serveEngine } from '../serve.ts'
import { hop, ownPort } from './own.ts'

serveEngine(ownPort(), {
  open: (backend, onLost) => openEngine({ backend, wasmUrl: new URL(wasmUrl, import.meta.url).href, onLost }),
  now: () => performance.now(),
  hop
})
