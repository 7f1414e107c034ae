import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classSizes, relativeSizes } from '../../src/data/imbalance.ts'
import type { Imbalance } from '../../src/core/datasource.ts'
import { evenly } from '../support/evenly.ts'

/** The papers' way: the size of the largest class times the relative size, rounded down. */
const longTail = (kind: Imbalance, classes: number, largest: number, ratio: number) =>
  relativeSizes(kind, classes, ratio).map(size => Math.floor(largest * size + 1e-9))

describe('class imbalance', () => {
  it('has the class sizes of the papers', () => {
    // CIFAR-10-LT (Cui et al. 2019) with factors 10 and 100, and CBAL's step of .1
    expect(longTail('exponential', 10, 5000, 0.1)).toEqual([
      5000, 3871, 2997, 2320, 1796, 1391, 1077, 834, 645, 500
    ])
    expect(longTail('exponential', 10, 5000, 0.01)).toEqual([
      5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50
    ])
    expect(longTail('step', 10, 4500, 0.1)).toEqual([...Array(5).fill(4500), ...Array(5).fill(450)])
    expect(longTail('step', 3, 100, 0.5)).toEqual([100, 50, 50])
  })

  it('has CBAL’s pools, whose published lists hold the balanced initial 5,000 as well', () => {
    // 29,750 and 34,250 images for steps of .1 and .3; beside 500 of each class at the start
    for (const [ratio, listed] of [
      [0.1, 29750],
      [0.3, 34250]
    ]) {
      const sizes = classSizes('step', 10, listed - 5000, ratio)
      expect(sizes).toEqual([...Array(5).fill(4500), ...Array(5).fill(Math.round(4500 * ratio))])
    }
    // int(4500 * .1 ** (c / 9)) for each class c
    const exponential = [4500, 3484, 2697, 2088, 1617, 1252, 969, 750, 581, 450]
    expect(longTail('exponential', 10, 4500, 0.1)).toEqual(exponential)
    const total = exponential.reduce((a, b) => a + b)
    classSizes('exponential', 10, total, 0.1).forEach((n, c) =>
      expect(Math.abs(n - exponential[c])).toBeLessThanOrEqual(1)
    )
  })

  it('agrees with the power function', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100 }), evenly(1e-4, 1), (classes, r) => {
        relativeSizes('exponential', classes, r).forEach((size, c) => {
          expect(size).toBeCloseTo(Math.pow(r, c / (classes - 1)), 10)
        })
      })
    )
  })

  it('adds up to the pool, falls, and leaves no class empty', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('none' as const, 'exponential' as const, 'step' as const),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20000 }),
        evenly(1e-3, 1),
        (kind, classes, total, ratio) => {
          const sizes = classSizes(kind, classes, total, ratio)
          expect(sizes.reduce((a, b) => a + b)).toBe(total)
          if (total >= classes) expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1)
          for (let c = 1; c < classes; c++) expect(sizes[c]).toBeLessThanOrEqual(sizes[c - 1] + 1)
        }
      )
    )
  })

  it('rounds by largest remainders, ties to the lower class', () => {
    expect(classSizes('none', 3, 10, 1)).toEqual([4, 3, 3])
    expect(classSizes('none', 4, 2, 0.5)).toEqual([1, 1, 0, 0])
    // 3.5, 1.75, 1.75 images
    expect(classSizes('step', 3, 7, 0.5)).toEqual([3, 2, 2])
    // 9.01, .9, .09 images, and no class is empty
    expect(classSizes('exponential', 3, 10, 0.01)).toEqual([8, 1, 1])
    expect(classSizes('exponential', 1, 6, 0.1)).toEqual([6])
  })

  it('is within one image of the exact proportions when no class is tiny', () => {
    const sizes = classSizes('exponential', 10, 5000, 0.1)
    const relative = relativeSizes('exponential', 10, 0.1)
    const sum = relative.reduce((a, b) => a + b)
    sizes.forEach((n, c) => expect(Math.abs(n - (5000 * relative[c]) / sum)).toBeLessThan(1))
  })
})
