/** Single steps of the network, gradients of whole networks, and the micro-run; see conformance.ts. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { BackendName } from '../../src/core/engine.ts'
import { augmentation, dropoutKey, trainingMask, type Variation } from '../../src/core/law.ts'
import { architecture, type Architecture, type ImageShape } from '../../src/core/network.ts'
import { normalisation } from '../../src/core/view.ts'
import type { Kernels } from '../../src/engine/kernels.ts'
import { trainStep } from '../../src/engine/network.ts'
import { Pixels } from '../../src/engine/pixels.ts'
import { microRun, MICRO_LOSSES, numericsIdOf } from '../../src/engine/probe.ts'
import * as reference from './reference.ts'
import { numbers, range, relativeError, tinyView } from './views.ts'

// the tensor type is the backend's own
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyKernels = Kernels<any>

export interface Case {
  shape: ImageShape
  channels: number[]
  hidden: number
  classes: number
  batch: number
}

const image = (height: number, width: number, channels: number): ImageShape => ({ height, width, channels })

/** Shapes that divide by nothing, batches of one, wide and narrow layers. */
export const CASES: readonly Case[] = [
  { shape: image(8, 8, 1), channels: [8], hidden: 8, classes: 4, batch: 4 },
  { shape: image(11, 9, 3), channels: [3, 5], hidden: 7, classes: 3, batch: 3 },
  { shape: image(13, 12, 1), channels: [4, 12], hidden: 16, classes: 10, batch: 1 },
  { shape: image(9, 16, 3), channels: [16, 8, 20], hidden: 33, classes: 2, batch: 2 },
  { shape: image(17, 16, 1), channels: [2, 3, 9, 1], hidden: 5, classes: 6, batch: 5 }
]

export const caseName = (c: Case) =>
  `${c.shape.height}x${c.shape.width}x${c.shape.channels}, ${c.channels.join('-')}, ${c.hidden}, ${c.classes}, batch ${c.batch}`

export function conformanceOfSteps(kernels: () => AnyKernels, backend: BackendName, quick: boolean): void {
  let k: AnyKernels
  beforeAll(() => {
    k = kernels()
  })

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
    test.each((quick ? CASES.slice(1, 3) : CASES).map(c => [caseName(c), c] as const))('%s', async (_, c) => {
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
        expect(relativeError(got, expected.gradients[i]), net.parameters[i].name).toBeLessThan(1e-5)
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
