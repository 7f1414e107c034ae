/**
 * Shapes: 32 x 32 colour, ten classes told apart by outline alone. Colour, texture and background are drawn without
 * regard to the class, other things lie about, and the shape is turned, stretched, bent, lit and out of the middle, so
 * that what is easy to learn from few labels is misleading. Clearly harder than Digits.
 */
import { derive, type Stream } from '../../core/random.ts'
import { fillRuns, randomBytes, Raster, type Point } from './raster.ts'
import { ElasticField, flatten, type SkeletonPoint } from './strokes.ts'
import { Texture, type Colour } from './textures.ts'
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
const behind = new Float64Array(3)
const front = new Float64Array(3)

const randomColour = (stream: Stream): Colour => [
  stream.between(20, 235),
  stream.between(20, 235),
  stream.between(20, 235)
]

/** A colour that differs from another by at least `contrast` in the sum over channels. */
function contrasting(stream: Stream, other: Colour, contrast: number): Colour {
  for (;;) {
    const c = randomColour(stream)
    if (Math.abs(c[0] - other[0]) + Math.abs(c[1] - other[1]) + Math.abs(c[2] - other[2]) >= contrast)
      return c
  }
}

/** How much of each pixel the loops cover is afterwards in `raster` and `inside`, see `cover`. */
function trace(loops: readonly Outline[]): void {
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
}

function cover(pixel: number): number {
  const d = raster.distance[pixel] / SOFTNESS
  return Math.min(Math.max(inside[pixel] ? 0.5 + d : 0.5 - d, 0), 1)
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

/** Lays a texture over what is in `out` where the traced loops are. */
function paint(out: Uint8Array, texture: Texture): void {
  for (let y = 0, i = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, i++) {
      const amount = cover(i)
      if (amount === 0) continue
      texture.at(x, y, front)
      for (let c = 0; c < 3; c++) {
        const at = 3 * i + c
        out[at] = Math.floor(Math.min(Math.max(out[at] + (front[c] - out[at]) * amount, 0), 255))
      }
    }
  }
}

function draw(out: Uint8Array, label: number, stream: Stream): void {
  const ground = randomColour(stream)
  const backdrop = new Texture(stream, ground, 70)
  for (let y = 0, i = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, i += 3) {
      backdrop.at(x, y, behind)
      for (let c = 0; c < 3; c++) out[i + c] = Math.floor(Math.min(Math.max(behind[c], 0), 255))
    }
  }
  // small things that lie about behind the shape: splinters of a triangle
  for (let n = stream.below(4); n > 0; n--) {
    const x = stream.between(2, 30)
    const y = stream.between(2, 30)
    trace(place(outlines[1].loops, stream, stream.between(1.5, 4), x, y, 1, 0.2))
    paint(out, new Texture(stream, randomColour(stream), 40))
  }
  const radius = stream.between(7.5, 12)
  const slack = 15.5 - radius
  const x = 16 + stream.between(-slack, slack)
  const y = 16 + stream.between(-slack, slack)
  trace(place(outlines[label].loops, stream, radius, x, y, 0.16, 0.06))
  paint(out, new Texture(stream, contrasting(stream, ground, 150), 70))
  const noise = stream.between(4, 30) / 255
  const lightX = stream.between(-1.5, 1.5)
  const lightY = stream.between(-1.5, 1.5)
  randomBytes(grain, derive(stream.key, 1))
  for (let y = 0, i = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, i++) {
      const shift = (grain[i] - 127.5) * 2 * noise + lightX * (x - 16) + lightY * (y - 16)
      for (let at = 3 * i; at < 3 * i + 3; at++) {
        out[at] = Math.floor(Math.min(Math.max(out[at] + shift, 0), 255))
      }
    }
  }
}

export const shapes: SyntheticSet = {
  id: 'shapes',
  version: 1,
  shape: { height: SIZE, width: SIZE, channels: 3 },
  classNames: outlines.map(o => o.name),
  mirrorSafe: true,
  draw
}
