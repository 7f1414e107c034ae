/**
 * Which backends there are and which is fastest here. Each candidate trains the micro-run in a worker of its own; one
 * that trains it wrongly or not at all is out. WASM trains one run on every core at once, so its step counts for as
 * many; a software WebGPU adapter is right and slower, and loses by its own time.
 */
import type { BackendDescription, BackendName } from '../../core/engine.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../protocol.ts'

/** A backend that has not trained the micro-run by then is not chosen. */
const PATIENCE = 10_000

/** Backends that could be there, surest last. */
export async function candidates(): Promise<BackendName[]> {
  const names: BackendName[] = ['wasm', 'cpu']
  const adapter = await navigator.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null)
  return adapter ? ['webgpu', ...names] : names
}

/** Workers a backend is given: one a core without a GPU, one for a GPU. */
export function workersFor(backend: BackendName): number {
  return backend === 'webgpu' ? 1 : Math.max(1, Math.min(navigator.hardwareConcurrency || 2, 16))
}

/** The candidates by the time of a training step, fastest first; those that failed come last. */
export async function measure(
  names: BackendName[],
  create: () => WorkerPort<ToWorker, FromWorker>
): Promise<BackendName[]> {
  const timed: { backend: BackendName; milliseconds: number }[] = []
  // one after the other: side by side they would slow each other down
  for (const backend of names) {
    if (backend === 'cpu') timed.push({ backend, milliseconds: Number.MAX_VALUE })
    else
      timed.push({
        backend,
        milliseconds: await tryOut(backend, create).then(
          d => d.stepMilliseconds / workersFor(backend),
          () => Infinity
        )
      })
  }
  return timed.sort((a, b) => a.milliseconds - b.milliseconds).map(t => t.backend)
}

function tryOut(
  backend: BackendName,
  create: () => WorkerPort<ToWorker, FromWorker>
): Promise<BackendDescription> {
  const port = create()
  return new Promise<BackendDescription>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too slow')), PATIENCE)
    port.onFailure(reason => reject(new Error(reason)))
    port.listen(message => {
      clearTimeout(timer)
      if (message.type === 'opened') resolve(message.description)
      else if (message.type === 'openFailed') reject(new Error(message.message))
    })
    port.post({ type: 'open', backend })
  }).finally(() => port.terminate())
}
