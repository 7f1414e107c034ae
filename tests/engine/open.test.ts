import { expect, test, vi } from 'vitest'
import type { BackendDescription, BackendName } from '../../src/core/engine.ts'
import { Gpu } from '../../src/engine/fast/gpu.ts'
import { SINGLE } from '../../src/engine/fast/kernels/common.ts'
import { openEngine } from '../../src/engine/index.ts'
import { WASM_NUMERICS_ID } from '../../src/engine/wasm/id.ts'
import { throughput } from '../../src/engine/throughput.ts'

const candidate = (backend: BackendName, stepMilliseconds: number): BackendDescription => ({
  backend,
  numericsId: backend,
  detail: '',
  stepMilliseconds
})

test('WASM works on every core, WebGPU once', () => {
  expect(throughput(candidate('webgpu', 2), 4)).toBe(0.5)
  expect(throughput(candidate('wasm', 8), 4)).toBe(0.5)
  expect(throughput(candidate('cpu', 10), 0)).toBe(0.1)
})

test('in Node without the webgpu package the missing adapter is told', async () => {
  const installed = await import('webgpu' as string).then(
    () => true,
    () => false
  )
  if (installed) return expect(installed).toBe(true)
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

test('a kernel that could not be compiled is tried again, one that could is compiled once', async () => {
  vi.stubGlobal('GPUShaderStage', { COMPUTE: 4 })
  let asked = 0
  const device = {
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: () => ({}),
    createComputePipelineAsync: async () => {
      if (++asked === 1) throw new Error('internal')
      return {}
    }
  }
  const gpu = new Gpu(device as unknown as GPUDevice, SINGLE)
  const code = { source: 'a', bindings: 'r' }
  await expect(gpu.compile(code)).rejects.toThrow('internal')
  expect(await gpu.compile(code)).toBe(await gpu.compile(code))
  expect(asked).toBe(2)
  vi.unstubAllGlobals()
})
