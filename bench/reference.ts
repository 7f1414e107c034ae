/** REF as the app runs it: its director, its workers, trainings that several arms need done once. */
import type { BackendName } from '../src/core/engine.ts'
import { armsOf, countsOf } from '../src/core/experiment/parts.ts'
import type { View } from '../src/core/view.ts'
import { Director } from '../src/runtime/director.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../src/runtime/protocol.ts'
import { memoryStore } from '../src/store/index.ts'
import { REF } from './work.ts'

export interface ReferenceRun {
  backend: BackendName
  workers: number
  seeds: number
  view: View
  createWorker(): WorkerPort<ToWorker, FromWorker>
}

/** Milliseconds until every run of REF with so many seeds is complete (opening and the ceiling left out). Rejects if it fails. */
export async function runReference(run: ReferenceRun): Promise<number> {
  const experiment = { ...REF, seeds: run.seeds }
  const points = armsOf(experiment).reduce((n, arm) => n + countsOf(experiment, arm).length, 0) * run.seeds
  let settle: { resolve(): void; reject(error: unknown): void }
  const finished = new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
  const director = new Director({
    createWorker: run.createWorker,
    buildView: async () => run.view,
    records: memoryStore().records,
    changed: () => {
      const known = director.result()?.runs.reduce((n, r) => n + r.points.length, 0)
      if (known === points) settle.resolve()
      if (director.progress().phase === 'failed') settle.reject(new Error('REF could not be run to its end'))
    },
    notice: (code, parameters) => console.warn(code, parameters)
  })
  try {
    await director.open(run.backend, run.workers)
    const began = performance.now()
    await director.run(experiment)
    await finished
    return performance.now() - began
  } finally {
    director.close()
  }
}
