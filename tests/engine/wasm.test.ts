import { expect, test } from 'vitest'
import { networks } from '../../src/core/network.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { openWasm } from '../../src/engine/backends/wasm.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import type { WasmModule } from '../../src/engine/wasm/heap.ts'
import { WasmKernels } from '../../src/engine/wasm/kernels.ts'
import { range, tinyView } from './views.ts'

test('memory does not grow with trainings, nor with the pool', async () => {
  const { kernels } = await openWasm()
  const module = (kernels as unknown as { heap: { module: WasmModule } }).heap.module
  expect(kernels).toBeInstanceOf(WasmKernels)
  const engine = new ReferenceEngine(kernels, {
    backend: 'wasm',
    numericsId: '',
    detail: '',
    stepMilliseconds: 1
  })
  await engine.load(tinyView({ height: 28, width: 28, channels: 1 }, 10, 400, 10))
  const recipe: Recipe = {
    network: networks.small,
    epochs: 0,
    stepsFloor: 3,
    learningRate: 1e-3,
    batchSize: 32,
    dropout: 0.25,
    augmentation: 'shift'
  }
  const round = async () => {
    const [trained] = await engine.train(recipe, [{ seed: 1, labelled: range(50) }])
    await trained.answer(
      [{ kind: 'passes', passes: 3 }, { kind: 'probabilities' }],
      range(350, 1, 50),
      range(50)
    )
  }
  await round()
  const size = module.asm.memory.buffer.byteLength
  for (let i = 0; i < 10; i++) await round()
  expect(module.asm.memory.buffer.byteLength).toBe(size)
  engine.dispose()
})
