/**
 * What the fast path must do besides the trainings of every backend: gradients of whole networks against the float64
 * computation, the same bits in any company, few dispatches, and no memory left behind.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { architecture } from '../../src/core/network.ts'
import { augmentation, dropoutKey, initialWeights, trainingMask } from '../../src/core/law.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { normalisation } from '../../src/core/view.ts'
import type { FastEngine } from '../../src/engine/fast/engine.ts'
import { planTraining } from '../../src/engine/fast/plan.ts'
import { ResidentView } from '../../src/engine/fast/resident.ts'
import { shapeOf } from '../../src/engine/fast/shape.ts'
import { Training } from '../../src/engine/fast/training.ts'
import { CASES, caseName } from './conformanceSteps.ts'
import { conformanceOfTrainings } from './conformanceTrainings.ts'
import * as reference from './reference.ts'
import { range, relativeError, tinyView } from './views.ts'

const RECIPE: Recipe = {
  network: { channels: [3, 5], hidden: 7 },
  epochs: 0,
  stepsFloor: 5,
  learningRate: 3e-3,
  batchSize: 4,
  dropout: 0.25,
  augmentation: 'flip'
}

/** `quick`: fewer shapes, where compiling each costs seconds. */
export function conformanceOfFast(open: () => Promise<FastEngine>, quick: boolean): void {
  let engine: FastEngine
  beforeAll(async () => {
    engine = await open()
  })
  afterAll(() => engine?.dispose())

  conformanceOfTrainings(() => engine, false)

  describe('gradients of the first step', () => {
    test.each((quick ? [CASES[1], CASES[2], CASES[4]] : CASES).map(c => [caseName(c), c] as const))(
      '%s',
      async (_, c) => {
        const network = { channels: c.channels, hidden: c.hidden }
        const net = architecture(network, c.shape, c.classes)
        const view = tinyView(c.shape, c.classes, 9 + c.batch, 1)
        const recipe: Recipe = {
          ...RECIPE,
          network,
          stepsFloor: 1,
          batchSize: c.batch,
          dropout: c.batch > 2 ? 0.25 : 0
        }
        const labelled = range(c.batch, 1, 8) // from a constant image on: its maxima tie
        const cohort = [3, 9].map(seed => ({ seed, labelled }))
        const resident = await ResidentView.upload(engine.gpu, view, 1 << 24)
        const plan = planTraining(shapeOf(net), recipe.batchSize)
        const training = await Training.prepare(engine.gpu, resident, plan, recipe, cohort)
        await training.run(() => {}, { latency: 0 })
        const outcomes = await training.outcome()
        const norm = normalisation(view.pool.images, c.shape.channels)
        for (const [r, { seed }] of cohort.entries()) {
          const ids = labelled
          const mask = new Float64Array(ids.length * net.features)
          ids.forEach((id, i) => {
            const row = new Float32Array(net.features)
            trainingMask(row, dropoutKey(seed, ids.length, 0), id, recipe.dropout)
            mask.set(row, i * net.features)
          })
          const expected = reference.lossAndGradients(
            net,
            reference.split(net, initialWeights(net, seed, ids.length)),
            reference.inputs(view.pool.images, c.shape, norm, ids, id =>
              augmentation('flip', seed, ids.length, 0, id)
            ),
            Array.from(ids, id => view.pool.labels[id]),
            recipe.dropout ? mask : null
          )
          const got = await training.gradients(r)
          expect(outcomes[r].trainLoss).toBeCloseTo(expected.loss, 5)
          net.parameters.forEach(({ name, offset, size }, k) => {
            const own = got.subarray(offset, offset + size)
            expect(relativeError(own, expected.gradients[k]), `${name} of replica ${r}`).toBeLessThan(2e-5)
          })
        }
        training.dispose()
        resident.release()
      }
    )
  })

  describe('a replica', () => {
    const view = tinyView({ height: 11, width: 9, channels: 3 }, 4, 60, 5)
    const rows = (seed: number) => range(9, 1 + (seed % 5), seed % 7)
    const replica = (seed: number) => ({ seed, labelled: rows(seed) })
    const weights = async (seeds: number[]) => {
      const trained = await engine.train(RECIPE, seeds.map(replica))
      const all = await Promise.all(trained.map(t => t.weights()))
      trained.forEach(t => t.dispose())
      return all
    }

    test('has the same bits alone, in 7 and in 36, in any slot', async () => {
      await engine.load(view)
      expect(engine.preferredCohort(RECIPE)).toBeGreaterThanOrEqual(36)
      const alone = (await weights([11]))[0]
      for (const [size, slots] of [
        [7, [0, 6]],
        [36, [3, 35]]
      ] as const) {
        for (const slot of slots) {
          const seeds = Array.from({ length: size }, (_, i) => (i === slot ? 11 : 100 + i))
          expect((await weights(seeds))[slot]).toEqual(alone)
        }
      }
    })

    test('takes at most 6 dispatches a block and 6 besides, whatever the cohort', async () => {
      const net = architecture(RECIPE.network, { height: 11, width: 9, channels: 3 }, 4)
      const resident = await ResidentView.upload(engine.gpu, view, 1 << 24)
      const counts: number[] = []
      for (const size of [1, 36]) {
        const cohort = Array.from({ length: size }, (_, seed) => replica(seed))
        const plan = planTraining(shapeOf(net), RECIPE.batchSize)
        const training = await Training.prepare(engine.gpu, resident, plan, RECIPE, cohort)
        counts.push(training.dispatches.length)
        training.dispose()
      }
      resident.release()
      expect(counts[0]).toBeLessThanOrEqual(6 * RECIPE.network.channels.length + 6)
      expect(counts[1]).toBe(counts[0])
    })

    test('leaves no memory behind in 50 rounds', async () => {
      await engine.load(view)
      const round = async () => {
        const [trained] = await engine.train({ ...RECIPE, stepsFloor: 1 }, [replica(1)])
        await trained.answer(
          [{ kind: 'passes', passes: 2 }, { kind: 'embeddings' }],
          range(30, 1, 20),
          rows(1)
        )
        trained.dispose()
      }
      await round()
      const bytes = engine.gpu.bytes
      for (let i = 0; i < 50; i++) await round()
      expect(engine.gpu.bytes).toBe(bytes)
    })
  })
}
