/** When a reader is told what an answer that is always the same would get. */
import { describe, expect, it } from 'vitest'
import { isLopsided } from '../../src/core/majority.ts'

describe('the majority class', () => {
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
