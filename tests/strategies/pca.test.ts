/** Principal components against what defines them: variances that fall off, directions that do not mix, rows told apart. */
import { describe, expect, it } from 'vitest'
import { eigen, principalCoordinates } from '../../src/core/numeric/pca.ts'
import { defaultKnobs } from '../../src/core/datasource.ts'
import { basisKey, featuresOf } from '../../src/core/features.ts'
import { hashBytes } from '../../src/core/keys.ts'
import { rootKey } from '../../src/core/random.ts'
import { buildView } from '../../src/data/view.ts'
import { fakeView } from '../support/fakeEngine.ts'
import { numbers } from './setup.ts'

const key = rootKey(0, 21)

describe('eigenvectors', () => {
  it('of a matrix made from known ones', () => {
    const q = 5
    const draw = numbers(3, 1)
    const a = draw(q * q, -1, 1)
    const m = new Float64Array(q * q)
    for (let i = 0; i < q; i++)
      for (let j = 0; j < q; j++) for (let d = 0; d < q; d++) m[i * q + j] += a[i * q + d] * a[j * q + d]
    const { vectors, values, order } = eigen(m, q)
    for (const c of order)
      for (let i = 0; i < q; i++) {
        let product = 0
        for (let j = 0; j < q; j++) product += m[i * q + j] * vectors[j * q + c]
        expect(product).toBeCloseTo(values[c] * vectors[i * q + c], 10)
      }
    expect([...order].map(c => values[c])).toEqual([...values].sort((x, y) => y - x))
  })
})

describe('principal coordinates', () => {
  const size = 30
  const n = 200
  const draw = numbers(7, 2)
  // three strong directions among thirty, and noise
  const strength = [9, 5, 3]
  const directions = strength.map(() => draw(size, -1, 1))
  const rows = new Float32Array(n * size)
  for (let i = 0; i < n; i++) {
    const amounts = draw(3, -1, 1)
    const noise = draw(size, -0.05, 0.05)
    for (let d = 0; d < size; d++)
      rows[i * size + d] =
        4 + noise[d] + strength.reduce((sum, s, j) => sum + s * amounts[j] * directions[j][d], 0)
  }
  const scale = new Float64Array(size).fill(1)
  const count = 6
  const got = principalCoordinates({ values: rows, size, scale }, count, key)
  const column = (j: number) => Array.from({ length: n }, (_, i) => got[i * count + j])
  const dot = (a: number[], b: number[]) => a.reduce((s, v, i) => s + v * b[i], 0)

  it('are centred, uncorrelated, and fall off', () => {
    const variances = Array.from({ length: count }, (_, j) => dot(column(j), column(j)) / n)
    for (let j = 0; j < count; j++) {
      expect(Math.abs(column(j).reduce((a, b) => a + b)) / n).toBeLessThan(1e-4)
      for (let i = 0; i < j; i++)
        expect(Math.abs(dot(column(i), column(j))) / n).toBeLessThan(1e-4 * variances[0])
      if (j) expect(variances[j]).toBeLessThanOrEqual(variances[j - 1] * (1 + 1e-6))
    }
    expect(variances[3]).toBeLessThan(0.01 * variances[2])
  })

  it('keep distances, but for the noise', () => {
    const between = (values: ArrayLike<number>, width: number, i: number, j: number) => {
      let sum = 0
      for (let d = 0; d < width; d++) sum += (values[i * width + d] - values[j * width + d]) ** 2
      return Math.sqrt(sum)
    }
    for (let i = 0; i < 20; i++)
      expect(between(got, count, i, i + 50)).toBeCloseTo(between(rows, size, i, i + 50), 0)
  })

  it('scaled columns are as if the rows had been scaled', () => {
    const doubled = principalCoordinates(
      { values: rows.map(v => v * 2), size, scale: scale.map(() => 0.5) },
      count,
      key
    )
    doubled.forEach((v, i) => expect(v).toBeCloseTo(got[i], 4))
  })

  it('nor does it matter that columns are scaled differently, or that much is 0', () => {
    const scales = Float64Array.from({ length: size }, (_, d) => [1, 0.25, 3][d % 3])
    const sparse = rows.map((v, i) => ((i * 7919) % 11 < 4 ? 0 : v))
    const [asked, made] = [
      { values: sparse, size, scale: scales },
      { values: Float64Array.from(sparse, (v, i) => v * scales[i % size]), size, scale }
    ].map(given => principalCoordinates(given, count, key))
    asked.forEach((v, i) => expect(v).toBeCloseTo(made[i], 4))
    // and it is what the covariance has as its directions
    const x = Array.from({ length: n }, (_, i) =>
      Array.from({ length: size }, (_, d) => sparse[i * size + d] * scales[d])
    )
    const mean = x[0].map((_, d) => x.reduce((sum, row) => sum + row[d], 0) / n)
    const covariance = mean.flatMap((a, d) =>
      mean.map((b, e) => x.reduce((sum, row) => sum + (row[d] - a) * (row[e] - b), 0))
    )
    const { values, order } = eigen(Float64Array.from(covariance), size)
    for (let j = 0; j < 3; j++) {
      const along = Array.from({ length: n }, (_, i) => asked[i * count + j])
      expect(dot(along, along) / values[order[j]]).toBeCloseTo(1, 3)
    }
  })

  it('of constant rows are zero', () => {
    const flat = principalCoordinates({ values: new Uint8Array(12 * 8).fill(7), size: 8, scale }, 4, key)
    for (const v of flat) expect(Math.abs(v)).toBe(0)
  })
})

describe('pixel features', () => {
  it('are the images minus the mean over the deviation of their channel, turned: with all components distances stay', () => {
    const [n, size] = [70, 48]
    const draw = numbers(9, 3)
    // three channels of different spread; drawings, mostly on a black ground
    const images = Uint8Array.from({ length: n * size }, (_, i) => {
      const [v, ground] = draw(2)
      return ground < 0.4 ? 0 : [20, 90, 250][i % 3] * v
    })
    const view = fakeView(n)
    const shape = { height: 4, width: 4, channels: 3 }
    const made = featuresOf({ ...view, shape, pool: { ...view.pool, images } }, 'pixels')
    expect(made.size).toBe(size)
    const deviations = [0, 1, 2].map(c => {
      const own = [...images].filter((_, i) => i % 3 === c)
      const mean = own.reduce((a, b) => a + b) / own.length
      return Math.sqrt(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length)
    })
    const between = (values: ArrayLike<number>, i: number, j: number, over: (d: number) => number) => {
      let sum = 0
      for (let d = 0; d < size; d++) sum += ((values[i * size + d] - values[j * size + d]) / over(d)) ** 2
      return Math.sqrt(sum)
    }
    for (let i = 1; i < n; i++)
      expect(between(made.values, i - 1, i, () => 1)).toBeCloseTo(
        between(images, i - 1, i, d => deviations[d % 3]),
        4
      )
    // minus the mean
    for (let d = 0; d < size; d++) {
      let sum = 0
      for (let i = 0; i < n; i++) sum += made.values[i * size + d]
      expect(Math.abs(sum)).toBeLessThan(1e-3)
    }
  })
  it('of the key pixels@1 are these bits on every machine: others would be another version', () => {
    const view = buildView(
      { kind: 'synthetic', id: 'digits' },
      { ...defaultKnobs, poolSize: 100, testSize: 10 }
    )
    const { size, values } = featuresOf(view, 'pixels')
    expect([basisKey('pixels'), size, values.length]).toEqual(['pixels@1', 64, 6400])
    expect(hashBytes(new Uint8Array(values.buffer))).toBe(
      '50d635b99a820a40d2d1236bf374df63eb94d08636771e8ba8c96e6669ee8cbc'
    )
  })
  it('of ready features are as long as these are', () => {
    const view = fakeView(30)
    const features = numbers(6, 3)(30 * 5, -1, 1)
    const pool = { ...view.pool, images: new Uint8Array(0), features }
    const { values } = featuresOf({ ...view, shape: { height: 1, width: 5, channels: 1 }, pool }, 'pixels')
    const distance = (of: Float32Array, i: number) =>
      Math.hypot(...[0, 1, 2, 3, 4].map(d => of[i * 5 + d] - of[d]))
    for (let i = 1; i < 30; i++) expect(distance(values, i)).toBeCloseTo(distance(features, i), 5)
  })
  it('of fewer images than components, blank ones at that, are there and finite', () => {
    const { size, values } = featuresOf(fakeView(20), 'pixels')
    expect(values).toHaveLength(20 * size)
    expect(values.every(Number.isFinite)).toBe(true)
  })
  it('are made once for a view', () => {
    const view = fakeView(30)
    expect(featuresOf(view, 'pixels')).toBe(featuresOf(view, 'pixels'))
  })
  it('are taken of ready features too', () => {
    const view = fakeView(30)
    const features = numbers(5, 3)(30 * 6, -1, 1)
    const made = featuresOf(
      {
        ...view,
        shape: { height: 1, width: 6, channels: 1 },
        pool: { ...view.pool, images: new Uint8Array(0), features }
      },
      'pixels'
    )
    expect(made.size).toBe(6)
    expect(new Set(made.values).size).toBeGreaterThan(100)
  })
})
