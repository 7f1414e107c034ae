/** No memory is lost from round to round. */
import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { UNVARIED } from '../../src/core/law.ts'
import type { EngineNeed } from '../../src/core/needs.ts'
import { networks } from '../../src/core/network.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { openCpu } from '../../src/engine/backends/cpu.ts'
import type { Opened } from '../../src/engine/backends/opened.ts'
import { openWasm } from '../../src/engine/backends/wasm.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import type { WasmModule } from '../../src/engine/wasm/heap.ts'
import { numbers, range, tinyView } from './views.ts'

const RECIPE: Recipe = {
  network: networks.small,
  epochs: 0,
  stepsFloor: 3,
  learningRate: 1e-3,
  batchSize: 32,
  dropout: 0.25,
  augmentation: 'shift'
}

const NEEDS: EngineNeed[] = [{ kind: 'passes', passes: 3 }, { kind: 'embeddings' }]

async function rounds({ kernels }: Opened, recipe: Recipe, side: number, needs = NEEDS) {
  const engine = new ReferenceEngine(kernels, {
    backend: 'wasm',
    numericsId: '',
    detail: '',
    stepMilliseconds: 1
  })
  const shape = { height: side, width: side, channels: 1 }
  await engine.load(tinyView(shape, 10, 200, 10))
  engine.adopt({ key: 'e', weights: numbers(encoderSize(recipe.network, shape), 4) })
  return async (count: number) => {
    for (let i = 0; i < count; i++) {
      const [trained] = await engine.train(recipe, [{ seed: 1, labelled: range(50) }])
      await trained.answer(needs, range(150, 1, 50), range(50))
      await trained.testProbabilities()
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

const views: EngineNeed = { kind: 'viewVariance', views: [UNVARIED, { dy: 1, dx: 0, mirror: true }] }
test.each<[string, Partial<Recipe>, EngineNeed[]]>([
  ['a network', {}, [...NEEDS, views, { kind: 'probabilities' }]],
  ['a linear layer', { mode: { kind: 'linear', encoder: 'e' } }, [...NEEDS, views]],
  [
    'a module and heads beside it',
    { lossPrediction: { weight: 1, margin: 1, detachAfter: 0.5 }, discrepancy: { weight: 1 } },
    [...NEEDS, { kind: 'predictedLoss' }, { kind: 'heads' }]
  ],
  [
    'unlabelled images beside it',
    { unlabelled: { kind: 'meanTeacher', weight: 1, ratio: 1, rampUp: 0.5, decay: 0.9 } },
    NEEDS
  ]
])('no tensor is left behind by %s', async (_, change, needs) => {
  const opened = await openCpu()
  const recipe = { ...RECIPE, network: { channels: [2], hidden: 3 }, ...change }
  const round = await rounds(opened, recipe, 6, needs)
  await round(1)
  const { numTensors } = memory()
  await round(2)
  expect(memory().numTensors).toBe(numTensors)
})
