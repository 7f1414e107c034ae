/**
 * Trains a cohort: everything is bound once, then the same dispatches are replayed step after step for all replicas
 * together, many steps a submit, and nothing is read back before the end.
 */
import type { Replica } from '../../core/engine.ts'
import { classWeights } from '../../core/law.ts'
import { trainingSteps, type Recipe } from '../../core/recipe.ts'
import { startWeights } from '../training.ts'
import { replay, type Dispatch, type Gpu, type KernelCode } from './gpu.ts'
import type { Tiling } from './kernels/common.ts'
import { denseGradients, featureGradient, hiddenParts, ROWS, trainingHead } from './kernels/dense.ts'
import { gather } from './kernels/gather.ts'
import { groups, prepared, trunkBackward, trunkForward, type Operation } from './operations.ts'
import { Pacer } from './pacer.ts'
import { stepWords, trainingBytes, type Plan } from './plan.ts'
import type { ResidentView } from './resident.ts'
import { Schedule } from './schedule.ts'
import { pack, transposed, unpack } from './shape.ts'

export interface Outcome {
  steps: number
  /** mean cross-entropy of each of the last steps: those of the last epoch, or of as many as were asked for */
  losses: number[]
  /** over the images of the last epoch, in nats */
  trainLoss: number
  weights: Float32Array<ArrayBuffer>
}

export interface Pace {
  latency: number
  /** steps of the first submit; of less than one, a part of its dispatches. One unless told */
  start?: number
  /** told of replica-steps per millisecond */
  measured?: (rate: number) => void
}

/** Rates over less than so many milliseconds say little. */
const TIMED = 5

export interface PrepareOptions {
  /** weights of a pretrained trunk, where the recipe names one */
  encoder?: Float32Array
  /** of how many steps losses are kept: those of an epoch unless told */
  slots?: number
}

/** Most steps of a submit; and bytes of their schedule. */
const MOST_STEPS = 128
const SCHEDULE_BYTES = 1 << 23

type Buffers = Record<
  | 'schedule'
  | 'input'
  | 'hiddenParts'
  | 'activations'
  | 'hiddenGradients'
  | 'logitGradients'
  | 'rowLosses'
  | 'losses'
  | 'parameters'
  | 'moments'
  | 'squares'
  | 'gradients'
  | 'transposed',
  GPUBuffer
> &
  Record<'pooled' | 'codes' | 'pooledGradients', GPUBuffer[]>

/** One cohort, whose replicas share recipe and label count, on a device that has room for all of them. */
export class Training {
  readonly steps: number

  private constructor(
    private readonly gpu: Gpu,
    private readonly plan: Plan,
    recipe: Recipe,
    private readonly cohort: readonly Replica[],
    private readonly buffers: Buffers,
    /** of one step */
    readonly dispatches: readonly (Dispatch & { name: string })[],
    private readonly slots: number,
    private readonly schedule: Schedule
  ) {
    this.steps = trainingSteps(recipe, cohort[0].labelled.length)
  }

  /**
   * Allocates, compiles and binds. Rejects with NoRoom where the replicas do not fit.
   */
  static async prepare(
    gpu: Gpu,
    resident: ResidentView,
    plan: Plan,
    recipe: Recipe,
    cohort: readonly Replica[],
    options: PrepareOptions = {}
  ): Promise<Training> {
    const { slots = Math.ceil(cohort[0].labelled.length / recipe.batchSize) } = options
    const weights = recipe.classWeights ? cohort.map(replica => weightsOf(resident, replica)) : []
    const words = stepWords(cohort.length, plan.batch, weights[0]?.length)
    const capacity = Math.max(1, Math.min(MOST_STEPS, Math.floor(SCHEDULE_BYTES / (4 * words))))
    const made: GPUBuffer[] = []
    try {
      const buffers = await gpu.allocate(() =>
        allocate(gpu, plan, cohort.length, slots, words * capacity, made)
      )
      const starts = new Map<number, Float32Array<ArrayBuffer>>()
      cohort.forEach((replica, r) => {
        // those that begin afresh differ by their seeds only
        const known = replica.before ? undefined : starts.get(replica.seed)
        const weights =
          known ?? pack(plan.shape, startWeights(plan.shape.net, recipe, replica, options.encoder))
        if (!replica.before) starts.set(replica.seed, weights)
        gpu.write(buffers.parameters, weights, r * weights.byteLength)
        const turned = transposed(plan.shape, weights)
        if (turned.length) gpu.write(buffers.transposed, turned, r * turned.byteLength)
      })
      const all = operations(resident, gpu.tiling, plan, recipe, buffers)
      const dispatches = await prepared(gpu, all, cohort.length)
      const schedule = new Schedule(recipe, cohort, capacity, slots, weights)
      return new Training(gpu, plan, recipe, cohort, buffers, dispatches, slots, schedule)
    } catch (error) {
      gpu.free(...made)
      throw error
    }
  }

  /**
   * All steps. `check` is asked before each submit, with the steps done. A submit ends with a step, or, where a step takes
   * the GPU too long, with one of its dispatches.
   */
  async run(check: (done: number) => void | Promise<void>, pace: Pace): Promise<void> {
    const { gpu, schedule, steps, dispatches } = this
    const each = dispatches.length
    const pacer = new Pacer(
      pace.latency,
      schedule.capacity * each,
      (pace.start ?? 1) * each,
      this.timed(pace)
    )
    const group = gpu.stepGroup(this.buffers.schedule, 4 * schedule.stride)
    for (let done = 0; done < steps * each;) {
      const step = Math.floor(done / each)
      const waiting = check(step)
      if (waiting) await waiting
      await pacer.room()
      let end = done + pacer.units(steps * each - done)
      if (end - (end % each) > done) end -= end % each
      gpu.write(this.buffers.schedule, schedule.fill(step, Math.ceil(end / each) - step))
      gpu.submit(pass => {
        for (let at = done; at < end;) {
          pass.setBindGroup(0, group, [4 * schedule.stride * (Math.floor(at / each) - step)])
          const from = at % each
          const to = Math.min(each, from + end - at)
          replay(pass, to - from === each ? dispatches : dispatches.slice(from, to))
          at += to - from
        }
      })
      pacer.submitted(end - done, gpu.done())
      done = end
    }
    await pacer.drain()
  }

  /**
   * Tells of rates over whole steps: single dispatches are of unequal weight. The first submit does not count: what drivers
   * leave to the first use of a pipeline can take longer than all its steps.
   */
  private timed({ measured }: Pace): (dispatches: number, milliseconds: number) => void {
    let [units, time] = [0, 0]
    let first = true
    return (dispatches, milliseconds) => {
      const counts = !first
      first = false
      if (!counts) return
      units += dispatches
      time += milliseconds
      if (units % this.dispatches.length || time < TIMED) return
      measured?.((units / this.dispatches.length / time) * this.cohort.length)
      ;[units, time] = [0, 0]
    }
  }

  /** Reads weights and losses of all replicas. */
  async outcome(): Promise<Outcome[]> {
    const { gpu, plan, cohort, steps, slots, schedule } = this
    const { shape } = plan
    const [parameters, losses] = await Promise.all([
      gpu.read(this.buffers.parameters, 4 * shape.size * cohort.length),
      gpu.read(this.buffers.losses, 4 * slots * cohort.length)
    ])
    const first = Math.floor((steps - 1) / slots) * slots
    const counts = Array.from({ length: steps - first }, (_, s) => schedule.count(first + s))
    const seen = counts.reduce((a, b) => a + b)
    return cohort.map((_, r) => {
      const sums = counts.map((_, s) => losses[r * slots + s])
      return {
        steps,
        losses: sums.map((sum, s) => sum / counts[s]),
        trainLoss: sums.reduce((a, b) => a + b) / seen,
        weights: unpack(shape, parameters, r * shape.size)
      }
    })
  }

  /** The gradients of the last step, summed over their parts, of one replica: for tests. */
  async gradients(replica: number): Promise<Float32Array> {
    const { shape, gradients, gradientSize } = this.plan
    const all = await this.gpu.read(this.buffers.gradients, 4 * gradientSize * this.cohort.length)
    const stored = new Float32Array(shape.size)
    shape.slices.forEach(({ offset, size }, k) => {
      for (let part = 0; part < gradients[k].splits; part++)
        for (let i = 0; i < size; i++)
          stored[offset + i] += all[replica * gradientSize + gradients[k].offset + part * size + i]
    })
    return unpack(shape, stored)
  }

  /** Milliseconds of `times` runs in a row of one dispatch of a step, on what the last steps left there: for benchmarks. */
  async repeat(dispatch: number, times: number): Promise<number> {
    const { gpu, schedule } = this
    const { pipeline, group, size } = this.dispatches[dispatch]
    await gpu.done()
    const began = performance.now()
    gpu.submit(pass => {
      pass.setBindGroup(0, gpu.stepGroup(this.buffers.schedule, 4 * schedule.stride), [0])
      pass.setPipeline(pipeline)
      pass.setBindGroup(1, group)
      for (let i = 0; i < times; i++) pass.dispatchWorkgroups(...size)
    })
    await gpu.done()
    return performance.now() - began
  }

  dispose(): void {
    this.gpu.free(...Object.values(this.buffers).flat())
  }
}

const weightsOf = ({ view }: ResidentView, { labelled }: Replica): Float32Array =>
  classWeights(
    Array.from(labelled, row => view.pool.labels[row]),
    view.classNames.length
  )

function allocate(
  gpu: Gpu,
  plan: Plan,
  replicas: number,
  slots: number,
  words: number,
  made: GPUBuffer[]
): Buffers {
  const make = (bytes: number, label: string) => {
    const buffer = gpu.buffer(bytes, label)
    made.push(buffer)
    return buffer
  }
  const perReplica = Object.entries(trainingBytes(plan)).map(([name, bytes]) => [
    name,
    Array.isArray(bytes) ? bytes.map(each => make(each * replicas, name)) : make(bytes * replicas, name)
  ])
  return {
    ...Object.fromEntries(perReplica),
    losses: make(4 * slots * replicas, 'losses'),
    schedule: make(4 * words, 'schedule')
  } as Buffers
}

/** The operations of one step in order: three a block (two for the first) and seven besides. */
function operations(
  { pool, table }: ResidentView,
  tiling: Tiling,
  plan: Plan,
  recipe: Recipe,
  b: Buffers
): Operation[] {
  const { shape, batch, gradients, gradientSize, hiddenSplits } = plan
  const last = shape.blocks.length - 1
  const { dropout, augmentation } = recipe
  const list: Operation[] = []
  const add = (name: string, code: KernelCode, buffers: GPUBuffer[], x: number, y = 1) =>
    list.push({ name, code, buffers, x, y })
  const { height, width } = shape.net.input
  const options = { batch, augmentation, partBytes: pool.partBytes, parts: pool.parts.length }
  add('gather', gather(shape, options), [table, b.input, ...pool.parts], groups(batch * height * width))
  list.push(...trunkForward(plan, tiling, b, dropout))
  const tiles = Math.ceil(batch / ROWS)
  add(
    'hidden',
    hiddenParts(shape, batch, hiddenSplits, tiling),
    [b.pooled[last], b.parameters, b.hiddenParts],
    groups((tiles * shape.hidden) / 4),
    hiddenSplits
  )
  add(
    'head',
    trainingHead(shape, batch, hiddenSplits, recipe.classWeights !== undefined, tiling),
    [
      b.hiddenParts,
      b.parameters,
      pool.labels,
      b.activations,
      b.hiddenGradients,
      b.logitGradients,
      b.rowLosses
    ],
    batch
  )
  const dense = denseGradients(shape, batch, gradients, gradientSize, tiling)
  add(
    'dense gradients',
    dense.code,
    [b.pooled[last], b.activations, b.hiddenGradients, b.logitGradients, b.rowLosses, b.gradients, b.losses],
    groups(dense.threads)
  )
  add(
    'feature gradient',
    featureGradient(shape, batch, dropout, tiling),
    [b.hiddenGradients, b.parameters, b.pooledGradients[last]],
    groups((tiles * shape.features) / 4)
  )
  list.push(...trunkBackward(plan, tiling, b))
  return list
}
