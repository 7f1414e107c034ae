import { expect, test } from 'vitest'
import type { BackendDescription, BackendName } from '../../src/core/engine.ts'
import { availableBackends, chooseBackend, openEngine } from '../../src/engine/index.ts'
import { WASM_NUMERICS_ID } from './views.ts'

const candidate = (backend: BackendName, stepMilliseconds: number): BackendDescription => ({
  backend,
  numericsId: backend,
  detail: '',
  stepMilliseconds
})

test('WASM works on every core, WebGPU once', () => {
  const gpu = candidate('webgpu', 2)
  const wasm = candidate('wasm', 6)
  expect(chooseBackend([gpu, wasm], 2)).toBe(gpu)
  expect(chooseBackend([gpu, wasm], 4)).toBe(wasm)
  expect(chooseBackend([], 4)).toBeUndefined()
  expect(chooseBackend([candidate('cpu', 6), wasm], 8)?.backend).toBe('cpu')
})

test('what is available in Node, and how a missing adapter is told', async () => {
  const names = await availableBackends()
  expect(names.filter(name => name !== 'webgpu')).toEqual(['wasm', 'cpu'])
  if (names.includes('webgpu')) return
  await expect(openEngine({ backend: 'webgpu' })).rejects.toMatchObject({
    name: 'EngineError',
    code: 'noAdapter'
  })
})

test('an engine says what it is and asks for a view', async () => {
  const engine = await openEngine({ backend: 'wasm' })
  expect(engine.numericsId).toBe(WASM_NUMERICS_ID)
  expect(engine.description.numericsId).toBe(WASM_NUMERICS_ID)
  expect(engine.description.detail).toBe('simd')
  await expect(engine.train({} as never, [])).rejects.toThrow('no view')
  engine.dispose()
})
