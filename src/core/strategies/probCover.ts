/**
 * ProbCover: cover the pool with balls of radius delta. Again and again take the image whose ball holds most images that
 * no ball of a labelled or picked one holds yet. delta is the largest radius at which 95 % of the balls are pure under
 * pseudo-labels from k-means with one cluster a class, on a grid of 0.05 up to 1.1 (rows have unit length). With everything
 * covered, the rest is farthest first from what is labelled or picked. Counts tie, and once what is left lies apart nearly all
 * of them: the seed decides. The authors' code differs: its delta is set by hand, its last n mod 500 points have no ball,
 * and with everything covered it returns row 0.
 * Above 8,000 candidates only the first 8,000 of the seed's order take part (n^2 distances); purity is measured on up to
 * 1,000 balls.
 * Fails where: delta is off (nothing tells how far), and where near images are of different classes.
 */
import type { Basis } from '../features.ts'
import { Cloud } from '../numeric/cloud.ts'
import { argmax } from '../numeric/distance.ts'
import { farthestFirst, nearestLabelled, type Points } from '../numeric/farthest.ts'
import { kMeans } from '../numeric/kmeans.ts'
import { unitRows } from '../numeric/unit.ts'
import type { Stream } from '../random.ts'
import type { Strategy } from '../strategy.ts'
import { gather, needOf, pointsOf } from './basis.ts'
import { drawnTurns } from './ties.ts'

const PURE = 0.95
const STEP = 0.05
const STEPS = 22
const BALLS = 1000
const CACHED = 512
export const MOST_CANDIDATES = 8000

export const probCover = <B extends 'embedding' | Basis>(basis: B): Strategy & { id: `probCover:${B}` } => ({
  id: `probCover:${basis}`,
  category: 'coldStart',
  version: 2,
  formula: 'x_i = argmax_x |B_δ(x) ∖ ⋃_{j<i} B_δ(x_j)|, δ = max {r: P(B_r(x) ⊆ C(x)) ≥ .95}',
  source: 'Yehuda et al., Active learning through a covering lens, NeurIPS 2022',
  prefix: true,
  needs: () => [needOf(basis)],
  query: input => ({
    picks: coveringPicks(pointsOf(basis, input), input, input.stream).map(i => input.unlabelled[i])
  })
})

/** What of a query or an initial selection covering needs: candidates as rows of the pool, and the seed's order of them. */
export interface Covering {
  k: number
  classes: number
  unlabelled: Uint32Array
  order: Uint32Array
}

/**
 * min(k, candidates) of the candidates, as indices into `unlabelled`; `most` of them take part. Rows are brought to unit
 * length first; of images that would cover equally many the seed takes one (ties.ts).
 */
export function coveringPicks(
  { size, unlabelled, labelled }: Points,
  { k, classes, unlabelled: rows, order }: Covering,
  stream: Stream,
  most = MOST_CANDIDATES
): Uint32Array {
  if (!rows.length || !k) return new Uint32Array(0)
  const part = takingPart(rows, order, most)
  const points = {
    size,
    unlabelled: unitRows(gather(unlabelled, size, part), size).rows,
    labelled: unitRows(labelled, size).rows
  }
  const delta = pureRadius(points, classes, stream)
  const turns = drawnTurns(
    part.map(i => rows[i]),
    stream
  )
  const inTurn = { ...points, unlabelled: gather(points.unlabelled, size, turns) }
  return cover(inTurn, delta, k).map(at => part[turns[at]])
}

/** Indices of the rows that take part, ascending. */
function takingPart(rows: Uint32Array, order: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return Uint32Array.from(rows.keys())
  const index = new Map(Array.from(rows, (row, i) => [row, i]))
  const first = order.filter(row => index.has(row)).subarray(0, most)
  return Uint32Array.from(first, row => index.get(row)!).sort()
}

/** delta: the largest radius of the grid at which balls are pure enough; the smallest if none is. */
export function pureRadius({ size, unlabelled, labelled }: Points, classes: number, stream: Stream): number {
  const all = new Float64Array(unlabelled.length + labelled.length)
  all.set(unlabelled)
  all.set(labelled, unlabelled.length)
  const n = all.length / size
  const { of } = kMeans(all, size, classes, stream)
  const balls = Math.min(n, BALLS)
  const cloud = new Cloud(all, size)
  /** how far from each ball's middle the nearest point of another pseudo-label lies: the ball is pure up to there */
  const pureTo = Array.from({ length: balls }, (_, b) => {
    const i = Math.floor((b * n) / balls)
    const from = cloud.distances(all, i)
    let least = Infinity
    for (let j = 0; j < n; j++) if (of[j] !== of[i] && from[j] < least) least = from[j]
    return Math.sqrt(least)
  })
  for (let step = STEPS; step > 1; step--) {
    const radius = step * STEP
    if (pureTo.filter(r => r >= radius).length >= PURE * balls) return radius
  }
  return STEP
}

/** Greedy covering with balls of radius delta (strict), then farthest first; ties to the first. Indices into `unlabelled`. */
export function cover(points: Points, delta: number, k: number): Uint32Array {
  const { size, unlabelled, labelled } = points
  const n = unlabelled.length / size
  const wanted = Math.min(k, n)
  const balls = new Balls(unlabelled, size, delta)
  const covered = new Uint8Array(n)
  const free = new Int32Array(n)
  nearestLabelled(points).forEach((d, i) => (covered[i] = d < delta * delta ? 1 : 0))
  for (let i = 0; i < n; i++) if (!covered[i]) balls.each(i, j => free[j]++)
  const picks: number[] = []
  while (picks.length < wanted) {
    const best = argmax(free)
    if (free[best] <= 0) break
    picks.push(best)
    balls.each(best, y => {
      if (covered[y]) return
      covered[y] = 1
      balls.each(y, x => free[x]--)
    })
  }
  if (picks.length === wanted) return Uint32Array.from(picks)
  const rest = Uint32Array.from({ length: n }, (_, i) => i).filter(i => !picks.includes(i))
  const known = new Float64Array(labelled.length + picks.length * size)
  known.set(labelled)
  known.set(gather(unlabelled, size, picks), labelled.length)
  const more = farthestFirst(
    { size, unlabelled: gather(unlabelled, size, rest), labelled: known },
    wanted - picks.length
  )
  return Uint32Array.of(...picks, ...more.map(i => rest[i]))
}

/** Which points lie within delta of which: one bit a pair, n^2 / 8 bytes. */
class Balls {
  private readonly bits: Uint32Array
  private readonly words: number
  constructor(points: Float64Array, size: number, delta: number) {
    const n = points.length / size
    this.words = (n + 31) >>> 5
    this.bits = new Uint32Array(n * this.words)
    // some hundred points at a time, so that they stay in the processor's cache; each pair once
    for (let start = 0; start < n; start += CACHED) {
      const end = Math.min(start + CACHED, n)
      const cloud = new Cloud(points.subarray(start * size, end * size), size)
      for (let i = 0; i < end; i++) {
        const first = Math.max(i, start)
        const from = cloud.distances(points, i, first - start)
        for (let j = first; j < end; j++)
          if (from[j - start] < delta * delta) {
            this.mark(i, j)
            this.mark(j, i)
          }
      }
    }
  }
  private mark(i: number, j: number): void {
    this.bits[i * this.words + (j >>> 5)] |= 1 << (j & 31)
  }
  /** Calls `visit` for each point in the ball of i, ascending; i is one. */
  each(i: number, visit: (j: number) => void): void {
    for (let w = 0; w < this.words; w++)
      for (let left = this.bits[i * this.words + w]; left; left &= left - 1)
        visit(w * 32 + 31 - Math.clz32(left & -left))
  }
}
