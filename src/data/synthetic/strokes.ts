/**
 * Strokes: from the skeleton of a character to ink on a raster. A skeleton point may be a corner; between corners a
 * Catmull-Rom spline runs through the points. Points are moved by whatever the caller likes (jitter, slant, an
 * elastic field after Simard, Steinkraus and Platt, ICDAR 2003) before the ink is laid, so a pen of even width draws
 * the distorted character; the pen's width and pressure change slowly along the stroke.
 */
import type { Stream } from '../../core/random.ts'
import type { Point } from './raster.ts'

/** x to the right and y down in units of the character's height, about 0..1; a third entry marks a corner. */
export type SkeletonPoint = readonly [number, number, 'corner'?]
export type Skeleton = readonly (readonly SkeletonPoint[])[]

/** Points on the Catmull-Rom spline from b to c, at t = 1/n .. 1, are appended to `path`. */
function span(path: Point[], a: Point, b: Point, c: Point, d: Point, n: number): void {
  for (let i = 1; i <= n; i++) {
    const t = i / n
    const u = 1 - t
    const wa = -0.5 * t * u * u
    const wb = 1 + t * t * (1.5 * t - 2.5)
    const wc = 1 + u * u * (1.5 * u - 2.5)
    const wd = -0.5 * u * t * t
    path.push({ x: wa * a.x + wb * b.x + wc * c.x + wd * d.x, y: wa * a.y + wb * b.y + wc * c.y + wd * d.y })
  }
}

/** A skeleton stroke, its points already moved to `points`, flattened to a path of `n` pieces a span. */
export function flatten(stroke: readonly SkeletonPoint[], points: readonly Point[], n: number): Point[] {
  const last = points.length - 1
  const path: Point[] = [points[0]]
  for (let i = 0; i < last; i++) {
    const before = i > 0 && !stroke[i][2] ? points[i - 1] : points[i]
    const after = i + 1 < last && !stroke[i + 1][2] ? points[i + 2] : points[i + 1]
    span(path, before, points[i], points[i + 1], after, n)
  }
  return path
}

/** Cells of the elastic field in each direction; a cubic B-spline needs three nodes more. */
const CELLS = 3
const NODES = CELLS + 3

/** A smooth random displacement: uniform cubic B-splines over a coarse grid of random vectors. */
export class ElasticField {
  private readonly dx = new Float64Array(NODES * NODES)
  private readonly dy = new Float64Array(NODES * NODES)
  /** Covers -0.6 .. 0.6 in both directions; `strength` is the largest shift of a node, in the units of the points. */
  constructor(stream: Stream, strength: number) {
    for (let i = 0; i < NODES * NODES; i++) {
      this.dx[i] = stream.between(-strength, strength)
      this.dy[i] = stream.between(-strength, strength)
    }
  }
  /** Moves a point in place. */
  move(p: Point): void {
    const gx = Math.min(Math.max((p.x + 0.6) * 2.5, 0), CELLS - 0.001)
    const gy = Math.min(Math.max((p.y + 0.6) * 2.5, 0), CELLS - 0.001)
    const cx = Math.floor(gx)
    const cy = Math.floor(gy)
    const wx = bsplineWeights(gx - cx)
    const wy = bsplineWeights(gy - cy)
    let x = 0
    let y = 0
    for (let j = 0; j < 4; j++) {
      for (let i = 0; i < 4; i++) {
        const at = (cy + j) * NODES + cx + i
        x += wy[j] * wx[i] * this.dx[at]
        y += wy[j] * wx[i] * this.dy[at]
      }
    }
    p.x += x
    p.y += y
  }
}

function bsplineWeights(t: number): [number, number, number, number] {
  const u = 1 - t
  return [
    (u * u * u) / 6,
    (3 * t * t * t - 6 * t * t + 4) / 6,
    (3 * u * u * u - 6 * u * u + 4) / 6,
    (t * t * t) / 6
  ]
}
