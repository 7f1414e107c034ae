import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  augmentation,
  balancedOrder,
  Batches,
  classWeights,
  dropoutKey,
  initialOrder,
  initialWeights,
  passMask,
  trainingMask
} from '../../src/core/law.ts'
import { architecture, networks } from '../../src/core/network.ts'
import { trainingSteps } from '../../src/core/recipe.ts'
import { labelCounts } from '../../src/core/grid.ts'

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
