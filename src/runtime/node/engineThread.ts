/** The headless runner's training thread: the same service as the browser's worker, on a Node thread. */
import { parentPort } from 'node:worker_threads'
import { openEngine } from '../../engine/index.ts'
import type { FromWorker, ToWorker } from '../protocol.ts'
import { serveEngine } from '../serve.ts'

const port = parentPort!

serveEngine(
  {
    post: message => port.postMessage(message satisfies FromWorker),
    listen: receive => void port.on('message', (message: ToWorker) => receive(message))
  },
  {
    open: (backend, onLost) => openEngine({ backend, onLost }),
    now: () => performance.now(),
    hop: () => new Promise(resolve => setImmediate(resolve))
  }
)
