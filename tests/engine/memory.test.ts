/** No memory is lost from round to round. */
import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { networks } from '../../src/core/network.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { openCpu } from '../../src/engine/backends/cpu.ts'
import type { Opened } from '../../src/engine/backends/opened.ts'
import { openWasm } from '../../src/engine/backends/wasm.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import type { WasmModule } from '../../src/engine/wasm/heap.ts'
import { range, tinyView } from './views.ts'

const RECIPE: Recipe = {
  network: networks.small,
  epochs: 0,
  stepsFloor: 3,
  learningRate: 1e-3,
  batchSize: 32,
  dropout: 0.25,
  augmentation: 'shift'
}

async function rounds({ kernels }: Opened, recipe: Recipe, side: number) {
  const engine = new ReferenceEngine(kernels, {
    backend: 'wasm',
    numericsId: '',
    detail: '',
    stepMilliseconds: 1
  })
  await engine.load(tinyView({ height: side, width: side, channels: 1 }, 10, 200, 10))
  return async (count: number) => {
    for (let i = 0; i < count; i++) {
      const [trained] = await engine.train(recipe, [{ seed: 1, labelled: range(50) }])
      await trained.answer(
        [{ kind: 'passes', passes: 3 }, { kind: 'embeddings' }],
        range(150, 1, 50),
        range(50)
      )
      trained.dispose()
    }
  }
}

test('the WASM heap does not grow', async () => {
  const opened = await openWasm()
  const module = (opened.kernels as unknown as { heap: { module: WasmModule } }).heap.module
  const round = await rounds(opened, RECIPE, 28)
  await round(1)
  const size = module.asm.memory.buffer.byteLength
  await round(20)
  expect(module.asm.memory.buffer.byteLength).toBe(size)
})

test('no tensor is left behind', async () => {
  const opened = await openCpu()
  const round = await rounds(opened, { ...RECIPE, network: { channels: [2], hidden: 3 } }, 6)
  await round(1)
  const { numTensors } = memory()
  await round(2)
  expect(memory().numTensors).toBe(numTensors)
})
