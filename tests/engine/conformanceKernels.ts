/**
 * The fast path's kernels one by one, each on random inputs of its own, against the float64 computation of reference.ts.
 * Two replicas with different numbers, a batch with a tail, channel counts that fill no fours. The network is that of
 * conformanceTrainings.ts, so that nothing need be compiled twice.
 */
import { describe, expect, test } from 'vitest'
import { augmentation, augmentationKey, dropoutKey, passMask, trainingMask } from '../../src/core/law.ts'
import { architecture } from '../../src/core/network.ts'
import { bits } from '../../src/core/random.ts'
import { ADAM } from '../../src/core/recipe.ts'
import { normalisation } from '../../src/core/view.ts'
import type { FastEngine } from '../../src/engine/fast/engine.ts'
import { adam } from '../../src/engine/fast/kernels/adam.ts'
import {
  inputGradient,
  inputGradientGroups,
  weightGradient
} from '../../src/engine/fast/kernels/blockGradients.ts'
import {
  denseGradients,
  featureGradient,
  hiddenParts,
  inferenceHead,
  trainingHead
} from '../../src/engine/fast/kernels/dense.ts'
import { SHARED, SINGLE } from '../../src/engine/fast/kernels/common.ts'
import { forward, forwardGroups } from '../../src/engine/fast/kernels/forward.ts'
import { gather } from '../../src/engine/fast/kernels/gather.ts'
import { passesHead, viewVariance } from '../../src/engine/fast/kernels/reductions.ts'
import { hiddenSplits, planTraining } from '../../src/engine/fast/plan.ts'
import { fours, pack, shapeOf, transposedSize, unpack } from '../../src/engine/fast/shape.ts'
import { normalisationTable } from '../../src/engine/pixels.ts'
import {
  asMatrix,
  BATCH,
  bothReplicas,
  COUNT,
  mapsFrom,
  runKernel,
  stepOf,
  storedMaps,
  storedRows
} from './kernelBench.ts'
import * as reference from './reference.ts'
import { numbers, relativeError, tinyView } from './views.ts'

const RATE = 0.25
const CLASSES = 4
const net = architecture({ channels: [3, 5], hidden: 7 }, { height: 11, width: 9, channels: 3 }, CLASSES)
const shape = shapeOf(net)
const plan = planTraining(shape, BATCH)
const { gradients, gradientSize } = plan
const { hidden, features } = net
const LAST = net.channels.length - 1
const DENSE = 2 * net.channels.length

/** per replica */
const flat = bothReplicas.map(r => numbers(net.size, 20 + r))
const parameters = flat.map(own => reference.split(net, own))
const stored = Float32Array.from(flat.flatMap(own => [...pack(shape, own)]))
const random = (length: number, seed: number) => bothReplicas.map(r => numbers(length, 100 * seed + r))
const positive = (length: number, seed: number) => random(length, seed).map(own => own.map(Math.abs))

const seeds = [5, 8]
const ids = [
  [8, 3, 17],
  [2, 11, 8]
]
const dropout = seeds.map(seed => dropoutKey(seed, 9, 4))
const masks = bothReplicas.map(r =>
  asMatrix(
    ids[r].flatMap(id => {
      const mask = new Float32Array(features)
      trainingMask(mask, dropout[r], id, RATE)
      return [...mask]
    })
  )
)

/** Every block under the tilings of both kinds of adapters. */
const tiled = [0, 1].flatMap(l =>
  [SINGLE, SHARED].map(tiling => [l, JSON.stringify(tiling), tiling] as const)
)

const bothKinds = [
  ['software', SINGLE],
  ['hardware', SHARED]
] as const

const inputMap = (l: number) => ({ ...net.maps[l], border: 1 as const })
const pooledMap = (l: number, border: 0 | 1) => ({
  height: shape.blocks[l].h,
  width: shape.blocks[l].w,
  channels: net.channels[l],
  border
})
const featureMap = pooledMap(LAST, 0)
const sizeOf = (map: { height: number; width: number; channels: number }) =>
  map.height * map.width * map.channels
const groups = (threads: number) => Math.ceil(threads / 64)

/** A code for every pooled value: the winning pixel 0 to 3, or 4 for none; as stored, and as winners of reference.ts. */
function codesOf(l: number, values: readonly ArrayLike<number>[]) {
  const map = pooledMap(l, 0)
  const silent = storedMaps(
    values.map(own => Array.from(own, code => code - 4)),
    map
  )
  const words = new Uint32Array(silent.length / 4)
  silent.forEach((code, at) => (words[at >> 2] |= (code + 4) << (8 * (at & 3))))
  const { height, width } = net.maps[l]
  const winners = values.map(own =>
    Int32Array.from(own, (code, at) => {
      const c = at % map.channels
      const j = Math.floor(at / map.channels) % map.width
      const i = Math.floor(at / map.channels / map.width) % map.height
      const image = Math.floor(at / sizeOf(map))
      const pixel = (image * height + 2 * i + (code >> 1)) * width + 2 * j + (code & 1)
      return code === 4 ? -1 : pixel * map.channels + c
    })
  )
  return { words, winners }
}

/** The gradients of both replicas out of what a kernel wrote: parts added up, in the network's order. */
function gradientsFrom(written: Float32Array): Float32Array[][] {
  return bothReplicas.map(r => {
    const own = new Float32Array(shape.size)
    shape.slices.forEach(({ offset, size }, k) => {
      for (let part = 0; part < gradients[k].splits; part++)
        for (let i = 0; i < size; i++)
          own[offset + i] += written[r * gradientSize + gradients[k].offset + part * size + i]
    })
    const all = unpack(shape, own)
    return net.parameters.map(p => all.slice(p.offset, p.offset + p.size))
  })
}

const close = (got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) =>
  expect(relativeError(got, expected)).toBeLessThan(tolerance)

export function conformanceOfKernels(engine: () => FastEngine): void {
  describe('kernels', () => {
    const run = (...rest: Parameters<typeof runKernel> extends [unknown, ...infer R] ? R : never) =>
      runKernel(engine().gpu, ...rest)

    test('gather: images by id, varied and normalised, within a border of zeros', async () => {
      const view = tinyView(net.input, CLASSES, 20, 1)
      const norm = normalisation(view.pool.images, 3)
      const bytes = new Uint8Array(Math.ceil(view.pool.images.length / 4) * 4)
      bytes.set(view.pool.images)
      const keys = seeds.map(seed => augmentationKey(seed, 9, 4))
      const [images] = await run(
        gather(shape, { batch: BATCH, augmentation: 'flip', partBytes: bytes.length, parts: 1 }),
        [
          normalisationTable(3, norm),
          2 * BATCH * sizeOf({ height: 13, width: 11, channels: 4 }),
          new Uint32Array(bytes.buffer)
        ],
        [groups(BATCH * 99), 1, 2],
        stepOf({ ids, augmentation: keys })
      )
      mapsFrom(images, inputMap(0)).forEach((got, r) => {
        const vary = (id: number) => augmentation('flip', seeds[r], 9, 4, id)
        close(got, reference.inputs(view.pool.images, net.input, norm, ids[r], vary), 1e-6)
      })
    })

    test.each(tiled)('forward: block %i, with codes and, at the last, dropout (%s)', async (l, _, tiling) => {
      const { h, w, out } = shape.blocks[l]
      const x = random(COUNT * sizeOf(net.maps[l]), 1 + l)
      const target = pooledMap(l, l === LAST ? 0 : 1)
      const room = 2 * BATCH * (h + 2) * (w + 2) * out
      const [pooled, codes] = await run(
        forward(shape, l, { batch: BATCH, training: true, dropout: RATE, tiling }),
        [storedMaps(x, inputMap(l)), stored, room, room / 4],
        [...forwardGroups(shape.blocks[l], BATCH, tiling), 2],
        stepOf({ ids, dropout })
      )
      const expected = bothReplicas.map(r => {
        const [weight, bias] = parameters[r].slice(2 * l)
        const y = reference.conv(asMatrix(x[r]), weight, bias, COUNT, net.maps[l], net.channels[l])
        const block = reference.reluPool(y, COUNT, net.maps[l].height, net.maps[l].width, net.channels[l])
        if (l < LAST) return block
        return {
          pooled: block.pooled.map((v, i) => v * masks[r][i]),
          winners: block.winners.map((winner, i) => (masks[r][i] ? winner : -1))
        }
      })
      mapsFrom(pooled, target).forEach((got, r) => close(got, expected[r].pooled))
      const map = pooledMap(l, 0)
      const { winners } = codesOf(l, mapsFrom(new Uint8Array(codes.buffer), map, null))
      winners.forEach((own, r) => expect([...own]).toEqual([...expected[r].winners]))
    })

    test.each(bothKinds)(
      'hidden parts: products of features and weights, split (for %s)',
      async (_, tiling) => {
        const x = random(COUNT * features, 3)
        const splits = plan.hiddenSplits
        const [parts] = await run(
          hiddenParts(shape, BATCH, splits, tiling),
          [storedMaps(x, featureMap), stored, 2 * BATCH * splits * shape.hidden],
          [groups(shape.hidden / 4), splits, 2],
          stepOf({})
        )
        const none = new Float64Array(hidden)
        for (const r of bothReplicas) {
          const sums = sumOfParts(parts, r * BATCH, splits)
          close(sums, reference.dense(asMatrix(x[r]), parameters[r][DENSE], none, COUNT, false))
        }
      }
    )

    test.each(
      [false, true].flatMap(weighted => bothKinds.map(([kind, tiling]) => [weighted, kind, tiling] as const))
    )('training head: loss and gradients; classes weighted: %s (for %s)', async (weighted, _, tiling) => {
      const splits = plan.hiddenSplits
      const parts = random(COUNT * splits * hidden, 4)
      const labels = Uint32Array.from({ length: 20 }, (_, id) => (id * 7 + 3) % CLASSES)
      const classWeights = positive(CLASSES, 5)
      const [activations, dHidden, dLogits, losses] = await run(
        trainingHead(shape, BATCH, splits, weighted, tiling),
        [
          Float32Array.from(parts.flatMap(own => [...storedParts(own, splits)])),
          stored,
          labels,
          ...[shape.hidden, shape.hidden, shape.classes, 1].map(n => 2 * BATCH * n)
        ],
        [BATCH, 1, 2],
        stepOf({ ids, classWeights })
      )
      const rows = (columns: number) => ({ height: 1, width: 1, channels: columns, border: 0 as const })
      const got = [activations, dHidden].map(values => mapsFrom(values, rows(hidden)))
      const logitGradients = mapsFrom(dLogits, rows(CLASSES))
      for (const r of bothReplicas) {
        const [, bias, outWeight, outBias] = parameters[r].slice(DENSE)
        const h = Float64Array.from({ length: COUNT * hidden }, (_, at) => {
          let sum = bias[at % hidden]
          for (let part = 0; part < splits; part++)
            sum += parts[r][(Math.floor(at / hidden) * splits + part) * hidden + (at % hidden)]
          return Math.max(0, sum)
        })
        const p = reference.softmax(reference.dense(h, outWeight, outBias, COUNT, false), CLASSES)
        const weights = ids[r].map(id => (weighted ? classWeights[r][labels[id]] : 1))
        const d = p.map((v, at) => {
          const [row, c] = [Math.floor(at / CLASSES), at % CLASSES]
          return (weights[row] * (v - (c === labels[ids[r][row]] ? 1 : 0))) / COUNT
        })
        const back = reference.denseGradients(h, outWeight, d, COUNT).input
        close(got[0][r], h)
        close(logitGradients[r], d)
        close(
          got[1][r],
          back.map((v, i) => (h[i] > 0 ? v : 0))
        )
        close(
          losses.subarray(r * BATCH, r * BATCH + COUNT),
          ids[r].map((id, row) => -weights[row] * Math.log(p[row * CLASSES + labels[id]]))
        )
      }
    })

    test.each(bothKinds)(
      'gradients of the dense layers, and the loss of the batch (for %s)',
      async (_, tiling) => {
        const [x, h] = [random(COUNT * features, 6), random(COUNT * hidden, 7)]
        const [dH, dL] = [random(COUNT * hidden, 8), random(COUNT * CLASSES, 9)]
        const rowLosses = numbers(2 * BATCH, 10)
        const { code, threads } = denseGradients(shape, BATCH, gradients, gradientSize, tiling)
        const [written, losses] = await run(
          code,
          [
            storedMaps(x, featureMap),
            storedRows(h, hidden),
            storedRows(dH, hidden),
            storedRows(dL, CLASSES),
            rowLosses,
            2 * gradientSize,
            2
          ],
          [groups(threads), 1, 2],
          stepOf({})
        )
        const got = gradientsFrom(written)
        for (const r of bothReplicas) {
          const first = reference.denseGradients(asMatrix(x[r]), parameters[r][DENSE], asMatrix(dH[r]), COUNT)
          const out = reference.denseGradients(
            asMatrix(h[r]),
            parameters[r][DENSE + 2],
            asMatrix(dL[r]),
            COUNT
          )
          const expected = [first.weight, first.bias, out.weight, out.bias]
          expected.forEach((own, k) => close(got[r][DENSE + k], own))
          const own = rowLosses.subarray(r * BATCH, r * BATCH + COUNT)
          expect(losses[r]).toBeCloseTo(
            own.reduce((a, b) => a + b),
            6
          )
        }
      }
    )

    test.each(bothKinds)(
      'gradient at the features, scaled by what dropout kept (for %s)',
      async (_, tiling) => {
        const dH = random(COUNT * hidden, 11)
        const [written] = await run(
          featureGradient(shape, BATCH, RATE, tiling),
          [storedRows(dH, hidden), stored, 2 * BATCH * shape.features],
          [groups(shape.features / 4), 1, 2],
          stepOf({})
        )
        mapsFrom(written, featureMap).forEach((got, r) => {
          const nothing = new Float64Array(COUNT * features)
          const { input } = reference.denseGradients(nothing, parameters[r][DENSE], asMatrix(dH[r]), COUNT)
          close(
            got,
            input.map(v => v / (1 - RATE))
          )
        })
      }
    )

    test.each(tiled)('weight and input gradients: block %i (%s)', async (l, _, tiling) => {
      const { height, width, in: into, out } = shape.blocks[l]
      const cells = COUNT * sizeOf(pooledMap(l, 0))
      const x = random(COUNT * sizeOf(net.maps[l]), 12 + l)
      const d = random(cells, 14 + l)
      const codes = bothReplicas.map(r => Array.from({ length: cells }, (_, i) => bits([r, 3], i) % 5))
      const { words, winners } = codesOf(l, codes)
      const gradient = storedMaps(d, pooledMap(l, 0))
      const expected = bothReplicas.map(r => {
        const weight = parameters[r][2 * l]
        const [own, dOwn] = [asMatrix(x[r]), asMatrix(d[r])]
        return reference.blockGradients(own, weight, winners[r], dOwn, COUNT, net.maps[l], net.channels[l])
      })
      const [written] = await run(
        weightGradient(shape, l, BATCH, gradients, gradientSize, tiling),
        [storedMaps(x, inputMap(l)), words, gradient, 2 * gradientSize],
        [groups((into / 4) * out), gradients[2 * l].splits, 2],
        stepOf({})
      )
      const got = gradientsFrom(written)
      for (const r of bothReplicas) {
        close(got[r][2 * l], expected[r].weight)
        close(got[r][2 * l + 1], expected[r].bias)
      }
      if (l === 0) return
      const [back] = await run(
        inputGradient(shape, l, BATCH, 0, transposedSize(shape), tiling),
        [words, gradient, turnedWeights(flat), 2 * BATCH * height * width * into],
        [...inputGradientGroups(shape.blocks[l], BATCH, tiling), 2],
        stepOf({})
      )
      mapsFrom(back, { ...net.maps[l], border: 0 }).forEach((own, r) => close(own, expected[r].input))
    })

    test('Adam: gradients in parts, both moments, and the transposed copy', async () => {
      const t = 3
      const learningRate = 0.01
      const [m, g] = [random(net.size, 16), random(net.size, 17)]
      const v = positive(net.size, 18)
      const both = (values: Float32Array[]) => Float32Array.from(values.flatMap(own => [...pack(shape, own)]))
      const parts = new Float32Array(2 * gradientSize)
      bothReplicas.forEach(r => {
        const own = pack(shape, g[r])
        shape.slices.forEach(({ offset, size }, k) => {
          const { splits, offset: to } = gradients[k]
          for (let part = 0; part < splits; part++)
            for (let i = 0; i < size; i++)
              parts[r * gradientSize + to + part * size + i] = own[offset + i] / splits
        })
      })
      const [weights, moments, squares, turned] = await run(
        adam(shape, gradients, gradientSize),
        [stored, both(m), both(v), parts, 2 * transposedSize(shape)],
        [groups(shape.size / 4), 1, 2],
        stepOf({
          floats: {
            rate: learningRate / (1 - ADAM.beta1 ** t),
            correction: 1 / (1 - ADAM.beta2 ** t)
          }
        })
      )
      const updated = bothReplicas.map(r => unpack(shape, weights, r * shape.size))
      for (const r of bothReplicas) {
        const first = asMatrix(m[r]).map((old, i) => ADAM.beta1 * old + (1 - ADAM.beta1) * g[r][i])
        const second = asMatrix(v[r]).map((old, i) => ADAM.beta2 * old + (1 - ADAM.beta2) * g[r][i] ** 2)
        close(unpack(shape, moments, r * shape.size), first)
        close(unpack(shape, squares, r * shape.size), second)
        const expected = first.map((own, i) => {
          const corrected = Math.sqrt(second[i] / (1 - ADAM.beta2 ** t))
          return flat[r][i] - (learningRate * (own / (1 - ADAM.beta1 ** t))) / (corrected + ADAM.epsilon)
        })
        close(updated[r], expected, 1e-6)
      }
      expect(turned).toEqual(turnedWeights(updated))
    })

    test.each(bothKinds)(
      'inference: probabilities and hidden activations, from a row of the output on (for %s)',
      async (_, tiling) => {
        const splits = hiddenSplits(shape)
        const parts = numbers(COUNT * splits * hidden, 19)
        const [probabilities, activations] = await run(
          inferenceHead(shape, splits, { probabilities: true, hidden: true, views: false }, tiling),
          [storedParts(parts, splits), stored, 6 * CLASSES, 6 * hidden],
          [BATCH],
          stepOf({ header: { row: 2 } })
        )
        const h = hiddenFrom(parts, splits)
        close(activations.subarray(2 * hidden, 5 * hidden), h)
        close(probabilities.subarray(2 * CLASSES, 5 * CLASSES), probabilitiesOf(h))
        for (const [values, width] of [
          [probabilities, CLASSES],
          [activations, hidden]
        ] as const) {
          expect(values.subarray(0, 2 * width).every(v => v === 0)).toBe(true)
          expect(values.subarray(5 * width).every(v => v === 0)).toBe(true)
        }
      }
    )

    test.each(bothKinds)(
      'stochastic passes: masked products, and their reductions (for %s)',
      async (_, tiling) => {
        const splits = hiddenSplits(shape)
        const passes = 3
        const x = random(COUNT * features, 23)
        const drawn = Array.from({ length: passes }, (_, pass) => passMask(features, 5, 9, pass, RATE))
        // a mask is one image's features
        const masks = drawn.flatMap(mask => [
          ...storedMaps([repeated(mask), repeated(mask)], featureMap).subarray(0, shape.features)
        ])
        const header = { views: passes, row: 1 }
        const [written] = await run(
          hiddenParts(shape, 0, splits, tiling, true),
          [
            storedMaps(x, featureMap),
            stored,
            BATCH * passes * splits * shape.hidden,
            Float32Array.from(masks)
          ],
          [groups(shape.hidden / 4), splits, passes],
          stepOf({ header })
        )
        const none = new Float64Array(hidden)
        drawn.forEach((mask, pass) => {
          const masked = asMatrix(x[0]).map((v, i) => v * mask[i % features])
          const expected = reference.dense(masked, parameters[0][DENSE], none, COUNT, false)
          for (let row = 0; row < COUNT; row++)
            close(
              sumOfParts(written, row * passes + pass, splits, 1),
              expected.subarray(row * hidden, (row + 1) * hidden),
              1e-4
            )
        })

        const parts = numbers(COUNT * passes * splits * hidden, 24)
        const rows = (COUNT + 1) * CLASSES
        const [means, entropies, votes, variances] = await run(
          passesHead(shape, splits, tiling),
          [storedParts(parts, splits, COUNT * passes), stored, rows, COUNT + 1, rows, rows],
          [BATCH],
          stepOf({ header })
        )
        const p = probabilitiesOf(hiddenFrom(parts, splits, COUNT * passes))
        const of = (row: number, pass: number, c: number) => p[(row * passes + pass) * CLASSES + c]
        const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
        const turns = [0, 1, 2]
        for (let row = 0; row < COUNT; row++) {
          const counts = Array.from({ length: CLASSES }, () => 0)
          for (const pass of turns) {
            const own = counts.map((_, c) => of(row, pass, c))
            counts[own.indexOf(Math.max(...own))]++
          }
          const all = counts.map((_, c) => turns.map(pass => of(row, pass, c)))
          const from = (row + 1) * CLASSES
          close(means.subarray(from, from + CLASSES), all.map(mean))
          expect([...votes.subarray(from, from + CLASSES)]).toEqual(counts)
          const spread = all.map(own => mean(own.map(v => (v - mean(own)) ** 2)))
          close(variances.subarray(from, from + CLASSES), spread, 1e-4)
          const entropy = -mean(
            turns.map(pass => all.reduce((s, own) => s + own[pass] * Math.log(own[pass]), 0))
          )
          expect(entropies[row + 1]).toBeCloseTo(entropy, 5)
        }
      }
    )

    test('variance over views', async () => {
      const views = 3
      const p = numbers(COUNT * views * CLASSES, 25).map(Math.abs)
      const [variances] = await run(
        viewVariance(shape),
        [p, COUNT + 1],
        [1],
        stepOf({ header: { views, row: 1 } })
      )
      const expected = Array.from({ length: COUNT }, (_, row) => {
        let total = 0
        for (let c = 0; c < CLASSES; c++) {
          const own = [0, 1, 2].map(v => p[(row * views + v) * CLASSES + c])
          const mean = own.reduce((a, b) => a + b) / views
          total += own.reduce((a, b) => a + (b - mean) ** 2, 0) / views
        }
        return total
      })
      close(variances.subarray(1, 1 + COUNT), expected)
      expect(variances[0]).toBe(0)
    })
  })
}

const repeated = (row: ArrayLike<number>) =>
  Array.from({ length: COUNT * row.length }, (_, i) => row[i % row.length])

/** Parts [rows, part, hidden] of one replica as stored. */
function storedParts(parts: Float32Array, splits: number, rows = COUNT): Float32Array {
  const out = new Float32Array(Math.max(rows, BATCH) * splits * shape.hidden)
  for (let i = 0; i < rows * splits * hidden; i++)
    out[Math.floor(i / hidden) * shape.hidden + (i % hidden)] = parts[i]
  return out
}

/** Sums over the parts of rows from `slot` on, [rows, hidden]. */
function sumOfParts(parts: Float32Array, slot: number, splits: number, rows = COUNT): Float64Array {
  return Float64Array.from({ length: rows * hidden }, (_, at) => {
    let sum = 0
    for (let part = 0; part < splits; part++)
      sum += parts[((slot + Math.floor(at / hidden)) * splits + part) * shape.hidden + (at % hidden)]
    return sum
  })
}

/** Hidden activations of the first replica from parts [rows, part, hidden]. */
function hiddenFrom(parts: Float32Array, splits: number, rows = COUNT): reference.Matrix {
  const bias = parameters[0][DENSE + 1]
  return Float64Array.from({ length: rows * hidden }, (_, at) => {
    let sum = bias[at % hidden]
    for (let part = 0; part < splits; part++)
      sum += parts[(Math.floor(at / hidden) * splits + part) * hidden + (at % hidden)]
    return Math.max(0, sum)
  })
}

const probabilitiesOf = (h: reference.Matrix) =>
  reference.softmax(
    reference.dense(h, parameters[0][DENSE + 2], parameters[0][DENSE + 3], h.length / hidden, false),
    CLASSES
  )

/** The weights of the second block of both replicas, [tap, out, in], channels filled up to fours. */
function turnedWeights(flat: readonly ArrayLike<number>[]): Float32Array {
  const [into, out] = net.channels
  const size = transposedSize(shape)
  const turned = new Float32Array(2 * size)
  const { offset } = net.parameters[2]
  for (const r of bothReplicas)
    for (let tap = 0; tap < 9; tap++)
      for (let o = 0; o < out; o++)
        for (let i = 0; i < into; i++)
          turned[r * size + (tap * fours(out) + o) * fours(into) + i] =
            flat[r][offset + (tap * into + i) * out + o]
  return turned
}
