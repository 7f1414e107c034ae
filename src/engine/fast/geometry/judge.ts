/**
 * float32 proposes, float64 decides. A scout with float32 numbers makes many picks in one go and tells of each which other
 * candidates its numbers do not tell from it (bound.ts). Where there are none the pick is the processor's. Where there are a few,
 * their distances are taken in float64: mostly the scout was right, and all that follows stands; where not, it starts again
 * behind the right pick. Where there are too many (everything left lies on top of what is picked, say), the judge stops.
 */
import { Cloud } from '../../../core/numeric/cloud.ts'
import { squaredDistance } from '../../../core/numeric/distance.ts'
import type { Points } from '../../../core/numeric/farthest.ts'
import { CentreSearch } from '../../../core/numeric/nearest.ts'
import { DOUBT } from '../kernels/geometry.ts'

export interface Scout {
  /** Candidates that are picked for certain: it goes on behind them, and forgets what it proposed. */
  settle(picks: readonly number[]): Promise<void>
  /** The next `count` picks, as far as it can tell. */
  propose(count: number): Promise<Proposal[]>
}

export interface Proposal {
  pick: number
  /** the candidates that may come before it, in any order; undefined: more than it can name */
  rivals: ArrayLike<number> | undefined
}

export interface Tally {
  /** picks that float32 settled, and that float64 did among a few candidates */
  certain: number
  judged: number
  /** wrong proposals among these */
  corrected: number
}

/** Picks in one go at most, and after a wrong one at least. */
export const MOST = 1024
const LEAST = 16

/**
 * Appends to `picks` the processor's picks, as in numeric/farthest.ts, until there are min(k, candidates) or the scout knows no more.
 * It must know what is labelled; with nothing labelled there must be a pick already.
 */
export async function judgePicks(points: Points, k: number, scout: Scout, picks: number[]): Promise<Tally> {
  const tally: Tally = { certain: 0, judged: 0, corrected: 0 }
  const wanted = Math.min(k, points.unlabelled.length / points.size)
  const exact = new ExactNearest(points, picks)
  if (picks.length) await scout.settle(picks)
  for (let most = MOST; picks.length < wanted;) {
    const begun = picks.length
    const proposals = await scout.propose(Math.min(most, wanted - begun))
    let wrong = false
    for (const { pick, rivals } of proposals) {
      if (!rivals) return tally
      const right = rivals.length ? exact.farthest([pick, ...Array.from(rivals)]) : pick
      picks.push(right)
      if (rivals.length) tally.judged++
      else tally.certain++
      wrong = right !== pick
      if (wrong) break
    }
    if (wrong) tally.corrected++
    // a scout that is often wrong is not asked for much
    most = wrong ? Math.max(LEAST, 2 * (picks.length - begun)) : MOST
    if (picks.length < wanted) await scout.settle(picks.slice(begun))
  }
  return tally
}

/** Single candidates' distances to the nearest of what is labelled or picked, the processor's bits. */
class ExactNearest {
  private labelled: Cloud | undefined
  /** by candidate: what is known, from how many of the picks */
  private readonly known = new Map<number, { distance: number; picks: number }>()

  /** `picks` may grow. */
  constructor(
    private readonly points: Points,
    private readonly picks: readonly number[]
  ) {}

  /** The farthest of some candidates, the lowest among equals. */
  farthest(candidates: readonly number[]): number {
    let best = -1
    let most = -1
    for (const i of [...candidates].sort((a, b) => a - b)) {
      const distance = this.of(i)
      if (distance > most) [best, most] = [i, distance]
    }
    return best
  }

  private of(i: number): number {
    const { points, picks } = this
    let { distance, picks: seen } = this.known.get(i) ?? { distance: this.toLabelled(i), picks: 0 }
    for (; seen < picks.length; seen++) {
      const to = squaredDistance(points.unlabelled, i, points.unlabelled, picks[seen], points.size)
      if (to < distance) distance = to
    }
    this.known.set(i, { distance, picks: seen })
    return distance
  }

  private toLabelled(i: number): number {
    const { size, labelled, unlabelled } = this.points
    const cloud = (this.labelled ??= new Cloud(labelled, size))
    const to = cloud.distances(unlabelled, i)
    let least = Infinity
    for (let j = 0; j < cloud.count; j++) if (to[j] < least) least = to[j]
    return least
  }
}

/** Settles in place the answers that carry DOUBT; how many did. */
export function judgeNearest(
  of: Uint32Array,
  points: Float64Array,
  size: number,
  centres: Float64Array
): number {
  let search: CentreSearch | undefined
  let doubts = 0
  for (let i = 0; i < of.length; i++) {
    if (of[i] < DOUBT) continue
    doubts++
    search ??= new CentreSearch(centres, size)
    search.at(points, i)
    of[i] = search.first
  }
  return doubts
}
