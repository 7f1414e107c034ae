/** Trainings by the law, equal bits for equal keys, and needs; see conformance.ts. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/core/engine.ts'
import { initialWeights, passMask, UNVARIED, type Variation } from '../../src/core/law.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { normalisation } from '../../src/core/view.ts'
import { conformanceOfCycles } from './conformanceCycles.ts'
import * as reference from './reference.ts'
import { range, relativeError, tinyView } from './views.ts'

const RECIPE: Recipe = {
  network: { channels: [3, 5], hidden: 7 },
  epochs: 2,
  stepsFloor: 8,
  learningRate: 3e-3,
  batchSize: 4,
  dropout: 0.25,
  augmentation: 'flip'
}

/** `everyStep`: the checkpoint is asked before each step; otherwise before each of several submits. `rounds`: of a cycle. */
export function conformanceOfTrainings(open: () => Engine, everyStep: boolean, rounds = 3): void {
  describe('trainings', () => {
    const shape = { height: 11, width: 9, channels: 3 }
    const view = tinyView(shape, 4, 40, 21)
    const labelled = range(9, 3, 1) // 9 images, batches of 4, 4 and 1
    let engine: Engine

    beforeAll(async () => {
      engine = open()
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
      ['with classes missing', {}, range(6, 4, 1)],
      // classes 3 2 1 0 3 2 1 0 and two more of class 3
      ['with balanced classes', { classWeights: 'balanced' }, Uint32Array.of(0, 1, 2, 3, 4, 8, 12)],
      ['in even batches', { batches: 'even' }, labelled],
      ['in warm mode, before there is a round', { mode: { kind: 'warm' } }, labelled]
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

    test('a warm start goes on from the weights it is given, with a fresh optimiser', async () => {
      const recipe: Recipe = { ...RECIPE, mode: { kind: 'warm' } }
      const first = await (await train(recipe)).weights()
      const more = range(12, 3, 1)
      const warm = (before?: Float32Array) =>
        engine.train(recipe, [{ seed: 5, labelled: more, before }]).then(([trained]) => trained.weights())
      const { images, labels } = view.pool
      const norm = normalisation(images, 3)
      const expected = reference.train(
        engine.architecture(recipe),
        recipe,
        images,
        labels,
        norm,
        5,
        more,
        first
      )
      expect(
        relativeError(
          await warm(first),
          expected.parameters.flatMap(p => [...p])
        )
      ).toBeLessThan(1e-3)
      expect(await warm(first)).not.toEqual(await warm())
      await expect(warm(first.subarray(1))).rejects.toThrow(RangeError)
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
      const done = seen.map(([done]) => done)
      if (everyStep) expect(done).toEqual(Array.from({ length: total }, (_, i) => i))
      else {
        expect(done.length).toBeGreaterThan(2)
        done.forEach((d, i) => expect(d).toBeGreaterThanOrEqual(i ? done[i - 1] : 0))
        expect(done[0]).toBe(0)
      }
      expect(done[done.length - 1]).toBeLessThan(total)
      expect(seen.every(([, all]) => all === total)).toBe(true)
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
          { kind: 'head' },
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

        const net = engine.architecture(RECIPE)
        const { features } = net
        const [weight, bias] = reference.split(net, await trained.weights()).slice(-2)
        expect([...got.head!.weight]).toEqual([...weight])
        expect([...got.head!.bias]).toEqual([...bias])
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
        const spread = mean.map(
          (m, i) => stochastic.reduce((sum, p) => sum + (p.probabilities[i] - m) ** 2, 0) / passes
        )
        expect(relativeError(got.passes!.variance, spread)).toBeLessThan(1e-3)
        const votes = Array.from(unlabelled, (_, r) => {
          const counts = [0, 0, 0, 0]
          for (const p of stochastic) {
            const row = [...p.probabilities.subarray(4 * r, 4 * r + 4)]
            counts[row.indexOf(Math.max(...row))]++
          }
          return counts
        })
        expect([...got.passes!.votes]).toEqual(votes.flat())

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

      test('speaks under other weights too: those of another training, and those it began with', async () => {
        const [trained, other] = [await train(), await train({}, labelled, 6)]
        const rows = range(9, 4, 2)
        const said = await other.poolProbabilities(rows)
        expect(await trained.poolProbabilities(rows, await other.weights())).toEqual(said)
        expect(await trained.poolProbabilities(rows)).not.toEqual(said)
        expect(await trained.startWeights()).toEqual(
          initialWeights(engine.architecture(RECIPE), 5, labelled.length)
        )
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

      test('of one kind come once', async () => {
        const twice = [2, 3].map(passes => ({ kind: 'passes', passes }) as const)
        await expect((await train()).answer(twice, unlabelled, labelled)).rejects.toThrow(RangeError)
      })

      test('stochastic passes are refused without dropout', async () => {
        const trained = await train({ dropout: 0 })
        await expect(trained.answer([{ kind: 'passes', passes: 2 }], unlabelled, labelled)).rejects.toThrow(
          RangeError
        )
      })
    })
  })
  conformanceOfCycles(open, RECIPE, rounds)
}
