/** Points held on the GPU, asked for their nearest centres: one number a point is read back, what float32 cannot tell marked. */
import { THREADS, type Gpu } from '../gpu.ts'
import { nearestCentre, STEP } from '../kernels/geometry.ts'
import { fours } from '../shape.ts'
import { boundOf, type Rounding } from './bound.ts'
import { blockBytes, inBlocks, inRows, rowBytes } from './layout.ts'
import { runSteps, StepWriter, type Room } from './steps.ts'

/** Dispatches of one question at most. */
const DISPATCHES = 1024

export class NearestScout {
  private constructor(
    private readonly room: Room,
    private readonly count: number,
    private readonly size: number,
    private readonly rounding: Rounding,
    private readonly b: Record<'points' | 'nearest' | 'steps', GPUBuffer>
  ) {}

  /** undefined where the points are nothing for it. Rejects with an EngineError. */
  static async prepare(room: Room, points: Float64Array, size: number): Promise<NearestScout | undefined> {
    const { gpu } = room
    const count = points.length / size
    const groups = Math.ceil(count / THREADS)
    if (!gpu.fits(groups, blockBytes(count, size))) return undefined
    const { values, error, largest } = inBlocks(points, size)
    if (!boundOf(size, { error, largest }, { error, largest })) return undefined
    const make = maker(gpu)
    try {
      const b = await gpu.allocate(() => ({
        points: make.buffer(values.byteLength, 'points'),
        nearest: make.buffer(4 * count, 'nearest'),
        steps: make.buffer(4 * STEP * Math.min(groups, DISPATCHES), 'steps')
      }))
      gpu.write(b.points, values)
      return new NearestScout(room, count, size, { error, largest }, b)
    } catch (error) {
      make.free()
      throw error
    }
  }

  /** The nearest of `centres` of each point, ties to the lowest, with DOUBT where float64 has to say; undefined where it is of no use. */
  async nearest(centres: Float64Array): Promise<Uint32Array<ArrayBuffer> | undefined> {
    const { room, count, size, rounding } = this
    const { gpu } = room
    const k = centres.length / size
    if (!gpu.fits(1, rowBytes(k, size))) return undefined
    const laid = inRows(centres, size)
    const bound = boundOf(size, rounding, laid)
    if (!bound) return undefined
    const make = maker(gpu)
    try {
      const rows = await gpu.allocate(() => make.buffer(laid.values.byteLength, 'centres'))
      gpu.write(rows, laid.values)
      const kernel = await gpu.compile(nearestCentre(fours(size) / 4))
      const blocks = Math.ceil(count / THREADS)
      const together = Math.min(blocks, room.together(THREADS * size * k, blocks, DISPATCHES))
      const steps = new StepWriter(Math.ceil(blocks / together), count, bound)
      for (let s = 0; s < steps.length; s++) steps.set(s, { block: s * together, from: 0, to: k })
      // the last one may reach beyond the points
      const dispatch = gpu.dispatch(kernel, [this.b.points, rows, this.b.nearest], together)
      await runSteps(room, this.b.steps, steps, () => [dispatch])
      return new Uint32Array((await gpu.read(this.b.nearest, 4 * count)).buffer)
    } finally {
      make.free()
    }
  }

  dispose(): void {
    this.room.gpu.free(...Object.values(this.b))
  }
}

/** Buffers that are freed together. */
function maker(gpu: Gpu) {
  const made: GPUBuffer[] = []
  return {
    buffer(bytes: number, label: string): GPUBuffer {
      const buffer = gpu.buffer(bytes, label)
      made.push(buffer)
      return buffer
    },
    free: () => gpu.free(...made.splice(0))
  }
}
