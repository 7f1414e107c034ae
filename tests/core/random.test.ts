import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOrder } from '../../src/core/hashOrder.ts'
import { bits, derive, rootKey, threefry, uniform, word } from '../../src/core/random.ts'

describe('Threefry-2x32-20', () => {
  // known-answer vectors of the Random123 distribution (kat_vectors, threefry2x32 20)
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0]
  ])('key %i %i, counter %i %i', (k0, k1, c0, c1, x0, x1) => {
    threefry(k0, k1, c0, c1)
    expect([word[0], word[1]]).toEqual([x0, x1])
  })
})

describe('streams', () => {
  it('children of different paths differ, of equal paths are equal', () => {
    const root = rootKey(7, 1)
    expect(derive(root, 1, 2)).toEqual(derive(derive(root, 1), 2))
    expect(derive(root, 1, 2)).not.toEqual(derive(root, 2, 1))
    expect(rootKey(7, 1)).not.toEqual(rootKey(7, 2))
  })

  it('uniforms fill [0, 1) evenly: chi-square over 20 bins below its 99.9 % point (43.8)', () => {
    const counts = new Array(20).fill(0)
    for (let i = 0; i < 20000; i++) counts[Math.floor(uniform(rootKey(3, 4), i) * 20)]++
    expect(counts.reduce((a, c) => a + (c - 1000) ** 2 / 1000, 0)).toBeLessThan(43.8)
  })

  it('a draw depends on its counter alone', () => {
    const key = rootKey(1, 2)
    const forward = [0, 1, 2, 3].map(i => bits(key, i))
    const backward = [3, 2, 1, 0].map(i => bits(key, i)).reverse()
    expect(forward).toEqual(backward)
  })

  it('the hash order sorts by the words of the hash', () => {
    const ids = fc.array(fc.nat(100000), { maxLength: 300 })
    fc.assert(
      fc.property(ids, fc.nat(), (ids, seed) => {
        const key = rootKey(seed, 1)
        // both words in one whole number
        const rank = (id: number) => (BigInt(threefry(...key, id, 0)) << 32n) + BigInt(word[1])
        const sorted = ids.map(id => [rank(id), id] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
        expect(Array.from(hashOrder(key, ids))).toEqual(sorted.map(([, id]) => id))
      }),
      { numRuns: 30 }
    )
  })

  it('the hash order of a subset is the order of the whole with the others left out', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100000), { minLength: 1, maxLength: 60 }), fc.nat(), (ids, seed) => {
        const key = rootKey(seed, 1)
        const half = new Set(ids.slice(0, ids.length >> 1))
        const whole = Array.from(hashOrder(key, ids)).filter(id => half.has(id))
        expect(Array.from(hashOrder(key, [...half]))).toEqual(whole)
      })
    )
  })
})
