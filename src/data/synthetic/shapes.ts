/**
 * Shapes: 32 x 32 colour, ten classes told apart by outline alone. Colour, texture and background are drawn without
 * regard to the class, other things lie about, and the shape is turned, stretched, bent, lit and out of the middle, so
 * that what is easy to learn from few labels is misleading. Clearly harder than Digits.
 */
import { derive, type Stream } from '../../core/random.ts'
import { randomBytes } from '../bytes.ts'
import { fillRuns, Raster, type Point } from './raster.ts'
import { ElasticField, flatten, type SkeletonPoint } from './strokes.ts'
import { randomTexture, type Box, type Colour, type Texture } from './textures.ts'
import type { SyntheticSet } from './set.ts'

type Outline = readonly Point[]

const corners = (...values: number[]): Outline =>
  Array.from({ length: values.length / 2 }, (_, i) => ({ x: values[2 * i], y: values[2 * i + 1] }))

/** 4n points of a circle in order, by the rational parametrisation of its quarters. */
function circle(radius: number, n = 5, x = 0): Point[] {
  const quarter = Array.from({ length: n }, (_, i) => {
    const t = i / n
    return { x: (radius * (1 - t * t)) / (1 + t * t), y: (radius * 2 * t) / (1 + t * t) }
  })
  const turns = [
    (p: Point) => ({ x: x + p.x, y: p.y }),
    (p: Point) => ({ x: x - p.y, y: p.x }),
    (p: Point) => ({ x: x - p.x, y: -p.y }),
    (p: Point) => ({ x: x + p.y, y: -p.x })
  ]
  return turns.flatMap(turn => quarter.map(turn))
}

/** The unit circle less a smaller one to the right of the middle; their circles cross at (X, ±Y). */
function crescent(): Outline {
  const [radius, shift] = [0.8, 0.45]
  const X = (1 - radius * radius + shift * shift) / (2 * shift)
  const Y = Math.sqrt(1 - X * X)
  const outer = circle(1, 6).filter(p => p.x < X)
  const inner = circle(radius, 6, shift).filter(p => p.x < X)
  return [{ x: X, y: Y }, ...outer, { x: X, y: -Y }, ...inner.reverse()].map(p => ({ x: p.x + 0.25, y: p.y }))
}

function heart(): Outline {
  const half: SkeletonPoint[] = [
    [0, -0.4, 'corner'],
    [0.3, -0.78],
    [0.75, -0.72],
    [0.95, -0.3],
    [0.62, 0.35],
    [0, 1, 'corner']
  ]
  const right = flatten(
    half,
    half.map(([x, y]) => ({ x, y })),
    3
  )
  const left = right.slice(1, -1).map(p => ({ x: -p.x, y: p.y }))
  return [...right, ...left.reverse()]
}

/** A star of five points, its inner corners at `inner` of the outer radius. */
function star(inner: number): Outline {
  const root = Math.sqrt(5)
  const cosine = [1, (root - 1) / 4, -(root + 1) / 4]
  const sine = [0, Math.sqrt(10 + 2 * root) / 4, Math.sqrt(10 - 2 * root) / 4]
  const tips = [0, 1, 2, 3, 4].map(i => {
    const mirrored = i > 2
    const k = mirrored ? 5 - i : i
    return { x: mirrored ? -sine[k] : sine[k], y: -cosine[k] }
  })
  return tips.flatMap((tip, i) => {
    // the inner corner after tip i lies opposite to tip i + 3
    const opposite = tips[(i + 3) % 5]
    return [tip, { x: -inner * opposite.x, y: -inner * opposite.y }]
  })
}

const H = Math.sqrt(3) / 2

/** Outlines in units of about the shape's radius, y down. */
const outlines: readonly { name: string; loops: readonly Outline[] }[] = [
  { name: 'circle', loops: [circle(0.92)] },
  { name: 'triangle', loops: [corners(0, -1.05, 1, 0.75, -1, 0.75)] },
  { name: 'square', loops: [corners(-0.8, -0.8, 0.8, -0.8, 0.8, 0.8, -0.8, 0.8)] },
  { name: 'star', loops: [star(0.45).map(p => ({ x: p.x * 1.1, y: p.y * 1.1 }))] },
  {
    name: 'cross',
    loops: [
      corners(
        ...[-0.32, -1, 0.32, -1, 0.32, -0.32, 1, -0.32, 1, 0.32, 0.32, 0.32],
        ...[0.32, 1, -0.32, 1, -0.32, 0.32, -1, 0.32, -1, -0.32, -0.32, -0.32]
      )
    ]
  },
  { name: 'ring', loops: [circle(1), circle(0.55)] },
  { name: 'crescent', loops: [crescent()] },
  { name: 'heart', loops: [heart()] },
  { name: 'hexagon', loops: [corners(1, 0, 0.5, H, -0.5, H, -1, 0, -0.5, -H, 0.5, -H)] },
  {
    name: 'arrow',
    loops: [corners(-1, -0.3, 0.1, -0.3, 0.1, -0.85, 1.05, 0, 0.1, 0.85, 0.1, 0.3, -1, 0.3)]
  }
]

const SIZE = 32
const SOFTNESS = 1.3
const raster = new Raster(SIZE, SIZE)
const inside = new Uint8Array(SIZE * SIZE)
const grain = new Uint8Array(SIZE * SIZE)
const pattern = new Float64Array(SIZE * SIZE)
/** the image while it is drawn, [height, width, channel]; values may leave 0..255 until it is done */
const canvas = new Float64Array(SIZE * SIZE * 3)

const randomColour = (stream: Stream, low: number, high: number): Colour => [
  stream.between(low, high),
  stream.between(low, high),
  stream.between(low, high)
]

const everywhere: Box = { x0: 0, x1: SIZE, y0: 0, y1: SIZE }

/** The pixels within one pixel of the loops or inside them. */
function boxAround(loops: readonly Outline[]): Box {
  const box = { x0: SIZE, x1: 0, y0: SIZE, y1: 0 }
  for (const loop of loops) {
    for (const { x, y } of loop) {
      box.x0 = Math.min(box.x0, x)
      box.x1 = Math.max(box.x1, x)
      box.y0 = Math.min(box.y0, y)
      box.y1 = Math.max(box.y1, y)
    }
  }
  return {
    x0: Math.max(Math.floor(box.x0 - 1), 0),
    x1: Math.min(Math.floor(box.x1 + 2), SIZE),
    y0: Math.max(Math.floor(box.y0 - 1), 0),
    y1: Math.min(Math.floor(box.y1 + 2), SIZE)
  }
}

/** Lays a texture over the whole canvas. */
function cover(texture: Texture): void {
  texture.pattern(pattern, SIZE, everywhere)
  const [r, g, b] = texture.from
  const [dr, dg, db] = texture.step
  for (let i = 0, at = 0; i < pattern.length; i++, at += 3) {
    canvas[at] = r + dr * pattern[i]
    canvas[at + 1] = g + dg * pattern[i]
    canvas[at + 2] = b + db * pattern[i]
  }
}

/** Lays a texture over the part of the canvas that is inside the loops, with soft edges. */
function paint(loops: readonly Outline[], texture: Texture): void {
  raster.clear()
  inside.fill(0)
  for (const loop of loops) {
    let a = loop[loop.length - 1]
    for (const b of loop) {
      raster.piece(a, b, 0, 0)
      a = b
    }
  }
  fillRuns(loops, SIZE, (row, from, to) => {
    inside.fill(1, row * SIZE + Math.max(from, 0), row * SIZE + Math.max(Math.min(to, SIZE), 0))
  })
  const box = boxAround(loops)
  texture.pattern(pattern, SIZE, box)
  const [r, g, b] = texture.from
  const [dr, dg, db] = texture.step
  for (let y = box.y0; y < box.y1; y++) {
    for (let i = y * SIZE + box.x0; i < y * SIZE + box.x1; i++) {
      const d = raster.distance[i] / SOFTNESS
      const amount = Math.min(inside[i] ? 0.5 + d : 0.5 - d, 1)
      if (amount <= 0) continue
      const at = 3 * i
      canvas[at] += (r + dr * pattern[i] - canvas[at]) * amount
      canvas[at + 1] += (g + dg * pattern[i] - canvas[at + 1]) * amount
      canvas[at + 2] += (b + db * pattern[i] - canvas[at + 2]) * amount
    }
  }
}

/** Loops in the shape's units, bent, stretched, turned and moved to pixels. */
function place(
  loops: readonly Outline[],
  stream: Stream,
  radius: number,
  x: number,
  y: number,
  turn: number,
  bend: number
): Outline[] {
  // a turn by 2 atan(half), without trigonometry
  const half = stream.between(-turn, turn)
  const cosine = ((1 - half * half) / (1 + half * half)) * radius
  const sine = ((2 * half) / (1 + half * half)) * radius
  const wide = stream.between(0.82, 1.18)
  const shear = stream.between(-0.2, 0.2)
  const field = new ElasticField(stream, bend)
  return loops.map(loop =>
    loop.map(p => {
      const bent = { x: p.x / 2, y: p.y / 2 }
      field.move(bent)
      const u = 2 * (bent.x * wide + shear * bent.y)
      const v = (2 * bent.y) / wide
      return { x: x + cosine * u - sine * v, y: y + sine * u + cosine * v }
    })
  )
}

function draw(out: Uint8Array, label: number, stream: Stream): void {
  const inverted = stream.uniform() < 0.1
  const dark = randomColour(stream, 0, 140)
  const light = randomColour(stream, 115, 255)
  cover(randomTexture(stream, inverted ? light : dark, 45))
  // small things that lie about behind the shape: splinters
  for (let n = stream.below(4); n > 0; n--) {
    const x = stream.between(2, 30)
    const y = stream.between(2, 30)
    const far = stream.between(2, 5)
    const near = () => ({ x: x + stream.between(-far, far), y: y + stream.between(-far, far) })
    paint([[near(), near(), near()]], randomTexture(stream, randomColour(stream, 30, 170), 20))
  }
  const radius = stream.between(8, 12)
  const slack = 14 - radius
  const x = 16 + stream.between(-slack, slack)
  const y = 16 + stream.between(-slack, slack)
  const shape = place(outlines[label].loops, stream, radius, x, y, 0.16, 0.06)
  paint(shape, randomTexture(stream, inverted ? dark : light, 45))
  finish(out, stream)
}

/** The nearest whole number from 0 to 255. */
const toByte = (v: number) => (v <= 0 ? 0 : v >= 255 ? 255 : (v + 0.5) | 0)

/** Uneven light and the camera's noise; the canvas becomes bytes. */
function finish(out: Uint8Array, stream: Stream): void {
  const noise = stream.between(2, 16) / 255
  const lightX = stream.between(-1.5, 1.5)
  const lightY = stream.between(-1.5, 1.5)
  randomBytes(grain, derive(stream.key, 1))
  for (let y = 0, i = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, i++) {
      const shift = (grain[i] - 127.5) * 2 * noise + lightX * (x - 16) + lightY * (y - 16)
      const at = 3 * i
      out[at] = toByte(canvas[at] + shift)
      out[at + 1] = toByte(canvas[at + 1] + shift)
      out[at + 2] = toByte(canvas[at + 2] + shift)
    }
  }
}

export const shapes: SyntheticSet = {
  id: 'shapes',
  version: 1,
  shape: { height: SIZE, width: SIZE, channels: 3 },
  classNames: outlines.map(o => o.name),
  draw
}
