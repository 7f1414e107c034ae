import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootKey, Stream } from '../../src/core/random.ts'
import { discordanceSums } from '../../src/core/statistics/discordance.ts'
import { compareCrossed, pairedT } from '../../src/core/statistics/paired.ts'
import { tQuantile } from '../../src/core/statistics/student.ts'

/** Sums of a table D [seeds][images] by the definition. */
function sumsOf(D: number[][]) {
  const images = D[0].map((_, i) => D.reduce((sum, row) => sum + row[i], 0))
  return {
    sums: D.map(row => row.reduce((a, b) => a + b, 0)),
    images: images.reduce((sum, v) => sum + v * v, 0),
    cells: D.flat().reduce((sum, v) => sum + v * v, 0),
    testSize: D[0].length
  }
}

const tables = fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 40 })).chain(([S, M]) =>
  fc.array(fc.array(fc.integer({ min: -1, max: 1 }), { minLength: M, maxLength: M }), {
    minLength: S,
    maxLength: S
  })
)

describe('crossed comparison', () => {
  it('has the mean squares of the two-way analysis of variance', () => {
    const D = [
      [1, 0, 1, 0, -1],
      [1, 1, 0, 0, 0],
      [1, 1, 1, -1, 1]
    ]
    // by hand: seed means .2 .4 .6, grand mean .4; image means 1, 2/3, 2/3, -1/3, 0
    const seedSquare = (5 * (0.04 + 0 + 0.04)) / 2
    const imageSquare = (3 * (0.36 + 2 * (2 / 3 - 0.4) ** 2 + (1 / 3 + 0.4) ** 2 + 0.16)) / 4
    const total = D.flat().reduce((sum, v) => sum + (v - 0.4) ** 2, 0)
    const restSquare = (total - 2 * seedSquare - 4 * imageSquare) / 8
    expect(seedSquare).toBeLessThan(restSquare)
    expect(imageSquare).toBeGreaterThan(restSquare)
    // the seeds' variance component is negative and floored: what is left is the images'
    const c = compareCrossed(sumsOf(D))!
    const half = c.interval.high - c.difference
    const variance = imageSquare / 15
    const df = imageSquare ** 2 / (seedSquare ** 2 / 2 + imageSquare ** 2 / 4 + restSquare ** 2 / 8)
    expect(half).toBeCloseTo(tQuantile(0.975, df) * Math.sqrt(variance), 9)
    expect(c.difference).toBeCloseTo(0.4, 12)
  })

  it('is that of the definition, from two seeds and two images on', () => {
    fc.assert(
      fc.property(tables, D => {
        const [S, M] = [D.length, D[0].length]
        const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
        const square = (values: number[]) => values.reduce((sum, v) => sum + v * v, 0)
        const grand = mean(D.flat())
        const seeds = D.map(row => mean(row) - grand)
        const images = D[0].map((_, i) => mean(D.map(row => row[i])) - grand)
        const rests = D.flatMap((row, s) => row.map((v, i) => v - grand - seeds[s] - images[i]))
        const rest = (S - 1) * (M - 1)
        const squares = [(M * square(seeds)) / (S - 1), (S * square(images)) / (M - 1), square(rests) / rest]
        const [seed, image, other] = squares.map(v => (v < 1e-12 ? 0 : v))
        // variance components of seeds and of images are not negative
        const whole = other + Math.max(0, seed - other) + Math.max(0, image - other)
        const spread = seed ** 2 / (S - 1) + image ** 2 / (M - 1) + other ** 2 / rest
        // not less than one, not more than cells leave
        const df = spread ? Math.min(Math.max(whole ** 2 / spread, 1), rest) : 1
        const half = (variance: number, df: number) => tQuantile(0.975, df) * Math.sqrt(variance / (S * M))
        const { difference, interval, seeds: counted } = compareCrossed(sumsOf(D))!
        expect([difference, counted]).toEqual([expect.closeTo(grand, 12), S])
        expect(interval.high - difference).toBeCloseTo(Math.max(half(whole, df), half(seed, S - 1)), 6)
      }),
      // and where seeds and images explain all: two degrees of freedom are more than one cell leaves
      {
        numRuns: 300,
        examples: [
          [
            [
              [1, 0],
              [0, -1]
            ]
          ]
        ]
      }
    )
  })

  it('is antisymmetric, never narrower than the paired t-interval, and brackets its difference', () => {
    fc.assert(
      fc.property(tables, D => {
        const c = compareCrossed(sumsOf(D))!
        const back = compareCrossed(sumsOf(D.map(row => row.map(v => -v))))!
        expect(back.difference).toBeCloseTo(-c.difference, 12)
        expect(back.p).toBeCloseTo(c.p, 10)
        const t = pairedT(sumsOf(D).sums.map(sum => sum / D[0].length))!
        expect(c.interval.high - c.interval.low).toBeGreaterThanOrEqual(
          t.interval.high - t.interval.low - 1e-9
        )
        expect(c.p).toBeGreaterThanOrEqual(t.p - 1e-9)
        expect(c.interval.low).toBeLessThanOrEqual(c.difference)
        // the interval and the p-value say the same
        const excludes = c.interval.low > 0 || c.interval.high < 0
        if (Math.abs(c.p - 0.05) > 1e-6) expect(excludes).toBe(c.p < 0.05)
      })
    )
  })

  it('does not take three seeds of one sign for certainty', () => {
    // the same small lead with every seed, on a test set of 200: the images alone could do that
    expect(compareCrossed({ sums: [2, 2, 2], images: 36, cells: 24, testSize: 200 })!.p).toBeGreaterThan(0.05)
  })

  it('says nothing with one seed, and that equal arms are equal', () => {
    expect(compareCrossed({ sums: [5], images: 9, cells: 9, testSize: 100 })).toBeUndefined()
    const same = compareCrossed({ sums: [0, 0, 0], images: 0, cells: 0, testSize: 100 })!
    expect(same.interval).toEqual({ low: 0, high: 0 })
    expect(same.p).toBe(1)
  })

  it('counts discordances from bits as the definition does', () => {
    fc.assert(
      fc.property(tables, tables, (x, y) => {
        const S = Math.min(x.length, y.length)
        const M = Math.min(x[0].length, y[0].length)
        const right = (t: number[][], s: number, i: number) => (t[s][i] > 0 ? 1 : 0)
        const pack = (t: number[][]) =>
          Array.from({ length: S }, (_, s) => {
            const bits = new Uint8Array(Math.ceil(M / 8))
            for (let i = 0; i < M; i++) if (right(t, s, i)) bits[i >> 3] |= 1 << (i & 7)
            return bits
          })
        const D = Array.from({ length: S }, (_, s) =>
          Array.from({ length: M }, (_, i) => right(x, s, i) - right(y, s, i))
        )
        const { images, cells } = sumsOf(D)
        expect(discordanceSums(pack(x), pack(y))).toEqual({ images, cells })
      })
    )
  })
})

describe('coverage', () => {
  // D = +1, -1 or 0 with P(±1) = 1/4 + ±(mean + seed + image) / 2: the mean of D is `truth` exactly, and the effects of
  // seeds and images are crossed. 95 % of the intervals should hold it; the floors may only make them hold it more often.
  const truth = 0.02
  const simulate = (S: number, M: number, ofSeed: number, ofImage: number, repeats: number) => {
    const draw = new Stream(rootKey(2026, S * 1000 + M))
    let crossed = 0
    let seedsOnly = 0
    for (let r = 0; r < repeats; r++) {
      const image = Array.from({ length: M }, () => draw.between(-ofImage, ofImage))
      const D = Array.from({ length: S }, () => {
        const seed = draw.between(-ofSeed, ofSeed)
        return image.map(b => {
          const u = draw.uniform()
          const tilt = (truth + seed + b) / 2
          return u < 0.25 + tilt ? 1 : u < 0.5 ? -1 : 0
        })
      })
      const sums = sumsOf(D)
      const holds = (i: { low: number; high: number }) => i.low <= truth && truth <= i.high
      if (holds(compareCrossed(sums)!.interval)) crossed++
      if (holds(pairedT(sums.sums.map(sum => sum / M))!.interval)) seedsOnly++
    }
    return { crossed: crossed / repeats, seedsOnly: seedsOnly / repeats }
  }

  it.each([
    ['seeds and images matter', 5, 150, 0.1, 0.36],
    ['images matter most', 10, 150, 0.02, 0.45],
    ['three seeds', 3, 150, 0.08, 0.3],
    ['neither matters', 5, 150, 0, 0]
  ])('%s: about 95 %', (_, S, M, ofSeed, ofImage) => {
    const { crossed } = simulate(S, M, ofSeed, ofImage, 1000)
    expect(crossed).toBeGreaterThan(0.93)
    expect(crossed).toBeLessThan(0.995)
  })

  it('which seeds alone do not give when the test set is small', () => {
    expect(simulate(10, 150, 0.02, 0.45, 1000).seedsOnly).toBeLessThan(0.9)
  })
})
