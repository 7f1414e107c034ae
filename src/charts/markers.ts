/** Marker shapes around (x, y), as path data. Filled shapes of about equal area; 'plus' and 'cross' are strokes. */
import type { MarkerShape } from './styles.ts'
import type { Paint, PathMark } from './scene.ts'

const short = (v: number) => String(Math.round(v * 100) / 100)
const polygon = (x: number, y: number, corners: [number, number][]) =>
  'M' + corners.map(([dx, dy]) => `${short(x + dx)},${short(y + dy)}`).join('L') + 'Z'

/** The sign of a line below random, which no line has as its marker. */
export const belowPath = (x: number, y: number, r: number): string =>
  polygon(x, y, [
    [0, 1.2 * r],
    [1.1 * r, -0.85 * r],
    [-1.1 * r, -0.85 * r]
  ])

export function markerPath(shape: MarkerShape, x: number, y: number, r: number): string {
  switch (shape) {
    case 'circle':
      return `M${short(x - r)},${short(y)}a${r},${r} 0 1 1 ${2 * r},0a${r},${r} 0 1 1 ${-2 * r},0Z`
    case 'square': {
      const s = r * 0.9
      return polygon(x, y, [
        [-s, -s],
        [s, -s],
        [s, s],
        [-s, s]
      ])
    }
    case 'triangle':
      return polygon(x, y, [
        [0, -1.2 * r],
        [1.1 * r, 0.85 * r],
        [-1.1 * r, 0.85 * r]
      ])
    case 'hourglass':
      return polygon(x, y, [
        [-1.1 * r, -1.2 * r],
        [1.1 * r, -1.2 * r],
        [-1.1 * r, 1.2 * r],
        [1.1 * r, 1.2 * r]
      ])
    case 'diamond':
      return polygon(x, y, [
        [0, -1.25 * r],
        [1.25 * r, 0],
        [0, 1.25 * r],
        [-1.25 * r, 0]
      ])
    case 'star':
      return polygon(
        x,
        y,
        Array.from({ length: 10 }, (_, i) => {
          const radius = i % 2 ? 0.6 * r : 1.45 * r
          const angle = (Math.PI * i) / 5
          return [radius * Math.sin(angle), -radius * Math.cos(angle)]
        })
      )
    case 'bar': {
      const s = r * 0.55
      return polygon(x, y, [
        [-s, -1.3 * r],
        [s, -1.3 * r],
        [s, 1.3 * r],
        [-s, 1.3 * r]
      ])
    }
    case 'plus':
      return `M${short(x - 1.15 * r)},${short(y)}h${short(2.3 * r)}M${short(x)},${short(y - 1.15 * r)}v${short(2.3 * r)}`
    case 'cross':
      return `M${short(x - r)},${short(y - r)}l${short(2 * r)},${short(2 * r)}m0,${short(-2 * r)}l${short(-2 * r)},${short(2 * r)}`
  }
}

/** A marker; hollow ones stand for points that fewer seeds stand behind. */
export function marker(
  shape: MarkerShape,
  x: number,
  y: number,
  r: number,
  colour: Paint,
  hollow = false
): PathMark {
  const d = markerPath(shape, x, y, r)
  if (shape === 'plus' || shape === 'cross')
    return { kind: 'path', d, fill: 'none', stroke: colour, width: hollow ? 1.2 : 2.2 }
  return {
    kind: 'path',
    d,
    fill: hollow ? 'surface' : colour,
    stroke: hollow ? colour : 'surface',
    width: hollow ? 1.5 : 1
  }
}
