/**
 * What WASM trains has its bits, from one version of the code to the next: records are kept under keys that name the arithmetic
 * (numericsId), which is tried on the plain law alone. Whoever changes bits of what is below raises the `training` of its key
 * (core/keys.ts); whoever changes the numericsId leaves all records and the lessons' results behind.
 */
import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../src/core/engine.ts'
import { recipeOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { hashKey } from '../../src/core/keys.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import { strategies, type StrategyId } from '../../src/core/strategies/index.ts'
import { recipeFor } from '../../src/core/strategy.ts'
import type { View } from '../../src/core/view.ts'
import { openEngine } from '../../src/engine/index.ts'
import { numbers, range, tinyView } from './views.ts'

const shape = { height: 8, width: 8, channels: 1 }
const network = { channels: [2, 3], hidden: 4 }
const images = tinyView(shape, 4, 40, 12)
const ready: View = {
  ...images,
  key: 'ready',
  shape: { height: 1, width: 6, channels: 1 },
  pool: { ...images.pool, images: new Uint8Array(0), features: numbers(40 * 6, 1) },
  test: { ...images.test, images: new Uint8Array(0), features: numbers(12 * 6, 2) }
}
const labelled = range(9, 3, 1)

let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ backend: 'wasm' })
  return () => engine.dispose()
})

test('the numericsId is that of the lessons', () => {
  const lesson = new URL('../../src/lessons/results/luck.json', import.meta.url)
  const { numerics } = JSON.parse(readFileSync(lesson, 'utf8'))
  expect(engine.numericsId).toBe(numerics[0].id)
})

type Case = [
  string,
  { change?: Partial<Experiment>; strategy?: StrategyId; on?: View; before?: boolean },
  string
]

test.each<Case>([
  ['from scratch', {}, '2c53dd8fd08da4e205be075814a251df'],
  ['with flips', { change: { augmentation: 'flip' } }, '47d801f7ec98c607033906ef8a3bb68e'],
  ['with even batches', { change: { batches: 'even' } }, 'eeec96eb0074d3500bd1abf507a23ae4'],
  [
    'with balanced class weights',
    { change: { classWeights: 'balanced' } },
    'fd052cb0a49622ea0c94b5e1a29450a6'
  ],
  ['in a warm start', { change: { mode: 'warm' }, before: true }, '07fa7df8ff150c8bd075691dcca873bd'],
  ['by fine-tuning', { change: { mode: 'fineTune' } }, 'da1f5f7ae1d242ee693e8dc67cede4b8'],
  ['by linear evaluation', { change: { mode: 'linear' } }, '0c27f009605dff45c9c9b438423e98f6'],
  ['on ready features', { on: ready }, '4aa1700b48df431172f04765501362fa'],
  ['with a mean teacher', { change: { unlabelled: 'meanTeacher' } }, 'f8914beb4d2fde2149d8f24b404fa3dd'],
  ['with consistency', { change: { unlabelled: 'consistency' } }, '2eaafecc362305724fe69ef13a521bcc'],
  ['with TOD’s loss', { change: { unlabelled: 'temporal' } }, 'd11e2d0ce56037f5ebac3ef919aa43cb'],
  ['with learning loss', { strategy: 'learningLoss' }, '3c836f8aacb2a338a619e00fad50b270'],
  ['with MCDAL’s heads', { strategy: 'mcdal' }, 'cc49081a9b40eb478c8fe33644a130cf']
])('%s', async (_, { change, strategy, on = images, before }, bits) => {
  await engine.load(on)
  if (on === images)
    engine.adopt({ key: 'e', weights: numbers(encoderSize(network, shape), 4).map(v => v * 0.5) })
  const experiment: Experiment = { ...frozenExperiment, epochs: 1, stepsFloor: 6, batchSize: 8, ...change }
  const own = { ...recipeOf(experiment, { encoder: 'e', features: on === ready }), network }
  const recipe = strategy ? recipeFor(strategies[strategy], own) : own
  const start = before && (await (await engine.train(own, [{ seed: 2, labelled }]))[0].weights())
  const [trained] = await engine.train(recipe, [{ seed: 2, labelled, ...(start && { before: start }) }])
  const made = [await trained.weights(), await trained.testProbabilities()]
  trained.dispose()
  expect(hashKey(made)).toBe(bits)
})
