/** Node threads as the director's workers. */
import { Worker } from 'node:worker_threads'
import type { FromWorker, ToWorker, WorkerPort } from '../protocol.ts'

export function startThread(): WorkerPort<ToWorker, FromWorker> {
  const thread = new Worker(new URL('./thread.mjs', import.meta.url))
  let ended = false
  return {
    post: message => thread.postMessage(message),
    listen: receive => void thread.on('message', receive),
    onFailure: receive => {
      thread.on('error', error => !ended && receive(String(error.stack ?? error)))
      thread.on('exit', code => !ended && receive(`the thread ended with code ${code}`))
    },
    terminate: () => {
      ended = true
      void thread.terminate()
    }
  }
}
