/** What is read back as an encoder, finished or not: each member within its bounds, and the bounds themselves. */
import { describe, expect, it } from 'vitest'
import { isEncoder, isPretraining, isReport } from '../../src/core/encoders.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import { methodNames } from '../../src/core/pretraining/methods/index.ts'
import type { Encoder, EpochReport, Pretraining } from '../../src/core/pretraining/settings.ts'
import { isUnfinished, unfinishedName, type Unfinished } from '../../src/core/pretraining/snapshot.ts'

const network = { channels: [2, 3], hidden: 4 }
const shape = { height: 8, width: 8, channels: 1 }
const settings: Pretraining = {
  method: 'moco',
  network,
  likeness: 'signs',
  epochs: 3,
  batchSize: 4,
  seed: 0
}
const encoder: Encoder = {
  key: 'k',
  pretraining: settings,
  shape,
  weights: new Float32Array(encoderSize(network, shape)),
  reports: [{ epoch: 0, knn: 0.5, spread: 0.25 }],
  numericsId: 'wasm-1',
  seconds: 2
}

const nothing = [undefined, null, 'text', 5, []]

/** What may stand in a member of a whole value, and what may not. */
function holds<V extends object>(
  is: (v: unknown) => boolean,
  whole: V,
  good: { [M in keyof V]?: readonly unknown[] },
  bad: { [M in keyof V]?: readonly unknown[] }
): void {
  expect(is(whole)).toBe(true)
  for (const v of [...nothing, {}]) expect(is(v)).toBe(false)
  for (const [cases, expected] of [
    [good, true],
    [bad, false]
  ] as const)
    for (const [member, values] of Object.entries(cases) as [string, readonly unknown[]][])
      for (const value of values)
        expect(is({ ...whole, [member]: value }), `${member}: ${JSON.stringify(value)}`).toBe(expected)
}

describe('settings of a pretraining', () => {
  it('are whole, and each within its bounds', () => {
    const networks = (change: object[]) => change.map(c => ({ ...network, ...c }))
    const fractions = [1.5, NaN, Infinity, '3', null, undefined]
    holds(
      isPretraining,
      settings,
      {
        method: methodNames,
        network: networks([{ channels: [1] }, { hidden: 1 }]),
        likeness: ['signs', 'pictures'],
        epochs: [0, 1],
        batchSize: [1],
        learningRate: [undefined, 1e-9, 2],
        seed: [-1, 1]
      },
      {
        method: ['magic', 'toString', ...nothing],
        network: [
          ...nothing,
          ...networks([
            { channels: [] },
            { channels: 3 },
            { channels: [0] },
            { channels: [2, -1] },
            { channels: [-1, 2] },
            { channels: [1.5] },
            { hidden: 0 },
            ...fractions.map(hidden => ({ hidden }))
          ])
        ],
        likeness: ['others', ...nothing],
        epochs: [-1, ...fractions],
        batchSize: [0, -1, ...fractions],
        learningRate: [0, -1e-3, NaN, Infinity, '1', null],
        seed: fractions
      }
    )
  })
})

describe('the report of an epoch', () => {
  it('is whole: two shares, and a loss unless nothing was learned yet', () => {
    const shares = [-0.01, 1.01, NaN, '0.5', null, undefined]
    const whole: EpochReport = { epoch: 2, loss: 1.5, knn: 0.5, spread: 0.5 }
    holds(
      isReport,
      whole,
      { epoch: [0, 1], loss: [undefined, -3, 0], knn: [0, 1], spread: [0, 1] },
      { epoch: [0.5, '1', null, undefined], loss: ['1', null], knn: shares, spread: shares }
    )
  })
})

describe('an encoder', () => {
  it('is whole: as many finite weights as its network has for its images, and its reports', () => {
    const { length } = encoder.weights
    const notFinite = (at: number, value: number) => encoder.weights.slice().fill(value, at, at + 1)
    const shapes = [
      { height: 0 },
      { width: 0 },
      { channels: 0 },
      { height: 1.5 },
      { width: '8' },
      { channels: 3 }
    ]
    holds(
      isEncoder,
      encoder,
      { images: [undefined, '8x8x1 0'], reports: [[]], seconds: [0], key: [''] },
      {
        key: [undefined, null, 5],
        numericsId: [undefined, null, 5],
        seconds: [undefined, null, '2'],
        images: [null, 5],
        pretraining: [undefined, null, {}, { ...settings, epochs: -1 }],
        shape: [undefined, null, {}, ...shapes.map(change => ({ ...shape, ...change }))],
        weights: [
          undefined,
          new Float32Array(length - 1),
          new Float32Array(length + 1),
          new Float64Array(length),
          notFinite(0, NaN),
          notFinite(length - 1, Infinity)
        ],
        reports: [undefined, null, {}, [...encoder.reports, { epoch: 1, knn: 2, spread: 0 }]]
      }
    )
    // images that are smaller than the network can take
    expect(isEncoder({ ...encoder, shape: { ...shape, height: 1 } })).toBe(false)
  })

  it('has records of the products that are recorded, finite, and of equally many images', () => {
    const of = (size: number, values: number[]) => ({ size, values: Float32Array.from(values) })
    const is = (recorded: unknown) => isEncoder({ ...encoder, recorded })
    const [map, loss] = [of(3, [1, 2, 3, 4, 5, 6]), of(1, [7, 8])]
    for (const recorded of [undefined, {}, { dynamics: map }, { dynamics: map, pretextLoss: loss }])
      expect(is(recorded)).toBe(true)
    for (const recorded of [
      null,
      5,
      { encoder: loss },
      { later: loss },
      { pretextLoss: null },
      { pretextLoss: of(0, []) },
      { pretextLoss: of(1, []) },
      { pretextLoss: { size: 1, values: [7, 8] } },
      { pretextLoss: of(1, [7, NaN]) },
      { pretextLoss: of(1, [Infinity, 8]) },
      // not a whole number of images, or fewer than of the other
      { dynamics: of(3, [1, 2, 3, 4]) },
      { dynamics: map, pretextLoss: of(1, [7]) },
      { pretextLoss: of(1, [7]), dynamics: map }
    ])
      expect(is(recorded), JSON.stringify(recorded)).toBe(false)
  })
})

describe('an encoder that is not finished', () => {
  const report = (epoch: number): EpochReport => ({ epoch, knn: 0.5, spread: 0.25 })
  const learned = { weights: encoder.weights, moments: encoder.weights, squares: encoder.weights }
  const snapshot = { epoch: 1, reports: [report(0), report(1)], learned, course: {}, dynamics: {} }
  const { pretraining, key, numericsId, seconds } = encoder
  const unfinished: Unfinished = { pretraining, key, numericsId, seconds, images: 'i', snapshot }

  it('is whole: after an epoch and before the last, with a report of each and of what was before', () => {
    const within = (changes: object[]) => changes.map(change => ({ ...snapshot, ...change }))
    const parts = [undefined, null, 5]
    holds(
      isUnfinished,
      unfinished,
      {
        key: [''],
        seconds: [0],
        snapshot: within([{ epoch: 2, reports: [report(0), report(1), report(2)] }])
      },
      {
        key: [undefined, null, 5],
        numericsId: [undefined, null, 5],
        images: [undefined, null, 5],
        seconds: [undefined, null, '2', NaN],
        pretraining: [undefined, null, {}, { ...settings, epochs: -1 }],
        snapshot: [
          ...nothing,
          ...within([
            { epoch: 0, reports: [report(0)] },
            { epoch: 3, reports: [0, 1, 2, 3].map(report) },
            { epoch: 0.5, reports: [] },
            { epoch: '1' },
            { reports: [report(0)] },
            { reports: [0, 1, 2].map(report) },
            { reports: [report(0), { ...report(1), knn: 2 }] },
            { reports: { length: 2 } },
            ...parts.flatMap(part => [{ learned: part }, { course: part }, { dynamics: part }])
          ])
        ]
      }
    )
  })

  it('is that of its settings and images, whatever computes it', () => {
    const name = unfinishedName(unfinished)
    expect(unfinishedName({ ...unfinished, key: 'other', numericsId: 'gpu-1' } as Unfinished)).toBe(name)
    expect(unfinishedName({ ...unfinished, images: 'others' })).not.toBe(name)
    expect(unfinishedName({ ...unfinished, pretraining: { ...settings, seed: 1 } })).not.toBe(name)
  })
})
