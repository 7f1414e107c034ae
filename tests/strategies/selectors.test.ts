/** Initial selectors: what every one of them must do, against slow twins, and what it brings in classes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balancedOrder, initialOrder, selectorStream } from '../../src/core/law.ts'
import { basisKeys, forgetFeatures, giveFeatures, type FeatureSet } from '../../src/core/features.ts'
import { selectInitial as select, selectionOf } from '../../src/core/selection.ts'
import type { SelectionInput, Selector } from '../../src/core/selector.ts'
import { roundRobin } from '../../src/core/selectors/firstChoice.ts'
import { findSelector, selectorIds, selectors, type SelectorId } from '../../src/core/selectors/index.ts'
import { buildView } from '../../src/data/view.ts'
import { defaultKnobs } from '../../src/core/datasource.ts'
import type { View } from '../../src/core/view.ts'
import { fakeView } from '../support/fakeEngine.ts'
import { numbers, shuffled } from './setup.ts'
import * as slow from './slow.ts'

const find = (id: SelectorId): Selector => selectors[id]

const selectInitial = (view: View, selector: Selector, seed: number, size: number) =>
  select(view, selector, { seed, size, bases: basisKeys(selector.bases ?? []) })

/** The same points in every basis; their first coordinates where there is one number an image. */
const featuresOf = (values: Float32Array, size: number, map: Float32Array): FeatureSet => ({
  pixels: { size, values },
  encoder: { size, values },
  dynamics: { size: 2, values: map },
  pretextLoss: { size: 1, values: values.filter((_, i) => i % size === 0) }
})

/** Only what the selector declared: it must get along without the rest, and declare what it reads. */
const declaredOnly = ({ bases = [] }: Selector, all: FeatureSet): FeatureSet =>
  Object.fromEntries(bases.map(basis => [basis, all[basis]]))

interface Pool {
  /** [n, size] */
  values: Float32Array
  /** confidence and variability [n, 2] */
  map: Float32Array
  labels: number[]
}

/** Points in `size` dimensions, in `classes` labels. */
const poolOf = (seed: number, n: number, classes = 4, size = 3): Pool => ({
  values: numbers(seed, 11)(n * size, -1, 1),
  map: numbers(seed, 13)(n * 2),
  labels: [...numbers(seed, 12)(n)].map(v => Math.floor(v * classes))
})

/** Rows as they come: row i of the new pool is row `from[i]` of the old one. */
const moved = ({ values, map, labels }: Pool, from: number[]): Pool => {
  const rows = (list: Float32Array) => {
    const size = list.length / labels.length
    return Float32Array.from(from.flatMap(i => [...list.subarray(i * size, (i + 1) * size)]))
  }
  return { values: rows(values), map: rows(map), labels: from.map(i => labels[i]) }
}

function choose(
  id: SelectorId,
  seed: number,
  n: number,
  k: number,
  classes = 4,
  { values, map, labels } = poolOf(seed, n, classes)
) {
  const size = values.length / n
  const selector = find(id)
  const picks = selector.select({
    size: k,
    seed,
    classes,
    order: initialOrder(seed, n),
    features: declaredOnly(selector, featuresOf(values, size, map)),
    ...(selector.staged && { stage: { round: 0, rounds: 4 } }),
    oracle: selector.oracle && labels,
    stream: selectorStream(seed, id)
  })
  return { picks: [...picks], values, map, labels, points: slow.matrix(values, size) }
}

describe.each(selectorIds)('%s', id => {
  it('chooses as many different rows as it is asked for, the same twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(1000), fc.nat(39), (n, seed, less) => {
        const k = Math.max(1, n - less)
        const { picks } = choose(id, seed, n, k)
        expect(picks).toHaveLength(k)
        expect(new Set(picks).size).toBe(k)
        for (const row of picks) expect(row).toBeLessThan(n)
        expect(choose(id, seed, n, k).picks).toEqual(picks)
      }),
      { numRuns: 50 }
    )
  })

  it('permuting the pool permutes the set where nothing is drawn', () => {
    if (!find(id).fixed) return
    for (let seed = 0; seed < 60; seed++) {
      const n = 12 + (seed % 30)
      const pool = poolOf(seed, n)
      const from = shuffled(seed, n)
      const { picks } = choose(id, seed, n, 9, 4, moved(pool, from))
      expect(picks.map(row => from[row])).toEqual(choose(id, seed, n, 9, 4, pool).picks)
    }
  })

  it('takes no two copies of one image first, if it spreads its set', () => {
    // chance, and a ranking one by one, know of no copies; nor does a round of clusters that holds both
    if (!/^(kMeans|kCenter|typiClust|probCover):/.test(id)) return
    for (let seed = 0; seed < 20; seed++) {
      const pool = poolOf(seed, 60)
      pool.values.copyWithin(30 * 3, 0, 30 * 3)
      const { picks } = choose(id, seed, 60, 5, 4, pool)
      expect(new Set(picks.map(row => row % 30)).size).toBe(5)
    }
  })

  it('goes on with images that are all alike, and with a class that is not there', () => {
    for (const size of [1, 3, 12]) {
      const pool = { values: new Float32Array(36).fill(0.5), map: new Float32Array(24).fill(0.5) }
      const { picks } = choose(id, 1, 12, size, 4, { ...pool, labels: Array(12).fill(2) })
      expect(new Set(picks).size).toBe(size)
    }
  })

  it('says of itself whether its sets are nested', () => {
    const nested = [1, 2, 3].every(seed =>
      Array.from({ length: 15 }, (_, i) => i + 1).every(k => {
        const [smaller, larger] = [k, k + 1].map(size => choose(id, seed, 60, size).picks)
        return String(larger.slice(0, k)) === String(smaller)
      })
    )
    expect(nested).toBe(find(id).nested)
  })

  it('says of itself whether seeds differ', () => {
    const { fixed = false } = find(id)
    const { values, map, labels } = choose(id, 1, 60, 8)
    const sets = [1, 2, 3, 4, 5, 6, 7, 8].map(seed =>
      String(
        find(id).select({
          size: 8,
          seed,
          classes: 4,
          order: initialOrder(seed, 60),
          features: declaredOnly(find(id), featuresOf(values, 3, map)),
          ...(find(id).staged && { stage: { round: 0, rounds: 4 } }),
          oracle: labels,
          stream: selectorStream(seed, id)
        })
      )
    )
    expect(new Set(sets).size === 1).toBe(fixed)
    const keyOf = (seed: number, size: number, origin = 'e1', rounds = 4) => {
      const origins = { encoder: origin, dynamics: origin, pretextLoss: origin }
      return selectionOf('view', find(id), seed, size, rounds, origins).key
    }
    const keys = [1, 2].map(seed => keyOf(seed, 8))
    expect(keys[0] === keys[1]).toBe(fixed)
    expect(keyOf(1, 9)).not.toBe(keys[0])
    const stands = find(id).bases?.some(basis => basis !== 'pixels') ?? false
    expect(keyOf(1, 8, 'e2') === keyOf(1, 8)).toBe(!stands)
    expect(keyOf(1, 8, 'e1', 5) === keyOf(1, 8)).toBe(!find(id).staged)
  })
})

describe('the registry', () => {
  it('knows its selectors by their own ids, and nothing that every object has', () => {
    for (const id of selectorIds) expect([findSelector(id), find(id).id]).toEqual([find(id), id])
    for (const id of ['constructor', 'toString', '__proto__', 'later'])
      expect(findSelector(id)).toBeUndefined()
  })
})

describe('against slow twins', () => {
  const seeds = Array.from({ length: 200 }, (_, i) => i)
  it('random and balanced are the orders that initial sets had before selectors', () => {
    for (const seed of seeds) {
      const { picks, labels } = choose('balanced', seed, 30, 12)
      expect(picks).toEqual([...balancedOrder(seed, labels, 4)].slice(0, 12))
      expect(choose('random', seed, 30, 12).picks).toEqual([...initialOrder(seed, 30)].slice(0, 12))
    }
  })
  it('k-means, k-center, TypiClust, ProbCover, PT4AL', () => {
    for (const seed of seeds) {
      const n = 10 + (seed % 30)
      const k = 1 + (seed % 9)
      // the features come from elsewhere, the rule is the same
      const basis = seed % 2 ? 'pixels' : 'encoder'
      const { points, picks } = choose(`kCenter:${basis}`, seed, n, k)
      expect(picks).toEqual(slow.kCenter(points, [], k))
      const picked = (id: SelectorId) => choose(id, seed, n, k).picks
      const drawn = (rule: 'kMeans' | 'typiClust' | 'probCover') => {
        const id = `${rule}:${basis}` as const
        return { picks: picked(id), stream: selectorStream(seed, id) }
      }
      const means = drawn('kMeans')
      expect(means.picks).toEqual(slow.kMeans(points, k, means.stream))
      const typical = drawn('typiClust')
      expect(typical.picks).toEqual(slow.typiClust(points, [], k, typical.stream))
      const cover = drawn('probCover')
      const turns = slow.turnsOf(Array.from(points.keys()), cover.stream)
      expect(cover.picks).toEqual(slow.probCover(points, [], k, 4, cover.stream, turns))
      const losses = points.map(x => x[0])
      expect(picked('pt4al')).toEqual(slow.pretextStride(losses, k, 4))
    }
  })
})

describe('Making Your First Choice', () => {
  it('T17: rank by rank round the clusters in their shuffled order', () => {
    const confidence = [0.9, 0.2, 0.5, 0.4, 0.1, 0.8, 0.3]
    const hard = confidence.map(c => -c)
    expect([...roundRobin(hard, [0, 0, 0, 1, 1, 1, 1], [1, 0])]).toEqual([4, 1, 6, 2, 3, 0, 5])
  })
  it('takes equals of a large cluster from the lowest row on', () => {
    const scores = Array.from({ length: 300 }, (_, i) => (i * 7) % 3)
    const byScore = [2, 1, 0].flatMap(s => [...scores.keys()].filter(i => scores[i] === s))
    expect([...roundRobin(scores, new Uint8Array(300), [0])]).toEqual(byScore)
  })
  it('its three rules, against the slow twin', () => {
    for (const seed of Array.from({ length: 100 }, (_, i) => i))
      for (const rule of ['hard', 'easy', 'ambiguous'] as const) {
        const id = `firstChoice:${rule}` as const
        const n = 5 + (seed % 50)
        const { picks, points, map } = choose(id, seed, n, 1 + (seed % 20), 2)
        const ordered = slow.firstChoice(points, slow.matrix(map, 2), rule, 6, selectorStream(seed, id))
        expect(picks).toEqual(ordered.slice(0, Math.min(n, 1 + (seed % 20))))
      }
  })
})

describe('choosing on a view', () => {
  const view = fakeView(30, 5, 3)
  const watched = (change: Partial<Selector>) => {
    const seen: SelectionInput[] = []
    const select = (input: SelectionInput) => {
      seen.push(input)
      return input.order.slice(0, input.size)
    }
    return { seen, selector: { ...find('random'), id: 'watched', select, ...change } }
  }

  it('gives a selector the seed, its draws, the classes, and no label', () => {
    const { seen, selector } = watched({})
    expect(select(view, selector, { seed: 6, size: 40, bases: {} })).toEqual(initialOrder(6, 30))
    const [{ size, seed, classes, order, features, oracle, stage, stream }] = seen
    expect([size, seed, classes, features, oracle, stage]).toEqual([30, 6, 3, {}, undefined, undefined])
    expect(order).toEqual(initialOrder(6, 30))
    expect(stream.key).toEqual(selectorStream(6, 'watched').key)
    const own = Uint32Array.from(initialOrder(6, 30)).reverse()
    expect(select(view, selector, { seed: 6, size: 4, bases: {} }, own)).toEqual(own.slice(0, 4))
  })

  it('gives labels to oracles alone, features to who stands on them, the length of the run to who counts rounds', () => {
    const { seen, selector } = watched({ oracle: true, bases: ['encoder'], staged: true })
    const features = { size: 1, values: new Float32Array(30) }
    giveFeatures(view, { key: 'k', features })
    select(view, selector, { seed: 6, size: 4, bases: { encoder: 'k' }, rounds: 7 })
    expect(seen[0].oracle).toBe(view.pool.labels)
    expect(seen[0].features).toEqual({ encoder: features })
    expect(seen[0].stage).toEqual({ round: 0, rounds: 7 })
    forgetFeatures(view, ['k'])
    expect(() => select(view, selector, { seed: 6, size: 4, bases: { encoder: 'k' } })).toThrow(RangeError)
  })
})

describe('on digits', () => {
  const view = buildView(
    { kind: 'synthetic', id: 'digits' },
    { ...defaultKnobs, poolSize: 600, testSize: 20 }
  )
  const covered = (id: SelectorId, seed: number, size = 20) =>
    new Set([...selectInitial(view, find(id), seed, size)].map(row => view.pool.labels[row])).size
  const mean = (id: SelectorId) =>
    Array.from({ length: 12 }, (_, seed) => covered(id, seed, 10)).reduce((a, b) => a + b) / 12

  it('the oracle has every class among ten images, exactly two each among twenty', () => {
    expect(covered('balanced', 3, 10)).toBe(10)
    const rows = [...selectInitial(view, find('balanced'), 3, 20)]
    for (let c = 0; c < 10; c++) expect(rows.filter(row => view.pool.labels[row] === c)).toHaveLength(2)
  })
  it('clusters of pixels cover more classes with ten images than chance does', () => {
    expect(mean('kMeans:pixels')).toBeGreaterThan(mean('random'))
  })
  it('is cut at the pool', () => {
    expect(selectInitial(view, find('random'), 0, 1000)).toHaveLength(600)
  })
})
