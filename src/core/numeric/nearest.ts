/**
 * Points that are asked for their nearest centres again and again, as k-means does. Bounds by the triangle inequality
 * (Hamerly, SDM 2010) spare most distances and change no answer: ties go to the lowest centre, and where rounding could
 * decide, the distance is computed.
 */
import { Cloud } from './cloud.ts'
import { squaredDistance } from './distance.ts'

/** Any centre of each point, with the distance to it (not squared): where a search may begin [points]. */
export interface Known {
  of: Uint32Array<ArrayBuffer>
  distance: Float64Array
}

/** Bounds must miss by more than rounding can account for. */
const SAFE = 1 + 1e-9

export class NearestCentres {
  private readonly count: number
  private of: Uint32Array<ArrayBuffer> = new Uint32Array(0)
  /** no less than the distance to the own centre; no more than that to any other */
  private upper = new Float64Array(0)
  private lower = new Float64Array(0)
  private search: CentreSearch | undefined
  /** where they were when they were last asked about */
  private centres = new Float64Array(0)

  /** `points` [count, size], which must not change. */
  constructor(
    private readonly points: Float64Array,
    private readonly size: number
  ) {
    this.count = size ? points.length / size : 0
  }

  /** The nearest of `centres` [centres, size] of each point, ties to the lowest; `known` about these. The answer is the caller's. */
  nearest(centres: Float64Array, known?: Known): Uint32Array {
    const { count, points, size } = this
    const again = !known && this.search !== undefined && centres.length === this.centres.length
    if (again) {
      this.widen(centres)
      this.search!.move(centres)
    } else {
      this.of = known ? known.of.slice() : new Uint32Array(count)
      this.upper = known ? known.distance.slice() : new Float64Array(count).fill(Infinity)
      this.lower = new Float64Array(count)
      this.search = new CentreSearch(centres, size)
    }
    this.centres = centres.slice()
    const { of, upper, lower, search } = this
    const half = again || known ? search!.halfWayToNext() : undefined
    for (let i = 0; i < count; i++) {
      if (half) {
        const enough = Math.max(lower[i], half[of[i]])
        if (upper[i] * SAFE < enough) continue
        upper[i] = Math.sqrt(squaredDistance(points, i, centres, of[i], size))
        if (upper[i] * SAFE < enough) continue
      }
      search!.at(points, i)
      of[i] = search!.first
      upper[i] = Math.sqrt(search!.firstSquared)
      lower[i] = Math.sqrt(search!.secondSquared)
    }
    return of.slice()
  }

  /** The bounds, now that the centres lie elsewhere. */
  private widen(centres: Float64Array): void {
    const { size, of, upper, lower } = this
    const k = centres.length / size
    const moved = Float64Array.from(
      { length: k },
      (_, c) => Math.sqrt(squaredDistance(centres, c, this.centres, c, size)) * SAFE
    )
    let far = 0
    for (const m of moved) if (m > far) far = m
    for (let i = 0; i < of.length; i++) {
      upper[i] += moved[of[i]]
      lower[i] -= far
    }
  }
}

/** What a point and the centres have to do with each other. */
export class CentreSearch {
  /** the nearest centre, ties to the lowest, and how far it and the next one are */
  first = 0
  firstSquared = 0
  secondSquared = 0
  private readonly cloud: Cloud
  constructor(
    private centres: Float64Array,
    size: number
  ) {
    this.cloud = new Cloud(centres, size)
  }

  /** As many centres, elsewhere. */
  move(centres: Float64Array): void {
    this.centres = centres
    this.cloud.move(centres)
  }

  at(points: ArrayLike<number>, i: number): void {
    const distances = this.cloud.distances(points, i)
    let first = 0
    let least = Infinity
    let second = Infinity
    for (let c = 0; c < this.cloud.count; c++) {
      const d = distances[c]
      if (d < least) {
        second = least
        least = d
        first = c
      } else if (d < second) second = d
    }
    this.first = first
    this.firstSquared = least
    this.secondSquared = second
  }

  /** Half the distance of each centre to the nearest other one. */
  halfWayToNext(): Float64Array {
    const { count } = this.cloud
    return Float64Array.from({ length: count }, (_, c) => {
      const distances = this.cloud.distances(this.centres, c)
      let least = Infinity
      for (let b = 0; b < count; b++) if (b !== c && distances[b] < least) least = distances[b]
      return Math.sqrt(least) / 2
    })
  }
}
