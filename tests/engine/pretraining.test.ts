import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  drawDistortion,
  drawTurned,
  quarterTurn,
  SMALLEST_ASKED,
  type Affine
} from '../../src/core/pretraining/distortion.ts'
import { drawPuzzle } from '../../src/core/pretraining/jigsaw.ts'
import {
  pretrainingNetwork,
  pretrainingWeights,
  type PretrainingNetwork
} from '../../src/core/pretraining/layout.ts'
import { methodNames, methods, type MethodName } from '../../src/core/pretraining/methods/index.ts'
import { queueLength } from '../../src/core/pretraining/methods/moco.ts'
import { ENCODER_VERSION, type EpochReport, type Pretraining } from '../../src/core/pretraining/settings.ts'
import { isUnfinished, type Snapshot } from '../../src/core/pretraining/snapshot.ts'
import { hashOrder } from '../../src/core/hashOrder.ts'
import { hashKey } from '../../src/core/keys.ts'
import { derive, Purpose, rootKey } from '../../src/core/random.ts'
import { normalisation } from '../../src/core/view.ts'
import { openWasm } from '../../src/engine/backends/wasm.ts'
import { openCpu } from '../../src/engine/backends/cpu.ts'
import type { Kernels } from '../../src/engine/kernels.ts'
import type { PixelTarget } from '../../src/engine/pixels.ts'
import { courseOf } from '../../src/engine/pretraining/courses/index.ts'
import { randomRows } from '../../src/engine/pretraining/courses/moco.ts'
import { Distorter } from '../../src/engine/pretraining/distort.ts'
import { hostLearner, type Start } from '../../src/engine/pretraining/learner.ts'
import { rotationLosses } from '../../src/engine/pretraining/pretextLoss.ts'
import { pretrain } from '../../src/engine/pretraining/pretrain.ts'
import { represent } from '../../src/engine/pretraining/represent.ts'
import * as slow from '../pretraining/slow.ts'
import * as model from './pretrainingReference.ts'
import * as reference from './reference.ts'
import { range, relativeError, tinyPretraining as settings, tinyView } from './views.ts'

const shape = { height: 9, width: 8, channels: 3 }
const view = tinyView(shape, 4, 24, 1)
const norm = normalisation(view.pool.images, 3)
const ids = Uint32Array.of(2, 7, 11)
const EPOCH = 3
const IN_PLACE: Affine = { xx: 1, xy: 0, yx: 0, yy: 1, x: 0, y: 0 }

/** Images as a plain array [count, height, width, channels]. */
function written(count: number, write: (distorter: Distorter, target: PixelTarget, slot: number) => void) {
  const distorter = new Distorter(view.pool.images, shape, norm)
  const rowStride = shape.width * 3
  const imageStride = shape.height * rowStride
  const values = new Float32Array(count * imageStride)
  for (let slot = 0; slot < count; slot++)
    write(distorter, { values, start: 0, imageStride, rowStride }, slot)
  return Float64Array.from(values)
}

const views = (count: number, first = 0) =>
  written(count * ids.length, (distorter, target, slot) => {
    const id = ids[slot % ids.length]
    const number = first + Math.floor(slot / ids.length)
    distorter.write(target, slot, id, drawDistortion('pictures', shape, 9, EPOCH, id, number))
  })

/** The loss of one step as a function of the parameters, by the definitions. */
function lossOf(method: MethodName, weights: Float32Array): (x: Float64Array) => number {
  const laid = pretrainingNetwork(settings(method), shape)
  const { temperature } = methods[method]
  const size = laid.outputs
  const n = ids.length
  const rows = (x: ArrayLike<number>, images: Float64Array<ArrayBuffer>, batch: number) =>
    slow.rowsOf(model.project(laid, x, images, batch), size)
  switch (method) {
    case 'rotation': {
      const images = written(4 * n, (d, target, slot) =>
        d.write(
          target,
          slot,
          ids[slot >> 2],
          drawTurned(slot & 3, 'pictures', shape, 9, EPOCH, ids[slot >> 2])
        )
      )
      return x =>
        slow.classes(
          rows(x, images, 4 * n),
          range(4 * n).map(slot => slot & 3)
        )
    }
    case 'jigsaw': {
      const puzzles = Array.from(ids, id => drawPuzzle(9, EPOCH, id))
      const images = written(n, (d, target, slot) => {
        const view = drawDistortion('pictures', shape, 9, EPOCH, ids[slot], 0, SMALLEST_ASKED)
        d.writePuzzle(target, slot, ids[slot], view, puzzles[slot])
      })
      return x =>
        slow.classes(
          rows(x, images, n),
          puzzles.map(p => p.label)
        )
    }
    case 'simclr': {
      const images = views(2)
      return x => slow.ntXent(rows(x, images, 2 * n), temperature)
    }
    case 'instance': {
      const images = views(1)
      // what the network makes of all 24 before the first step
      const before = written(24, (d, target, slot) =>
        d.write(target, slot, slot, drawDistortion('pictures', shape, 9, 0, slot, 0))
      )
      const bank = rows(weights, before, 24).map(slow.unit)
      return x => slow.instance(rows(x, images, n), [...ids], bank, temperature)
    }
    case 'moco':
    case 'mocoV2': {
      const queue = slow.rowsOf(randomRows(queueLength(24, 6), size, 9), size)
      // at the first step the key encoder is still the same network
      const keys = rows(weights, views(1, 1), n)
      const images = views(1)
      return x => slow.infoNce(rows(x, images, n), keys, queue, temperature)
    }
    case 'simsiam': {
      const images = views(2)
      return x => model.simsiam(laid, x, weights, images, 2 * n)
    }
  }
}

/** Of weights, reports and what was recorded, on pictures and on signs. */
const bitsOfVersion2: Record<MethodName, [string, string]> = {
  rotation: ['cdd6db788b3029b3f192d2701df8b3cb', '4ef59efa1350d4ff0ef5d3ae85b654af'],
  jigsaw: ['ca705bdb5d84d43d7c350d7b9a6eaf0a', 'fde61b4aaa9bfbfbec1d729d70d31495'],
  instance: ['8e11a1fbc776065ac8836c46319eec3b', '9d0d77bf2429d7da278063c33788d045'],
  simclr: ['b3e962c3d7552090f4dc933113936590', '85da2f2152f6da27b1b9e9af2692552a'],
  moco: ['a669c96570dc3b73807118ecb1284b96', 'b284efe35a417d295ace61ebaae735ba'],
  mocoV2: ['297c923b5f19f96162c03a0d93c2d174', 'e6dbc739fadb1f881b7b22f12cf94979'],
  simsiam: ['842cbc478c2f6c1330bce76d223f4fdb', 'd1a0a53159f06e4693130f1374170cf9']
}

// the tensor type is the backend's own
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyKernels = Kernels<any>

describe.each([
  ['wasm', () => openWasm()],
  ['cpu', async () => openCpu()]
] as const)('pretraining on %s', (backend, open) => {
  let k: AnyKernels
  beforeAll(async () => {
    k = (await open()).kernels
  })
  afterAll(() => k.dispose())

  test.each(methodNames)('%s: a step goes down the gradient of its loss', async method => {
    const laid = pretrainingNetwork(settings(method), shape)
    const weights = pretrainingWeights(laid, 9)
    const gradients: Float32Array[] = []
    const spy = Object.create(k) as AnyKernels
    spy.adam = (_, all) => all.forEach(gradient => gradients.push(k.values(gradient)))
    const learner = hostLearner(spy, laid, { weights })
    const course = courseOf({
      k: spy,
      laid,
      learner,
      distorter: new Distorter(view.pool.images, shape, norm),
      pretraining: settings(method),
      pool: 24
    })
    await course.begin?.(() => {})
    const loss = await course.step({ ids, epoch: EPOCH, t: 1 })
    course.end?.()
    learner.end()
    const expected = lossOf(method, weights)
    expect(Math.abs(loss - expected(Float64Array.from(weights)))).toBeLessThan(1e-5)
    const numeric = slow.differences(expected, weights, 1e-5)
    expect(gradients.map(g => g.length)).toEqual(laid.net.parameters.map(p => p.size))
    const analytic = gradients.flatMap(g => [...g])
    expect(relativeError(analytic, numeric)).toBeLessThan(2e-3)
    for (const p of laid.net.parameters.filter(p => p.name.startsWith('conv')))
      expect(Math.max(...analytic.slice(p.offset, p.offset + p.size).map(Math.abs)), p.name).toBeGreaterThan(
        0
      )
  })

  test('the key encoder follows by its momentum: theta_k 1, theta_q 0, m .999', async () => {
    const { net } = pretrainingNetwork(settings('moco'), shape)
    const [key, query] = [1, 0].map(value =>
      k.createState(net, new Float32Array(net.size).fill(value), false)
    )
    k.blend(key, query, 0.999)
    expect([...new Set(await k.readWeights(key))]).toEqual([Math.fround(0.999)])
    k.freeState(key)
    k.freeState(query)
  })

  test.each(backend === 'wasm' ? methodNames : (['simclr', 'moco'] as const))(
    '%s: the same settings, the same bits, suspended and interleaved too; another seed, others',
    async method => {
      const reports: EpochReport[] = []
      const first = await pretrain(k, view, settings(method), { reported: r => reports.push(r) })
      expect(reports.map(r => r.epoch)).toEqual([0, 1, 2])
      expect(first.reports).toEqual(reports)
      for (const { knn, spread } of reports) {
        expect(knn).toBeGreaterThanOrEqual(0)
        expect(knn).toBeLessThanOrEqual(1)
        expect(spread).toBeGreaterThan(0)
        expect(spread).toBeLessThanOrEqual(1)
      }
      const pause = () => new Promise<void>(resolve => setTimeout(resolve, 0))
      const [again, other] = await Promise.all([
        pretrain(k, view, settings(method), { check: pause }),
        pretrain(k, view, { ...settings(method), seed: 10 }, { check: pause })
      ])
      expect(again).toEqual(first)
      expect(other.weights).not.toEqual(first.weights)
      const { size, values } = first.recorded?.pretextLoss ?? {}
      expect([size, values?.length]).toEqual(method === 'rotation' ? [1, 24] : [undefined, undefined])
      // labels are looked at, never learned from
      const shuffled = { ...view, trueLabels: view.trueLabels.toReversed() }
      expect((await pretrain(k, shuffled, settings(method))).weights).toEqual(first.weights)
    }
  )

  test.each(backend === 'wasm' ? methodNames : (['moco'] as const))(
    '%s: interrupted between two epochs and gone on with, the same bits',
    async method => {
      // 24 images in batches of 10: what is left over is looked at, and seven keys do not fill MoCo's queue evenly
      const long: Pretraining = { ...settings(method), epochs: 4, batchSize: 10 }
      const whole = await pretrain(k, view, long)
      let kept: Snapshot | undefined
      const stopped = pretrain(k, view, long, {
        async keep(take) {
          // through a disk
          kept = structuredClone(await take())
          if (kept.epoch === 2) throw new Error('the tab was closed')
        }
      })
      await expect(stopped).rejects.toThrow('the tab was closed')
      expect(kept!.reports).toEqual(whole.reports.slice(0, 3))
      const named = { key: 'k', numericsId: 'n', pretraining: long, images: 'i', seconds: 1 }
      expect(isUnfinished({ ...named, snapshot: kept })).toBe(true)
      const before = structuredClone(kept)
      const reports: EpochReport[] = []
      let steps = 0
      const rest = await pretrain(k, view, long, {
        from: kept,
        reported: report => reports.push(report),
        check: () => void steps++
      })
      expect(rest).toEqual(whole)
      expect(reports).toEqual(whole.reports)
      // a snapshot is nobody's memory: it can be gone on with again
      expect(kept).toEqual(before)
      let all = 0
      await pretrain(k, view, long, { check: () => void all++ })
      expect(steps).toBeLessThan(0.7 * all)
    }
  )

  test.each(['moco', 'instance', 'simclr'] as const)(
    '%s: what does not fit is no snapshot, and nothing of it is left',
    async method => {
      const three: Pretraining = { ...settings(method), epochs: 3 }
      let kept: Snapshot | undefined
      const whole = await pretrain(k, view, three, { keep: async take => void (kept ??= await take()) })
      const { learned, course } = kept!
      const short = new Float32Array(3)
      const odd: Partial<Snapshot>[] = [
        { learned: { ...learned, weights: short } },
        { learned: { ...learned, moments: new Float32Array(1e6) } },
        { learned: { ...learned, squares: learned.squares.map((v, i) => (i ? v : NaN)) } },
        ...(method === 'simclr' ? [{ dynamics: {} }] : [{ course: {} }]),
        ...(method === 'moco' ? [{ course: { ...course, oldest: -1 } }] : [])
      ]
      for (const part of odd) {
        const reports: EpochReport[] = []
        const from = { ...kept!, ...part }
        const made = await pretrain(k, view, three, { from, reported: report => reports.push(report) })
        expect(made).toEqual(whole)
        expect(reports).toEqual(whole.reports)
      }
    }
  )

  test.each(methodNames)('%s: a head that says the same of every image is a collapse', async method => {
    const first = async (collapsed: boolean) => {
      const learn = (laid: PretrainingNetwork, { weights }: Start) => {
        const [weight, bias] = laid.net.parameters.slice(
          laid.at.projection + 2 * (laid.projection.length - 1)
        )
        if (collapsed) {
          weights.fill(0, weight.offset, weight.offset + weight.size)
          weights.fill(0.5, bias.offset, bias.offset + bias.size)
        }
        return hostLearner(k, laid, { weights })
      }
      const { reports } = await pretrain(k, view, { ...settings(method), epochs: 0 }, {}, learn)
      return reports[0].spread
    }
    const pretext = method === 'rotation' || method === 'jigsaw'
    expect(await first(false)).toBeGreaterThan(0.02)
    if (pretext) expect(await first(true)).toBeGreaterThan(0.02)
    else if (method !== 'simsiam') expect(await first(true)).toBeLessThan(1e-3)
  })

  test('the loss of the rotation task on each image, over its four turns as they are', async () => {
    const square = { height: 8, width: 8, channels: 2 }
    const count = 30
    const seen = tinyView(square, 4, count, 1)
    const laid = pretrainingNetwork(settings('rotation'), square)
    const weights = pretrainingWeights(laid, 4)
    const norm = normalisation(seen.pool.images, 2)
    const learner = hostLearner(k, laid, { weights })
    const distorter = new Distorter(seen.pool.images, square, norm)
    let rests = 0
    const got = await rotationLosses(k, laid, learner, distorter, count, () => void rests++)
    learner.end()
    expect(rests).toBeGreaterThan(0)
    const value = (id: number, y: number, x: number, c: number) =>
      (seen.pool.images[((id * 8 + y) * 8 + x) * 2 + c] / 255 - norm.mean[c]) / norm.deviation[c]
    for (let id = 0; id < count; id += 7) {
      let turned = (y: number, x: number, c: number) => value(id, y, x, c)
      let loss = 0
      for (let turn = 0; turn < 4; turn++) {
        const image = Float64Array.from({ length: 128 }, (_, i) => turned(i >> 4, (i >> 1) & 7, i & 1))
        loss += slow.classes([[...model.project(laid, weights, image, 1)]], [turn]) / 4
        const before = turned
        turned = (y, x, c) => before(x, 7 - y, c)
      }
      expect(got[id]).toBeCloseTo(loss, 5)
    }
  })

  // kept encoders have the version of the code in their keys: who changes these bits raises it
  if (backend === 'wasm')
    test.each(Object.entries(bitsOfVersion2))(
      '%s: an encoder of version 2 has its bits',
      async (method, [pictures, signs]) => {
        expect(ENCODER_VERSION).toBe(2)
        for (const [likeness, bits] of [
          ['pictures', pictures],
          ['signs', signs]
        ] as const) {
          const pretraining = { ...settings(method as MethodName), likeness }
          const { weights, reports, recorded } = await pretrain(k, view, pretraining)
          expect(hashKey([weights, reports, recorded ?? {}])).toBe(bits)
        }
      }
    )

  test('fewer epochs are a prefix; throwing in a check ends it', async () => {
    const two = await pretrain(k, view, settings('simclr'))
    const one = await pretrain(k, view, { ...settings('simclr'), epochs: 1 })
    expect(two.reports.slice(0, 2)).toEqual(one.reports)
    let calls = 0
    const check = () => {
      if (++calls === 7) throw new Error('enough')
    }
    await expect(pretrain(k, view, settings('moco'), { check })).rejects.toThrow('enough')
  })
})

describe('the dataset map', () => {
  test.each(['simclr', 'mocoV2'] as const)(
    'of %s: every image once an epoch, also those no step is for',
    async method => {
      // 24 images in batches of 10: four are left over
      const once: Pretraining = { ...settings(method), epochs: 1, batchSize: 10 }
      const { kernels } = await openWasm()
      const { recorded, weights } = await pretrain(kernels, view, once)
      const { size, values } = recorded!.dynamics!
      expect([size, values.length]).toEqual([3, 72])
      for (let id = 0; id < 24; id++) {
        expect(values[3 * id]).toBeGreaterThan(0)
        expect(values[3 * id]).toBeLessThan(1)
        expect(values[3 * id + 1]).toBe(0)
      }
      // the first batch of all is seen by the network as it was drawn
      const laid = pretrainingNetwork(once, shape)
      const start = pretrainingWeights(laid, 9)
      const order = hashOrder(derive(rootKey(9, Purpose.pretraining), 2, 1), range(24)).slice(0, 10)
      const images = written(20, (d, target, slot) => {
        const id = order[slot % 10]
        d.write(target, slot, id, drawDistortion('pictures', shape, 9, 1, id, slot < 10 ? 0 : 1))
      })
      const rows = slow
        .rowsOf(model.project(laid, Float64Array.from(start), images, 20), laid.outputs)
        .map(slow.unit)
      const cosine = (a: number[], b: number[]) => a.reduce((sum, v, d) => sum + v * b[d], 0)
      const share = (i: number, j: number) =>
        Math.exp(cosine(rows[i], rows[j]) / 0.05) /
        rows.reduce((sum, row, m) => (m === i ? sum : sum + Math.exp(cosine(rows[i], row) / 0.05)), 0)
      order.forEach((id, i) =>
        expect(values[3 * id]).toBeCloseTo((share(i, i + 10) + share(i + 10, i)) / 2, 3)
      )
      expect(weights).toHaveLength(laid.encoderSize)
    }
  )
  test('a step length that is said in words is the same as one that is not, another is not', async () => {
    const { kernels } = await openWasm()
    const once = { ...settings('simclr'), epochs: 1 }
    const [plain, said, other] = await Promise.all(
      [{}, { learningRate: 1e-3 }, { learningRate: 3e-3 }].map(rate =>
        pretrain(kernels, view, { ...once, ...rate })
      )
    )
    expect(said.weights).toEqual(plain.weights)
    expect(other.weights).not.toEqual(plain.weights)
  })
  test('is left by no other method', async () => {
    const { kernels } = await openWasm()
    const { recorded } = await pretrain(kernels, view, { ...settings('instance'), epochs: 1 })
    expect(recorded).toBeUndefined()
  })
})

describe('the features an encoder leaves', () => {
  test('are its features, turned and whitened: without correlation, and spanning the same space', async () => {
    const laid = pretrainingNetwork(settings('simclr'), shape)
    const weights = pretrainingWeights(laid, 5)
    const { size, values } = await represent(
      (await openWasm()).kernels,
      view,
      laid.net,
      weights.slice(0, laid.encoderSize)
    )
    const n = view.pool.labels.length
    expect(size).toBe(laid.net.features)
    const images = written(n, (d, target, slot) => d.write(target, slot, slot, { place: IN_PLACE }))
    const flat = model.features(laid, reference.split(laid.net, weights), images, n)
    const rows = slow.rowsOf(flat, size)
    const columns = rows[0].map((_, c) => rows.map(row => row[c]))
    const means = columns.map(column => column.reduce((a, b) => a + b) / n)
    const inner = (a: number[], b: number[]) => a.reduce((sum, v, c) => sum + v * b[c], 0)
    const got = slow.rowsOf(values, size)
    const components = got[0].map((_, c) => got.map(row => row[c]))
    const kept = components.filter(component => inner(component, component) > 0)
    expect(kept.length).toBeGreaterThan(4)
    kept.forEach((a, i) => kept.forEach((b, j) => expect(inner(a, b) / n).toBeCloseTo(i === j ? 1 : 0, 3)))
    // the projection on that space leaves each centred feature what it is
    columns.forEach((column, c) => {
      const centred = column.map(v => v - means[c])
      const projected = got.map(row =>
        inner(
          got.map(other => inner(row, other) / n),
          centred
        )
      )
      projected.forEach((v, i) => expect(v).toBeCloseTo(centred[i], 3))
    })
  })
})

describe('distorted images', () => {
  const plain = written(24, (d, target, slot) => d.write(target, slot, slot, { place: IN_PLACE }))
  const at = (values: Float64Array, id: number, y: number, x: number, c: number) =>
    values[((id * shape.height + y) * shape.width + x) * 3 + c]

  test('in place they are the image', () => {
    for (let i = 0; i < plain.length; i++) {
      const expected = (view.pool.images[i] / 255 - norm.mean[i % 3]) / norm.deviation[i % 3]
      expect(plain[i]).toBeCloseTo(expected, 5)
    }
  })

  test('four quarter turns of a square image are exact, each a rotation of the one before', () => {
    const square = { height: 6, width: 6, channels: 1 }
    const images = Uint8Array.from({ length: 36 }, (_, i) => i * 7)
    const distorter = new Distorter(images, square, { mean: [0], deviation: [1 / 255] })
    const turned = [0, 1, 2, 3].map(quarters => {
      const values = new Float32Array(36)
      const target = { values, start: 0, imageStride: 36, rowStride: 6 }
      distorter.write(target, 0, 0, { place: quarterTurn(quarters, square) })
      return [...values].map(Math.round)
    })
    expect(turned[0]).toEqual([...images])
    const rotate = (v: number[]) =>
      v
        .map((_, i) => v[5 - (i % 6) + 6 * Math.floor(i / 6)])
        .map((_, i, mirrored) => mirrored[(i % 6) * 6 + Math.floor(i / 6)])
    const once = rotate(turned[0])
    const other = rotate(rotate(once))
    expect([once, other]).toContainEqual(turned[1])
    expect(turned[2]).toEqual(rotate(once))
    expect([once, other]).toContainEqual(turned[3])
    expect(turned[1]).not.toEqual(turned[3])
  })

  test('a shift by whole pixels moves pixels and brings in zero bytes', () => {
    const moved = written(24, (d, target, slot) =>
      d.write(target, slot, slot, { place: { ...IN_PLACE, x: 2, y: -1 } })
    )
    for (let y = 0; y < shape.height; y++) {
      for (let x = 0; x < shape.width; x++) {
        const inside = y - 1 >= 0 && x + 2 < shape.width
        const expected = inside ? at(plain, 5, y - 1, x + 2, 1) : -norm.mean[1] / norm.deviation[1]
        expect(at(moved, 5, y, x, 1)).toBeCloseTo(expected, 5)
      }
    }
  })

  test('half-way between pixels is their mean', () => {
    const moved = written(1, (d, target, slot) =>
      d.write(target, slot, slot, { place: { ...IN_PLACE, x: 0.5, y: 0 } })
    )
    expect(at(moved, 0, 4, 3, 0)).toBeCloseTo((at(plain, 0, 4, 3, 0) + at(plain, 0, 4, 4, 0)) / 2, 5)
  })

  test.each([1, 3])(
    'with %i channel(s) a pixel is the sum of hats over all pixels of the image',
    channels => {
      const own = { height: 5, width: 7, channels }
      const images = Uint8Array.from({ length: 2 * 35 * channels }, (_, i) => (i * 89 + 31) % 256)
      const distorter = new Distorter(images, own, {
        mean: new Array(channels).fill(0),
        deviation: new Array(channels).fill(1)
      })
      const hat = (distance: number) => Math.max(0, 1 - Math.abs(distance))
      for (let id = 0; id < 40; id++) {
        // sizes from a third of the image to twice, so that views also look over each of its edges
        const { place } = drawDistortion('pictures', own, 3, 1, id, 0)
        const zoom = 0.5 + (id % 5) / 4
        const view = { ...place, xx: place.xx * zoom, yy: place.yy * zoom, xy: 0.2, yx: -0.3 }
        const values = new Float32Array(35 * channels)
        const target = { values, start: 0, imageStride: 0, rowStride: 7 * channels }
        distorter.write(target, 0, 1, { place: view })
        values.forEach((value, at) => {
          const [c, pixel] = [at % channels, Math.floor(at / channels)]
          const [u, v] = [(pixel % 7) - 3, Math.floor(pixel / 7) - 2]
          const x = view.xx * u + view.xy * v + view.x + 3
          const y = view.yx * u + view.yy * v + view.y + 2
          let expected = 0
          for (let i = 0; i < 35; i++)
            expected +=
              hat(x - (i % 7)) * hat(y - Math.floor(i / 7)) * (images[(35 + i) * channels + c] / 255)
          expect(value).toBeCloseTo(expected, 6)
        })
      }
    }
  )

  test('without saturation all channels are the luma; contrast 0 is the mean; results stay within 0 .. 1', () => {
    const unit = { mean: [0, 0, 0], deviation: [1, 1, 1] }
    const make = (colours: Parameters<Distorter['write']>[3]['colours']) => {
      const values = new Float32Array(shape.height * shape.width * 3)
      const target = { values, start: 0, imageStride: values.length, rowStride: shape.width * 3 }
      new Distorter(view.pool.images, shape, unit).write(target, 0, 3, { place: IN_PLACE, colours })
      return values
    }
    const grey = make({ brightness: 1, contrast: 1, saturation: 0, hue: [1, 0] })
    const raw = view.pool.images.subarray(3 * grey.length, 4 * grey.length)
    for (let i = 0; i < grey.length; i += 3) {
      const luma = (0.299 * raw[i] + 0.587 * raw[i + 1] + 0.114 * raw[i + 2]) / 255
      for (let c = 0; c < 3; c++) expect(grey[i + c]).toBeCloseTo(luma, 5)
    }
    const flat = make({ brightness: 1, contrast: 0, saturation: 1, hue: [1, 0] })
    expect(Math.max(...flat) - Math.min(...flat)).toBeLessThan(1e-6)
    const wild = make({ brightness: 3, contrast: 2, saturation: 2, hue: [0, 1] })
    expect(Math.max(...wild)).toBeLessThanOrEqual(1)
    expect(Math.min(...wild)).toBeGreaterThanOrEqual(0)
  })
})
