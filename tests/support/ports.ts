/** A channel between two ends in one process; messages are cloned and arrive in later turns, as between workers. */
import type { Port, WorkerPort } from '../../src/runtime/protocol.ts'

export function channel<Down, Up>(): {
  page: WorkerPort<Down, Up> & { fail(reason: string): void }
  worker: Port<Up, Down>
  ended: () => boolean
} {
  const { port1, port2 } = new MessageChannel()
  let failed: (reason: string) => void = () => {}
  let ended = false
  const page = {
    post: (m: Down) => port1.postMessage(m),
    listen: (f: (m: Up) => void) => void (port1.onmessage = e => f(e.data)),
    onFailure: (f: (reason: string) => void) => void (failed = f),
    terminate: () => {
      ended = true
      port1.close()
      port2.close()
    },
    fail: (reason: string) => {
      port1.close()
      port2.close()
      failed(reason)
    }
  }
  const worker = {
    post: (m: Up) => port2.postMessage(m),
    listen: (f: (m: Down) => void) => void (port2.onmessage = e => f(e.data))
  }
  return { page, worker, ended: () => ended }
}
