/** Processes of Node as the director's training workers, for whole grids: this very program, called with `--train`. */
import { fork } from 'node:child_process'
import { openEngine } from '../../src/engine/index.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../../src/runtime/protocol.ts'
import { serveEngine } from '../../src/runtime/serve.ts'
import { installDawn } from './dawn.ts'

export function startTrainer(dawn: string | undefined, wasm: string | undefined) {
  return (): WorkerPort<ToWorker, FromWorker> => {
    const child = fork(process.argv[1], ['--train', dawn ?? '', wasm ?? ''], { serialization: 'advanced' })
    let ended = false
    return {
      post: message => void (child.connected && child.send(message)),
      listen: receive => void child.on('message', message => receive(message as FromWorker)),
      onFailure: receive =>
        void child.on('exit', code => !ended && receive(`the process ended with code ${code}`)),
      terminate: () => {
        ended = true
        child.kill('SIGKILL')
      }
    }
  }
}

/** What `--train` does. */
export function serveTrainer(dawn: string, wasm: string): void {
  if (dawn) installDawn(dawn)
  serveEngine(
    {
      post: message => void process.send!(message),
      listen: receive => void process.on('message', message => receive(message as ToWorker))
    },
    {
      open: (backend, onLost) => openEngine({ backend, wasmUrl: wasm || undefined, onLost }),
      now: () => performance.now(),
      hop: () => new Promise(resolve => setImmediate(resolve))
    }
  )
  process.on('disconnect', () => process.exit(0))
}
