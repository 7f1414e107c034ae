/** Semi-supervised training and the composed step it is made of, against float64 from the definitions. */
import { beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../src/core/engine.ts'
import { unlabelledOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import {
  Batches,
  augmentation,
  dropoutKey,
  initialWeights,
  unlabelledBatches,
  unlabelledDropoutKey,
  unlabelledVariation,
  UNVARIED,
  viewLane,
  type Variation
} from '../../src/core/law.ts'
import { architecture, withParameters } from '../../src/core/network.ts'
import { trainingSteps, type Recipe, type Unlabelled } from '../../src/core/recipe.ts'
import { Stream } from '../../src/core/random.ts'
import { unlabelledKinds, type UnlabelledKind } from '../../src/core/recipes/methods.ts'
import { margin } from '../../src/core/strategies/margin.ts'
import { normalisation } from '../../src/core/view.ts'
import { Adam, masksOf as maskRows, onReferences, softmaxOf, type Stand } from './definitions.ts'
import * as reference from './reference.ts'
import { numbers, range, relativeError, tinyView } from './views.ts'

const shape = { height: 7, width: 6, channels: 1 }
const network = { channels: [2, 3], hidden: 4 }
const CLASSES = 4
const view = tinyView(shape, CLASSES, 30, 12)
const labelled = range(9, 3, 1)
const others = Uint32Array.from(range(30).filter(row => !labelled.includes(row)))
const base: Recipe = {
  network,
  epochs: 2,
  stepsFloor: 8,
  learningRate: 3e-3,
  batchSize: 4,
  dropout: 0.25,
  augmentation: 'shift'
}
const method = (kind: UnlabelledKind, change: Partial<Unlabelled> = {}): Unlabelled => ({
  kind,
  weight: 2,
  ratio: 2,
  rampUp: 0.5,
  decay: 0.8,
  ...change
})

const norm = normalisation(view.pool.images, 1)
const net = architecture(network, shape, CLASSES)
/** Logits [ids, classes] of some images under given parameters, and the way back from a gradient at them. */
function pass(
  parameters: reference.Matrix[],
  ids: number[],
  variation: (id: number) => Variation,
  mask: reference.Matrix | null
) {
  const x = reference.inputs(view.pool.images, shape, norm, ids, variation)
  return { x, mask, f: reference.forward(net, parameters, x, ids.length, mask) }
}
const masksOf = maskRows.bind(null, net.features)

/** A semi-supervised training by its definition: gradients of the added loss by central differences of the loss itself. */
function trained(recipe: Recipe, seed: number, start?: ArrayLike<number>) {
  const n = labelled.length
  const u = recipe.unlabelled!
  const adam = new Adam(Float64Array.from(start ?? initialWeights(net, seed, n)), recipe.learningRate)
  let follower = adam.at.slice()
  const batches = new Batches(seed, labelled, recipe)
  const stream = unlabelledBatches(seed, n, others, u.ratio * recipe.batchSize)
  const steps = trainingSteps(recipe, n)
  const split = (w: Float64Array) => reference.split(net, w)
  for (let step = 0; step < steps; step++) {
    const ids = [...batches.at(step)]
    const flat = adam.at
    const key = dropoutKey(seed, n, step)
    const own = pass(
      split(flat),
      ids,
      id => augmentation(recipe.augmentation, seed, n, step, id),
      masksOf(ids, key, recipe.dropout)
    )
    const labels = ids.map(id => view.pool.labels[id])
    const supervised = reference.lossAndGradients(net, split(flat), own.x, labels, own.mask)

    const more = [...stream.at(step)]
    const seen = (w: Float64Array, look: number, dropped = true) =>
      pass(
        split(w),
        more,
        id =>
          u.kind === 'temporal' && recipe.augmentation === 'none'
            ? UNVARIED
            : unlabelledVariation(recipe.augmentation, seed, n, step, id, look),
        masksOf(
          more.map(id => viewLane(id, look)),
          unlabelledDropoutKey(seed, n, step),
          dropped ? recipe.dropout : 0
        )
      ).f.logits
    const rows = (logits: Float64Array) =>
      more.map((_, i) => [...logits.subarray(i * CLASSES, (i + 1) * CLASSES)])
    const x = Math.min(1, (step + 1) / (u.rampUp * steps))
    const weight = u.weight * Math.exp(-5 * (1 - x) ** 2)
    // targets are constants
    const taught =
      u.kind === 'consistency'
        ? []
        : rows(seen(follower, u.kind === 'temporal' ? 0 : 1, u.kind !== 'temporal'))
    const guess = more.map((_, i) => {
      const [a, b] = [0, 1].map(look => softmaxOf(rows(seen(flat, look))[i]))
      const squares = a.map((p, c) => ((p + b[c]) / 2) ** 2)
      return squares.map(s => s / squares.reduce((p, q) => p + q))
    })
    const mean = (errors: number[]) => errors.reduce((p, q) => p + q) / errors.length
    const loss = (w: Float64Array) => {
      const first = rows(seen(w, 0))
      if (u.kind === 'temporal')
        return mean(first.flatMap((row, i) => row.map((z, c) => (z - taught[i][c]) ** 2)))
      const target = u.kind === 'meanTeacher' ? taught.map(softmaxOf) : guess
      const errors = (logits: number[][]) =>
        logits.flatMap((row, i) => softmaxOf(row).map((p, c) => (p - target[i][c]) ** 2))
      return mean(u.kind === 'meanTeacher' ? errors(first) : [...errors(first), ...errors(rows(seen(w, 1)))])
    }
    const g = Float64Array.from(supervised.gradients.flatMap(part => [...part]))
    for (let i = 0; i < g.length; i++) {
      const moved = (by: number) => loss(Float64Array.from(flat, (w, at) => (at === i ? w + by : w)))
      g[i] += (weight * (moved(1e-5) - moved(-1e-5))) / 2e-5
    }
    adam.step(g)
    const share = start ? u.decay : Math.min(1 - 1 / (step + 2), u.decay)
    follower = follower.map((w, i) => share * w + (1 - share) * adam.at[i])
  }
  return u.kind === 'temporal' ? adam.at : follower
}

const known = new Map<string, Float64Array>()
/** the same for every backend */
function train(recipe: Recipe, seed: number, start?: ArrayLike<number>) {
  const key = JSON.stringify([recipe, seed, start])
  const weights = known.get(key) ?? trained(recipe, seed, start)
  known.set(key, weights)
  return weights
}

onReferences(view, stand => {
  let engine: Engine
  let kernels: Stand['kernels']
  beforeAll(() => ({ engine, kernels } = stand()))
  const weights = async (recipe: Recipe, before?: Float32Array, check?: () => Promise<void>) =>
    (await engine.train(recipe, [{ seed: 5, labelled, ...(before ? { before } : {}) }], check))[0].weights()

  test.each(['meanTeacher', 'consistency', 'temporal'] as const)('%s follows its definition', async kind => {
    const recipe = { ...base, epochs: 1, stepsFloor: 4, unlabelled: method(kind) }
    expect(relativeError(await weights(recipe), train(recipe, 5))).toBeLessThan(2e-3)
  })

  test('in a warm start the follower goes on from the round before', async () => {
    const before = numbers(net.size, 3).map(w => w * 0.3)
    const recipe: Recipe = {
      ...base,
      stepsFloor: 3,
      epochs: 1,
      dropout: 0,
      augmentation: 'none',
      mode: { kind: 'warm' },
      unlabelled: method('temporal', { rampUp: 0 })
    }
    expect(relativeError(await weights(recipe, before), train(recipe, 5, before))).toBeLessThan(2e-3)
  })

  test('a weight of 0 leaves the network as it is, bit for bit; others do not', async () => {
    const plain = await weights(base)
    const of = (change: Partial<Unlabelled>) => weights({ ...base, unlabelled: method('temporal', change) })
    expect(await of({ weight: 0 })).toEqual(plain)
    expect(await of({ weight: 0.5 })).not.toEqual(plain)
  })

  test.each(unlabelledKinds)(
    '%s: without the weight of its own other weights and other picks',
    async kind => {
      // as an experiment has it, with more steps
      const own = unlabelledOf({ ...frozenExperiment, unlabelled: kind })!
      const picks = async (weight: number) => {
        const recipe = { ...base, stepsFloor: 60, unlabelled: { ...own, weight } }
        const [trained] = await engine.train(recipe, [{ seed: 5, labelled }])
        const needs = await trained.answer([{ kind: 'probabilities' }], others, labelled)
        const input = { k: others.length, classes: CLASSES, unlabelled: others, labelled, labels: [] }
        const stream = new Stream([1, 2])
        const query = await margin.query({ ...input, order: others, needs, stream })
        return { weights: await trained.weights(), picks: [...query.picks] }
      }
      const [without, with_] = [await picks(0), await picks(own.weight)]
      expect(with_.weights).not.toEqual(without.weights)
      expect(with_.picks).not.toEqual(without.picks)
    }
  )

  test('trainings that take turns keep their bits', async () => {
    const recipes = unlabelledKinds.map(kind => ({ ...base, unlabelled: method(kind) }))
    const alone: Float32Array[] = []
    for (const recipe of recipes) alone.push(await weights(recipe))
    const turn = () => new Promise<void>(resolve => setTimeout(resolve))
    expect(await Promise.all(recipes.map(recipe => weights(recipe, undefined, turn)))).toEqual(alone)
  })

  test('with everything labelled there is nothing to add', async () => {
    const all = { seed: 5, labelled: range(30) }
    const [plain] = await engine.train(base, [all])
    const [added] = await engine.train({ ...base, unlabelled: method('meanTeacher') }, [all])
    expect(await added.weights()).toEqual(await plain.weights())
  })

  test('linear evaluation has no room for it', async () => {
    await expect(
      weights({ ...base, mode: { kind: 'linear', encoder: 'e' }, unlabelled: method('temporal') })
    ).rejects.toThrow(RangeError)
  })

  test('sums, and means over pixels with their gradient', () => {
    const k = kernels
    k.scope(() => {
      const rows = Uint32Array.of(0, 3)
      const x = reference.inputs(view.pool.images, shape, norm, rows, () => UNVARIED)
      const images = k.input(2, shape, ({ values, start, imageStride, rowStride }) =>
        x.forEach((value, i) => {
          const [image, row, column] = [Math.floor(i / 42), Math.floor(i / 6) % 7, i % 6]
          values[start + image * imageStride + row * rowStride + column] = value
        })
      )
      const start = initialWeights(net, 1, 1)
      const state = k.createState(net, start, false)
      const [weight, bias] = state.parameters()
      const out = { height: 3, width: 3, channels: 2 }
      // [image, pixel, channel]
      const maps = reference.forward(net, reference.split(net, start), x, 2, null).xs[1]
      const expected = [0, 1, 2, 3].map(i => {
        const own = maps.filter((_, at) => Math.floor(at / 18) === i >> 1 && at % 2 === i % 2)
        return own.reduce((a, b) => a + b) / 9
      })
      for (const flat of [false, true]) {
        const { pooled } = k.block(images, weight, bias, shape, 2, flat, true)
        expect(relativeError(k.values(k.means(pooled, out)), expected)).toBeLessThan(1e-5)
        const d = k.matrix(2, 2, (to, at) => to.set([3, -1, 2, 5], at))
        const spread = k.meansGradient(d, pooled, out)
        // each pixel has a ninth of it
        if (flat)
          expect([...k.values(spread)]).toEqual(
            [3, -1, 2, 5]
              .flatMap((_, i, all) =>
                i % 2
                  ? []
                  : Array(9)
                      .fill([all[i], all[i + 1]])
                      .flat()
              )
              .map(v => Math.fround(v / 9))
          )
        const sum = k.values(k.means(k.add(pooled, spread), out))
        expect(
          relativeError(
            sum,
            expected.map((v, i) => v + [3, -1, 2, 5][i] / 9)
          )
        ).toBeLessThan(1e-5)
      }
      k.freeState(state)
    })
  })
})

test('parameters behind a network leave its own where they were', () => {
  const more = withParameters(net, [
    { name: 'x.weight', shape: [4, 2], fanIn: 4 },
    { name: 'x.bias', shape: [2], fanIn: 4 }
  ])
  expect(more.size).toBe(net.size + 10)
  expect(more.parameters.slice(0, -2)).toEqual(net.parameters)
  const drawn = initialWeights(more, 3, 20)
  expect(drawn.slice(0, net.size)).toEqual(initialWeights(net, 3, 20))
  expect(Math.max(...drawn.slice(net.size).map(Math.abs))).toBeLessThanOrEqual(1 / 2)
})
