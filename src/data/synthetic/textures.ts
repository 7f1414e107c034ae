/**
 * Textures: what fills a shape and what lies behind it. A texture mixes two colours by a pattern over the pixel
 * coordinates; none of it says anything about the class.
 */
import type { Stream } from '../../core/random.ts'

export type Colour = readonly [number, number, number]

/** A pattern's value in 0..1 at a pixel. */
type Pattern = (x: number, y: number) => number

/** Goes 0, 1, 0 while v goes 0, 1, 2: a wave without trigonometry. */
function triangleWave(v: number): number {
  const phase = v - 2 * Math.floor(v / 2)
  return phase < 1 ? phase : 2 - phase
}

/** A wave across the image in a random direction: `sharp` makes it stripes. */
function wave(stream: Stream, sharp: number): Pattern {
  const a = stream.between(-0.4, 0.4)
  const b = (stream.uniform() < 0.5 ? -1 : 1) * stream.between(0.1, 0.4)
  const phase = stream.uniform() * 2
  return (x, y) => Math.min(Math.max((triangleWave(a * x + b * y + phase) - 0.5) * sharp + 0.5, 0), 1)
}

function checks(stream: Stream): Pattern {
  const one = wave(stream, 50)
  const other = wave(stream, 50)
  return (x, y) => Math.abs(one(x, y) - other(x, y))
}

/** Value noise: bilinear between the nodes of a grid of random values. */
function clouds(stream: Stream): Pattern {
  const nodes = 7
  const scale = stream.between(0.08, 0.18)
  const values = Float64Array.from({ length: nodes * nodes }, () => stream.uniform())
  return (x, y) => {
    const gx = Math.min(x * scale, nodes - 1.001)
    const gy = Math.min(y * scale, nodes - 1.001)
    const cx = Math.floor(gx)
    const cy = Math.floor(gy)
    const at = cy * nodes + cx
    const u = gx - cx
    const top = values[at] + (values[at + 1] - values[at]) * u
    const bottom = values[at + nodes] + (values[at + nodes + 1] - values[at + nodes]) * u
    return top + (bottom - top) * (gy - cy)
  }
}

/** Goes evenly from one side of the image to another. */
function gradient(stream: Stream): Pattern {
  const a = stream.between(-1, 1) / 32
  const b = stream.between(-1, 1) / 32
  return (x, y) => Math.min(Math.max(0.5 + a * (x - 16) + b * (y - 16), 0), 1)
}

function randomPattern(stream: Stream): Pattern {
  switch (stream.below(5)) {
    case 0:
      return wave(stream, stream.between(1, 6))
    case 1:
      return checks(stream)
    case 2:
    case 3:
      return clouds(stream)
    default:
      return gradient(stream)
  }
}

export class Texture {
  private readonly pattern: Pattern
  private readonly other: Colour
  /** `strength` is how far the pattern's second colour may lie from the first, per channel. */
  constructor(
    stream: Stream,
    private readonly colour: Colour,
    strength: number
  ) {
    this.pattern = randomPattern(stream)
    const shade = stream.between(-strength, strength)
    const tint = () => shade + stream.between(-strength, strength) / 2
    this.other = [colour[0] + tint(), colour[1] + tint(), colour[2] + tint()]
  }
  /** Writes the colour at a pixel's coordinates to `out`; channels may leave 0..255. */
  at(x: number, y: number, out: Float64Array): void {
    const t = this.pattern(x, y)
    for (let c = 0; c < 3; c++) out[c] = this.colour[c] + (this.other[c] - this.colour[c]) * t
  }
}
