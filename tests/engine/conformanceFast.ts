/**
 * What the fast path must do besides the trainings of every backend: gradients of whole networks against the float64
 * computation, the same bits in any company, few dispatches, and no memory left behind.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { architecture, networks } from '../../src/core/network.ts'
import { augmentation, dropoutKey, initialWeights, trainingMask, UNVARIED } from '../../src/core/law.ts'
import type { Checkpoint, Engine, Replica } from '../../src/core/engine.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { normalisation } from '../../src/core/view.ts'
import { architectureOf } from '../../src/engine/engine.ts'
import type { FastEngine } from '../../src/engine/fast/engine.ts'
import { NoRoom } from '../../src/engine/fast/gpu.ts'
import { ask } from '../../src/engine/fast/inference.ts'
import { blend } from '../../src/engine/fast/kernels/blend.ts'
import { SHARED, SINGLE, type Tiling } from '../../src/engine/fast/kernels/common.ts'
import type { FastOpenOptions } from '../../src/engine/fast/open.ts'
import { planTraining, replicasThatFit, trainingBytes } from '../../src/engine/fast/plan.ts'
import { ResidentView } from '../../src/engine/fast/resident.ts'
import { shapeOf } from '../../src/engine/fast/shape.ts'
import { Training } from '../../src/engine/fast/training.ts'
import { MICRO } from '../../src/engine/probe.ts'
import { conformanceOfFallback } from './conformanceFallback.ts'
import { conformanceOfGeometry } from './conformanceGeometry.ts'
import { conformanceOfKernels } from './conformanceKernels.ts'
import { conformanceOfPretraining } from './conformancePretraining.ts'
import { CASES, caseName } from './conformanceSteps.ts'
import { conformanceOfTrainings } from './conformanceTrainings.ts'
import * as reference from './reference.ts'
import { numbers, range, relativeError, tinyView } from './views.ts'

const RECIPE: Recipe = {
  network: { channels: [3, 5], hidden: 7 },
  epochs: 0,
  stepsFloor: 5,
  learningRate: 3e-3,
  batchSize: 4,
  dropout: 0.25,
  augmentation: 'flip'
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

/** `quick`: fewer shapes, where compiling each costs seconds. `openWasm`: the path it falls back on; its binary's address. */
export function conformanceOfFast(
  open: (options: Pick<FastOpenOptions, 'guaranteed' | 'tiling'>) => Promise<FastEngine>,
  openWasm: () => Promise<Engine>,
  quick: boolean,
  wasmUrl?: string
): void {
  let engine: FastEngine
  let cases = 0
  beforeAll(async () => {
    engine = await open({})
  })
  afterEach(() => void cases++)
  afterAll(() => {
    if (engine) console.log(`fast path: ${cases} cases ran on ${engine.description.detail}`)
    engine?.dispose()
  })

  conformanceOfTrainings(() => engine, false)
  conformanceOfKernels(() => engine)
  conformanceOfFallback(() => engine, openWasm)
  conformanceOfPretraining(
    () => engine,
    () => open({}),
    wasmUrl
  )
  conformanceOfGeometry(
    () => engine,
    () => open({ guaranteed: true })
  )

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
        let gradient: Float32Array = new Float32Array(0)
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
          if (r === 0) gradient = got
          expect(outcomes[r].trainLoss).toBeCloseTo(expected.loss, 5)
          net.parameters.forEach(({ name, offset, size }, k) => {
            const own = got.subarray(offset, offset + size)
            expect(relativeError(own, expected.gradients[k]), `${name} of replica ${r}`).toBeLessThan(1e-5)
          })
        }
        training.dispose()
        await alongDirections(resident, recipe, cohort[0], initialWeights(net, 3, c.batch), gradient)
        resident.release()
      }
    )

    /** The loss from weights a little to either side, along the gradient and along directions of chance. */
    async function alongDirections(
      resident: ResidentView,
      recipe: Recipe,
      replica: Replica,
      weights: Float32Array,
      gradient: Float32Array
    ) {
      const length = (v: Float32Array) => Math.sqrt(v.reduce((total, x) => total + x * x, 0))
      const directions = [gradient, numbers(weights.length, 1), numbers(weights.length, 2)].map(v => {
        const own = length(v)
        return v.map(x => x / own)
      })
      const far = 1e-3
      const cohort = directions.flatMap(v =>
        [far, -far].map(step => ({ ...replica, before: weights.map((w, i) => w + step * v[i]) }))
      )
      const plan = planTraining(shapeOf(architectureOf(resident.view, recipe)), recipe.batchSize)
      const warm: Recipe = { ...recipe, mode: { kind: 'warm' } }
      const training = await Training.prepare(engine.gpu, resident, plan, warm, cohort)
      await training.run(() => {}, { latency: 0 })
      const losses = (await training.outcome()).map(outcome => outcome.trainLoss)
      training.dispose()
      directions.forEach((v, k) => {
        const slope = (losses[2 * k] - losses[2 * k + 1]) / (2 * far)
        const expected = v.reduce((total, x, i) => total + x * gradient[i], 0)
        expect(Math.abs(slope - expected) / length(gradient), `direction ${k}`).toBeLessThan(5e-3)
      })
    }
  })

  describe('a replica', () => {
    // the network of the micro-run, which every engine has compiled
    const { channels, hidden, input, classes } = MICRO.net
    const recipe: Recipe = {
      ...RECIPE,
      network: { channels, hidden },
      batchSize: MICRO.batchSize,
      dropout: MICRO.dropout,
      augmentation: MICRO.augmentation
    }
    const view = tinyView(input, classes, 60, 5)
    const rows = (seed: number) => range(13, 1 + (seed % 3), seed % 7)
    const replica = (seed: number) => ({ seed, labelled: rows(seed) })
    const weights = async (seeds: number[]) => {
      const trained = await engine.train(recipe, seeds.map(replica))
      const all = await Promise.all(trained.map(t => t.weights()))
      trained.forEach(t => t.dispose())
      return all
    }

    test('has the same bits alone, in 7 and in 36, in any slot', async () => {
      await engine.load(view)
      expect(engine.preferredCohort(recipe)).toBeGreaterThanOrEqual(36)
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

    // its sums are split into other parts than those of the small one
    test('of the reference network has the same bits alone, suspended, and in any slot among others', async () => {
      const reference: Recipe = {
        ...RECIPE,
        network: networks.reference,
        batchSize: quick ? 8 : 32,
        stepsFloor: quick ? 2 : 20,
        augmentation: 'none'
      }
      await engine.load(tinyView({ height: 28, width: 28, channels: 1 }, 10, 120, 5))
      const labelled = range(40, 1, 3)
      const together = quick ? 3 : 7
      const run = async (seeds: number[], check: Checkpoint = () => {}) => {
        const cohort = seeds.map(seed => ({ seed, labelled }))
        const trained = await engine.train(reference, cohort, check)
        const all = await Promise.all(trained.map(t => t.weights()))
        trained.forEach(t => t.dispose())
        return all
      }
      const [alone] = await run([11])
      const pause = () => new Promise<void>(resolve => setTimeout(resolve, 5))
      expect((await run([11], pause))[0]).toEqual(alone)
      for (const slot of [0, together - 1]) {
        const seeds = Array.from({ length: together }, (_, i) => (i === slot ? 11 : 100 + i))
        expect((await run(seeds))[slot]).toEqual(alone)
      }
    })

    test('takes at most 6 dispatches a block and 6 besides, whatever the cohort', async () => {
      const resident = await ResidentView.upload(engine.gpu, view, 1 << 24)
      const counts: number[] = []
      for (const size of [1, 36]) {
        const cohort = Array.from({ length: size }, (_, seed) => replica(seed))
        const plan = planTraining(shapeOf(MICRO.net), recipe.batchSize)
        const training = await Training.prepare(engine.gpu, resident, plan, recipe, cohort)
        counts.push(training.dispatches.length)
        training.dispose()
      }
      resident.release()
      expect(counts[0]).toBeLessThanOrEqual(6 * recipe.network.channels.length + 6)
      expect(counts[1]).toBe(counts[0])
    })

    // that it then goes on with the same bits: webgpu/cohorts.test.ts
    test('hears that its device is lost in mid-round; on the limits that every adapter has it has the same bits', async () => {
      await engine.load(view)
      const expected = (await weights([11]))[0]
      const small = await open({ guaranteed: true })
      expect(small.gpu.device.limits.maxStorageBuffersPerShaderStage).toBe(8)
      expect(small.gpu.device.limits.maxComputeInvocationsPerWorkgroup).toBe(128)
      expect(small.gpu.device.limits.maxComputeWorkgroupStorageSize).toBe(1 << 14)
      expect(small.gpu.device.limits.maxStorageBufferBindingSize).toBe(1 << 27)
      expect(small.numericsId).toBe(engine.numericsId)
      await small.load(view)
      const [trained] = await small.train(recipe, [replica(11)])
      expect(await trained.weights()).toEqual(expected)
      const broken = small.train(recipe, [replica(11)], done => {
        if (done) small.gpu.device.destroy()
      })
      await expect(broken).rejects.toMatchObject({ name: 'EngineError', code: 'lost' })
      // and whoever asks later hears it as well
      await expect(small.train(recipe, [replica(11)])).rejects.toMatchObject({ code: 'lost' })
      expect((await weights([11]))[0]).toEqual(expected)
    })

    test('that does not fit beside the others trains after them, with the same bits', async () => {
      await engine.load(view)
      const seeds = [4, 5, 6]
      const together = await weights(seeds)
      const plan = planTraining(shapeOf(engine.architecture(recipe)), recipe.batchSize)
      const sizes = Object.values(trainingBytes(plan)).flat()
      expect(replicasThatFit(plan, { binding: Infinity, buffer: Infinity, total: 2.5 * sum(sizes) })).toBe(2)
      expect(
        replicasThatFit(plan, { binding: 3.5 * Math.max(...sizes), buffer: Infinity, total: Infinity })
      ).toBe(3)
      for (const [i, seed] of seeds.entries()) expect((await weights([seed]))[0]).toEqual(together[i])
    })

    test('goes in smaller groups where the GPU has no room, with the same bits; alone without room it fails', async () => {
      await engine.load(view)
      const seeds = [4, 5, 6]
      const expected = await weights(seeds)
      const { gpu } = engine
      const { bytes } = gpu
      const allocate = gpu.allocate.bind(gpu)
      let refusals = 1
      const calls: boolean[] = []
      gpu.allocate = async work => {
        const made = await allocate(work)
        calls.push(refusals > 0)
        if (refusals-- > 0) throw new NoRoom('full')
        return made
      }
      try {
        expect(await weights(seeds)).toEqual(expected)
        // three are refused; two, and then one
        expect(calls).toEqual([true, false, false])
        expect(gpu.bytes).toBe(bytes)
        refusals = Infinity
        await expect(weights([4, 5])).rejects.toMatchObject({ code: 'lost', message: 'full' })
        expect(gpu.bytes).toBe(bytes)
      } finally {
        gpu.allocate = allocate
      }
    })

    test('that is more than the device takes has no room, and the device lives on', async () => {
      await engine.load(view)
      const { gpu } = engine
      const { limits } = gpu.device
      const expected = await weights([4])
      const kernel = await gpu.compile(blend(16))
      const buffers = [1, 2].map(() => gpu.buffer(64, 'test'))
      try {
        const most = limits.maxComputeWorkgroupsPerDimension
        gpu.dispatch(kernel, buffers, most)
        expect(() => gpu.dispatch(kernel, buffers, most + 1)).toThrow(NoRoom)
        expect(() => gpu.buffer(limits.maxBufferSize + 4, 'test')).toThrow(NoRoom)
      } finally {
        gpu.free(...buffers)
      }
      expect(await weights([4])).toEqual(expected)
    })

    test('has the same bits on images in several parts, in steps of one dispatch a submit', async () => {
      const bytes = view.pool.images.length
      const outcomes = []
      for (const [binding, start] of [
        [1 << 24, 1],
        // parts end within images
        [Math.ceil(bytes / 5 / 4) * 4, 0]
      ]) {
        const resident = await ResidentView.upload(engine.gpu, view, binding)
        const cohort = [replica(3), replica(8)]
        const shape = shapeOf(MICRO.net)
        const training = await Training.prepare(
          engine.gpu,
          resident,
          planTraining(shape, recipe.batchSize),
          recipe,
          cohort
        )
        const asked: number[] = []
        await training.run(done => void asked.push(done), { latency: 0, start })
        const [{ weights, losses }] = await training.outcome()
        training.dispose()
        if (!start) {
          expect(resident.pool.parts).toHaveLength(5)
          // the second submit begins within the first step
          expect(asked.slice(0, 2)).toEqual([0, 0])
        }
        const own = { gpu: engine.gpu, shape, resident, weights, seed: 3, labelCount: 13, dropout: 0.25 }
        const model = { ...own, chunk: 7, latency: 0, rest: () => {} }
        const views = [UNVARIED, { dy: 1, dx: 1, mirror: false }]
        outcomes.push([
          weights,
          losses,
          await ask(model, resident.pool, range(60), { probabilities: true, views })
        ])
        resident.release()
      }
      expect(outcomes[1]).toEqual(outcomes[0])
    })

    test('leaves no memory behind in 50 rounds', async () => {
      await engine.load(view)
      const round = async () => {
        const [trained] = await engine.train({ ...recipe, stepsFloor: 1 }, [replica(1)])
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
  test('a training has the same bits whatever a thread does at once', async () => {
    const view = tinyView({ height: 11, width: 9, channels: 3 }, 4, 40, 3)
    const recipe: Recipe = { ...RECIPE, network: { channels: [8, 12], hidden: 12 } }
    const weights = async (tiling: Tiling) => {
      const own = await open({ tiling })
      try {
        await own.load(view)
        const cohort = [3, 4].map(seed => ({ seed, labelled: range(7, 2, 3) }))
        const trained = await own.train(recipe, cohort)
        return await Promise.all(trained.map(t => t.weights()))
      } finally {
        own.dispose()
      }
    }
    const expected = await weights({ ...SINGLE, fused: true })
    expect(expected[0]).not.toEqual(expected[1])
    expect(await weights(SHARED)).toEqual(expected)
    expect(await weights({ groups: 3, ahead: 3, fused: true })).toEqual(expected)
  })

  test('more rows than a dispatch has workgroups, on images of few pixels', async () => {
    const many = 65536 + 40
    const view = tinyView({ height: 2, width: 3, channels: 1 }, 3, many, 2)
    await engine.load(view)
    const recipe: Recipe = { ...RECIPE, network: { channels: [4], hidden: 4 }, stepsFloor: 1 }
    const [trained] = await engine.train(recipe, [{ seed: 1, labelled: range(4, 16400) }])
    const all = await trained.poolProbabilities(range(many))
    const net = engine.architecture(recipe)
    const rows = Uint32Array.of(0, 65534, 65535, 65536, many - 1)
    const f = reference.forward(
      net,
      reference.split(net, await trained.weights()),
      reference.inputs(
        view.pool.images,
        view.shape,
        normalisation(view.pool.images, 1),
        rows,
        () => UNVARIED
      ),
      rows.length,
      null
    )
    const expected = reference.softmax(f.logits, 3)
    const got = Float64Array.from({ length: 15 }, (_, i) => all[3 * rows[Math.floor(i / 3)] + (i % 3)])
    expect(relativeError(got, expected)).toBeLessThan(1e-5)
    trained.dispose()
  })
}
