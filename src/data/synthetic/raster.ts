/**
 * Lines and areas on a small raster, in arithmetic that is the same on every machine. Edges are soft: a pixel knows
 * its distance to the nearest line, and the caller turns that into ink.
 */
/** In pixels, x to the right and y down; the centre of the first pixel is at (0.5, 0.5). */
export interface Point {
  x: number
  y: number
}

/** A raster of distances to the nearest edge of the pen's trace, in pixels, negative inside; exact up to one pixel outside. */
export class Raster {
  readonly distance: Float64Array
  constructor(
    readonly width: number,
    readonly height: number
  ) {
    this.distance = new Float64Array(width * height)
  }
  clear(): void {
    this.distance.fill(9)
  }
  /** Draws a straight piece from a to b (pixels; pixel centres lie at .5) with the pen's radius going from ra to rb. */
  piece(a: Point, b: Point, ra: number, rb: number): void {
    const reach = Math.max(ra, rb) + 1
    const x0 = Math.max(Math.floor(Math.min(a.x, b.x) - reach), 0)
    const x1 = Math.min(Math.floor(Math.max(a.x, b.x) + reach), this.width - 1)
    const y0 = Math.max(Math.floor(Math.min(a.y, b.y) - reach), 0)
    const y1 = Math.min(Math.floor(Math.max(a.y, b.y) + reach), this.height - 1)
    const ex = b.x - a.x
    const ey = b.y - a.y
    const scale = 1 / Math.max(ex * ex + ey * ey, 1e-9)
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const px = x + 0.5 - a.x
        const py = y + 0.5 - a.y
        const t = Math.min(Math.max((px * ex + py * ey) * scale, 0), 1)
        const qx = px - t * ex
        const qy = py - t * ey
        const square = qx * qx + qy * qy
        if (square > reach * reach) continue
        const d = Math.sqrt(square) - ra - t * (rb - ra)
        const at = y * this.width + x
        if (d < this.distance[at]) this.distance[at] = d
      }
    }
  }
}

/** Adds a number to an ascending list. */
function insert(ascending: number[], value: number): void {
  let i = ascending.push(value) - 1
  for (; i > 0 && ascending[i - 1] > value; i--) ascending[i] = ascending[i - 1]
  ascending[i] = value
}

/** Calls `paint` with every run of pixels (row, from, to exclusive) whose centres lie inside the closed outlines, by the even-odd rule. */
export function fillRuns(
  outlines: readonly (readonly Point[])[],
  height: number,
  paint: (row: number, from: number, to: number) => void
): void {
  const crossings: number[] = []
  let top = Infinity
  let bottom = -Infinity
  for (const outline of outlines) {
    for (const { y } of outline) {
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  }
  for (let row = Math.max(Math.floor(top), 0); row < Math.min(bottom, height); row++) {
    const y = row + 0.5
    crossings.length = 0
    for (const outline of outlines) {
      let a = outline[outline.length - 1]
      for (const b of outline) {
        if (a.y <= y !== b.y <= y) insert(crossings, a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x))
        a = b
      }
    }
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      paint(row, Math.ceil(crossings[i] - 0.5), Math.ceil(crossings[i + 1] - 0.5))
    }
  }
}
