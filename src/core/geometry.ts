/**
 * What strategies ask of the space their images lie in, and who answers: this processor, or a device that an engine has. The
 * answers are the same bits everywhere: a query is a pure function of what it is given, and a greedy choice turns on
 * single bits, so whoever computes with less than float64 proves or corrects what it says.
 */
import { squaredDistance } from './numeric/distance.ts'
import { farthestFirst, type Points } from './numeric/farthest.ts'
import { clustering, type Clusters } from './numeric/kmeans.ts'
import { NearestCentres, type Known } from './numeric/nearest.ts'
import type { Stream } from './random.ts'

export interface Geometry {
  /** numeric/farthest.ts's picks */
  farthestFirst(points: Points, k: number): Promise<Uint32Array>
  /** Holds `points` [count, size], which must not change, for several questions; to be released. */
  hold(points: Float64Array, size: number): HeldPoints
}

export interface HeldPoints {
  /** The nearest of `centres` [centres, size] (at least one) of each point, ties to the lowest; `known` may shorten the way. */
  nearest(centres: Float64Array, known?: Known): Promise<Uint32Array>
  release(): void
}

/** In float64, on the spot. */
export const onProcessor: Geometry = {
  farthestFirst: async (points, k) => farthestFirst(points, k),
  hold(points, size) {
    const held = new NearestCentres(points, size)
    return { nearest: async (centres, known) => held.nearest(centres, known), release: () => {} }
  }
}

/** `kMeans` of numeric/kmeans.ts, with the nearest centres found by `geometry`. */
export async function kMeansBy(
  geometry: Geometry,
  points: Float64Array,
  size: number,
  count: number,
  stream: Stream
): Promise<Clusters> {
  const asking = clustering(points, size, count, stream)
  let held: { points: Float64Array; by: HeldPoints } | undefined
  try {
    for (let step = asking.next(); ;) {
      if (step.done) return step.value
      const { points, size, centres, known } = step.value
      if (held?.points !== points) {
        held?.by.release()
        held = { points, by: geometry.hold(points, size) }
      }
      step = asking.next(await held.by.nearest(centres, known))
    }
  } finally {
    held?.by.release()
  }
}

/** `nearestLabelled` of numeric/farthest.ts, with the nearest rows found by `geometry`: only to these is a distance taken. */
export async function nearestLabelledBy(
  geometry: Geometry,
  { size, unlabelled, labelled }: Points
): Promise<Float64Array> {
  const count = size ? unlabelled.length / size : 0
  if (!labelled.length) return new Float64Array(count).fill(Infinity)
  const held = geometry.hold(unlabelled, size)
  try {
    const of = await held.nearest(labelled)
    return Float64Array.from(of, (j, i) => squaredDistance(unlabelled, i, labelled, j, size))
  } finally {
    held.release()
  }
}
