import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOrder } from '../../src/core/hashOrder.ts'
import {
  augmentation,
  augmentationKey,
  balancedOrder,
  Batches,
  classWeights,
  dropoutKey,
  dropoutThreshold,
  inTurns,
  initialOrder,
  initialWeights,
  passMask,
  selectorStream,
  strategyStream,
  trainingMask,
  unlabelledBatches,
  unlabelledDropoutKey,
  unlabelledVariation,
  viewLane
} from '../../src/core/law.ts'
import { architecture, networks } from '../../src/core/network.ts'
import { ADAM, trainingSteps } from '../../src/core/recipe.ts'
import { labelCounts } from '../../src/core/grid.ts'
import { bits, derive, nameNumber, Purpose, rootKey, threefry, uniform, word } from '../../src/core/random.ts'

const reference = architecture(networks.reference, { height: 28, width: 28, channels: 1 }, 10)

describe('network', () => {
  it('the reference network has the parameters its definition counts', () => {
    // 9*1*16+16 + 9*16*32+32 + 9*32*64+64 + 576*64+64 + 64*10+10
    expect(reference.size).toBe(160 + 4640 + 18496 + 36928 + 650)
    expect(reference.features).toBe(3 * 3 * 64)
  })
  it('refuses images that are too small', () => {
    expect(() => architecture(networks.reference, { height: 6, width: 28, channels: 1 }, 10)).toThrow(
      RangeError
    )
  })
})

describe('law of one round', () => {
  it('steps = max(floor, epochs x ceil(n / batch))', () => {
    const law = { epochs: 30, stepsFloor: 200, batchSize: 32 }
    expect([20, 50, 100, 200, 300, 2000].map(n => trainingSteps(law, n))).toEqual([
      200, 200, 200, 210, 300, 1890
    ])
    expect(trainingSteps({ ...law, stepsFloor: 0 }, 20)).toBe(30)
  })

  it('the optimiser has the constants of its authors (Kingma and Ba 2015)', () => {
    expect(ADAM).toEqual({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 })
  })

  it('initial weights lie within 1/sqrt(fan-in), are centred and differ by seed and by label count', () => {
    const w = initialWeights(reference, 1, 50)
    for (const p of reference.parameters) {
      const slice = w.subarray(p.offset, p.offset + p.size)
      const bound = 1 / Math.sqrt(p.fanIn)
      expect(Math.max(...slice.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound))
      // mean of m uniforms on +-b has sd b / sqrt(3 m): five of them
      const mean = slice.reduce((a, b) => a + b, 0) / p.size
      expect(Math.abs(mean)).toBeLessThan((5 * bound) / Math.sqrt(3 * p.size))
    }
    expect(initialWeights(reference, 2, 50)).not.toEqual(w)
    expect(initialWeights(reference, 1, 100)).not.toEqual(w)
    expect(initialWeights(reference, 1, 50)).toEqual(w)
  })

  it('every epoch uses every labelled image once, the last batch being the rest', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(5000), { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(100),
        (ids, size, seed) => {
          const labelled = Uint32Array.from(ids).sort()
          const batches = new Batches(seed, labelled, { batchSize: size })
          for (let epoch = 0; epoch < 2; epoch++) {
            const seen: number[] = []
            for (let b = 0; b < batches.perEpoch; b++) {
              const batch = batches.at(epoch * batches.perEpoch + b)
              expect(batch.length).toBe(
                b < batches.perEpoch - 1 ? size : labelled.length - (batches.perEpoch - 1) * size
              )
              seen.push(...batch)
            }
            expect(Uint32Array.from(seen).sort()).toEqual(labelled)
          }
        }
      )
    )
  })

  it('even batches are as many, in the same order, and as large as each other up to one image', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(5000), { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(100),
        (ids, batchSize, seed) => {
          const labelled = Uint32Array.from(ids).sort()
          const filled = new Batches(seed, labelled, { batchSize })
          const even = new Batches(seed, labelled, { batchSize, batches: 'even' })
          expect(even.perEpoch).toBe(filled.perEpoch)
          const n = labelled.length
          for (let epoch = 0; epoch < 2; epoch++) {
            const steps = Array.from({ length: even.perEpoch }, (_, b) => epoch * even.perEpoch + b)
            const orderOf = (batches: Batches) => steps.flatMap(step => [...batches.at(step)])
            expect(orderOf(even)).toEqual(orderOf(filled))
            const sizes = steps.map(step => even.at(step).length)
            expect(sizes).toEqual(steps.map(step => even.count(step)))
            const [least, most] = [Math.floor(n / sizes.length), Math.ceil(n / sizes.length)]
            for (const size of sizes) expect(size === least || size === most).toBe(true)
            expect(most).toBeLessThanOrEqual(batchSize)
          }
        }
      )
    )
    // 7 x 32 + 1: no batch of a single image
    const counts = (n: number, batches?: 'even') => {
      const walk = new Batches(0, Uint32Array.from({ length: n }).fill(0), { batchSize: 32, batches })
      return Array.from({ length: walk.perEpoch }, (_, b) => walk.count(b))
    }
    expect(counts(225)).toEqual([32, 32, 32, 32, 32, 32, 32, 1])
    expect(counts(225, 'even')).toEqual([28, 28, 28, 28, 28, 28, 28, 29])
    expect(counts(100, 'even')).toEqual([25, 25, 25, 25])
  })

  it('masks keep 1 - rate of the features, scaled to keep the mean, and depend on image and step alone', () => {
    const mask = new Float32Array(40000)
    trainingMask(mask, dropoutKey(1, 50, 3), 17, 0.25)
    const kept = mask.filter(v => v > 0).length / mask.length
    expect(kept).toBeGreaterThan(0.75 - 5 * Math.sqrt((0.75 * 0.25) / mask.length))
    expect(kept).toBeLessThan(0.75 + 5 * Math.sqrt((0.75 * 0.25) / mask.length))
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(4 / 3)]))
    const short = new Float32Array(10)
    trainingMask(short, dropoutKey(1, 50, 3), 17, 0.25)
    expect(short).toEqual(mask.slice(0, 10))
    expect(passMask(64, 1, 50, 0, 0.25)).not.toEqual(passMask(64, 1, 50, 1, 0.25))
  })

  it('augmentation shifts by at most two pixels, all 25 shifts equally often, mirrors half', () => {
    const counts = new Map<string, number>()
    let mirrored = 0
    for (let id = 0; id < 10000; id++) {
      const v = augmentation('flip', 5, 100, 9, id)
      counts.set(`${v.dy},${v.dx}`, (counts.get(`${v.dy},${v.dx}`) ?? 0) + 1)
      if (v.mirror) mirrored++
    }
    expect(counts.size).toBe(25)
    for (const c of counts.values()) expect(Math.abs(c - 400)).toBeLessThan(120)
    expect(Math.abs(mirrored - 5000)).toBeLessThan(250)
    expect(augmentation('none', 5, 100, 9, 1)).toEqual({ dy: 0, dx: 0, mirror: false })
  })
})

describe('what a seed decides, stream by stream', () => {
  const small = architecture({ channels: [2], hidden: 3 }, { height: 8, width: 8, channels: 1 }, 4)

  it('purposes have the numbers that they had in old links', () => {
    expect(Purpose).toEqual({
      ...{ order: 1, weights: 2, passMask: 3, batchOrder: 4, dropout: 5, augmentation: 6, strategy: 7 },
      ...{ view: 8, synthetic: 9, selector: 20, features: 21, pretraining: 30, unlabelled: 40 }
    })
  })

  it('orders: ids by their hash; strategies and selectors: a stream for each name', () => {
    const ids = Array.from({ length: 50 }, (_, i) => i)
    expect(initialOrder(3, 50)).toEqual(hashOrder(rootKey(3, Purpose.order), ids))
    expect(strategyStream(3, 20, 'bald').key).toEqual(
      derive(rootKey(3, Purpose.strategy), 20, nameNumber('bald'))
    )
    expect(selectorStream(3, 'random').key).toEqual(
      derive(rootKey(3, Purpose.selector), nameNumber('random'))
    )
    // FNV-1a, 32 bits (Fowler, Noll and Vo's test vectors)
    expect([nameNumber(''), nameNumber('a'), nameNumber('foobar')]).toEqual([
      0x811c9dc5, 0xe40c292c, 0xbf9cf968
    ])
  })

  it('weights: the uniform number at their own place, stretched to ±1/sqrt(fan-in)', () => {
    const key = derive(rootKey(7, Purpose.weights), 50)
    const expected = small.parameters.flatMap(({ offset, size, fanIn }) =>
      Array.from({ length: size }, (_, i) =>
        Math.fround((2 * uniform(key, offset + i) - 1) / Math.sqrt(fanIn))
      )
    )
    initialWeights(small, 7, 50).forEach((w, i) => expect(w).toBeCloseTo(expected[i], 7))
  })

  it('masks: sixteen bits a feature, kept from the rate on; of a training by image and step, of a pass by the pass', () => {
    const rate = 0.3
    const twin = (length: number, key: readonly [number, number], lane: number) =>
      Float32Array.from({ length }, (_, f) => {
        threefry(key[0], key[1], Math.floor(f / 4), lane)
        const draw = Math.floor(word[f % 4 >= 2 ? 1 : 0] / (f % 2 ? 65536 : 1)) % 65536
        return draw / 65536 >= Math.round(rate * 65536) / 65536 ? 1 / (1 - rate) : 0
      })
    expect([0, 0.25, 0.3, 0.5].map(dropoutThreshold)).toEqual([0, 16384, 19661, 32768])
    expect(unlabelledDropoutKey(1, 50, 7)).toEqual(derive(rootKey(1, Purpose.unlabelled), 50, 3, 7))
    for (const length of [1, 2, 3, 4, 997]) {
      const mask = new Float32Array(length).fill(NaN)
      trainingMask(mask, dropoutKey(1, 50, 3), 17, rate)
      expect(mask).toEqual(twin(length, derive(rootKey(1, Purpose.dropout), 50, 3), 17))
      expect(passMask(length, 1, 50, 2, rate)).toEqual(
        twin(length, derive(rootKey(1, Purpose.passMask), 50, 2), 0)
      )
    }
  })

  it('augmentation: three bytes of one word; of unlabelled images a word a view, moved at least', () => {
    const of = (r: number, mirrors: boolean) => ({
      dy: ((r % 256) % 5) - 2,
      dx: ((Math.floor(r / 256) % 256) % 5) - 2,
      mirror: mirrors && Math.floor(r / 65536) % 2 === 1
    })
    for (let id = 0; id < 200; id++) {
      const r = bits(derive(rootKey(5, Purpose.augmentation), 100, 9), id)
      expect(augmentation('flip', 5, 100, 9, id)).toEqual(of(r, true))
      expect(augmentation('shift', 5, 100, 9, id)).toEqual(of(r, false))
      for (const view of [0, 1]) {
        const u = bits(derive(rootKey(5, Purpose.unlabelled), 100, 2, 9), id, view)
        expect(unlabelledVariation('flip', 5, 100, 9, id, view)).toEqual(of(u, true))
        for (const kind of ['none', 'shift'] as const)
          expect(unlabelledVariation(kind, 5, 100, 9, id, view)).toEqual(of(u, false))
      }
    }
  })

  it('batches: an epoch is the hash order of its own key, cut up; of unlabelled images another walk', () => {
    const rows = Uint32Array.from({ length: 10 }, (_, i) => 3 * i)
    const walks = [
      [new Batches(9, rows, { batchSize: 4 }), derive(rootKey(9, Purpose.batchOrder), 10)],
      [unlabelledBatches(9, 50, rows, 4), derive(rootKey(9, Purpose.unlabelled), 50, 1)]
    ] as const
    for (const [batches, key] of walks) {
      expect(batches.perEpoch).toBe(3)
      for (const step of [0, 1, 2, 3, 5, 7, 0]) {
        const order = hashOrder(derive(key, Math.floor(step / 3)), rows)
        expect([...batches.at(step)]).toEqual([...order].slice(4 * (step % 3), 4 * (step % 3) + 4))
      }
    }
  })

  it('differs by every ingredient, and no two streams have anything in common', () => {
    const net = architecture({ channels: [1], hidden: 1 }, { height: 8, width: 8, channels: 1 }, 2)
    const mask = (...key: Parameters<typeof dropoutKey>) => {
      const out = new Float32Array(64)
      trainingMask(out, dropoutKey(...key), 3, 0.5)
      return out
    }
    const many = (of: (id: number) => unknown) => Array.from({ length: 20 }, (_, id) => of(id))
    const rows = Uint32Array.from({ length: 20 }, (_, i) => i)
    const streams: [string, (...of: number[]) => unknown, number][] = [
      ['order', seed => initialOrder(seed, 20), 1],
      ['weights', (seed, n) => initialWeights(net, seed, n), 2],
      ['batches', (seed, n, epoch) => new Batches(seed, rows.slice(0, n), { batchSize: n }).at(epoch), 3],
      ['dropout', mask, 3],
      ['augmentation', (seed, n, step) => many(id => augmentation('flip', seed, n, step, id)), 3],
      ['its keys', augmentationKey, 3],
      ['passes', (seed, n, pass) => passMask(64, seed, n, pass, 0.5), 3],
      ['unlabelled rows', (seed, n, epoch) => unlabelledBatches(seed, n, rows, 20).at(epoch), 3],
      [
        'unlabelled views',
        (seed, n, step, view) => many(id => unlabelledVariation('flip', seed, n, step, id, view)),
        4
      ],
      ['unlabelled dropout', unlabelledDropoutKey, 3],
      ['strategies', (seed, n, name) => strategyStream(seed, n, String(name)).key, 3],
      ['selectors', (seed, name) => selectorStream(seed, String(name)).key, 2]
    ]
    for (const [name, stream, ingredients] of streams) {
      const base = [11, 12, 13, 14].slice(0, ingredients)
      const changed = base.map((_, i) => base.map((v, j) => (i === j ? v + 4 : v)))
      const said = [base, ...changed].map(of => JSON.stringify(stream(...of)))
      expect(new Set(said).size, name).toBe(ingredients + 1)
      expect(JSON.stringify(stream(...base)), name).toBe(said[0])
    }
    const roots = Object.values(Purpose).map(purpose => String(rootKey(3, purpose)))
    expect(new Set(roots).size).toBe(roots.length)
    // each view of an image has a lane of its own, for as many images as there may be
    expect([viewLane(7, 0), viewLane(7, 1), viewLane(2 ** 26 - 1, 2)]).toEqual([
      7,
      7 + 2 ** 26,
      3 * 2 ** 26 - 1
    ])
  })
})

describe('class weights', () => {
  it('give every class present the same weight in all, and the images 1 on average', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 100 }), labels => {
        const weights = classWeights(labels, 8)
        const present = [...new Set(labels)]
        for (let c = 0; c < 8; c++) {
          const share = labels.filter(l => l === c).length * weights[c]
          expect(share).toBeCloseTo(present.includes(c) ? labels.length / present.length : 0, 4)
        }
      })
    )
    // BASE, Emam et al. 2021: inverse frequency; 6, 3 and 1 of 10
    expect([...classWeights([0, 0, 0, 0, 0, 0, 1, 1, 1, 3], 4)]).toEqual(
      [10 / 18, 10 / 9, 0, 10 / 3].map(Math.fround)
    )
  })
})

describe('initial orders', () => {
  it('are permutations; balanced prefixes are balanced while the classes last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 5, maxLength: 200 }), fc.nat(50), (labels, seed) => {
        const order = balancedOrder(seed, labels, 5)
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(labels.map((_, i) => i))
        const totals = [0, 1, 2, 3, 4].map(c => labels.filter(l => l === c).length)
        const seen = [0, 0, 0, 0, 0]
        for (const id of order) {
          seen[labels[id]]++
          const open = seen.filter((s, c) => s < totals[c])
          const rank = Math.max(...seen)
          for (const s of open) expect(s).toBeGreaterThanOrEqual(rank - 1)
        }
      })
    )
    expect(Array.from(initialOrder(3, 500)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 500 }, (_, i) => i)
    )
    expect(initialOrder(3, 500)).not.toEqual(initialOrder(4, 500))
  })

  it('in turns: one of each queue a turn, in an order drawn for the turn, as many as are asked for', () => {
    const queues = [[10, 11, 12], [20], [], [40, 41]]
    const key = rootKey(2, 3)
    const expected = [
      ...[...hashOrder(derive(key, 0), [0, 1, 3])].map(q => queues[q][0]),
      ...[...hashOrder(derive(key, 1), [0, 3])].map(q => queues[q][1]),
      12
    ]
    for (let count = 0; count <= 7; count++)
      expect([...inTurns(queues, key, count)]).toEqual(expected.slice(0, count))
    const labels = [0, 1, 1, 0, 2, 1]
    expect(balancedOrder(3, labels, 3, undefined, 4)).toEqual(balancedOrder(3, labels, 3).slice(0, 4))
    const own = Uint32Array.of(5, 4, 3, 2, 1, 0)
    expect(balancedOrder(3, labels, 3, own)).toEqual(
      inTurns([[3, 0], [5, 2, 1], [4]], rootKey(3, Purpose.order), 6)
    )
  })

  it('a smaller pool keeps the order of a larger one', () => {
    expect(initialOrder(3, 100)).toEqual(initialOrder(3, 500).filter(id => id < 100))
  })
})

describe('grid', () => {
  it('aligned: initial size, multiples of the query size, budget', () => {
    expect(labelCounts('aligned', 20, 50, 300)).toEqual([20, 50, 100, 150, 200, 250, 300])
    expect(labelCounts('aligned', 50, 50, 120)).toEqual([50, 100, 120])
    expect(labelCounts('aligned', 300, 50, 300)).toEqual([300])
  })
  it("literal: the papers' way", () => {
    expect(labelCounts('literal', 20, 50, 200)).toEqual([20, 70, 120, 170, 200])
  })
})
