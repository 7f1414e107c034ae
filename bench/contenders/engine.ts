/** Our own engine, through the contract that the runtime uses: the fast path, the reference path on WebGPU, WASM. */
import type { Engine, Replica, Trained } from '../../src/core/engine.ts'
import { initialOrder } from '../../src/core/law.ts'
import { networks } from '../../src/core/network.ts'
import { suggestionFor } from '../../src/core/pretraining/methods.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import type { View } from '../../src/core/view.ts'
import { openWebgpu } from '../../src/engine/backends/webgpu.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import { FastEngine } from '../../src/engine/fast/engine.ts'
import { planTraining } from '../../src/engine/fast/plan.ts'
import { ResidentView } from '../../src/engine/fast/resident.ts'
import { shapeOf } from '../../src/engine/fast/shape.ts'
import { Training } from '../../src/engine/fast/training.ts'
import { openEngine } from '../../src/engine/index.ts'
import { openPretrainer } from '../../src/engine/pretraining/open.ts'
import { probe } from '../../src/engine/probe.ts'
import type { Contender } from '../contender.ts'
import { timeGeometry } from '../geometry.ts'
import { unpackView } from '../data.ts'
import type { KernelTime, Setup } from '../protocol.ts'
import { readBytes } from '../read.ts'
import { LABELLED, needs, recipeOfSteps } from '../work.ts'

export async function ours(which: 'fast' | 'reference' | 'wasm', setup: Setup): Promise<Contender> {
  const engine = await open(which, setup)
  const view = unpackView(await readBytes(setup.data))
  await engine.load(view)
  const poolSize = view.pool.labels.length
  const cohort = (replicas: number) =>
    Array.from({ length: replicas }, (_, seed) => ({
      seed,
      labelled: initialOrder(seed, poolSize).slice(0, LABELLED).sort()
    }))
  let trained: Trained[] = []
  const dispose = () => trained.splice(0).forEach(t => t.dispose())
  const train = (replicas: number, steps: number) =>
    engine.train(recipeOfSteps(steps, setup.network), cohort(replicas))
  const { backend, detail, numericsId } = engine.description
  return {
    description: `${backend} ${detail}, ${numericsId}`,
    async train(replicas, steps) {
      const made = await train(replicas, steps)
      // what a round needs is on the other side of the wait for the GPU
      await Promise.all(made.map(t => t.weights()))
      made.forEach(t => t.dispose())
    },
    async prepare(replicas) {
      if (trained.length === replicas) return
      dispose()
      trained = await train(replicas, 2)
    },
    async score(_replicas, need, images) {
      const chosen = cohort(trained.length).map(({ labelled }) => unlabelled(labelled, poolSize, images))
      const none = new Uint32Array(0)
      await Promise.all(trained.map((t, i) => t.answer([needs[need]], chosen[i], none)))
    },
    kernels:
      engine instanceof FastEngine
        ? replicas => timeKernels(engine, view, recipeOfSteps(2, setup.network), cohort(replicas))
        : undefined,
    epoch: which === 'reference' ? undefined : () => timeEpoch(engine, view, setup),
    geometry:
      engine instanceof FastEngine ? (question, goes) => timeGeometry(engine.gpu, question, goes) : undefined
  }
}

/** A dispatch is repeated until all of them take about this long, in milliseconds; the best of so many goes counts. */
const KERNEL_TIME = 20
const KERNEL_GOES = 3

async function timeKernels(
  engine: FastEngine,
  view: View,
  recipe: Recipe,
  cohort: readonly Replica[]
): Promise<KernelTime[]> {
  const { gpu } = engine
  const resident = await ResidentView.upload(gpu, view, gpu.device.limits.maxStorageBufferBindingSize)
  const plan = planTraining(shapeOf(engine.architecture(recipe)), recipe.batchSize)
  const training = await Training.prepare(gpu, resident, plan, recipe, cohort)
  try {
    await training.run(() => {}, { latency: 0 })
    const times: KernelTime[] = []
    for (const [at, { name }] of training.dispatches.entries()) {
      let repeats = 1
      let fastest = await training.repeat(at, repeats)
      while (fastest < KERNEL_TIME && repeats < 4096) {
        repeats *= 4
        fastest = await training.repeat(at, repeats)
      }
      for (let go = 1; go < KERNEL_GOES; go++) fastest = Math.min(fastest, await training.repeat(at, repeats))
      times.push({ name, microseconds: (1000 * fastest) / repeats })
    }
    return times
  } finally {
    training.dispose()
    resident.release()
  }
}

/** Epochs of SimCLR that are timed, after one more; the fastest counts. */
const EPOCHS = 3

async function timeEpoch(engine: Engine, view: View, { network, wasm }: Setup): Promise<number> {
  const pretrainer = await openPretrainer(wasm, async () => engine as FastEngine)
  const { batchSize, learningRate } = suggestionFor('simclr', view.pool.labels.length)
  const ends: number[] = []
  await pretrainer.pretrain(
    view,
    {
      method: 'simclr',
      network: networks[network],
      likeness: 'signs',
      epochs: EPOCHS + 1,
      batchSize,
      learningRate,
      seed: 0
    },
    () => {},
    () => ends.push(performance.now()),
    engine instanceof FastEngine
  )
  return Math.min(...ends.slice(2).map((end, i) => end - ends[i + 1]))
}

async function open(which: 'fast' | 'reference' | 'wasm', { wasm }: Setup): Promise<Engine> {
  if (which === 'wasm') return openEngine({ backend: 'wasm', wasmUrl: wasm })
  if (which === 'fast') return openEngine({ backend: 'webgpu' })
  const opened = await openWebgpu()
  return new ReferenceEngine(opened.kernels, await probe(opened))
}

/** The first `images` pool rows that are not in `labelled` (ascending). */
function unlabelled(labelled: Uint32Array, poolSize: number, images: number): Uint32Array {
  const taken = new Set(labelled)
  const rows: number[] = []
  for (let row = 0; row < poolSize && rows.length < images; row++) if (!taken.has(row)) rows.push(row)
  return Uint32Array.from(rows)
}
