/**
 * Which backends there are and which is fastest here. Each candidate trains the micro-run in a worker of its own; one
 * that trains it wrongly or not at all is out. WASM trains one run on every core at once, so its step counts for as
 * many. A software WebGPU adapter is right and slower than WASM, and takes long to say so: it is used only when asked for.
 */
import type { BackendDescription, BackendName } from '../../core/engine.ts'
import { isSoftware, requestAdapter } from '../../engine/backends/adapter.ts'
import { throughput } from '../../engine/throughput.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../protocol.ts'

/** A backend that has not trained the micro-run by then is not chosen. */
const PATIENCE = 10_000

/** Backends that could be there; those worth timing come first. */
export async function candidates(): Promise<{ names: BackendName[]; worthTiming: BackendName[] }> {
  const adapter = await requestAdapter().catch(() => null)
  if (!adapter) return { names: ['wasm', 'cpu'], worthTiming: [] }
  if (isSoftware(adapter.info)) return { names: ['wasm', 'cpu', 'webgpu'], worthTiming: [] }
  return { names: ['webgpu', 'wasm', 'cpu'], worthTiming: ['webgpu', 'wasm'] }
}

const cores = () => Math.max(1, Math.min(navigator.hardwareConcurrency || 2, 16))

/** Workers a backend is given: one a core without a GPU, one for a GPU. */
export const workersFor = (backend: BackendName) => (backend === 'webgpu' ? 1 : cores())

/** Backends in the order in which they should be tried: the fastest first, those that failed or were not timed last. */
export async function ranked(create: () => WorkerPort<ToWorker, FromWorker>): Promise<BackendName[]> {
  const { names, worthTiming } = await candidates()
  const speed = new Map<BackendName, number>()
  // one after the other: side by side they would slow each other down
  for (const backend of worthTiming) {
    const timed = await tryOut(backend, create).catch(() => undefined)
    if (timed) speed.set(backend, throughput(timed, cores()))
  }
  return names.sort((a, b) => (speed.get(b) ?? 0) - (speed.get(a) ?? 0))
}

function tryOut(
  backend: BackendName,
  create: () => WorkerPort<ToWorker, FromWorker>
): Promise<BackendDescription> {
  const port = create()
  let timer: ReturnType<typeof setTimeout>
  return new Promise<BackendDescription>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too slow')), PATIENCE)
    port.onFailure(reason => reject(new Error(reason)))
    port.listen(message => {
      if (message.type === 'opened') resolve(message.description)
      else if (message.type === 'openFailed') reject(new Error(message.message))
    })
    port.post({ type: 'open', backend })
  }).finally(() => {
    clearTimeout(timer)
    port.terminate()
  })
}
