/** The page's side: starts workers, passes questions on, and runs whole grids with the app's own director and workers. */
import type { BackendName } from '../../src/core/engine.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../../src/runtime/protocol.ts'
import { unpackView } from '../data.ts'
import type { Command, Reply } from '../protocol.ts'
import { readBytes } from '../read.ts'
import { runReference } from '../reference.ts'

const workers = new Map<string, Worker>()
let number = 0

function start(name: string): Reply {
  const unique = `${name} ${++number}`
  workers.set(unique, new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: unique }))
  return { description: unique }
}

function ask(name: string, command: Command): Promise<Reply> {
  const worker = workers.get(name)!
  return new Promise(resolve => {
    worker.onmessage = event => resolve(event.data as Reply)
    worker.onerror = event => resolve({ error: event.message || 'the worker could not be loaded' })
    worker.postMessage(command)
  })
}

function createWorker(): WorkerPort<ToWorker, FromWorker> {
  const worker = new Worker(new URL('../../src/runtime/workers/engine.worker.ts', import.meta.url), {
    type: 'module'
  })
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: receive => worker.addEventListener('message', event => receive(event.data)),
    onFailure: receive => worker.addEventListener('error', event => receive(event.message)),
    terminate: () => worker.terminate()
  }
}

async function reference(backend: BackendName, count: number, seeds: number, data: string): Promise<Reply> {
  try {
    const view = unpackView(await readBytes(data))
    return { milliseconds: await runReference({ backend, workers: count, seeds, view, createWorker }) }
  } catch (error) {
    return { error: String((error as Error)?.message ?? error) }
  }
}

Object.assign(globalThis, { bench: { start, ask, reference } })
