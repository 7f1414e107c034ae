/**
 * Opens the fast path: a device, the micro-run that proves it right and names its arithmetic, and what an engine must
 * know of the adapter.
 */
import type { BackendDescription } from '../../core/engine.ts'
import { openDevice, type OpenedDevice } from '../backends/device.ts'
import {
  checkAnswers,
  checkLosses,
  MICRO,
  MICRO_PASSES,
  MICRO_VIEWS,
  microData,
  numericsIdOf
} from '../probe.ts'
import { WASM_NUMERICS_ID } from '../wasm/id.ts'
import type { View } from '../../core/view.ts'
import { FastEngine, type FastOptions } from './engine.ts'
import { wasmKernels } from './fallback.ts'
import { WORTH_IT } from './geometry/geometry.ts'
import { Gpu } from './gpu.ts'
import { ask } from './inference.ts'
import { SHARED, SINGLE, type Tiling } from './kernels/common.ts'
import { planTraining } from './plan.ts'
import { ResidentView } from './resident.ts'
import { shapeOf } from './shape.ts'
import { Training } from './training.ts'

/** Names the kernels: whoever changes a kernel's order of sums changes this. */
export const VARIANT = 'fast3'

/** Bytes that one training may hold; half of a small graphics card's, and two may be under way. */
const TRAINING_BYTES = 1 << 29

/** Images of an inference chunk: a software adapter gains nothing from many, and should answer soon. */
const CHUNK = 1024
const SOFTWARE_CHUNK = 32

/** Multiplications per millisecond of a software adapter, where waiting for a measurement would block it for seconds. */
const SOFTWARE_RATE = 6e5

/** Milliseconds of an idle device that WORTH_IT reckons with; Firefox's takes a hundred. */
const USUAL_LATENCY = 5

/** Replicas with which the time of a step is taken on hardware. */
const TIMED_REPLICAS = 16

export interface FastOpenOptions {
  onLost?: (reason: string) => void
  /** with no more than the limits that every adapter has */
  guaranteed?: boolean
  /** other than that of the adapter's kind */
  tiling?: Tiling
  /** where tfjs-backend-wasm-simd.wasm lies, for what is left to WASM; not needed in Node */
  wasmUrl?: string
}

/** Rejects with an EngineError: 'noAdapter', 'wrongNumbers' or 'lost'. */
export async function openFast({
  onLost,
  guaranteed,
  tiling,
  wasmUrl
}: FastOpenOptions = {}): Promise<FastEngine> {
  const opened = await openDevice(guaranteed)
  const gpu = new Gpu(opened.device, tiling ?? (opened.fallback ? SINGLE : SHARED))
  opened.onLost(reason => {
    gpu.fail(reason)
    onLost?.(reason)
  })
  try {
    const latency = await idleLatency(gpu)
    const description = await probeFast(gpu, opened, latency)
    return new FastEngine(gpu, description, optionsFor(opened, latency, wasmUrl))
  } catch (error) {
    opened.close()
    throw error
  }
}

function optionsFor(opened: OpenedDevice, latency: number, wasmUrl?: string): FastOptions {
  const { limits } = opened.device
  return {
    limits: {
      binding: limits.maxStorageBufferBindingSize,
      buffer: limits.maxBufferSize,
      total: TRAINING_BYTES
    },
    chunk: opened.fallback ? SOFTWARE_CHUNK : CHUNK,
    latency,
    rate: opened.fallback ? SOFTWARE_RATE : null,
    // a software adapter computes on the same cores; one that tells late is asked for more only
    worthIt: opened.fallback ? Infinity : WORTH_IT * Math.max(1, latency / USUAL_LATENCY),
    close: opened.close,
    fallback: () => wasmKernels(wasmUrl)
  }
}

/** Milliseconds after which an idle device says that it is done. */
async function idleLatency(gpu: Gpu): Promise<number> {
  let best = Infinity
  for (let i = 0; i < 3; i++) {
    const start = performance.now()
    await gpu.done()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

/** The micro-run of probe.ts on the fast path. The id names all that it computes: what it leaves to WASM as well. */
async function probeFast(
  gpu: Gpu,
  { detail, fallback }: OpenedDevice,
  latency: number
): Promise<BackendDescription> {
  const { images, labels } = microData()
  const { net, seed, count } = MICRO
  const set = { images, labels }
  const view: View = {
    key: 'micro',
    name: 'micro',
    fingerprint: 'micro',
    shape: net.input,
    classNames: Array.from({ length: net.classes }, (_, c) => String(c)),
    pool: set,
    test: set,
    trueLabels: labels
  }
  const recipe = {
    network: { channels: net.channels, hidden: net.hidden },
    epochs: 0,
    stepsFloor: MICRO.steps,
    learningRate: MICRO.learningRate,
    batchSize: MICRO.batchSize,
    dropout: MICRO.dropout,
    augmentation: MICRO.augmentation
  }
  const shape = shapeOf(net)
  const plan = planTraining(shape, MICRO.batchSize)
  const resident = await ResidentView.upload(gpu, view, 1 << 24)
  const labelled = Uint32Array.from({ length: count }, (_, i) => i)
  const train = async (replicas: number) => {
    const cohort = Array.from({ length: replicas }, () => ({ seed, labelled }))
    const training = await Training.prepare(gpu, resident, plan, recipe, cohort, { slots: MICRO.steps })
    try {
      const start = performance.now()
      await training.run(() => {}, { latency })
      const milliseconds = (performance.now() - start) / (MICRO.steps * replicas)
      return { outcome: (await training.outcome())[0], milliseconds }
    } finally {
      training.dispose()
    }
  }
  try {
    const { outcome } = await train(1)
    checkLosses('webgpu', outcome.losses)
    const { weights } = outcome
    const model = { gpu, shape, resident, weights, seed, labelCount: count, dropout: MICRO.dropout, latency }
    const rows = { ...model, chunk: SOFTWARE_CHUNK, rest: () => {} }
    const answers = await ask(rows, resident.pool, labelled, {
      probabilities: true,
      passes: MICRO_PASSES,
      views: MICRO_VIEWS
    })
    const {
      probabilities: predictions,
      meanEntropy,
      meanProbabilities,
      variance,
      votes,
      viewVariance
    } = answers
    checkAnswers('webgpu', { entropy: meanEntropy, passVariance: variance, viewVariance })
    const more = [meanProbabilities, meanEntropy, variance, votes, viewVariance]
    const variant = gpu.tiling.fused ? `${VARIANT}-fused` : VARIANT
    const kernels = { backend: 'webgpu', variant } as const
    // warm by now
    const { milliseconds } = await train(fallback ? 1 : TIMED_REPLICAS)
    return {
      backend: 'webgpu',
      numericsId: numericsIdOf(kernels, { weights, predictions }, more, WASM_NUMERICS_ID),
      detail,
      stepMilliseconds: milliseconds,
      fallback
    }
  } finally {
    resident.release()
  }
}
