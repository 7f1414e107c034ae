/** Learning loss and MCDAL: whole trainings and their answers against float64 from the definitions. */
import { beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../src/core/engine.ts'
import {
  augmentation,
  Batches,
  dropoutKey,
  initialOrder,
  initialWeights,
  strategyStream,
  unlabelledBatches,
  unlabelledDropoutKey,
  unlabelledVariation,
  UNVARIED,
  viewLane,
  type Variation
} from '../../src/core/law.ts'
import { architecture } from '../../src/core/network.ts'
import type { EngineNeed } from '../../src/core/needs.ts'
import { trainingSteps, type LossPrediction, type Recipe } from '../../src/core/recipe.ts'
import { strategies } from '../../src/core/strategies/index.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { normalisation } from '../../src/core/view.ts'
import { architectureOf } from '../../src/engine/engine.ts'
import { knowsNeeds, knowsRecipe } from '../../src/engine/fast/known.ts'
import { Adam, masksOf as maskRows, onReferences } from './definitions.ts'
import * as reference from './reference.ts'
import { range, relativeError, tinyView } from './views.ts'

type Matrix = reference.Matrix

const shape = { height: 9, width: 8, channels: 3 }
const CLASSES = 4
const view = tinyView(shape, CLASSES, 30, 12)
const norm = normalisation(view.pool.images, 3)
const labelled = range(9, 3, 1)
const others = Uint32Array.from(range(30).filter(row => !labelled.includes(row)))
const base: Recipe = {
  network: { channels: [3, 4], hidden: 5 },
  epochs: 1,
  stepsFloor: 5,
  learningRate: 3e-3,
  batchSize: 4,
  dropout: 0.25,
  augmentation: 'shift'
}
const SEED = 5
const net = architecture(base.network, shape, CLASSES)
const withModule = (change: Partial<LossPrediction> = {}): Recipe => ({
  ...base,
  lossPrediction: { weight: 0.7, margin: 1, detachAfter: 0.6, ...change }
})
const withHeads = (weight = 1.5): Recipe => ({ ...base, discrepancy: { weight } })

const imagesOf = (ids: ArrayLike<number>, variation: (id: number) => Variation) =>
  reference.inputs(view.pool.images, shape, norm, ids, variation)
const masksOf = maskRows.bind(null, net.features)
const labelsOf = (ids: ArrayLike<number>) => Array.from(ids, id => view.pool.labels[id])

/** The law's labelled batch of one step (from 0). */
function batchAt(recipe: Recipe, step: number) {
  const n = labelled.length
  const ids = [...new Batches(SEED, labelled, recipe).at(step)]
  const x = imagesOf(ids, id => augmentation(recipe.augmentation, SEED, n, step, id))
  return { ids, x, labels: labelsOf(ids), mask: masksOf(ids, dropoutKey(SEED, n, step), recipe.dropout) }
}

const forward = (flat: Matrix, x: Matrix, batch: number, mask: Matrix | null) =>
  reference.forward(net, reference.split(net, flat), x, batch, mask)

const differences = (f: (x: Matrix) => number, x: Matrix, h = 1e-5) =>
  x.map((_, i) => {
    const moved = (by: number) => f(x.map((v, at) => (at === i ? v + by : v)))
    return (moved(h) - moved(-h)) / (2 * h)
  })

/** Cross-entropy of each row of logits with its label. */
const losses = (logits: Matrix, labels: number[]) => {
  const p = reference.softmax(logits, CLASSES)
  return labels.map((label, i) => -Math.log(p[i * CLASSES + label]))
}
const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length

/** Parameters as the engine lays them out: the network's, and behind them those of the addition. */
const startOf = (recipe: Recipe) => {
  const whole = initialWeights(architectureOf(view, recipe), SEED, labelled.length)
  return [Float64Array.from(whole.slice(0, net.size)), Float64Array.from(whole.slice(net.size))]
}

/** Mean of each channel over each block's map, [block][image][channel]. */
const meansOf = (pooled: Matrix[], batch: number) =>
  net.channels.map((channels, i) => {
    const pixels = net.maps[i + 1].height * net.maps[i + 1].width
    return Array.from({ length: batch }, (_, b) => {
      const sums = new Array<number>(channels).fill(0)
      for (let at = 0; at < pixels * channels; at++)
        sums[at % channels] += pooled[i][b * pixels * channels + at] / pixels
      return sums
    })
  })

/** Predicted losses: of each block's means 128 hidden units with ReLU, and one number over all of them. */
function predicted(means: number[][][], module: Matrix, batch: number): number[] {
  const out = new Array<number>(batch).fill(0)
  let at = 0
  net.channels.forEach((channels, i) => {
    const [weight, bias, last] = [at, at + channels * 128, at + (channels + 1) * 128]
    at += (channels + 2) * 128
    for (let b = 0; b < batch; b++)
      for (let j = 0; j < 128; j++) {
        let hidden = module[bias + j]
        for (let c = 0; c < channels; c++) hidden += means[i][b][c] * module[weight + c * 128 + j]
        out[b] += Math.max(hidden, 0) * module[last + j]
      }
  })
  return out
}

function ranking(true_: number[], guesses: number[], margin: number): number {
  const terms = []
  for (let i = 0; i < true_.length - 1 - i; i++) {
    const j = true_.length - 1 - i
    terms.push(Math.max(0, margin - (true_[i] > true_[j] ? 1 : -1) * (guesses[i] - guesses[j])))
  }
  return terms.length ? mean(terms) : 0
}

/** Learning loss by its definition; gradients of the ranking loss are its differences. */
function trainModule(recipe: Recipe) {
  const { weight, margin, detachAfter } = recipe.lossPrediction!
  const [first, second] = startOf(recipe)
  const adam = new Adam(Float64Array.of(...first, ...second), recipe.learningRate)
  const steps = trainingSteps(recipe, labelled.length)
  for (let step = 0; step < steps; step++) {
    const { ids, x, labels, mask } = batchAt(recipe, step)
    const n = ids.length
    const network = adam.at.slice(0, net.size)
    const module = adam.at.slice(net.size)
    const own = reference.lossAndGradients(net, reference.split(net, network), x, labels, mask)
    const passed = forward(network, x, n, mask)
    const means = meansOf(
      passed.blocks.map(b => b.pooled),
      n
    )
    const true_ = losses(passed.logits, labels)
    const ofModule = differences(w => weight * ranking(true_, predicted(means, w, n), margin), module)
    const reaches = step + 1 <= detachAfter * steps
    const trunk = net.parameters[2 * net.channels.length].offset
    const ofTrunk = reaches
      ? differences(
          w => {
            const moved = network.slice()
            moved.set(w)
            const blocks = forward(moved, x, n, mask).blocks.map(b => b.pooled)
            return weight * ranking(true_, predicted(meansOf(blocks, n), module, n), margin)
          },
          network.slice(0, trunk)
        )
      : new Float64Array(trunk)
    const gradient = Float64Array.of(...own.gradients.flatMap(g => [...g]), ...ofModule)
    ofTrunk.forEach((g, i) => (gradient[i] += g))
    adam.step(gradient)
  }
  return adam.at
}

/** Logits of one extra head [hidden, classes], then its biases. */
const headOf = (flat: Matrix, h: number) => {
  const size = (net.hidden + 1) * CLASSES
  const own = flat.slice(h * size, (h + 1) * size)
  return [own.slice(0, net.hidden * CLASSES), own.slice(net.hidden * CLASSES)]
}
const headLogits = (flat: Matrix, h: number, hidden: Matrix, batch: number) => {
  const [weight, bias] = headOf(flat, h)
  return reference.dense(hidden, weight, bias, batch, false)
}

/** MCDAL by its definition: steps A, B and C of each iteration. */
function trainHeads(recipe: Recipe) {
  const n = labelled.length
  const [first, second] = startOf(recipe)
  const network = new Adam(first, recipe.learningRate)
  const heads = new Adam(second, recipe.learningRate)
  const stream = unlabelledBatches(SEED, n, others, recipe.batchSize)
  const supervised = (flat: Matrix, hidden: Matrix, labels: number[]) =>
    [0, 1].reduce((sum, h) => sum + mean(losses(headLogits(flat, h, hidden, labels.length), labels)), 0)
  for (let step = 0; step < trainingSteps(recipe, n); step++) {
    const { ids, x, labels, mask } = batchAt(recipe, step)
    const z = forward(network.at, x, ids.length, mask).hidden
    const own = reference.lossAndGradients(net, reference.split(net, network.at), x, labels, mask)
    network.step(own.gradients.flatMap(g => [...g]))
    heads.step(differences(w => supervised(w, z, labels), heads.at))

    const after = forward(network.at, x, ids.length, mask).hidden
    const more = [...stream.at(step)]
    const { hidden, logits } = forward(
      network.at,
      imagesOf(more, id =>
        recipe.augmentation === 'none'
          ? UNVARIED
          : unlabelledVariation(recipe.augmentation, SEED, n, step, id, 0)
      ),
      more.length,
      masksOf(
        more.map(id => viewLane(id, 0)),
        unlabelledDropoutKey(SEED, n, step),
        recipe.dropout
      )
    )
    const p = reference.softmax(logits, CLASSES)
    heads.step(
      differences(w => {
        const [p1, p2] = [0, 1].map(h => reference.softmax(headLogits(w, h, hidden, more.length), CLASSES))
        const d = (a: Matrix, b: Matrix) => mean(Array.from(a, (v, i) => Math.abs(v - b[i])))
        return supervised(w, after, labels) - recipe.discrepancy!.weight * (d(p1, p2) + d(p1, p) + d(p2, p))
      }, heads.at)
    )
  }
  return Float64Array.of(...network.at, ...heads.at)
}

/** The strategies whose trainings are their own. */
const adding = (Object.values(strategies) as Strategy[]).filter(({ recipe }) => recipe !== undefined)

/** The recipe of a strategy's arms, and the same with all that it adds at weight 0. */
function onAndOff(strategy: Strategy, plain: Recipe): { on: Recipe; off: Recipe } {
  const on = strategy.recipe!(plain)
  const own = Object.entries(on).filter(([name, value]) => value !== plain[name as keyof Recipe])
  const off = { ...on }
  for (const [name, settings] of own) {
    expect(settings, `${name} of ${strategy.id} has no weight`).toHaveProperty('weight')
    Object.assign(off, { [name]: { ...(settings as { weight: number }), weight: 0 } })
  }
  return { on, off }
}

/** Computed once for both backends. */
const once = <R>(make: () => R) => {
  let made: R | undefined
  return () => (made ??= make())
}
const moduleByDefinition = once(() => trainModule(withModule()))
const headsByDefinition = once(() => trainHeads(withHeads()))

onReferences(view, (stand, backend) => {
  let engine: Engine
  beforeAll(() => ({ engine } = stand()))
  const trained = async (recipe: Recipe, check?: () => Promise<void>) =>
    (await engine.train(recipe, [{ seed: SEED, labelled }], check))[0]
  const weights = async (recipe: Recipe, check?: () => Promise<void>) =>
    (await trained(recipe, check)).weights()
  const picksOf = async (strategy: Strategy, recipe: Recipe) => {
    const setting = { classes: CLASSES, dropout: recipe.dropout, augmentation: recipe.augmentation }
    const needs = strategy.needs(setting) as EngineNeed[]
    return strategy.query({
      k: 8,
      classes: CLASSES,
      unlabelled: others,
      labelled,
      labels: labelsOf(labelled),
      order: initialOrder(SEED, 30),
      needs: await (await trained(recipe)).answer(needs, others, labelled),
      stream: strategyStream(SEED, labelled.length, strategy.id)
    })
  }

  test('the loss module and the network follow the definition', async () => {
    expect(relativeError(await weights(withModule()), moduleByDefinition())).toBeLessThan(2e-3)
  })

  test('the two heads follow theirs, and the network is what it is without them, bit for bit', async () => {
    const own = await weights(withHeads())
    expect(relativeError(own, headsByDefinition())).toBeLessThan(2e-3)
    expect(own.slice(0, net.size)).toEqual(await weights(base))
  })

  test('predicted losses and the heads are answered from the final weights, un-augmented', async () => {
    const rows = others.slice(3, 15)
    const x = imagesOf(rows, () => UNVARIED)
    const one = await trained(withModule())
    const flat = Float64Array.from(await one.weights())
    const { predictedLoss, probabilities } = await one.answer(
      [{ kind: 'predictedLoss' }, { kind: 'probabilities' }],
      rows,
      labelled
    )
    const f = forward(flat.slice(0, net.size), x, rows.length, null)
    const pooled = f.blocks.map(b => b.pooled)
    expect(
      relativeError(
        predictedLoss!,
        predicted(meansOf(pooled, rows.length), flat.slice(net.size), rows.length)
      )
    ).toBeLessThan(1e-4)
    expect(relativeError(probabilities!, reference.softmax(f.logits, CLASSES))).toBeLessThan(1e-4)

    const two = await trained(withHeads())
    const whole = Float64Array.from(await two.weights())
    const { heads } = await two.answer([{ kind: 'heads' }], rows, labelled)
    const { hidden } = forward(whole.slice(0, net.size), x, rows.length, null)
    expect(heads).toHaveLength(2)
    heads!.forEach((p, h) => {
      const logits = headLogits(whole.slice(net.size), h, hidden, rows.length)
      expect(relativeError(p, reference.softmax(logits, CLASSES))).toBeLessThan(1e-4)
    })
    await expect(two.answer([{ kind: 'predictedLoss' }], rows, labelled)).rejects.toThrow(RangeError)
    await expect(one.answer([{ kind: 'heads' }], rows, labelled)).rejects.toThrow(RangeError)
  })

  // many steps, and the same code: on one backend
  if (backend === 'wasm') {
    const long = { ...base, stepsFloor: 60 }

    test.each(adding.map(strategy => [strategy.id, strategy] as const))(
      '%s: with the weight of its own loss at 0, other weights and other picks',
      async (_, strategy) => {
        const { on, off } = onAndOff(strategy, long)
        expect(await weights(on)).not.toEqual(await weights(off))
        expect((await picksOf(strategy, on)).picks).not.toEqual((await picksOf(strategy, off)).picks)
      }
    )

    test('at 0 nothing pulls at the module of learning loss, and it pulls at nothing', async () => {
      const { on, off } = onAndOff(strategies.learningLoss, long)
      const [plain, pulled, still] = [await weights(long), await weights(on), await weights(off)]
      expect(still.slice(0, net.size)).toEqual(plain)
      expect(pulled.slice(0, net.size)).not.toEqual(plain)
      const start = initialWeights(architectureOf(view, off), SEED, labelled.length)
      expect(still.slice(net.size)).toEqual(start.slice(net.size))
      expect(pulled.slice(net.size)).not.toEqual(start.slice(net.size))
    })

    test('the heads of MCDAL lie further apart than at 0, beside the same network', async () => {
      const { on, off } = onAndOff(strategies.mcdal, long)
      const [apart, together] = [await weights(on), await weights(off)]
      expect(apart.slice(0, net.size)).toEqual(together.slice(0, net.size))
      expect(apart.slice(net.size)).not.toEqual(together.slice(net.size))
      const [far, near] = [await picksOf(strategies.mcdal, on), await picksOf(strategies.mcdal, off)]
      expect(mean([...far.scores!])).toBeGreaterThan(mean([...near.scores!]))
    })
  }

  test('the module stops reaching the network after its share of the steps', async () => {
    const never = await weights(withModule({ detachAfter: 0 }))
    expect(never.slice(0, net.size)).toEqual(await weights(base))
    expect(await weights(withModule({ detachAfter: 1 }))).not.toEqual(await weights(withModule()))
  })

  test('together and in turns they keep their bits; a warm start goes on with module and heads', async () => {
    const both: Recipe = { ...withModule(), ...withHeads() }
    const recipes = [withModule(), withHeads(), both]
    const alone: Float32Array[] = []
    for (const recipe of recipes) alone.push(await weights(recipe))
    const turn = () => new Promise<void>(resolve => setTimeout(resolve))
    expect(await Promise.all(recipes.map(recipe => weights(recipe, turn)))).toEqual(alone)
    const warm: Recipe = { ...both, mode: { kind: 'warm' }, learningRate: 0 }
    const [next] = await engine.train(warm, [{ seed: SEED, labelled, before: alone[2] }])
    expect(await next.weights()).toEqual(alone[2])
  })

  test('with everything labelled the heads have nothing to disagree on', async () => {
    const all = { seed: SEED, labelled: range(30) }
    const [one] = await engine.train(withHeads(), [all])
    const [other] = await engine.train(withHeads(0), [all])
    expect(await one.weights()).toEqual(await other.weights())
  })
})

test('the fast path knows neither, and says so', () => {
  for (const recipe of [withModule(), withHeads()]) {
    expect(knowsRecipe(recipe, view)).toBe(false)
  }
  expect(knowsRecipe(base, view)).toBe(true)
  for (const kind of ['predictedLoss', 'heads'] as const) expect(knowsNeeds([{ kind }])).toBe(false)
})
