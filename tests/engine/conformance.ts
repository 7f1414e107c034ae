/**
 * What every backend must do, whatever it runs on: each step of the network against the float64 computation of
 * reference.ts, gradients of whole networks of awkward shapes, trainings by the law, needs, and equal bits whenever
 * keys are equal. Called once per backend.
 */
import { afterAll, beforeAll } from 'vitest'
import type { BackendName } from '../../src/core/engine.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import type { Opened } from '../../src/engine/backends/opened.ts'
import { conformanceOfSteps } from './conformanceSteps.ts'
import { conformanceOfTrainings } from './conformanceTrainings.ts'

/** `quick`: fewer shapes and repetitions, where each new shape costs seconds (a software WebGPU adapter compiles). */
export function conformance(backend: BackendName, open: () => Promise<Opened>, quick = false): void {
  let opened: Opened
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened?.kernels.dispose())
  conformanceOfSteps(() => opened.kernels, backend, quick)
  const description = { backend, numericsId: 'test', detail: '', stepMilliseconds: 1 }
  conformanceOfTrainings(() => new ReferenceEngine(opened.kernels, description), true, quick ? 2 : 3)
}
