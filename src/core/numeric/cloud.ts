/**
 * A cloud of points that is asked for its squared distances to one vector after another: what k-center, k-means, coverings
 * and trees spend their time on. The sums run dimension by dimension in float64, eight points side by side, in WebAssembly
 * with SIMD: the same operations in the same order as `squaredDistance`, so the same bits, several times as fast. Where
 * there is no such thing plain JavaScript does the same.
 */
import { squaredDistance } from './distance.ts'

/** Points that are worked on side by side. */
const SIDE = 8

export class Cloud {
  readonly count: number
  private readonly out: Float64Array
  private readonly wasm: Layout | undefined
  private points: ArrayLike<number>

  /** `points` [count, size]; they are copied where that is faster, and must not change. */
  constructor(
    points: ArrayLike<number>,
    readonly size: number
  ) {
    this.count = size ? points.length / size : 0
    this.points = points
    this.wasm = layOut(this.count, size)
    this.out = this.wasm?.out ?? new Float64Array(this.count)
    this.move(points)
  }

  /** The same number of points, elsewhere. */
  move(points: ArrayLike<number>): void {
    this.points = points
    const { wasm, size, count } = this
    if (!wasm) return
    for (let i = 0; i < count; i++) {
      const to = Math.floor(i / SIDE) * SIDE * size + (i % SIDE)
      for (let d = 0; d < size; d++) wasm.points[to + d * SIDE] = points[i * size + d]
    }
  }

  /**
   * Squared distances of all points to row j of `vectors` [rows, size]: [count] or a little longer, valid until the next
   * call. Those before `from` may be left as they were.
   */
  distances(vectors: ArrayLike<number>, j: number, from = 0): Float64Array {
    const { wasm, size, count, out } = this
    if (!wasm) {
      for (let i = from; i < count; i++) out[i] = squaredDistance(this.points, i, vectors, j, size)
      return out
    }
    for (let d = 0, at = j * size; d < size; d++) wasm.vector[d] = vectors[at + d]
    wasm.run(Math.floor(from / SIDE))
    return out
  }

  /** Lowers each nearest[i] to the distance of point i to row j of `vectors`, where that is less. */
  lower(nearest: Float64Array, vectors: ArrayLike<number>, j: number): void {
    const d = this.distances(vectors, j)
    for (let i = 0; i < nearest.length; i++) if (d[i] < nearest[i]) nearest[i] = d[i]
  }

  /**
   * The 1-center: the point whose largest distance to any other is smallest, ties to the lowest; -1 for none. The largest
   * distance met so far bounds each point's from below, and only the point of the smallest bound is looked at whole, so a
   * few of the points are, and the answer is exact.
   */
  centre(): number {
    const bound = new Float64Array(this.count)
    const exact = new Uint8Array(this.count)
    const raise = (i: number) => {
      const d = this.distances(this.points, i)
      let far = 0
      for (let j = 0; j < this.count; j++) {
        if (d[j] > bound[j]) bound[j] = d[j]
        if (d[j] > d[far]) far = j
      }
      // its own farthest is known now: no bound any more but the value itself
      if (this.count && d[far] > bound[i]) bound[i] = d[far]
      exact[i] = 1
      return far
    }
    for (;;) {
      let best = -1
      for (let i = 0; i < this.count; i++) if (best < 0 || bound[i] < bound[best]) best = i
      if (best < 0 || exact[best]) return best
      // the farthest from it is far from most others too
      const far = raise(best)
      if (!exact[far]) raise(far)
    }
  }
}

interface Layout {
  vector: Float64Array
  out: Float64Array
  points: Float64Array
  /** computes from this block of points on */
  run(block: number): void
}

const PAGE = 65536

/** Memory for a cloud: the vector, the distances, the points in blocks of [size, 8]. */
function layOut(count: number, size: number): Layout | undefined {
  if (!program || !count || !size) return undefined
  const blocks = Math.ceil(count / SIDE)
  const outAt = Math.ceil(size / 2) * 16
  const pointsAt = outAt + blocks * SIDE * 8
  const bytes = pointsAt + blocks * SIDE * size * 8
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) })
    const { exports } = new WebAssembly.Instance(program, { m: { m: memory } })
    const compute = exports.d as (...numbers: number[]) => void
    return {
      vector: new Float64Array(memory.buffer, 0, size),
      out: new Float64Array(memory.buffer, outAt, blocks * SIDE),
      points: new Float64Array(memory.buffer, pointsAt, blocks * SIDE * size),
      run: block =>
        compute(pointsAt + block * SIDE * size * 8, 0, size * 8, outAt + block * SIDE * 8, blocks - block)
    }
  } catch {
    // no room for another memory
    return undefined
  }
}

/**
 * The module, assembled by hand: (points, vector, bytes of the vector, out, blocks). For each block, for each number of the
 * vector: acc += (points - number)^2, two points a register, four registers.
 */
function assemble(): Uint8Array<ArrayBuffer> {
  const [POINTS, VECTOR, LENGTH, OUT, BLOCKS, AT, END, ACC, NUMBER, DIFFERENCE] = [
    0, 1, 2, 3, 4, 5, 6, 7, 11, 12
  ]
  const get = (local: number) => [0x20, local]
  const set = (local: number) => [0x21, local]
  const tee = (local: number) => [0x22, local]
  const i32 = (value: number) => (value < 64 ? [0x41, value] : [0x41, (value & 127) | 128, value >> 7])
  const simd = (op: number, ...rest: number[]) => [
    0xfd,
    ...(op < 128 ? [op] : [(op & 127) | 128, op >> 7]),
    ...rest
  ]
  const [LOAD, SPLAT, STORE, ZERO] = [0x00, 0x0a, 0x0b, 0x0c]
  const [ADD, SUBTRACT, MULTIPLY] = [0xf0, 0xf1, 0xf2].map(op => simd(op))
  const forward = (local: number, by: number) => [...get(local), ...i32(by), 0x6a, ...set(local)]
  const four = (each: (a: number) => number[]) => [0, 1, 2, 3].flatMap(each)
  const section = (id: number, bytes: number[]) => [id, ...length(bytes.length), ...bytes]
  const length = (n: number) => (n < 128 ? [n] : [(n & 127) | 128, n >> 7])

  const inner = [
    ...get(AT),
    ...simd(SPLAT, 3, 0),
    ...set(NUMBER),
    ...four(a => [
      ...get(POINTS),
      ...simd(LOAD, 4, 16 * a),
      ...get(NUMBER),
      ...SUBTRACT,
      ...tee(DIFFERENCE),
      ...get(DIFFERENCE),
      ...MULTIPLY,
      ...get(ACC + a),
      ...ADD,
      ...set(ACC + a)
    ]),
    ...forward(POINTS, 64),
    ...get(AT),
    ...i32(8),
    0x6a, // add
    ...tee(AT),
    ...get(END),
    0x49, // less than, unsigned
    ...[0x0d, 0] // again
  ]
  const outer = [
    ...get(BLOCKS),
    0x45, // is zero
    ...[0x0d, 1], // leave
    ...four(a => [...simd(ZERO, ...new Array<number>(16).fill(0)), ...set(ACC + a)]),
    ...get(VECTOR),
    ...tee(AT),
    ...get(LENGTH),
    0x6a,
    ...set(END),
    ...[0x03, 0x40, ...inner, 0x0b], // loop over the vector
    ...four(a => [...get(OUT), ...get(ACC + a), ...simd(STORE, 4, 16 * a)]),
    ...forward(OUT, 64),
    ...get(BLOCKS),
    ...i32(1),
    0x6b, // subtract
    ...set(BLOCKS),
    ...[0x0c, 0] // next block
  ]
  const body = [2, 2, 0x7f, 6, 0x7b, 0x02, 0x40, 0x03, 0x40, ...outer, 0x0b, 0x0b, 0x0b]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0]),
    ...section(2, [1, 1, 0x6d, 1, 0x6d, 2, 0, 1]), // import memory m.m
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x64, 0, 0]), // export d
    ...section(10, [1, ...length(body.length), ...body])
  ])
}

function compile(): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(assemble())
  } catch {
    // an engine without SIMD, or a page that may not compile
    return undefined
  }
}

const program = compile()
