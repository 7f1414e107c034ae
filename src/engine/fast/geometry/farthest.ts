/**
 * The scout of farthest first on the GPU: two dispatches a pick (lower the nearest distances by the last pick, find the
 * largest), a thousand picks one after the other with nothing read back in between. `sure` are the distances behind what is
 * settled; a proposal works on a copy of them.
 */
import type { Points } from '../../../core/numeric/farthest.ts'
import { THREADS, type Dispatch } from '../gpu.ts'
import { FAR, lowerNearest, pickLargest, RIVALS, STEP, TOLD } from '../kernels/geometry.ts'
import { fours } from '../shape.ts'
import { boundOf, type Bound } from './bound.ts'
import { MOST, type Proposal, type Scout } from './judge.ts'
import { blockBytes, inBlocks, inRows, rowBytes } from './layout.ts'
import { runSteps, StepWriter, type Room } from './steps.ts'

export class FarthestScout implements Scout {
  /** rows among the centres: what is labelled, then what is settled */
  private rows: number
  private begun = false

  private constructor(
    private readonly room: Room,
    private readonly points: Points,
    private readonly bound: Bound,
    private readonly b: Buffers,
    private readonly d: Dispatches
  ) {
    this.rows = points.labelled.length / points.size
  }

  /** For at most k picks. undefined where the points are nothing for it. Rejects with an EngineError. */
  static async prepare(room: Room, points: Points, k: number): Promise<FarthestScout | undefined> {
    const { gpu } = room
    const { size, unlabelled, labelled } = points
    const count = unlabelled.length / size
    const rows = labelled.length / size + k
    if (!gpu.fits(Math.ceil(count / THREADS), blockBytes(count, size), rowBytes(rows, size))) return undefined
    const candidates = inBlocks(unlabelled, size)
    const centres = inRows(labelled, size)
    const both = {
      error: Math.max(candidates.error, centres.error),
      largest: Math.max(candidates.largest, centres.largest)
    }
    const bound = boundOf(size, candidates, both)
    if (!bound) return undefined
    const made: GPUBuffer[] = []
    const make = (bytes: number, label: string) => {
      const buffer = gpu.buffer(bytes, label)
      made.push(buffer)
      return buffer
    }
    try {
      const groups = Math.ceil(count / THREADS)
      const most = Math.min(MOST, k)
      const b = await gpu.allocate(() => ({
        points: make(candidates.values.byteLength, 'points'),
        centres: make(rowBytes(rows, size), 'centres'),
        sure: make(4 * count, 'sure'),
        nearest: make(4 * count, 'nearest'),
        largest: make(8 * groups, 'largest'),
        limits: make(4 * most, 'limits'),
        told: make(4 * TOLD * most, 'told'),
        steps: make(4 * STEP * (MOST + 1), 'steps')
      }))
      gpu.write(b.points, candidates.values)
      gpu.write(b.centres, centres.values)
      gpu.write(b.sure, new Float32Array(count).fill(FAR))
      const lower = await gpu.compile(lowerNearest(fours(size) / 4))
      const pick = await gpu.compile(pickLargest(fours(size) / 4))
      const lowering = (nearest: GPUBuffer) =>
        gpu.dispatch(lower, [b.points, b.centres, b.limits, nearest, b.largest, b.told], groups)
      const d = {
        sure: lowering(b.sure),
        lower: lowering(b.nearest),
        pick: gpu.dispatch(pick, [b.points, b.largest, b.centres, b.limits, b.nearest, b.told], 1)
      }
      return new FarthestScout(room, points, bound, b, d)
    } catch (error) {
      gpu.free(...made)
      throw error
    }
  }

  async settle(picks: readonly number[]): Promise<void> {
    await this.begin()
    const { size, unlabelled } = this.points
    const { gpu } = this.room
    const rows = new Float64Array(picks.length * size)
    picks.forEach((i, at) => rows.set(unlabelled.subarray(i * size, (i + 1) * size), at * size))
    gpu.write(this.b.centres, inRows(rows, size).values, rowBytes(this.rows, size))
    for (const i of picks) gpu.write(this.b.sure, Float32Array.of(-1), 4 * i)
    await this.lowerSure(this.rows, this.rows + picks.length)
    this.rows += picks.length
  }

  async propose(count: number): Promise<Proposal[]> {
    await this.begin()
    const { gpu } = this.room
    const { nearest, sure, told } = this.b
    gpu.copy(sure, nearest, 4 * this.count)
    gpu.write(told, new Uint32Array(TOLD * count))
    const steps = new StepWriter(count + 1, this.count, this.bound)
    for (let p = 0; p <= count; p++) {
      const slot = this.rows + p
      // the pick before is a centre now; the one behind the last only looks for the last one's rivals
      steps.set(p, {
        from: p && p < count ? slot - 1 : 0,
        to: p && p < count ? slot : 0,
        rivals: p,
        pick: p,
        slot
      })
    }
    const { lower, pick } = this.d
    await runSteps(this.room, this.b.steps, steps, p => (p < count ? [lower, pick] : [lower]))
    const words = new Uint32Array((await gpu.read(told, 4 * TOLD * count)).buffer)
    return Array.from({ length: count }, (_, p) => {
      const [pick, others] = words.subarray(p * TOLD)
      const first = p * TOLD + 2
      return { pick, rivals: others > RIVALS ? undefined : words.subarray(first, first + others) }
    })
  }

  dispose(): void {
    this.room.gpu.free(...Object.values(this.b))
  }

  private get count(): number {
    return this.points.unlabelled.length / this.points.size
  }

  /** What is labelled, before anything else. */
  private async begin(): Promise<void> {
    if (!this.begun) await this.lowerSure(0, this.rows)
    this.begun = true
  }

  private async lowerSure(from: number, to: number): Promise<void> {
    const together = this.room.together(this.count * this.points.size, to - from, MOST)
    const steps = new StepWriter(Math.ceil((to - from) / together), this.count, this.bound)
    for (let s = 0; s < steps.length; s++) {
      const first = from + s * together
      steps.set(s, { from: first, to: Math.min(first + together, to) })
    }
    await runSteps(this.room, this.b.steps, steps, () => [this.d.sure])
  }
}

type Buffers = Record<
  'points' | 'centres' | 'sure' | 'nearest' | 'largest' | 'limits' | 'told' | 'steps',
  GPUBuffer
>
type Dispatches = Record<'sure' | 'lower' | 'pick', Dispatch>
