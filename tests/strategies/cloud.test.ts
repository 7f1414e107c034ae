/** Distances of a cloud: the same bits as one by one, whatever the numbers of points and dimensions, and without WebAssembly. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Cloud } from '../../src/core/numeric/cloud.ts'
import { squaredDistance } from '../../src/core/numeric/distance.ts'
import { numbers } from './setup.ts'

const sizes = [
  [1, 1],
  [7, 3],
  [8, 2],
  [9, 5],
  [33, 64],
  [100, 130]
]

function check(make: typeof Cloud): void {
  for (const [n, size] of sizes) {
    const points = numbers(n, 21)(n * size, -3, 3)
    const vectors = numbers(n, 22)(3 * size, -3, 3)
    const cloud = new make(points, size)
    for (const j of [0, 2, 1])
      for (const from of [0, n >> 1]) {
        const got = cloud.distances(vectors, j, from)
        for (let i = from; i < n; i++) expect(got[i]).toBe(squaredDistance(points, i, vectors, j, size))
      }
    const nearest = new Float64Array(n).fill(Infinity)
    for (const j of [0, 1, 2]) cloud.lower(nearest, vectors, j)
    nearest.forEach((d, i) =>
      expect(d).toBe(Math.min(...[0, 1, 2].map(j => squaredDistance(points, i, vectors, j, size))))
    )
    const elsewhere = points.map(v => v + 1)
    cloud.move(elsewhere)
    expect(cloud.distances(vectors, 0)[0]).toBe(squaredDistance(elsewhere, 0, vectors, 0, size))
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

describe('clouds', () => {
  it('give the bits of plain sums', () => check(Cloud))
  it('are computed by WebAssembly where there is any: a program that no engine takes would be slow and right', () => {
    const instances = vi.spyOn(WebAssembly, 'Instance')
    expect(new Cloud([1, 2, 3, 4], 2).distances([0, 0], 0)[1]).toBe(25)
    expect(instances).toHaveBeenCalledTimes(1)
    expect(instances.mock.results[0].type).toBe('return')
    instances.mockRestore()
  })
  it('of nothing are empty', () => {
    expect(new Cloud([], 4).count).toBe(0)
    expect(new Cloud([], 4).centre()).toBe(-1)
  })
  it('where nothing can be compiled, too', async () => {
    vi.stubGlobal('WebAssembly', { Module: undefined })
    vi.resetModules()
    check((await import('../../src/core/numeric/cloud.ts')).Cloud)
  })
  it('where there is no memory for them, too', async () => {
    const { Module, Instance } = WebAssembly
    const Memory = class {
      constructor() {
        throw new RangeError('out of memory')
      }
    }
    vi.stubGlobal('WebAssembly', { Module, Instance, Memory })
    check(Cloud)
  })
})
