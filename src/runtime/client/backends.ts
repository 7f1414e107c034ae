/**
 * Which backends there are and which is fastest here. Each candidate trains the micro-run in a worker of its own; one
 * that trains it wrongly or not at all is out. WASM trains one run on every core at once, so its step counts for as
 * many. A software WebGPU adapter is right and slower than WASM, and takes long to say so: it is used only when asked for.
 */
import type { BackendDescription, BackendName } from '../../core/engine.ts'
import { isSoftware, requestAdapter } from '../../engine/backends/adapter.ts'
import { throughput } from '../../engine/throughput.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../protocol.ts'

/** A backend that has not trained the micro-run by then (milliseconds), or a GPU that does not say whether it is there, is not chosen. */
const PATIENCE = 10_000

/** Rejects when it is too late, or called off. */
function inTime<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  let timer: ReturnType<typeof setTimeout>
  return new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too slow')), PATIENCE)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  }).finally(() => clearTimeout(timer))
}

/** Backends that could be there; those worth timing come first. */
export async function candidates(): Promise<{ names: BackendName[]; worthTiming: BackendName[] }> {
  const adapter = await inTime(requestAdapter()).catch(() => null)
  if (!adapter) return { names: ['wasm', 'cpu'], worthTiming: [] }
  if (isSoftware(adapter.info)) return { names: ['wasm', 'cpu', 'webgpu'], worthTiming: [] }
  return { names: ['webgpu', 'wasm', 'cpu'], worthTiming: ['webgpu', 'wasm'] }
}

const cores = () => Math.max(1, Math.min(navigator.hardwareConcurrency || 2, 16))

/** Workers a backend is given: one a core without a GPU, one for a GPU. */
export const workersFor = (backend: BackendName) => (backend === 'webgpu' ? 1 : cores())

/** Backends in the order in which they should be tried: the fastest first, those that failed or were not timed last. Rejects when it is called off. */
export async function ranked(
  create: () => WorkerPort<ToWorker, FromWorker>,
  signal: AbortSignal
): Promise<BackendName[]> {
  const { names, worthTiming } = await candidates()
  const speed = new Map<BackendName, number>()
  // one after the other: side by side they would slow each other down
  for (const backend of worthTiming) {
    signal.throwIfAborted()
    const timed = await tryOut(backend, create, signal).catch(() => undefined)
    if (timed) speed.set(backend, throughput(timed, cores()))
  }
  return names.sort((a, b) => (speed.get(b) ?? 0) - (speed.get(a) ?? 0))
}

function tryOut(
  backend: BackendName,
  create: () => WorkerPort<ToWorker, FromWorker>,
  signal: AbortSignal
): Promise<BackendDescription> {
  const port = create()
  const opened = new Promise<BackendDescription>((resolve, reject) => {
    port.onFailure(reason => reject(new Error(reason)))
    port.listen(message => {
      if (message.type === 'opened') resolve(message.description)
      else if (message.type === 'openFailed') reject(new Error(message.message))
    })
    port.post({ type: 'open', backend })
  })
  return inTime(opened, signal).finally(() => port.terminate())
}
