import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/index.ts'
import { WASM_NUMERICS_ID } from '../../../src/engine/wasm/id.ts'

test('WASM computes the same bits in a browser as in Node', async () => {
  const engine = await openEngine({ backend: 'wasm', wasmUrl })
  expect(engine.numericsId).toBe(WASM_NUMERICS_ID)
  engine.dispose()
})
