import { describe, expect, test } from 'vitest'
import { requestAdapter } from '../../../src/engine/backends/adapter.ts'
import { openWebgpu } from '../../../src/engine/backends/webgpu.ts'
import { conformance } from '../conformance.ts'

test('there is an adapter: without one these tests would say nothing', async () => {
  expect(await requestAdapter()).not.toBeNull()
})

describe('webgpu', () => conformance('webgpu', () => openWebgpu(), true))

test('a lost device is reported, and trainings on it end with an error', async () => {
  const reasons: string[] = []
  const { kernels, fallback } = await openWebgpu(reason => reasons.push(reason))
  expect(fallback).toBe(true)
  const { engine } = await import('@tensorflow/tfjs-core')
  const backend = engine().findBackend('webgpu') as unknown as { device: GPUDevice }
  backend.device.destroy()
  await backend.device.lost
  await new Promise(resolve => setTimeout(resolve, 0))
  expect(reasons).toHaveLength(1)
  expect(() => kernels.settle!()).toThrow(/lost/)
})
