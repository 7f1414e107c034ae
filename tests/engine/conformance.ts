/**
 * What every backend must do, whatever it runs on: each step of the network against the float64 computation of
 * reference.ts, gradients of whole networks of awkward shapes, trainings by the law, needs, and equal bits whenever
 * keys are equal. Called once per backend.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  augmentation,
  dropoutKey,
  passMask,
  trainingMask,
  UNVARIED,
  type Variation
} from '../../src/core/law.ts'
import { architecture, type Architecture, type ImageShape } from '../../src/core/network.ts'
import type { BackendName, Engine } from '../../src/core/engine.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { normalisation } from '../../src/core/view.ts'
import type { Opened } from '../../src/engine/backends/opened.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import type { Kernels } from '../../src/engine/kernels.ts'
import { trainStep } from '../../src/engine/network.ts'
import { Pixels } from '../../src/engine/pixels.ts'
import { microRun, MICRO_LOSSES, numericsIdOf } from '../../src/engine/probe.ts'
import * as reference from './reference.ts'
import { numbers, range, relativeError, tinyView } from './views.ts'

// the tensor type is the backend's own
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyKernels = Kernels<any>

interface Case {
  shape: ImageShape
  channels: number[]
  hidden: number
  classes: number
  batch: number
}

const image = (height: number, width: number, channels: number): ImageShape => ({ height, width, channels })

/** Shapes that divide by nothing, batches of one, wide and narrow layers. */
const CASES: Case[] = [
  { shape: image(8, 8, 1), channels: [8], hidden: 8, classes: 4, batch: 4 },
  { shape: image(11, 9, 3), channels: [3, 5], hidden: 7, classes: 3, batch: 3 },
  { shape: image(13, 12, 1), channels: [4, 12], hidden: 16, classes: 10, batch: 1 },
  { shape: image(9, 16, 3), channels: [16, 8, 20], hidden: 33, classes: 2, batch: 2 },
  { shape: image(17, 16, 1), channels: [2, 3, 9, 1], hidden: 5, classes: 6, batch: 5 }
]

const name = (c: Case) =>
  `${c.shape.height}x${c.shape.width}x${c.shape.channels}, ${c.channels.join('-')}, ${c.hidden}, ${c.classes}, batch ${c.batch}`

const RECIPE: Recipe = {
  network: { channels: [3, 5], hidden: 7 },
  epochs: 2,
  stepsFloor: 8,
  learningRate: 3e-3,
  batchSize: 4,
  dropout: 0.25,
  augmentation: 'flip'
}

/** `quick`: fewer shapes and repetitions, where each new shape costs seconds (a software WebGPU adapter compiles). */
export function conformance(backend: BackendName, open: () => Promise<Opened>, quick = false): void {
  let opened: Opened
  let k: AnyKernels
  beforeAll(async () => {
    opened = await open()
    k = opened.kernels
  })
  afterAll(() => opened?.kernels.dispose())

  describe('steps of the network', () => {
    const asMatrix = (values: Float32Array, columns: number) =>
      k.matrix(values.length / columns, columns, (to, start) => to.set(values, start))

    const layers = [
      [3, 7, 5],
      [1, 12, 10],
      [4, 16, 16],
      [5, 33, 20]
    ]
    test.each(quick ? layers.slice(0, 1) : layers)(
      'dense layers and their gradients: batch %i, %i inputs, %i outputs',
      async (batch, inputs, outputs) => {
        const [x, w, b, d] = [batch * inputs, inputs * outputs, outputs, batch * outputs].map(numbers)
        const [x64, w64, b64, d64] = [x, w, b, d].map(a => Float64Array.from(a))
        const read = await Promise.all(
          k.scope(() => {
            const [X, W, B, D] = [
              asMatrix(x, inputs),
              asMatrix(w, outputs),
              asMatrix(b, outputs),
              asMatrix(d, outputs)
            ]
            const g = k.denseGradients(X, W, D)
            return [
              k.read(k.dense(X, W, B, false), batch),
              k.read(k.dense(X, W, B, true), batch),
              k.read(g.weight, inputs),
              k.read(g.bias, 1),
              k.read(g.input, batch)
            ]
          })
        )
        const g = reference.denseGradients(x64, w64, d64, batch)
        const expected = [
          reference.dense(x64, w64, b64, batch, false),
          reference.dense(x64, w64, b64, batch, true),
          g.weight,
          g.bias,
          g.input
        ]
        read.forEach((values, i) => expect(relativeError(values, expected[i])).toBeLessThan(1e-5))
      }
    )

    test('softmax, also of large logits', async () => {
      const logits = numbers(7 * 5, 1).map((v, i) => v * (i < 10 ? 200 : 5))
      const got = await k.scope(() => k.read(k.softmax(asMatrix(logits, 5)), 7))
      expect(relativeError(got, reference.softmax(Float64Array.from(logits), 5))).toBeLessThan(1e-5)
    })

    test('element by element', async () => {
      const [a, b] = [numbers(3 * 7, 1), numbers(3 * 7, 2)]
      const [product, gradient] = await Promise.all(
        k.scope(() => [
          k.read(k.multiply(asMatrix(a, 7), asMatrix(b, 7)), 3),
          k.read(k.reluGradient(asMatrix(a, 7), asMatrix(b, 7)), 3)
        ])
      )
      expect(product).toEqual(a.map((v, i) => v * b[i]))
      // + 0: a zero may have either sign
      expect(gradient.map(v => v + 0)).toEqual(a.map((v, i) => (b[i] > 0 ? v : 0)))
    })

    test.each([1, 3, 16, 37, 90])('dropout masks are those of the law: %i features', async features => {
      const ids = Uint32Array.of(0, 5, 70000, 4294967295)
      const key = dropoutKey(3, 50, 7)
      for (const rate of [0.25, 0.5, 0.999999]) {
        const got = await k.scope(() => k.read(k.dropoutMask(ids, features, key, rate), ids.length))
        const expected = new Float32Array(ids.length * features)
        ids.forEach((id, i) =>
          trainingMask(expected.subarray(i * features, (i + 1) * features), key, id, rate)
        )
        expect(got).toEqual(expected)
      }
    })

    test('rows scaled by a mask outlive their scope', async () => {
      const w = numbers(4 * 6, 3)
      const mask = Float32Array.of(0, 2, 1, 0.5)
      const scaled = k.scope(() => k.scaledRows(asMatrix(w, 6), mask))
      k.scope(() => asMatrix(numbers(4 * 6, 4), 6))
      const got = await k.scope(() => k.read(scaled, 4))
      k.release(scaled)
      expect(got).toEqual(w.map((v, i) => v * mask[Math.floor(i / 6)]))
    })
  })

  describe('whole gradients', () => {
    test.each((quick ? CASES.slice(1, 3) : CASES).map(c => [name(c), c] as const))('%s', async (_, c) => {
      const net = architecture({ channels: c.channels, hidden: c.hidden }, c.shape, c.classes)
      const view = tinyView(c.shape, c.classes, 9 + c.batch, 1)
      const norm = normalisation(view.pool.images, c.shape.channels)
      const ids = range(c.batch, 1, 8) // from a constant image on: its maxima tie
      const labels = Int32Array.from(ids, id => view.pool.labels[id])
      const flat = numbers(net.size, 9).map(v => v * 0.4)
      const vary = (id: number): Variation => augmentation('flip', 3, 10, 0, id)

      const expected = reference.lossAndGradients(
        net,
        reference.split(net, flat),
        reference.inputs(view.pool.images, c.shape, norm, ids, vary),
        labels,
        null
      )
      const { loss, gradients } = await gradientsOf(
        k,
        net,
        flat,
        new Pixels(view.pool.images, c.shape, norm),
        {
          ids,
          labels,
          variation: vary,
          dropout: null
        }
      )
      expect(loss / c.batch).toBeCloseTo(expected.loss, 5)
      gradients.forEach((got, i) => {
        expect(relativeError(got, expected.gradients[i]), net.parameters[i].name).toBeLessThan(2e-5)
      })
    })
  })

  describe('the micro-run', () => {
    test('reaches the losses of the float64 computation, with the same bits each time', async () => {
      const first = await microRun(k)
      first.losses.forEach((loss, step) => expect(Math.abs(loss / MICRO_LOSSES[step] - 1)).toBeLessThan(1e-3))
      expect(first.losses).toHaveLength(20)
      const id = numericsIdOf(k, first)
      expect(id).toMatch(new RegExp(`^${backend}-[0-9a-f]{12}$`))
      if (!quick) expect(numericsIdOf(k, await microRun(k))).toBe(id)
    })
  })

  describe('trainings', () => {
    const shape = image(11, 9, 3)
    const view = tinyView(shape, 4, 40, 21)
    const labelled = range(9, 3, 1) // 9 images, batches of 4, 4 and 1
    let engine: Engine

    beforeAll(async () => {
      const description = { backend, numericsId: 'test', detail: '', stepMilliseconds: 1 }
      engine = new ReferenceEngine(k, description)
      await engine.load(view)
    })

    const train = (
      recipe: Partial<Recipe> = {},
      rows = labelled,
      seed = 5,
      check?: () => void | Promise<void>
    ) =>
      engine.train({ ...RECIPE, ...recipe }, [{ seed, labelled: rows }], check).then(([trained]) => trained)

    test.each<[string, Partial<Recipe>, Uint32Array]>([
      ['with everything on', {}, labelled],
      ['without dropout and augmentation', { dropout: 0, augmentation: 'none' }, labelled],
      ['on one image', { augmentation: 'shift' }, range(1, 1, 4)],
      ['with classes missing', {}, range(6, 4, 1)]
    ])('follow the law: %s', async (_, change, rows) => {
      const recipe = { ...RECIPE, ...change }
      const net = engine.architecture(recipe)
      const norm = normalisation(view.pool.images, 3)
      const expected = reference.train(net, recipe, view.pool.images, view.pool.labels, norm, 5, rows)
      const trained = await train(change, rows)
      expect(trained.steps).toBe(expected.losses.length)
      const perEpoch = Math.ceil(rows.length / recipe.batchSize)
      const from = Math.floor((trained.steps - 1) / perEpoch) * perEpoch
      const sum = (values: number[]) => values.slice(from).reduce((a, b) => a + b, 0)
      const mean = sum(expected.losses.map((l, i) => l * expected.sizes[i])) / sum(expected.sizes)
      expect(Math.abs(trained.trainLoss / mean - 1)).toBeLessThan(1e-3)
      expect(
        relativeError(
          await trained.weights(),
          expected.parameters.flatMap(p => [...p])
        )
      ).toBeLessThan(1e-3)
    })

    test('same key, same bits: alone, again, suspended, interleaved, in a cohort, after a reload', async () => {
      const alone = await (await train()).weights()
      expect(await (await train()).weights()).toEqual(alone)

      let stop = 0
      const pauses: (() => void)[] = []
      const suspended = train({}, labelled, 5, () =>
        stop++ === 3 ? new Promise<void>(resolve => pauses.push(resolve)) : undefined
      )
      // another training, of another shape, runs from beginning to end meanwhile
      const other = await train({ network: { channels: [4, 8], hidden: 6 }, dropout: 0 }, range(7, 2), 6)
      while (!pauses.length) await new Promise(resolve => setTimeout(resolve, 1))
      pauses[0]()
      expect(await (await suspended).weights()).toEqual(alone)
      const otherAlone = await train({ network: { channels: [4, 8], hidden: 6 }, dropout: 0 }, range(7, 2), 6)
      expect(await other.weights()).toEqual(await otherAlone.weights())

      const turns = await Promise.all(
        [5, 8].map(seed =>
          train({}, labelled, seed, () => new Promise<void>(resolve => setTimeout(resolve, 0)))
        )
      )
      expect(await turns[0].weights()).toEqual(alone)

      await engine.load(view)
      const cohort = await engine.train(
        RECIPE,
        [8, 5].map(seed => ({ seed, labelled }))
      )
      expect(await cohort[1].weights()).toEqual(alone)
      expect(await cohort[0].weights()).toEqual(await turns[1].weights())
    })

    test('progress counts the whole cohort; throwing in a check cancels', async () => {
      const seen: [number, number][] = []
      await engine.train(
        RECIPE,
        [1, 2].map(seed => ({ seed, labelled })),
        (done, total) => void seen.push([done, total])
      )
      const total = seen[0][1]
      expect(seen.map(([done]) => done)).toEqual(Array.from({ length: total }, (_, i) => i))
      await expect(train({}, labelled, 5, () => Promise.reject(new Error('enough')))).rejects.toThrow(
        'enough'
      )
    })

    test('labelled rows must ascend and lie in the pool', async () => {
      await expect(train({}, Uint32Array.of(3, 2))).rejects.toThrow(RangeError)
      await expect(train({}, Uint32Array.of(3, 40))).rejects.toThrow(RangeError)
      await expect(train({}, new Uint32Array(0))).rejects.toThrow(RangeError)
    })

    describe('needs', () => {
      const unlabelled = range(20, 1, 15)
      const views: Variation[] = [UNVARIED, { dy: 1, dx: -2, mirror: false }, { dy: 0, dx: 1, mirror: true }]
      const norm = normalisation(view.pool.images, 3)

      /** Softmax probabilities and hidden activations by the reference. */
      async function expectedOf(
        rows: Uint32Array,
        variation: Variation = UNVARIED,
        mask: Float32Array | null = null
      ) {
        const trained = await train()
        const net = engine.architecture(RECIPE)
        const f = reference.forward(
          net,
          reference.split(net, await trained.weights()),
          reference.inputs(view.pool.images, shape, norm, rows, () => variation),
          rows.length,
          mask && Float64Array.from(mask)
        )
        return { probabilities: reference.softmax(f.logits, 4), hidden: f.hidden }
      }

      test('all at once, against the float64 computation', async () => {
        const trained = await train()
        const passes = 3
        const needs = [
          { kind: 'probabilities' },
          { kind: 'embeddings' },
          { kind: 'passes', passes },
          { kind: 'viewVariance', views }
        ] as const
        const got = await trained.answer(needs, unlabelled, labelled)
        const plain = await expectedOf(unlabelled)
        expect(relativeError(got.probabilities!, plain.probabilities)).toBeLessThan(1e-5)
        expect(got.embeddings!.size).toBe(7)
        expect(relativeError(got.embeddings!.unlabelled, plain.hidden)).toBeLessThan(1e-5)
        expect(relativeError(got.embeddings!.labelled, (await expectedOf(labelled)).hidden)).toBeLessThan(
          1e-5
        )

        const { features } = engine.architecture(RECIPE)
        const masks = Array.from({ length: passes }, (_, pass) =>
          passMask(features, 5, labelled.length, pass, 0.25)
        )
        const stochastic = await Promise.all(masks.map(mask => expectedOf(unlabelled, UNVARIED, mask)))
        const mean = plain.probabilities.map(
          (_, i) => stochastic.reduce((sum, p) => sum + p.probabilities[i], 0) / passes
        )
        expect(relativeError(got.passes!.meanProbabilities, mean)).toBeLessThan(1e-5)
        const entropy = Array.from(unlabelled, (_, r) => {
          const terms = stochastic.flatMap(p =>
            [...p.probabilities.subarray(4 * r, 4 * r + 4)].map(v => -v * Math.log(v))
          )
          return terms.reduce((a, b) => a + b, 0) / passes
        })
        expect(relativeError(got.passes!.meanEntropy, entropy)).toBeLessThan(1e-5)

        const seen = await Promise.all(views.map(view => expectedOf(unlabelled, view)))
        const variance = Array.from(unlabelled, (_, r) => {
          let total = 0
          for (let c = 0; c < 4; c++) {
            const values = seen.map(v => v.probabilities[4 * r + c])
            const m = values.reduce((a, b) => a + b, 0) / values.length
            total += values.reduce((a, b) => a + (b - m) ** 2, 0) / values.length
          }
          return total
        })
        expect(relativeError(got.viewVariance!, variance)).toBeLessThan(1e-3)
      })

      test('an image has the same bits whoever shares its chunk', async () => {
        const trained = await train()
        const all = await trained.poolProbabilities(range(40))
        for (const rows of [Uint32Array.of(17), Uint32Array.of(39, 0, 17), range(33, 1, 7)]) {
          const some = await trained.poolProbabilities(rows)
          rows.forEach((row, i) =>
            expect(some.subarray(4 * i, 4 * i + 4)).toEqual(all.subarray(4 * row, 4 * row + 4))
          )
        }
        const { probabilities } = await trained.answer([{ kind: 'probabilities' }], unlabelled, labelled)
        expect(probabilities).toEqual(all.subarray(15 * 4, 35 * 4))
      })

      test('of nothing unlabelled are empty', async () => {
        const got = await (await train()).answer([{ kind: 'embeddings' }], new Uint32Array(0), labelled)
        expect(got.embeddings!.unlabelled).toHaveLength(0)
        expect(got.embeddings!.labelled).toHaveLength(9 * 7)
      })

      test('test images are scored in order', async () => {
        const trained = await train()
        const net = engine.architecture(RECIPE)
        const f = reference.forward(
          net,
          reference.split(net, await trained.weights()),
          reference.inputs(view.test.images, shape, norm, range(21), () => UNVARIED),
          21,
          null
        )
        expect(relativeError(await trained.testProbabilities(), reference.softmax(f.logits, 4))).toBeLessThan(
          1e-5
        )
      })

      test('stochastic passes are refused without dropout', async () => {
        const trained = await train({ dropout: 0 })
        await expect(trained.answer([{ kind: 'passes', passes: 2 }], unlabelled, labelled)).rejects.toThrow(
          RangeError
        )
      })
    })
  })
}

/** The gradients that one training step hands to the optimiser. */
async function gradientsOf(
  k: AnyKernels,
  net: Architecture,
  weights: Float32Array,
  pixels: Pixels,
  batch: Parameters<typeof trainStep>[4]
): Promise<{ loss: number; gradients: Float32Array[] }> {
  const state = k.createState(net, weights, true)
  const reads: Promise<Float32Array>[] = []
  const spy = Object.create(k) as AnyKernels
  spy.adam = (_, gradients) => {
    gradients.forEach((gradient, i) => {
      const { shape, size } = net.parameters[i]
      reads.push(k.read(gradient, size / shape[shape.length - 1]))
    })
  }
  try {
    trainStep(spy, net, state, pixels, batch, 1e-3, 1)
    return { gradients: await Promise.all(reads), loss: await k.readLoss(state) }
  } finally {
    k.freeState(state)
  }
}
