/** Training on a pretrained encoder: fine-tuning and linear evaluation, against float64 from the definitions. */
import { beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../src/core/engine.ts'
import {
  Batches,
  dropoutKey,
  initialWeights,
  passMask,
  trainingMask,
  UNVARIED,
  type Variation
} from '../../src/core/law.ts'
import { linearArchitecture } from '../../src/core/network.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import { trainingSteps, type Recipe } from '../../src/core/recipe.ts'
import { normalisation, type View } from '../../src/core/view.ts'
import { Adam, onReferences, softmaxOf } from './definitions.ts'
import * as reference from './reference.ts'
import { numbers, range, relativeError, tinyView } from './views.ts'

const shape = { height: 9, width: 8, channels: 3 }
const network = { channels: [3, 4], hidden: 5 }
const view = tinyView(shape, 4, 30, 12)
const labelled = range(9, 3, 1)
const encoder = { key: 'e', weights: numbers(encoderSize(network, shape), 4).map(v => v * 0.5) }
const base: Recipe = {
  network,
  epochs: 2,
  stepsFloor: 8,
  learningRate: 3e-3,
  batchSize: 4,
  dropout: 0.25,
  augmentation: 'shift'
}
const linear: Recipe = { ...base, mode: { kind: 'linear', encoder: 'e' } }

/** Features of images under the encoder, [rows, features]. */
function encoded(engine: Engine, images: Uint8Array, rows: Uint32Array, variation: Variation = UNVARIED) {
  const net = engine.architecture(base)
  const flat = new Float32Array(net.size)
  flat.set(encoder.weights)
  const norm = normalisation(view.pool.images, 3)
  const x = reference.inputs(images, shape, norm, rows, () => variation)
  return reference.forward(net, reference.split(net, flat), x, rows.length, null).features
}

interface Table {
  size: number
  of(rows: Float64Array): number[][]
}

/** Standardisation by the moments of the pool. */
function tableOf(pool: Float64Array, size: number): Table {
  const rows = (values: Float64Array) =>
    Array.from({ length: values.length / size }, (_, r) => [...values.subarray(r * size, (r + 1) * size)])
  const all = rows(pool)
  const mean = all[0].map((_, d) => all.reduce((s, r) => s + r[d], 0) / all.length)
  const deviation = mean.map(
    (m, d) => Math.sqrt(all.reduce((s, r) => s + (r[d] - m) ** 2, 0) / all.length) || 1
  )
  return { size, of: values => rows(values).map(r => r.map((v, d) => (v - mean[d]) / deviation[d])) }
}

/** Probabilities of rows under flat weights [size x classes] then biases. */
const predict = (rows: number[][], w: ArrayLike<number>, classes: number, mask?: ArrayLike<number>) =>
  rows.map(r =>
    softmaxOf(
      Array.from({ length: classes }, (_, c) =>
        r.reduce((s, v, d) => s + v * (mask ? mask[d] : 1) * w[d * classes + c], w[r.length * classes + c])
      )
    )
  )

/** Softmax regression by the law. */
function regress(
  table: number[][],
  size: number,
  classes: number,
  recipe: Recipe,
  seed: number,
  weights?: (label: number) => number
) {
  const n = labelled.length
  const start = Float64Array.from(initialWeights(linearArchitecture(size, classes), seed, n))
  const adam = new Adam(start, recipe.learningRate)
  const batches = new Batches(seed, labelled, recipe)
  const mask = new Float32Array(size).fill(1)
  for (let step = 0; step < trainingSteps(recipe, n); step++) {
    const ids = [...batches.at(step)]
    const g = adam.at.map(() => 0)
    for (const id of ids) {
      if (recipe.dropout > 0) trainingMask(mask, dropoutKey(seed, n, step), id, recipe.dropout)
      const x = table[id].map((value, d) => value * mask[d])
      const label = view.pool.labels[id]
      predict([x], adam.at, classes)[0].forEach((p, c) => {
        const d = ((p - (c === label ? 1 : 0)) * (weights?.(label) ?? 1)) / ids.length
        x.forEach((value, i) => (g[i * classes + c] += d * value))
        g[size * classes + c] += d
      })
    }
    adam.step(g)
  }
  return adam.at
}

onReferences(view, stand => {
  let engine: Engine
  let table: Table
  beforeAll(() => {
    ;({ engine } = stand())
    engine.adopt(encoder)
    table = tableOf(encoded(engine, view.pool.images, range(30)), engine.architecture(base).features)
  })
  const train = async (recipe: Recipe, seed = 5) => (await engine.train(recipe, [{ seed, labelled }]))[0]

  test('fine-tuning begins with the trunk of the encoder, all else fresh', async () => {
    const net = engine.architecture(base)
    const start = initialWeights(net, 5, labelled.length)
    start.set(encoder.weights)
    const norm = normalisation(view.pool.images, 3)
    const { images, labels } = view.pool
    const expected = reference.train(net, base, images, labels, norm, 5, labelled, start)
    const recipe: Recipe = { ...base, mode: { kind: 'fineTune', encoder: 'e' } }
    const got = await (await train(recipe)).weights()
    expect(
      relativeError(
        got,
        expected.parameters.flatMap(p => [...p])
      )
    ).toBeLessThan(1e-3)
    expect(await (await train(recipe)).weights()).toEqual(got)
    expect(await (await train(base)).weights()).not.toEqual(got)
  })

  test.each<[string, Partial<Recipe>]>([
    ['with dropout', {}],
    ['without', { dropout: 0 }],
    ['with balanced classes', { classWeights: 'balanced' }],
    ['in even batches', { batches: 'even' }]
  ])('linear evaluation is softmax regression on standardised features, %s', async (_, change) => {
    const recipe = { ...linear, ...change }
    const features = table.of(encoded(engine, view.pool.images, range(30)))
    const { labels } = view.pool
    const count = (label: number) => [...labelled].filter(row => labels[row] === label).length
    const present = new Set([...labelled].map(row => labels[row])).size
    const weights = recipe.classWeights && ((label: number) => labelled.length / (present * count(label)))
    const expected = regress(features, table.size, 4, recipe, 5, weights)
    const trained = await train(recipe)
    expect(trained.steps).toBe(trainingSteps(recipe, labelled.length))
    expect(relativeError(await trained.weights(), expected)).toBeLessThan(1e-3)
    const test = table.of(encoded(engine, view.test.images, range(12)))
    expect(relativeError(await trained.testProbabilities(), predict(test, expected, 4).flat())).toBeLessThan(
      5e-3
    )
  })

  test('answers what it is asked: probabilities, embeddings, head, passes, views', async () => {
    const trained = await train(linear)
    const w = await trained.weights()
    const rows = range(15, 1, 10)
    const shifted: Variation = { dy: 1, dx: -2, mirror: false }
    const results = await trained.answer(
      [
        { kind: 'probabilities' },
        { kind: 'embeddings' },
        { kind: 'head' },
        { kind: 'passes', passes: 3 },
        { kind: 'viewVariance', views: [UNVARIED, shifted] }
      ],
      rows,
      labelled
    )
    const of = (which: Uint32Array, v?: Variation) => table.of(encoded(engine, view.pool.images, which, v))
    const plain = predict(of(rows), w, 4)
    expect(relativeError(results.probabilities!, plain.flat())).toBeLessThan(1e-4)
    expect(results.embeddings!.size).toBe(table.size)
    expect(relativeError(results.embeddings!.unlabelled, of(rows).flat())).toBeLessThan(1e-4)
    expect(relativeError(results.embeddings!.labelled, of(labelled).flat())).toBeLessThan(1e-4)
    expect([...results.head!.weight, ...results.head!.bias]).toEqual([...w])
    const passes = [0, 1, 2].map(pass =>
      predict(of(rows), w, 4, passMask(table.size, 5, labelled.length, pass, 0.25))
    )
    const mean = plain.flatMap((row, i) =>
      row.map((_, c) => (passes[0][i][c] + passes[1][i][c] + passes[2][i][c]) / 3)
    )
    expect(relativeError(results.passes!.meanProbabilities, mean)).toBeLessThan(1e-4)
    const moved = predict(of(rows, shifted), w, 4)
    // the population variance of two values is a quarter of their squared difference
    const variance = plain.map((row, i) => row.reduce((s, p, c) => s + (p - moved[i][c]) ** 2 / 4, 0))
    expect(relativeError(results.viewVariance!, variance)).toBeLessThan(1e-3)
    // nothing stands beside a linear layer
    for (const kind of ['predictedLoss', 'heads'] as const)
      await expect(trained.answer([{ kind }], rows, labelled)).rejects.toThrow(RangeError)
    await expect(
      train({ ...linear, dropout: 0 }).then(t => t.answer([{ kind: 'passes', passes: 2 }], rows, labelled))
    ).rejects.toThrow(RangeError)
  })

  test('an encoder that was not handed over is refused, and a new view forgets them', async () => {
    await expect(train({ ...linear, mode: { kind: 'linear', encoder: 'f' } })).rejects.toThrow(
      'f was not handed over'
    )
    await expect(train({ ...linear, mode: { kind: 'linear' } })).rejects.toThrow(RangeError)
    const before = await (await train(linear)).weights()
    await engine.load(view)
    await expect(train(linear)).rejects.toThrow('not handed over')
    engine.adopt(encoder)
    expect(await (await train(linear)).weights()).toEqual(before)
  })

  test('only the features under the encoder that was used last are held; others are made again, the same', async () => {
    engine.adopt({ key: 'f', weights: encoder.weights.map(w => -w) })
    const under = async (encoder: string) => {
      let asked = 0
      const recipe: Recipe = { ...linear, mode: { kind: 'linear', encoder } }
      const [trained] = await engine.train(recipe, [{ seed: 5, labelled }], () => void asked++)
      return { trained, asked, weights: await trained.weights() }
    }
    await under('e')
    const held = await under('e')
    const answers = await held.trained.testProbabilities()
    expect((await under('f')).weights).not.toEqual(held.weights)
    // one that has its own already goes on with it
    expect(await held.trained.testProbabilities()).toEqual(answers)
    const again = await under('e')
    expect(again.weights).toEqual(held.weights)
    // between the images that it makes them of
    expect(again.asked).toBeGreaterThan(held.asked)
  })

  test('a data set of features is what it is: standardised and regressed', async () => {
    const features = (count: number, seed: number) => numbers(count * 6, seed).map((v, i) => v * (i % 6) + 3)
    const part = (count: number, seed: number) => ({
      images: new Uint8Array(0),
      features: features(count, seed),
      labels: Uint16Array.from({ length: count }, (_, i) => view.pool.labels[i])
    })
    const own: View = {
      ...view,
      shape: { height: 1, width: 6, channels: 1 },
      pool: part(30, 1),
      test: part(8, 2)
    }
    await engine.load(own)
    const ready = tableOf(Float64Array.from(own.pool.features!), 6)
    const recipe: Recipe = { ...base, mode: { kind: 'linear' } }
    const expected = regress(ready.of(Float64Array.from(own.pool.features!)), 6, 4, recipe, 5)
    const trained = await train(recipe)
    expect(relativeError(await trained.weights(), expected)).toBeLessThan(1e-3)
    const test = predict(ready.of(Float64Array.from(own.test.features!)), expected, 4)
    expect(relativeError(await trained.testProbabilities(), test.flat())).toBeLessThan(5e-3)
    const views = [UNVARIED, { dy: 1, dx: 0, mirror: false }]
    await expect(trained.answer([{ kind: 'viewVariance', views }], range(3), labelled)).rejects.toThrow(
      RangeError
    )
    await engine.load(view)
    engine.adopt(encoder)
  })
})
