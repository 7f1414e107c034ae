/** Our own engine, through the contract that the runtime uses: the fast path, the reference path on WebGPU, WASM. */
import type { Engine, Trained } from '../../src/core/engine.ts'
import { initialOrder } from '../../src/core/law.ts'
import { openWebgpu } from '../../src/engine/backends/webgpu.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import { FastEngine } from '../../src/engine/fast/engine.ts'
import { openEngine } from '../../src/engine/index.ts'
import { probe } from '../../src/engine/probe.ts'
import type { Contender } from '../contender.ts'
import { timeEpoch } from '../epoch.ts'
import { timeGeometry } from '../geometry.ts'
import { timeKernels } from '../kernels.ts'
import { unpackView } from '../data.ts'
import type { Setup } from '../protocol.ts'
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
