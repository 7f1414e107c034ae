/**
 * Digits: 28 x 28 grey, written with a pen. Every class has a few ways of being written (a 4 open or closed, a 7 with
 * or without bar, a 2 with or without loop, ...); each image jitters the skeleton, changes its proportions, slants
 * and turns it, bends it with an elastic field, and draws it with a pen of its own width, ink and trembling. It
 * stands in for MNIST where no file is at hand, and is meant to be about as hard.
 */
import { derive, type Stream } from '../../core/random.ts'
import { randomBytes } from '../bytes.ts'
import { Raster, type Point } from './raster.ts'
import { ElasticField, flatten, type Skeleton, type SkeletonPoint } from './strokes.ts'
import type { SyntheticSet } from './set.ts'

interface Style {
  /** how often people write it this way, relative to the other styles of its class */
  weight: number
  strokes: Skeleton
}

/** A stroke from numbers in hundredths: x, y, x, y, ...; a point whose index is in `corners` is a corner. */
function stroke(numbers: string, ...corners: number[]): SkeletonPoint[] {
  const values = numbers.split(/[ ,]+/).map(Number)
  const points: SkeletonPoint[] = []
  for (let i = 0; i < values.length; i += 2) {
    const x = values[i] / 100
    const y = values[i + 1] / 100
    points.push(corners.includes(i / 2) ? [x, y, 'corner'] : [x, y])
  }
  return points
}

const style = (weight: number, ...strokes: SkeletonPoint[][]): Style => ({ weight, strokes })

/** x is centred on 50 and most digits are 50 to 60 wide and 100 high. */
const styles: readonly (readonly Style[])[] = [
  [
    style(4, stroke('50,0 30,8 21,30 20,55 28,85 48,100 70,90 79,62 78,32 68,8 50,1')),
    style(2, stroke('62,4 44,2 28,18 22,48 28,84 48,99 68,88 77,58 74,26 60,8 46,6')),
    style(2, stroke('56,6 30,20 15,50 22,80 46,94 72,82 85,50 76,20 50,5')),
    style(1, stroke('38,10 24,40 26,78 46,99 68,88 80,54 72,16 52,1 34,12 30,24'))
  ],
  [
    style(5, stroke('50,0 50,50 49,100')),
    style(3, stroke('30,22 42,12 53,0 52,50 51,100', 2)),
    style(2, stroke('30,20 50,0 50,50 50,99', 1), stroke('26,100 50,98 75,100')),
    style(1, stroke('34,16 52,1 50,50 48,99 60,97', 1, 3))
  ],
  [
    style(4, stroke('22,22 34,4 56,1 73,16 68,42 46,70 20,99 48,97 82,98', 6)),
    style(3, stroke('24,20 42,2 66,6 72,28 58,56 36,82 20,94 18,80 34,78 56,92 84,94')),
    style(2, stroke('20,14 48,2 74,12 70,38 40,66 18,96 20,99 54,94 82,100', 6)),
    style(1, stroke('26,30 26,10 50,0 72,14 72,40 50,72 26,92 44,86 66,97 84,86'))
  ],
  [
    style(5, stroke('22,12 44,0 70,10 70,34 42,47 70,56 78,78 58,98 30,97 16,84', 4)),
    style(2, stroke('20,3 50,2 78,3 46,40 70,48 80,70 66,94 38,100 16,88', 2, 3)),
    style(2, stroke('24,14 48,1 70,14 64,36 44,46 38,50 46,50 70,58 76,80 54,99 22,90')),
    style(1, stroke('30,8 58,2 68,20 52,42 36,46 62,52 74,74 52,94 20,96'))
  ],
  [
    style(4, stroke('30,2 26,30 20,56 50,56 84,52', 2), stroke('68,6 66,50 62,100')),
    style(3, stroke('66,2 42,32 16,64 52,64 88,62', 2), stroke('66,2 66,50 65,100')),
    style(2, stroke('62,3 38,34 18,62 50,60 86,58', 2), stroke('66,30 64,66 62,100')),
    style(2, stroke('24,4 22,34 36,50 58,46 74,30 77,4 72,50 68,100', 5)),
    style(1, stroke('72,36 72,66 70,100'), stroke('34,0 28,28 24,50 54,52 86,48', 2))
  ],
  [
    style(4, stroke('30,4 27,24 24,44 48,38 72,50 76,74 58,97 34,98 18,86', 2), stroke('30,4 54,4 80,2')),
    style(3, stroke('78,3 52,4 34,5 29,24 26,44 52,40 74,56 72,82 50,99 22,92', 2, 4)),
    style(2, stroke('76,4 54,2 36,12 32,32 50,46 70,58 74,80 54,98 24,94')),
    style(1, stroke('72,2 34,6 22,48 60,48 74,70 52,94 18,98', 1, 2))
  ],
  [
    style(4, stroke('66,2 44,16 28,42 22,70 32,94 54,99 72,84 70,64 52,54 34,64 24,80')),
    style(3, stroke('46,0 32,28 24,60 28,90 50,100 72,88 74,68 56,58 36,68 27,84')),
    style(2, stroke('72,8 50,6 32,26 24,58 30,88 52,98 76,84 72,60 50,52 28,66')),
    style(1, stroke('58,0 36,40 28,76 42,98 62,94 68,76 54,68 38,78 34,90'))
  ],
  [
    style(4, stroke('18,6 48,5 80,4 62,40 50,70 42,100', 2)),
    style(3, stroke('20,6 50,6 80,3 64,38 54,66 46,100', 2), stroke('34,50 58,48 78,46')),
    style(2, stroke('20,22 20,6 50,6 80,4 66,36 50,66 44,100', 1, 3)),
    style(2, stroke('18,12 40,4 60,8 78,4 74,26 56,56 50,100', 3)),
    style(1, stroke('22,8 50,3 76,12 74,44 62,76 54,100'))
  ],
  [
    style(4, stroke('70,14 50,1 30,12 32,32 52,48 72,66 72,90 48,100 27,88 30,66 52,48 70,30 70,13')),
    style(
      3,
      stroke('50,1 32,12 34,34 50,45 67,34 68,12 50,1'),
      stroke('50,45 28,60 26,86 50,100 74,86 72,60 50,45')
    ),
    style(2, stroke('74,8 46,2 32,20 48,44 70,70 56,98 32,92 34,68 58,44 78,14')),
    style(1, stroke('34,8 34,34 60,56 66,86 44,99 30,82 44,56 68,34 66,10 46,2'))
  ],
  [
    style(4, stroke('72,20 56,3 34,8 26,30 38,48 58,46 72,22 70,60 66,100', 6)),
    style(3, stroke('70,12 48,1 28,16 30,42 52,48 70,32 73,8 74,50 66,86 44,99 24,90', 6)),
    style(2, stroke('74,24 62,4 38,4 26,26 40,46 64,38 74,18 66,58 46,100')),
    style(1, stroke('68,10 44,6 32,26 46,44 66,34 70,8 70,50 70,98', 5))
  ]
]

const SIZE = 28
const raster = new Raster(SIZE, SIZE)
const grain = new Uint8Array(SIZE * SIZE)

function chooseStyle(choices: readonly Style[], stream: Stream): Style {
  let at = stream.uniform() * choices.reduce((sum, s) => sum + s.weight, 0)
  for (const s of choices) if ((at -= s.weight) < 0) return s
  return choices[0]
}

/** Mean 0, variance 1, within ±3.5: half as many draws as `Stream.bell` needs. */
const wobble = (stream: Stream) =>
  (stream.uniform() + stream.uniform() + stream.uniform() + stream.uniform() - 2) * 1.7320508

function draw(out: Uint8Array, label: number, stream: Stream): void {
  const { strokes } = chooseStyle(styles[label], stream)
  const jitter = stream.between(0.01, 0.054)
  const field = new ElasticField(stream, stream.between(0.03, 0.22))
  const height = 19.5 + 1.6 * wobble(stream)
  const width = height * (1 + 0.15 * wobble(stream))
  const slant = 0.15 + 0.23 * wobble(stream)
  const half = 0.07 * wobble(stream)
  // a turn by 2 atan(half), without trigonometry
  const cosine = (1 - half * half) / (1 + half * half)
  const sine = (2 * half) / (1 + half * half)
  const radius = 0.75 + 1.1 * stream.uniform() * stream.uniform() + 0.35 * stream.uniform()
  const pressure = stream.between(0, 0.3)
  raster.clear()
  const paths = strokes.map(points => {
    const moved = points.map(([x, y]) => ({
      x: x - 0.5 + jitter * wobble(stream),
      y: y - 0.5 + jitter * wobble(stream)
    }))
    const path = flatten(points, moved, 4)
    for (const p of path) {
      field.move(p)
      const x = (p.x - slant * p.y) * width
      const y = p.y * height
      p.x = cosine * x - sine * y
      p.y = sine * x + cosine * y
    }
    return path
  })
  centre(paths, 14 + wobble(stream), 14 + wobble(stream))
  for (const path of paths) {
    let r = radius * (1 + pressure * wobble(stream))
    const end = radius * (1 + pressure * wobble(stream))
    const step = (end - r) / path.length
    for (let i = 1; i < path.length; i++, r += step) {
      raster.piece(path[i - 1], path[i], Math.max(r, 0.45), Math.max(r + step, 0.45))
    }
  }
  const ink = 255 - 90 * stream.uniform() * stream.uniform()
  const softness = stream.between(1, 1.8)
  const roughness = stream.between(0.05, 0.3)
  randomBytes(grain, derive(stream.key, 1))
  for (let i = 0; i < out.length; i++) {
    const cover = 0.5 - raster.distance[i] / softness
    if (cover <= 0) continue
    const value = ink * Math.min(cover, 1) * (1 - (roughness * grain[i]) / 255)
    out[i] = Math.floor(value)
  }
}

/** Moves the paths so that the middle of their bounding box is at (x, y). */
function centre(paths: Point[][], x: number, y: number): void {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const path of paths) {
    for (const p of path) {
      left = Math.min(left, p.x)
      right = Math.max(right, p.x)
      top = Math.min(top, p.y)
      bottom = Math.max(bottom, p.y)
    }
  }
  const dx = x - (left + right) / 2
  const dy = y - (top + bottom) / 2
  for (const path of paths) {
    for (const p of path) {
      p.x += dx
      p.y += dy
    }
  }
}

export const digits: SyntheticSet = {
  id: 'digits',
  version: 1,
  shape: { height: SIZE, width: SIZE, channels: 1 },
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  draw
}
