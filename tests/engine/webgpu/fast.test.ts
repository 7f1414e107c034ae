import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/index.ts'
import { openFast } from '../../../src/engine/fast/open.ts'
import { conformanceOfFast } from '../conformanceFast.ts'

describe('webgpu, fast path', () =>
  conformanceOfFast(
    () => openFast({ wasmUrl }),
    () => openEngine({ backend: 'wasm', wasmUrl }),
    true
  ))

test('the limits that every adapter has suffice, and change no bit', async () => {
  const [small, usual] = [await openFast({ guaranteed: true }), await openFast()]
  expect(small.gpu.device.limits.maxStorageBuffersPerShaderStage).toBe(8)
  expect(small.gpu.device.limits.maxStorageBufferBindingSize).toBe(1 << 27)
  expect(small.numericsId).toBe(usual.numericsId)
  small.dispose()
  usual.dispose()
})
