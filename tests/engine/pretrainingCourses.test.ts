/**
 * What the methods of pretraining keep from step to step, recomputed beside them in float64 from the definitions: MoCo's
 * key encoder and queue, the memory bank of instance discrimination. The parameters that learn are read off before each
 * step; all else follows from them, the images as they were distorted too. Constants are written out, as the papers have
 * them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImageShape, Network } from '../../src/core/network.ts'
import { drawDistortion } from '../../src/core/pretraining/distortion.ts'
import { drawPuzzle } from '../../src/core/pretraining/jigsaw.ts'
import { pretrainingNetwork, pretrainingWeights } from '../../src/core/pretraining/layout.ts'
import { methods, type MethodName } from '../../src/core/pretraining/methods/index.ts'
import { BANK_MOMENTUM } from '../../src/core/pretraining/methods/instance.ts'
import { MOMENTUM, queueLength } from '../../src/core/pretraining/methods/moco.ts'
import type { Likeness, Pretraining } from '../../src/core/pretraining/settings.ts'
import { derive, Purpose, rootKey, Stream } from '../../src/core/random.ts'
import { normalisation } from '../../src/core/view.ts'
import { openCpu } from '../../src/engine/backends/cpu.ts'
import { openWasm } from '../../src/engine/backends/wasm.ts'
import type { Kernels, State } from '../../src/engine/kernels.ts'
import { courseOf } from '../../src/engine/pretraining/courses/index.ts'
import { Distorter } from '../../src/engine/pretraining/distort.ts'
import { hostLearner } from '../../src/engine/pretraining/learner.ts'
import { rotationLosses } from '../../src/engine/pretraining/pretextLoss.ts'
import * as slow from '../pretraining/slow.ts'
import * as model from './pretrainingReference.ts'
import type { Matrix } from './reference.ts'
import { relativeError, tinyPretraining, tinyView } from './views.ts'

// the tensor type is the backend's own
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyKernels = Kernels<any>

const SEED = 9

/** Largest error of a loss or of a unit row: those of float32, ten times over. */
const TOLERANCE = 1e-5

const kernels = {} as Record<'wasm' | 'cpu', AnyKernels>
beforeAll(async () => {
  kernels.wasm = (await openWasm()).kernels
  kernels.cpu = (await openCpu()).kernels
})
afterAll(() => Object.values(kernels).forEach(k => k.dispose()))

function picturesOf(shape: ImageShape, pool: number): model.Pictures {
  const { images } = tinyView(shape, 4, pool, 1).pool
  return { images, shape, norm: normalisation(images, shape.channels) }
}

interface Case {
  method: MethodName
  shape: ImageShape
  likeness: Likeness
  pool: number
  batchSize: number
}

/** A method before its first step, and the definitions beside it. Its steps are long: nothing stays as it was for long. */
function setUp(k: AnyKernels, { method, shape, likeness, pool, batchSize }: Case) {
  const pictures = picturesOf(shape, pool)
  const own = { likeness, batchSize, seed: SEED, learningRate: 0.02 }
  const pretraining: Pretraining = { ...tinyPretraining(method), ...own }
  const laid = pretrainingNetwork(pretraining, shape)
  const weights = pretrainingWeights(laid, SEED)
  const states: State<unknown>[] = []
  const freed: State<unknown>[] = []
  const spy = Object.create(k) as AnyKernels
  spy.createState = (...args) => {
    const state = k.createState(...args)
    states.push(state)
    return state
  }
  spy.freeState = state => {
    freed.push(state)
    k.freeState(state)
  }
  const told: { ids: number[]; views: Float64Array }[] = []
  const learner = hostLearner(spy, laid, { weights })
  const course = courseOf({
    k: spy,
    laid,
    learner,
    distorter: new Distorter(pictures.images, shape, pictures.norm),
    pretraining,
    pool,
    seen: (ids, views) => told.push({ ids: [...ids], views: views.slice() })
  })
  const drawn = (id: number, epoch: number, view: number, smallest?: number) =>
    drawDistortion(likeness, shape, SEED, epoch, id, view, smallest)
  return {
    laid,
    weights,
    course,
    /** what was told since this was last asked */
    told: () => told.splice(0),
    /** parameters that learn, and those of the encoder that follows */
    learned: async () => Float64Array.from(await k.readWeights(states[0])),
    followed: async () => Float64Array.from(await k.readWeights(states[1])),
    /** view number `view` of each image */
    views: (ids: ArrayLike<number>, epoch: number, view: number) =>
      Array.from(ids, id => model.distorted(pictures, id, drawn(id, epoch, view))),
    /** an image in one of its four turns, from at least .6 of its area */
    turned(id: number, epoch: number, quarters: number) {
      let image = model.distorted(pictures, id, drawn(id, epoch, quarters, 0.6))
      for (let i = 0; i < quarters; i++) image = model.quarterTurned(image, shape.width, shape.channels)
      return image
    },
    cutUp(id: number, epoch: number) {
      const puzzle = drawPuzzle(SEED, epoch, id)
      const distortion = drawn(id, epoch, 0, 0.6)
      return {
        label: puzzle.label,
        image: model.distorted(pictures, id, distortion, model.puzzled(shape, puzzle))
      }
    },
    /** what the projection head makes of images */
    project: (parameters: ArrayLike<number>, images: Matrix[]) =>
      slow.rowsOf(model.project(laid, parameters, model.batch(images), images.length), laid.outputs),
    /** what `seen` must have been told once, and not again */
    expectTold(ids: ArrayLike<number>, rows: slow.Rows) {
      const [{ ids: about, views }, ...rest] = told.splice(0)
      expect(rest).toEqual([])
      expect(about).toEqual(Array.from(ids))
      expect(relativeError(views, rows.map(slow.unit).flat())).toBeLessThan(TOLERANCE)
    },
    end() {
      course.end?.()
      learner.end()
      expect(new Set(freed)).toEqual(new Set(states))
      expect(freed).toHaveLength(states.length)
    }
  }
}

/** Images of step `t`; some of a small pool come again at the next one. */
const batchOf = (t: number, count: number, pool: number) =>
  Uint32Array.from({ length: count }, (_, i) => (8 * t + 11 * i) % pool)

describe('the constants', () => {
  test('are those of the papers', () => {
    const temperatures = Object.entries(methods).map(([name, { temperature }]) => [name, temperature])
    expect(Object.fromEntries(temperatures)).toEqual({
      rotation: 1,
      jigsaw: 1,
      instance: 0.1,
      simclr: 0.5,
      moco: 0.07,
      mocoV2: 0.2,
      simsiam: 1
    })
    expect(MOMENTUM).toBe(0.99)
    expect(BANK_MOMENTUM).toBe(0.5)
  })

  test.each([
    [70, 5, 15],
    [71, 6, 12],
    [1000, 32, 224],
    [16384, 32, 4096],
    [16380, 32, 4064],
    [60000, 32, 4096],
    [60000, 100, 4000],
    [1000000, 1, 4096],
    // at least one batch
    [24, 6, 6],
    [24, 10, 10],
    [60000, 5000, 5000]
  ])('a pool of %i in batches of %i has a queue of %i keys', (pool, batchSize, keys) => {
    expect(queueLength(pool, batchSize)).toBe(keys)
  })
})

describe.each([
  ['moco', 0.07, 'pictures', 'wasm'],
  ['moco', 0.07, 'signs', 'cpu'],
  ['mocoV2', 0.2, 'signs', 'wasm']
] as const)('%s (temperature %f) of %s on %s', (method, temperature, likeness, backend) => {
  test('compares with the keys of an encoder that follows, in a queue that forgets the oldest', async () => {
    // a quarter of the pool is 17: three batches of keys
    const [pool, batchSize, length] = [70, 5, 15]
    const shape = { height: 9, width: 8, channels: 3 }
    const own = setUp(kernels[backend], { method, shape, likeness, pool, batchSize })
    const { laid, course, project, views, expectTold } = own
    await course.begin?.(() => {})
    let follower = Float64Array.from(own.weights)
    expect(await own.followed()).toEqual(follower)
    // the queue begins with random directions
    const stream = new Stream(derive(rootKey(SEED, Purpose.pretraining), 5))
    const direction = () => slow.unit(Array.from({ length: laid.outputs }, () => stream.bell()))
    let queue = Array.from({ length }, direction)
    for (let t = 1; t <= 8; t++) {
      const epoch = 1 + (t >> 2)
      const ids = batchOf(t, batchSize, pool)
      const learner = await own.learned()
      // it follows before it makes the keys
      follower = follower.map((v, i) => 0.99 * v + 0.01 * learner[i])
      const queries = project(learner, views(ids, epoch, 0))
      const keys = project(follower, views(ids, epoch, 1)).map(slow.unit)
      const loss = await course.step({ ids, epoch, t })
      const expected = slow.infoNce(queries, keys, queue, temperature)
      expect(Math.abs(loss - expected), `step ${t}`).toBeLessThan(TOLERANCE)
      expect(relativeError(await own.followed(), follower), `step ${t}`).toBeLessThan(1e-6)
      expectTold(ids, [...queries, ...keys])
      queue = [...queue, ...keys].slice(batchSize)
      if (t !== 3 && t !== 7) continue
      // one that only looks tells what it sees and leaves everything as it is
      const others = batchOf(t + 20, batchSize, pool)
      const now = await own.learned()
      await course.look!(others, epoch)
      expectTold(others, [
        ...project(now, views(others, epoch, 0)),
        ...project(follower, views(others, epoch, 1))
      ])
      expect(await own.learned()).toEqual(now)
    }
    own.end()
  })
})

test('instance discrimination compares with a memory bank whose rows move half-way to what comes', async () => {
  const [pool, batchSize] = [14, 4]
  const shape = { height: 7, width: 8, channels: 1 }
  const own = setUp(kernels.wasm, { method: 'instance', shape, likeness: 'signs', pool, batchSize })
  const { course, project, views } = own
  let rests = 0
  await course.begin?.(() => void rests++)
  expect(rests).toBe(4)
  // it begins with what the network, as it was drawn, makes of all images
  const all = Array.from({ length: pool }, (_, id) => id)
  const bank = project(own.weights, views(all, 0, 0)).map(slow.unit)
  const times = new Array<number>(pool).fill(0)
  for (let t = 1; t <= 8; t++) {
    const epoch = 1 + (t >> 2)
    const ids = [...batchOf(t, batchSize, pool)]
    const rows = project(await own.learned(), views(ids, epoch, 0))
    const loss = await course.step({ ids: Uint32Array.from(ids), epoch, t })
    expect(Math.abs(loss - slow.instance(rows, ids, bank, 0.1)), `step ${t}`).toBeLessThan(TOLERANCE)
    ids.forEach((id, i) => {
      const row = slow.unit(rows[i])
      bank[id] = slow.unit(bank[id].map((v, d) => 0.5 * v + 0.5 * row[d]))
      times[id]++
    })
  }
  expect(Math.max(...times)).toBeGreaterThan(2)
  expect(own.told()).toEqual([])
  own.end()
})

describe('the loss of each of several steps is the one of the definition:', () => {
  const stepsOf = async (
    method: MethodName,
    shape: ImageShape,
    likeness: Likeness,
    expected: (own: ReturnType<typeof setUp>, x: Float64Array, ids: Uint32Array, epoch: number) => number
  ) => {
    const [pool, batchSize] = [30, 5]
    const own = setUp(kernels.wasm, { method, shape, likeness, pool, batchSize })
    await own.course.begin?.(() => {})
    for (let t = 1; t <= 4; t++) {
      const ids = batchOf(t, batchSize, pool)
      const epoch = 1 + (t >> 1)
      const x = await own.learned()
      const loss = await own.course.step({ ids, epoch, t })
      expect(Math.abs(loss - expected(own, x, ids, epoch)), `step ${t}`).toBeLessThan(TOLERANCE)
    }
    own.end()
  }

  test.each(['signs', 'pictures'] as const)('SimCLR, temperature .5, of %s', likeness =>
    stepsOf(
      'simclr',
      { height: 9, width: 8, channels: 3 },
      likeness,
      ({ project, views, expectTold }, x, ids, epoch) => {
        const rows = project(x, [...views(ids, epoch, 0), ...views(ids, epoch, 1)])
        expectTold(ids, rows)
        return slow.ntXent(rows, 0.5)
      }
    )
  )

  test('SimSiam, both ways, of two views', () =>
    stepsOf(
      'simsiam',
      { height: 8, width: 9, channels: 1 },
      'signs',
      ({ laid, views, told }, x, ids, epoch) => {
        const images = [...views(ids, epoch, 0), ...views(ids, epoch, 1)]
        expect(told()).toEqual([])
        return model.simsiam(laid, x, x, model.batch(images), images.length)
      }
    ))

  test.each([1, 3])('rotation, four turns each distorted by itself, %i channel(s)', channels =>
    stepsOf(
      'rotation',
      { height: 8, width: 8, channels },
      'pictures',
      ({ project, turned, told }, x, ids, epoch) => {
        const turns = [...ids].flatMap(id => [0, 1, 2, 3].map(label => ({ id, label })))
        const images = turns.map(({ id, label }) => turned(id, epoch, label))
        expect(told()).toEqual([])
        return slow.classes(
          project(x, images),
          turns.map(({ label }) => label)
        )
      }
    )
  )

  // an odd row and an odd column are left over
  test.each([1, 3])('the puzzle, of 24 orders of four tiles, %i channel(s)', channels =>
    stepsOf(
      'jigsaw',
      { height: 9, width: 11, channels },
      'signs',
      ({ project, cutUp, told }, x, ids, epoch) => {
        const puzzles = Array.from(ids, id => cutUp(id, epoch))
        expect(told()).toEqual([])
        const logits = project(
          x,
          puzzles.map(({ image }) => image)
        )
        expect(logits[0]).toHaveLength(24)
        return slow.classes(
          logits,
          puzzles.map(({ label }) => label)
        )
      }
    )
  )
})

describe('the loss of the rotation task on hundreds of images is the mean over four turns, of random networks:', () => {
  const networks: { network: Network; channels: number; seed: number; factor: number; chunk?: number }[] = [
    { network: { channels: [3, 4], hidden: 4 }, channels: 2, seed: 4, factor: 1 },
    { network: { channels: [5], hidden: 7 }, channels: 1, seed: 5, factor: 3 },
    { network: { channels: [4, 3, 6], hidden: 5 }, channels: 3, seed: 6, factor: 2, chunk: 27 },
    { network: { channels: [2, 3], hidden: 3 }, channels: 1, seed: 7, factor: 4, chunk: 3 }
  ]
  test.each(networks)('$network.channels, hidden $network.hidden', async own => {
    const { network, channels, seed, factor, chunk } = own
    const [side, count] = [8, 301]
    const shape = { height: side, width: side, channels }
    const { images, norm } = picturesOf(shape, count)
    const laid = pretrainingNetwork({ method: 'rotation', network }, shape)
    // what was drawn says nearly the same of each image and turn: ln 4
    const weights = pretrainingWeights(laid, seed).map(v => factor * v)
    const k = kernels.wasm
    const learner = hostLearner(k, laid, { weights })
    const together = chunk ?? learner.chunk
    let rests = 0
    const got = await rotationLosses(
      k,
      laid,
      { ...learner, chunk: together },
      new Distorter(images, shape, norm),
      count,
      () => void rests++
    )
    learner.end()
    expect(rests).toBe(Math.ceil(count / Math.max(1, Math.floor(together / 4))))
    const size = side * side * channels
    const expected = Float64Array.from({ length: count }, (_, id) => {
      let turned = Float64Array.from(
        images.subarray(id * size, (id + 1) * size),
        (v, i) => (v / 255 - norm.mean[i % channels]) / norm.deviation[i % channels]
      )
      const turns: Matrix[] = []
      for (let turn = 0; turn < 4; turn++) {
        turns.push(turned)
        turned = model.quarterTurned(turned, side, channels)
      }
      return slow.classes(slow.rowsOf(model.project(laid, weights, model.batch(turns), 4), 4), [0, 1, 2, 3])
    })
    expect(relativeError(got, expected)).toBeLessThan(TOLERANCE)
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.02)
  })
})
