/** The answer that is always the same: whom it is right for, and when a reader is told. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLopsided, majorityOf } from '../../src/core/majority.ts'

describe('the majority class', () => {
  it('is the largest', () => {
    expect(majorityOf([2, 0, 2, 1, 2], 4)).toBe(3)
    expect(majorityOf([1, 0], 2)).toBe(1)
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1 }), labels => {
        const right = [0, 1, 2, 3, 4, 5, 6].map(c => labels.filter(label => label === c).length)
        expect(majorityOf(labels, 7)).toBe(right.sort((a, b) => b - a)[0])
      })
    )
  })

  it('is worth a word from twenty points above an even part on', () => {
    // DermaMNIST's test part: 1,341 of 2,005 in one of seven classes
    expect(isLopsided(1341, 2005, 7)).toBe(true)
    // MNIST's: 1,135 ones of 10,000
    expect(isLopsided(1135, 10_000, 10)).toBe(false)
    expect(isLopsided(70, 100, 2)).toBe(true)
    expect(isLopsided(69, 100, 2)).toBe(false)
    expect(isLopsided(45, 100, 4)).toBe(true)
    expect(isLopsided(44, 100, 4)).toBe(false)
  })
})
