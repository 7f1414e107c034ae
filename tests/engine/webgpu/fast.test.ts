import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { describe } from 'vitest'
import { openEngine } from '../../../src/engine/index.ts'
import { openFast } from '../../../src/engine/fast/open.ts'
import { conformanceOfFast } from '../conformanceFast.ts'

describe('webgpu, fast path', () =>
  conformanceOfFast(
    options => openFast({ ...options, wasmUrl }),
    () => openEngine({ backend: 'wasm', wasmUrl }),
    true,
    wasmUrl
  ))
