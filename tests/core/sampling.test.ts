/** Parts of a whole: evenly spaced, and drawn in proportion to weights, where what is left may be rounding. */
import { describe, expect, it } from 'vitest'
import { drawInProportion, everyNth } from '../../src/core/numeric/sampling.ts'
import type { Stream } from '../../src/core/random.ts'

it('evenly spaced positions are all of a few, and of many as many as are asked for', () => {
  expect([...everyNth(4, 10)]).toEqual([0, 1, 2, 3])
  expect([...everyNth(10, 5)]).toEqual([0, 2, 4, 6, 8])
  expect([...everyNth(7, 3)]).toEqual([0, 2, 4])
  expect([...everyNth(0, 3)]).toEqual([])
})

describe('a draw in proportion', () => {
  /** Draws by the uniform number u. */
  const draw = (weights: number[], u: number, { taken = [] as number[], scale = 1 } = {}) => {
    let drawn = 0
    const stream = { uniform: () => (drawn++, u) } as unknown as Stream
    const flags = Uint8Array.from(weights, (_, i) => (taken.includes(i) ? 1 : 0))
    const index = drawInProportion(Float64Array.from(weights), flags, scale, stream)
    return { index, drawn }
  }
  const indices = (weights: number[], us: number[], options = {}) =>
    us.map(u => draw(weights, u, options).index)

  it('goes by one number and a scan: each index has a share as wide as its weight, none of no weight', () => {
    expect(indices([0, 1, 3, 0, 4], [0, 0.124, 0.125, 0.499, 0.5, 0.999])).toEqual([1, 1, 2, 2, 4, 4])
    expect(draw([1, 1], 0.7).drawn).toBe(1)
  })

  it('passes over what is taken', () => {
    expect(indices([0, 1, 3, 0, 4], [0, 0.19, 0.2, 0.999], { taken: [2] })).toEqual([1, 1, 4, 4])
    expect(draw([1, 2], 0.5, { taken: [0, 1] })).toEqual({ index: -1, drawn: 0 })
  })

  it('is even among those that are left, where their weights are rounding beside the scale', () => {
    const weights = [3e-9, 1e-9, 0]
    expect(indices(weights, [0.1, 0.6, 0.74, 0.9])).toEqual([0, 0, 0, 1])
    const even = { scale: 1e6 }
    expect(indices(weights, [0.1, 0.34, 0.6, 0.9], even)).toEqual([0, 1, 1, 2])
    expect(indices(weights, [0.1, 0.6], { ...even, taken: [1] })).toEqual([0, 2])
    expect(indices([0, 0], [0.1, 0.6])).toEqual([0, 1])
  })

  it('that ends a rounding short of the total takes the last of some weight', () => {
    expect(indices([1, 2, 0], [1])).toEqual([1])
    expect(indices([1, 2, 5], [1], { taken: [2] })).toEqual([1])
  })
})
