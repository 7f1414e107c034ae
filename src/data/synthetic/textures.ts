/**
 * Textures: what fills a shape and what lies behind it. A texture mixes two colours by a pattern over the pixel
 * coordinates; none of it says anything about the class.
 */
import type { Stream } from '../../core/random.ts'

export type Colour = readonly [number, number, number]

/** The pixels x0 <= x < x1, y0 <= y < y1. */
export interface Box {
  x0: number
  x1: number
  y0: number
  y1: number
}

/** Fills the part of values [size, size] that lies in the box with numbers in 0..1. */
type Pattern = (values: Float64Array, size: number, box: Box) => void

/** The stripes of `wave`: straight, parallel, `sharp` is how sudden their edges are. */
interface Stripes {
  a: number
  b: number
  phase: number
  sharp: number
}

const stripes = (stream: Stream, sharp: number): Stripes => ({
  a: stream.between(-0.4, 0.4),
  b: (stream.uniform() < 0.5 ? -1 : 1) * stream.between(0.1, 0.4),
  phase: stream.uniform() * 2,
  sharp
})

/** A triangle wave (up while v goes 0..1, down while it goes 1..2), made steeper and cut off at 0 and 1. */
function wave({ a, b, phase, sharp }: Stripes, x: number, y: number): number {
  const v = a * x + b * y + phase
  const t = v - 2 * Math.floor(v / 2)
  return Math.min(Math.max(((t < 1 ? t : 2 - t) - 0.5) * sharp + 0.5, 0), 1)
}

function striped(stream: Stream): Pattern {
  const s = stripes(stream, stream.between(1, 6))
  return (values, size, { x0, x1, y0, y1 }) => {
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) values[y * size + x] = wave(s, x, y)
  }
}

function checks(stream: Stream): Pattern {
  const s = stripes(stream, 50)
  const t = stripes(stream, 50)
  return (values, size, { x0, x1, y0, y1 }) => {
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) values[y * size + x] = Math.abs(wave(s, x, y) - wave(t, x, y))
    }
  }
}

/** Value noise: bilinear between the nodes of a grid of random values. */
function clouds(stream: Stream): Pattern {
  const nodes = 7
  const scale = stream.between(0.08, 0.18)
  const heights = Float64Array.from({ length: nodes * nodes }, () => stream.uniform())
  return (values, size, { x0, x1, y0, y1 }) => {
    for (let y = y0; y < y1; y++) {
      const gy = Math.min(y * scale, nodes - 1.001)
      const cy = Math.floor(gy)
      for (let x = x0; x < x1; x++) {
        const gx = Math.min(x * scale, nodes - 1.001)
        const cx = Math.floor(gx)
        const at = cy * nodes + cx
        const top = heights[at] + (heights[at + 1] - heights[at]) * (gx - cx)
        const bottom = heights[at + nodes] + (heights[at + nodes + 1] - heights[at + nodes]) * (gx - cx)
        values[y * size + x] = top + (bottom - top) * (gy - cy)
      }
    }
  }
}

/** Goes evenly from one side of the image to another. */
function gradient(stream: Stream): Pattern {
  const a = stream.between(-1, 1)
  const b = stream.between(-1, 1)
  return (values, size, { x0, x1, y0, y1 }) => {
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const v = 0.5 + a * (x / size - 0.5) + b * (y / size - 0.5)
        values[y * size + x] = Math.min(Math.max(v, 0), 1)
      }
    }
  }
}

/** What a texture is made of: at each pixel, `from` plus the pattern's value times `step`, per channel. */
export interface Texture {
  from: Colour
  step: Colour
  pattern: Pattern
}

/** A random pattern between `colour` and another that lies up to about `strength` from it, per channel. */
export function randomTexture(stream: Stream, colour: Colour, strength: number): Texture {
  const shade = stream.between(-strength, strength)
  const tint = () => shade + stream.between(-strength, strength) / 2
  const step: Colour = [tint(), tint(), tint()]
  const make = [striped, checks, clouds, clouds, gradient][stream.below(5)]
  return { from: colour, step, pattern: make(stream) }
}
