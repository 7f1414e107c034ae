import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultKnobs, type ViewKnobs } from '../../src/core/datasource.ts'
import { fingerprintOf } from '../../src/core/fingerprint.ts'
import { hashBytes, hashKey } from '../../src/core/keys.ts'
import type { Dataset, ImageSet } from '../../src/core/view.ts'
import { DataError } from '../../src/data/errors.ts'
import { classSizes } from '../../src/data/imbalance.ts'
import { classHistogram } from '../../src/data/preview.ts'
import { buildView, classNamesOf, viewKey, type ViewOrigin } from '../../src/data/view.ts'
import { evenly } from '../support/evenly.ts'

const SHAPE = { height: 8, width: 8, channels: 1 }
const CLASSES = 4

/** Rows of noise, sorted by class; the first three bytes of an image are its part and row. */
function imageSet(n: number, mark: number): ImageSet {
  const images = new Uint8Array(n * 64)
  for (let i = 0; i < images.length; i++) images[i] = (i * 7919 + (i >> 6) * 104729 + mark * 31) >> 3
  for (let i = 0; i < n; i++) images.set([mark, i >> 8, i & 255], i * 64)
  return { images, labels: Uint16Array.from({ length: n }, (_, i) => Math.floor((i * CLASSES) / n)) }
}

function stored(poolSize = 400, testSize = 80): Dataset {
  const parts = { pool: imageSet(poolSize, 50), test: imageSet(testSize, 200) }
  const classNames = ['a', 'b', 'c', 'd']
  return {
    name: 'mine',
    shape: SHAPE,
    classNames,
    ...parts,
    fingerprint: fingerprintOf({ shape: SHAPE, classNames, ...parts })
  }
}

const dataset = stored()
const mine: ViewOrigin = { kind: 'stored', dataset }
const drawn: ViewOrigin = { kind: 'synthetic', id: 'digits' }
const origins: [string, ViewOrigin, number][] = [
  ['stored', mine, CLASSES],
  ['synthetic', drawn, 10]
]

const plain: ViewKnobs = { ...defaultKnobs, poolSize: 120, testSize: 30, dataSeed: 7 }
const row = (set: ImageSet, i: number, size: number) => set.images.subarray(i * size, (i + 1) * size)
/** The stored row an unchanged image came from. */
const rowOf = (set: ImageSet, i: number) => set.images[i * 64 + 1] * 256 + set.images[i * 64 + 2]

const knobs: fc.Arbitrary<ViewKnobs> = fc.record({
  classes: fc.constant([]),
  poolSize: fc.integer({ min: 12, max: 150 }),
  testSize: fc.integer({ min: 1, max: 40 }),
  testBalance: fc.constant('asIs'),
  imbalance: fc.constantFrom('none' as const, 'exponential' as const, 'step' as const),
  imbalanceRatio: evenly(0.2, 1),
  labelNoise: evenly(0, 0.9),
  duplicates: evenly(0, 0.9),
  dataSeed: fc.nat(0xffffffff)
})

function problem(build: () => unknown): { code: string; parameters: object } {
  try {
    build()
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    const { code, parameters } = error as DataError
    return { code, parameters }
  }
  throw new Error('built')
}

describe.each(origins)('a view of a %s set', (_, origin, classes) => {
  const size = origin.kind === 'stored' ? 64 : 784

  it('has exactly the sizes, class counts and noise that were asked for', () => {
    fc.assert(
      fc.property(knobs, k => {
        const view = buildView(origin, k)
        expect(view.pool.images).toHaveLength(k.poolSize * size)
        expect(view.pool.labels).toHaveLength(k.poolSize)
        expect(view.test.images).toHaveLength(k.testSize * size)
        expect(view.test.labels).toHaveLength(k.testSize)
        const wrong = view.pool.labels.filter((label, i) => label !== view.trueLabels[i])
        expect(wrong).toHaveLength(Math.round(k.labelNoise * k.poolSize))
        expect(Math.max(...view.pool.labels)).toBeLessThan(classes)
        if (k.imbalance !== 'none') {
          const counts = classHistogram(view.trueLabels, classes)
          expect(counts).toEqual(classSizes(k.imbalance, classes, k.poolSize, k.imbalanceRatio))
        }
      }),
      { numRuns: 40 }
    )
  })

  it('keeps the test part as it is, whatever is done to the pool', () => {
    fc.assert(
      fc.property(knobs, k => {
        const clean = { ...k, imbalance: 'none' as const, labelNoise: 0, duplicates: 0 }
        const [test, same] = [buildView(origin, k).test, buildView(origin, clean).test]
        expect(hashBytes(test.images)).toBe(hashBytes(same.images))
        expect(test.labels).toEqual(same.labels)
      }),
      { numRuns: 15 }
    )
  })

  it('is nested in its size', () => {
    const large = buildView(origin, plain)
    const small = buildView(origin, { ...plain, poolSize: 47, testSize: 11 })
    expect(hashBytes(small.pool.images)).toBe(hashBytes(large.pool.images.subarray(0, 47 * size)))
    expect(small.pool.labels).toEqual(large.pool.labels.slice(0, 47))
    expect(hashBytes(small.test.images)).toBe(hashBytes(large.test.images.subarray(0, 11 * size)))
  })

  it('is nested in its noise: what is wrong at a smaller share is as wrong at a larger', () => {
    const little = buildView(origin, { ...plain, labelNoise: 0.1 })
    const much = buildView(origin, { ...plain, labelNoise: 0.5 })
    expect(little.trueLabels).toEqual(much.trueLabels)
    const rows = [...little.trueLabels.keys()].filter(i => little.pool.labels[i] !== little.trueLabels[i])
    expect(rows).toHaveLength(12)
    for (const i of rows) expect(much.pool.labels[i]).toBe(little.pool.labels[i])
  })

  it('replaces the share of duplicates by close copies of untouched images of the class', () => {
    const clean = buildView(origin, plain)
    const view = buildView(origin, { ...plain, duplicates: 0.3 })
    expect(view.pool.labels).toEqual(clean.pool.labels)
    const { width, height } = view.shape
    const same = (i: number) => row(view.pool, i, size).every((v, j) => v === clean.pool.images[i * size + j])
    const copies = [...view.pool.labels.keys()].filter(i => !same(i))
    expect(copies).toHaveLength(36)
    const originals = [...view.pool.labels.keys()].filter(same)
    for (const i of copies) {
      const copy = row(view.pool, i, size)
      const near = originals.some(o => {
        if (view.pool.labels[o] !== view.pool.labels[i]) return false
        const source = row(clean.pool, o, size)
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            let close = true
            for (let y = 1; close && y < height - 1; y++) {
              for (let x = 1; close && x < width - 1; x++) {
                close = Math.abs(copy[y * width + x] - source[(y - dy) * width + x - dx]) <= 8
              }
            }
            if (close) return true
          }
        }
        return false
      })
      expect(near).toBe(true)
    }
    const more = buildView(origin, { ...plain, duplicates: 0.6 })
    for (const i of copies) expect(row(more.pool, i, size)).not.toEqual(row(clean.pool, i, size))
  })

  it('depends on its own seed', () => {
    const one = buildView(origin, plain)
    const other = buildView(origin, { ...plain, dataSeed: 8 })
    expect(one.fingerprint).not.toBe(other.fingerprint)
    expect(buildView(origin, { ...plain }).fingerprint).toBe(one.fingerprint)
  })

  it('has a key that changes with every knob that matters, and a fingerprint of its bytes', () => {
    const view = buildView(origin, plain)
    expect(view.key).toBe(viewKey(origin, plain))
    expect(view.fingerprint).toBe(fingerprintOf(view))
    const changes: Partial<ViewKnobs>[] = [
      { poolSize: 121 },
      { testSize: 31 },
      { imbalance: 'step' },
      { imbalance: 'exponential' },
      { imbalance: 'exponential', imbalanceRatio: 0.2 },
      { labelNoise: 0.1 },
      { duplicates: 0.1 },
      { dataSeed: 8 },
      { classes: [0, 2] },
      { classes: [0, 3] },
      {}
    ]
    expect(new Set(changes.map(change => viewKey(origin, { ...plain, ...change }))).size).toBe(changes.length)
    // the ratio of an imbalance that is off does not matter
    expect(viewKey(origin, { ...plain, imbalanceRatio: 0.7 })).toBe(view.key)
  })

  it('refuses knobs outside their bounds', () => {
    const bad: [keyof ViewKnobs, number][] = [
      ['poolSize', 0],
      ['poolSize', 1.5],
      ['poolSize', 2 ** 32],
      ['testSize', 0],
      ['testSize', 2 ** 32],
      ['testSize', NaN],
      ['labelNoise', 0.91],
      ['duplicates', -0.1],
      ['duplicates', 0.91],
      ['labelNoise', NaN],
      ['testSize', 2.5],
      ['dataSeed', -1],
      ['dataSeed', 0.5],
      ['dataSeed', 2 ** 32]
    ]
    for (const [knob, value] of bad) {
      const { code, parameters } = problem(() => buildView(origin, { ...plain, [knob]: value }))
      expect([code, (parameters as { knob: string }).knob]).toEqual(['badKnob', knob])
    }
    for (const imbalanceRatio of [0, 1.01, NaN]) {
      const { code } = problem(() => buildView(origin, { ...plain, imbalance: 'step', imbalanceRatio }))
      expect(code).toBe('badKnob')
    }
    // the bounds themselves are allowed
    for (const within of [{ labelNoise: 0.9 }, { duplicates: 0.9 }, { poolSize: 1 }, { testSize: 1 }])
      expect(buildView(origin, { ...plain, ...within }).pool.labels.length).toBe(within.poolSize ?? 120)
  })
})

describe.each(origins)('a view of some classes of a %s set', (_, origin, count) => {
  const size = origin.kind === 'stored' ? 64 : 784
  const names = origin.kind === 'stored' ? dataset.classNames : [...'0123456789']
  const subset = { ...plain, classes: [1, 3] }

  it('has these classes alone, numbered anew, in both parts', () => {
    const view = buildView(origin, subset)
    expect(view.classNames).toEqual([names[1], names[3]])
    expect([view.pool.labels.length, view.test.labels.length]).toEqual([120, 30])
    expect([...new Set(view.pool.labels)].sort()).toEqual([0, 1])
    expect([...new Set(view.test.labels)].sort()).toEqual([0, 1])
    expect(buildView(origin, { ...subset, classes: [3, 1, 3] }).fingerprint).toBe(view.fingerprint)
  })

  it('means all classes by none, under the same key as ever', () => {
    const all = buildView(origin, { ...plain, classes: [...names.keys()] })
    expect(all.fingerprint).toBe(buildView(origin, plain).fingerprint)
    const { poolSize, testSize, labelNoise, duplicates, dataSeed } = plain
    const source =
      origin.kind === 'stored' ? { fingerprint: dataset.fingerprint } : { synthetic: 'digits', version: 1 }
    const before = {
      view: 1,
      source,
      poolSize,
      testSize,
      imbalance: 'none',
      labelNoise,
      duplicates,
      dataSeed
    }
    expect(viewKey(origin, plain)).toBe(hashKey(before))
  })

  it('is nested, skewed over its own classes, and refuses what is not there', () => {
    const large = buildView(origin, subset)
    const small = buildView(origin, { ...subset, poolSize: 40 })
    expect(hashBytes(small.pool.images)).toBe(hashBytes(large.pool.images.subarray(0, 40 * size)))
    const skewed = buildView(origin, { ...subset, imbalance: 'exponential', imbalanceRatio: 0.5 })
    expect(classHistogram(skewed.pool.labels, 2)).toEqual([80, 40])
    expect(problem(() => buildView(origin, { ...plain, classes: [0, count] }))).toEqual({
      code: 'noSuchClass',
      parameters: { index: count, classes: count }
    })
    expect(problem(() => buildView(origin, { ...plain, classes: [2] })).code).toBe('badKnob')
  })
})

describe('a view of a stored set', () => {
  it('of some classes takes their own rows', () => {
    const { pool } = buildView(mine, { ...plain, classes: [0, 2] })
    pool.labels.forEach((label, i) => expect(dataset.pool.labels[rowOf(pool, i)]).toBe([0, 2][label]))
    expect(problem(() => buildView(mine, { ...plain, classes: [0, 2], poolSize: 201 }))).toEqual({
      code: 'tooFewImages',
      parameters: { part: 'pool', needed: 201, available: 200 }
    })
  })

  it('has its name and its classes, as a drawn set has its own', () => {
    expect([buildView(mine, plain).name, buildView(drawn, plain).name]).toEqual(['mine', 'digits'])
    expect(classNamesOf(mine)).toEqual(['a', 'b', 'c', 'd'])
    expect(classNamesOf(drawn)).toEqual([...'0123456789'])
  })

  it('takes every row at most once, and nothing of the test part', () => {
    fc.assert(
      fc.property(knobs, k => {
        const view = buildView(mine, { ...k, duplicates: 0 })
        const rows = [...view.trueLabels.keys()].map(i => rowOf(view.pool, i))
        expect(new Set(rows).size).toBe(k.poolSize)
        rows.forEach((r, i) => {
          expect(view.pool.images[i * 64]).toBe(50)
          expect(hashBytes(row(view.pool, i, 64))).toBe(hashBytes(row(dataset.pool, r, 64)))
          expect(view.trueLabels[i]).toBe(dataset.pool.labels[r])
        })
        for (let i = 0; i < k.testSize; i++) expect(view.test.images[i * 64]).toBe(200)
      }),
      { numRuns: 30 }
    )
  })

  it('does not lie by class, though the set does: what goes to the first rows goes to images of all classes', () => {
    const skewed = { imbalance: 'exponential', imbalanceRatio: 0.5, poolSize: 200 } as const
    for (let dataSeed = 0; dataSeed < 20; dataSeed++)
      for (const more of [{}, { poolSize: 400 }, skewed]) {
        const { labels } = buildView(mine, { ...plain, ...more, dataSeed }).pool
        const apart = labels.filter((label, i) => i > 0 && label !== labels[i - 1]).length
        // neighbours are of two classes three times in four; lying by class, three times in all
        expect(apart / labels.length).toBeGreaterThan(0.5)
        expect(Math.max(...classHistogram(labels.subarray(0, 40), CLASSES))).toBeLessThan(28)
      }
  })

  it('leaves the stored images as they are', () => {
    const before = stored().pool
    buildView(mine, { ...plain, poolSize: 400, labelNoise: 0.5, duplicates: 0.5 })
    expect(hashBytes(dataset.pool.images)).toBe(hashBytes(before.images))
    expect(dataset.pool.labels).toEqual(before.labels)
  })

  it('says what is missing', () => {
    expect(problem(() => buildView(mine, { ...plain, poolSize: 401 }))).toEqual({
      code: 'tooFewImages',
      parameters: { part: 'pool', needed: 401, available: 400 }
    })
    expect(problem(() => buildView(mine, { ...plain, testSize: 81 }))).toEqual({
      code: 'tooFewImages',
      parameters: { part: 'test', needed: 81, available: 80 }
    })
    // 100 images a class; a step of a half with classes of 100, 100, 50, 50 has 300
    const skewed = { ...plain, imbalance: 'step' as const, imbalanceRatio: 0.5 }
    expect(buildView(mine, { ...skewed, poolSize: 300 }).pool.labels).toHaveLength(300)
    const { code, parameters } = problem(() => buildView(mine, { ...skewed, poolSize: 320 }))
    expect(code).toBe('tooFewOfClass')
    expect(parameters).toEqual({ part: 'pool', name: 'a', needed: 107, available: 100, largest: 300 })
  })
})

describe('a balanced test part', () => {
  const balanced = { ...plain, testBalance: 'balanced' as const }
  /** 40, 20, 16 and 4 test images */
  const [large, rare] = [40, 4]
  const labels = Uint16Array.from([40, 20, 16, 4].flatMap((n, c) => new Array<number>(n).fill(c)))
  const lopsided: ViewOrigin = {
    kind: 'stored',
    dataset: { ...dataset, test: { ...dataset.test, labels } }
  }
  const of = (origin: ViewOrigin, knobs: ViewKnobs) => buildView(origin, knobs).test
  const countsOf = (knobs: ViewKnobs) => classHistogram(of(lopsided, knobs).labels, CLASSES)

  it('has as many images of each class, one more of the first where it does not divide', () => {
    expect(countsOf({ ...balanced, testSize: 4 * rare })).toEqual([4, 4, 4, 4])
    expect(countsOf({ ...balanced, testSize: 14 })).toEqual([4, 4, 3, 3])
    expect(countsOf({ ...balanced, testSize: 2, classes: [] })).toEqual([1, 1, 0, 0])
    const asIs = countsOf({ ...plain, testSize: 80 })
    expect(asIs).toEqual([large, 20, 16, rare])
  })

  it('holds rows of the test part, each once, in the order they have when it is as it is', () => {
    const all = of(lopsided, { ...plain, testSize: 80 })
    const order = Array.from(all.labels.keys(), i => rowOf(all, i))
    const part = of(lopsided, { ...balanced, testSize: 16 })
    const places = Array.from(part.labels.keys(), i => order.indexOf(rowOf(part, i)))
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThanOrEqual(0)
    part.labels.forEach((label, i) => expect(label).toBe(labels[rowOf(part, i)]))
    // the first of each class
    for (let c = 0; c < CLASSES; c++) {
      const first = [...all.labels.keys()].filter(i => all.labels[i] === c).slice(0, 4)
      expect(places.filter(p => all.labels[p] === c)).toEqual(first)
    }
  })

  it('takes the chosen classes only, and leaves the pool alone', () => {
    const skewed = { testSize: 30, classes: [0, 2], imbalance: 'step' as const, imbalanceRatio: 0.5 }
    const view = buildView(lopsided, { ...balanced, ...skewed })
    expect(classHistogram(view.test.labels, 2)).toEqual([15, 15])
    const before = buildView(lopsided, { ...plain, ...skewed })
    expect(hashBytes(view.pool.images)).toBe(hashBytes(before.pool.images))
  })

  it('says how large it can be', () => {
    expect(problem(() => buildView(lopsided, { ...balanced, testSize: 40 }))).toEqual({
      code: 'tooFewOfClass',
      parameters: { part: 'test', name: 'd', needed: 10, available: 4, largest: 19 }
    })
    expect(countsOf({ ...balanced, testSize: 19 })).toEqual([5, 5, 5, 4])
  })

  it('is a view of its own only where something is stored: drawn ones are even anyway', () => {
    expect(viewKey(lopsided, balanced)).not.toBe(viewKey(lopsided, plain))
    expect(viewKey(drawn, balanced)).toBe(viewKey(drawn, plain))
    expect(buildView(drawn, balanced).fingerprint).toBe(buildView(drawn, plain).fingerprint)
    expect(classHistogram(buildView(drawn, plain).test.labels, 10)).toEqual(new Array(10).fill(3))
  })
})

describe('a view of ready features', () => {
  const D = 5
  const shape = { height: 1, width: D, channels: 1 }
  const part = (n: number, mark: number) => ({
    images: new Uint8Array(0),
    features: Float32Array.from({ length: n * D }, (_, i) => mark + Math.floor(i / D) + (i % D) / 8),
    labels: Uint16Array.from({ length: n }, (_, i) => i % CLASSES)
  })
  const classNames = ['a', 'b', 'c', 'd']
  const content = { shape, classNames, pool: part(200, 0), test: part(40, 1000) }
  const features: Dataset = { name: 'f', ...content, fingerprint: fingerprintOf(content) }
  const origin: ViewOrigin = { kind: 'stored', dataset: features }

  it('takes whole rows with their labels', () => {
    const { pool, test, shape: same } = buildView(origin, plain)
    expect(same).toEqual(shape)
    expect([pool.images.length, pool.features!.length, test.features!.length]).toEqual([0, 120 * D, 30 * D])
    const ids = Array.from({ length: 120 }, (_, i) => pool.features![i * D])
    expect(new Set(ids).size).toBe(120)
    ids.forEach((id, i) => {
      expect([...pool.features!.subarray(i * D, (i + 1) * D)]).toEqual([0, 1, 2, 3, 4].map(j => id + j / 8))
      expect(pool.labels[i]).toBe(id % CLASSES)
    })
    for (let i = 0; i < 30; i++) expect(test.features![i * D]).toBeGreaterThanOrEqual(1000)
  })

  it('has near-duplicates that differ from their original by at most 8/255 of the spread', () => {
    const clean = buildView(origin, plain)
    const view = buildView(origin, { ...plain, duplicates: 0.5 })
    const rowOf = (set: ImageSet, i: number) => [...set.features!.subarray(i * D, (i + 1) * D)]
    const column = clean.pool.features!.filter((_, i) => i % D === 0)
    const mean = column.reduce((a, b) => a + b) / 120
    const spread = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / 120)
    let copies = 0
    for (let i = 0; i < 120; i++) {
      const now = rowOf(view.pool, i)
      if (now.every((value, j) => value === rowOf(clean.pool, i)[j])) continue
      copies++
      const near = [...Array(120).keys()].some(
        o =>
          view.pool.labels[o] === view.pool.labels[i] &&
          rowOf(clean.pool, o).every((value, j) => Math.abs(value - now[j]) <= (8 / 255) * spread + 1e-3)
      )
      expect(near).toBe(true)
    }
    expect(copies).toBe(60)
  })

  it('has a fingerprint of its own: sizes, then values and labels', () => {
    const le = (labels: Uint16Array) => [...labels].flatMap(l => [l % 256, Math.floor(l / 256)])
    const bytes = (values: Float32Array) => {
      const view = new DataView(new ArrayBuffer(values.length * 4))
      values.forEach((value, i) => view.setFloat32(i * 4, value, true))
      return [...new Uint8Array(view.buffer)]
    }
    const { pool, test } = content
    const all = [
      ...new TextEncoder().encode('dal-features 1 5 4 200 40\n'),
      ...bytes(pool.features),
      ...le(pool.labels),
      ...bytes(test.features),
      ...le(test.labels)
    ]
    expect(features.fingerprint).toBe(hashBytes(Uint8Array.from(all)))
  })
})

describe('the images that an experiment means', () => {
  const every: Partial<ViewKnobs> = {
    labelNoise: 0.2,
    duplicates: 0.3,
    imbalance: 'exponential',
    imbalanceRatio: 0.5
  }
  // frozen: a link that names a view by its knobs finds the same bytes in every version
  it.each([
    ['digits', drawn, every, '6f7155105aa8d4baedcdc239cffe32dc1853b33e598afe874d0cbfea614c13cb'],
    [
      'digits, in one step',
      drawn,
      { ...every, imbalance: 'step', classes: [1, 4, 7, 9] },
      'f5cf082172b06a3454680bb012eddec5aad3a0e205c06ca3fe5bd79bec7813f7'
    ],
    ['a stored set', mine, every, '02e9845a02cb050f91d6d69e2f3f77d5a00a7fb0aeb13ed4a0bf5dd8b814ed3a'],
    [
      'a stored set, in one step',
      mine,
      { ...every, imbalance: 'step', classes: [0, 1, 3] },
      '3b27eee982520ae174d8e8dd2380a63e10aaad5265d203729af5caf3a206ca77'
    ]
  ] as [string, ViewOrigin, Partial<ViewKnobs>, string][])('%s', (_, origin, change, fingerprint) => {
    expect(buildView(origin, { ...plain, ...change }).fingerprint).toBe(fingerprint)
  })
})
