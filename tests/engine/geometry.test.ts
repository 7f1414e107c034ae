/** The judge of float32's proposals: with numbers as wrong as the bound allows, the picks are float64's. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { squaredDistance } from '../../src/core/numeric/distance.ts'
import { farthestFirst, type Points } from '../../src/core/numeric/farthest.ts'
import { NearestCentres } from '../../src/core/numeric/nearest.ts'
import { rootKey, Stream } from '../../src/core/random.ts'
import { boundOf, limitOf, type Bound, type Rounding } from '../../src/engine/fast/geometry/bound.ts'
import { judgeNearest, judgePicks, type Proposal, type Scout } from '../../src/engine/fast/geometry/judge.ts'
import { inBlocks, inRows } from '../../src/engine/fast/geometry/layout.ts'
import { DOUBT, RIVALS } from '../../src/engine/fast/kernels/geometry.ts'
import { cloudOf, kinds } from './points.ts'

/** The largest error of a sum of `size` squares in float32, whichever way it rounds. */
const gammaOf = (size: number) => ((size + 2) * 2 ** -23) / (1 - (size + 2) * 2 ** -23)

/** Squared distances in a float32 that errs as far as it may, up or down as it likes. */
class Float32Distances {
  readonly bound: Bound | undefined
  private readonly a: Float64Array
  private readonly b: Float64Array
  constructor(
    a: Float64Array,
    b: Float64Array,
    private readonly size: number,
    private readonly stream: Stream
  ) {
    const [own, other] = [inRows(a, size), inRows(b, size)]
    this.bound = boundOf(size, own, {
      error: Math.max(own.error, other.error),
      largest: Math.max(own.largest, other.largest)
    })
    this.a = a.map(Math.fround)
    this.b = b.map(Math.fround)
  }
  of(i: number, j: number): number {
    const way = this.stream.below(3) - 1
    return squaredDistance(this.a, i, this.b, j, this.size) * (1 + way * gammaOf(this.size))
  }
}

class WrongScout implements Scout {
  private sure: number[]
  constructor(
    private readonly among: Float32Distances,
    toLabelled: Float32Distances,
    private readonly bound: Bound,
    { size, unlabelled, labelled }: Points,
    private readonly stream: Stream
  ) {
    this.sure = Array.from({ length: unlabelled.length / size }, (_, i) =>
      Math.min(3e38, ...Array.from({ length: labelled.length / size }, (_, j) => toLabelled.of(i, j)))
    )
  }
  async settle(picks: readonly number[]) {
    for (const pick of picks) this.lower(this.sure, pick)
  }
  async propose(count: number): Promise<Proposal[]> {
    const nearest = [...this.sure]
    return Array.from({ length: count }, () => {
      const most = Math.max(...nearest)
      const equal = [...nearest.keys()].filter(i => nearest[i] === most)
      const pick = equal[this.stream.below(equal.length)]
      nearest[pick] = -1
      const limit = Math.max(0, limitOf(this.bound, most))
      const rivals = [...nearest.keys()].filter(i => nearest[i] >= limit)
      this.lower(nearest, pick)
      return { pick, rivals: rivals.length > RIVALS ? undefined : rivals.reverse() }
    })
  }
  private lower(nearest: number[], pick: number) {
    nearest.forEach((d, i) => d >= 0 && (nearest[i] = Math.min(d, this.among.of(i, pick))))
    nearest[pick] = -1
  }
}

const cases = fc.record({
  kind: fc.constantFrom(...kinds),
  n: fc.integer({ min: 1, max: 60 }),
  m: fc.integer({ min: 0, max: 12 }),
  size: fc.integer({ min: 1, max: 9 }),
  k: fc.integer({ min: 1, max: 70 }),
  scale: fc.constantFrom(1, 2 ** 12, 1e-3),
  seed: fc.nat(1e6)
})

/** Asks the judge about a scout's proposals; `bound`: what the scout takes for the limit of its errors. */
async function judged(
  { kind, n, m, size, k, scale, seed }: Parameters<typeof makePoints>[0] & { k: number },
  bound?: Bound
) {
  const points = makePoints({ kind, n, m, size, scale, seed })
  const stream = new Stream(rootKey(seed, 84))
  const among = new Float32Distances(points.unlabelled, points.unlabelled, size, stream)
  const toLabelled = new Float32Distances(points.unlabelled, points.labelled, size, stream)
  const own = bound ?? toLabelled.bound
  const expected = farthestFirst(points, k)
  if (!own) return { expected, got: expected, tally: undefined }
  const picks = m ? [] : [expected[0]]
  const tally = await judgePicks(points, k, new WrongScout(among, toLabelled, own, points, stream), picks)
  return { expected, got: farthestFirst(points, k, picks), tally, picks }
}

function makePoints({
  kind,
  n,
  m,
  size,
  scale,
  seed
}: {
  kind: (typeof kinds)[number]
  n: number
  m: number
  size: number
  scale: number
  seed: number
}): Points {
  const all = cloudOf(kind, n + m, size, seed).map(v => v * scale)
  return { size, unlabelled: all.slice(m * size), labelled: all.slice(0, m * size) }
}

describe('farthest first', () => {
  test('whatever float32 says within its bound, the picks are float64’s', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async c => {
        const { expected, got } = await judged(c)
        expect(got).toEqual(expected)
      }),
      { numRuns: 1500 }
    )
  })

  test('errors as large would be noticed: with a bound of a tenth other picks come out', async () => {
    let wrong = 0
    for (let seed = 0; seed < 300; seed++) {
      const c = { kind: 'onCircles' as const, n: 60, m: 1, size: 8, k: 30, scale: 1, seed }
      const bound = { relative: 0.2 * gammaOf(8), root: 0 }
      const { expected, got } = await judged(c, bound)
      if (String(expected) !== String(got)) wrong++
    }
    expect(wrong).toBeGreaterThan(0)
  })

  test('most picks of points without ties are float32’s; wrong ones are put right, and it goes on', async () => {
    const clear = await judged({ kind: 'random', n: 300, m: 5, size: 8, k: 100, scale: 1, seed: 1 })
    expect(clear.tally!.certain + clear.tally!.judged).toBe(100)
    expect(clear.tally!.certain).toBeGreaterThan(90)
    let corrected = 0
    for (let seed = 0; seed < 20; seed++) {
      const { tally, picks, got, expected } = await judged({
        kind: 'onCircles',
        n: 80,
        m: 1,
        size: 8,
        k: 40,
        scale: 1,
        seed
      })
      expect(got).toEqual(expected)
      corrected += tally!.corrected
      if (tally!.corrected && picks!.length === 40) expect(tally!.certain + tally!.judged).toBe(40)
    }
    expect(corrected).toBeGreaterThan(0)
  })
})

describe('nearest centres', () => {
  test('whatever float32 says within its bound, they are float64’s', () => {
    fc.assert(
      fc.property(cases, ({ kind, n, m, size, scale, seed }) => {
        const { unlabelled, labelled } = makePoints({ kind, n, m: m + 1, size, scale, seed })
        const float32 = new Float32Distances(unlabelled, labelled, size, new Stream(rootKey(seed, 85)))
        const { bound } = float32
        if (!bound) return
        const of = Uint32Array.from({ length: n }, (_, i) => {
          const distances = Array.from({ length: m + 1 }, (_, j) => float32.of(i, j))
          const [least, second = 3e38] = [...distances].sort((a, b) => a - b)
          const first = distances.lastIndexOf(least)
          return (first | (least < limitOf(bound, second) ? 0 : DOUBT)) >>> 0
        })
        judgeNearest(of, unlabelled, size, labelled)
        expect(of).toEqual(new NearestCentres(unlabelled, size).nearest(labelled))
      }),
      { numRuns: 1000 }
    )
  })

  test('are the same wherever the centres were before', () => {
    fc.assert(
      fc.property(cases, ({ kind, n, m, size, seed }) => {
        const points = cloudOf(kind, n, size, seed)
        const held = new NearestCentres(points, size)
        for (const [turn, k] of [m + 1, m + 1, m + 1, 3].entries()) {
          const centres = cloudOf(kind, k, size, seed + (turn >> 1)).map(v => v + 0.1 * turn)
          const expected = Uint32Array.from({ length: n }, (_, i) => {
            const to = Array.from({ length: k }, (_, j) => squaredDistance(points, i, centres, j, size))
            return to.indexOf(Math.min(...to))
          })
          expect(held.nearest(centres)).toEqual(expected)
        }
      }),
      { numRuns: 300 }
    )
  })
})

describe('the bound', () => {
  const plain: Rounding = { error: 0, largest: 1 }
  test('grows with the dimensions and with the rounding of the input', () => {
    const at = (size: number, error = 0) => limitOf(boundOf(size, plain, { ...plain, error })!, 1)
    expect(at(128)).toBeGreaterThan(1 - 4e-5)
    expect(at(128)).toBeLessThan(1 - 128 * 2 ** -23)
    expect(at(1024)).toBeLessThan(at(128))
    expect(at(128, 1e-3)).toBeLessThan(1 - 4e-3)
  })
  test('there is none for numbers that float32 has not', () => {
    for (const odd of [NaN, Infinity, 1e300, -1e20])
      expect(boundOf(2, inBlocks(Float64Array.of(1, odd), 2), plain)).toBeUndefined()
    expect(boundOf(2, inRows(Float64Array.of(0, 0), 2), { error: 0, largest: 0 })).toBeUndefined()
    expect(boundOf(2, inRows(Float64Array.of(0, 1e-200), 2), plain)).toBeDefined()
    expect(inRows(Float64Array.of(0.1, 1), 2).error).toBeCloseTo(Math.abs(0.1 - Math.fround(0.1)), 15)
    expect(inRows(Float64Array.of(NaN, 1, 0.1, 1), 2).error).toBe(Infinity)
  })
})
