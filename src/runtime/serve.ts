/**
 * The worker's side: owns one engine, runs the jobs it is given. A job is suspended between steps simply by not
 * answering its checkpoint; others may run meanwhile on the same engine.
 */
import type { BackendName, Engine } from '../core/engine.ts'
import type { View } from '../core/view.ts'
import { RuntimeError } from './errors.ts'
import type { FromWorker, JobQuery, JobTask, Port, ToWorker } from './protocol.ts'
import { runRound } from './round.ts'

export interface ServeOptions {
  open(backend: BackendName, lost: (reason: string) => void): Promise<Engine>
  now(): number
  /** lets messages in: a hop through the event loop */
  hop(): Promise<void>
}

class Cancelled extends Error {}

class Job {
  cancelled = false
  queries: JobQuery[]
  private gate: Promise<void> | undefined
  private openGate: () => void = () => {}
  constructor(readonly task: JobTask) {
    this.queries = [...task.queries]
  }
  suspend(): void {
    this.gate ??= new Promise(resolve => (this.openGate = resolve))
  }
  resume(): void {
    this.gate = undefined
    this.openGate()
  }
  async pass(): Promise<void> {
    while (this.gate) await this.gate
    if (this.cancelled) throw new Cancelled()
  }
}

/** Milliseconds between two progress messages of a job. */
const PROGRESS_EVERY = 150

/** Serves the protocol on a port for the life of the worker. */
export function serveEngine(port: Port<FromWorker, ToWorker>, { open, now, hop }: ServeOptions): void {
  let engine: Engine | undefined
  let view: View | undefined
  let loading: Promise<void> = Promise.resolve()
  const jobs = new Map<number, Job>()

  async function start(ticket: number, task: JobTask): Promise<void> {
    const job = new Job(task)
    jobs.set(ticket, job)
    let told = 0
    try {
      await loading
      await runRound(engine!, view!, task, {
        now,
        check: async (step, steps) => {
          await hop()
          await job.pass()
          if (now() - told > PROGRESS_EVERY) {
            told = now()
            port.post({ type: 'progress', ticket, step, steps })
          }
        },
        trained: weights => port.post({ type: 'trained', ticket, weights }),
        measured: measurement => port.post({ type: 'measured', ticket, measurement }),
        picked: (key, pick) => port.post({ type: 'picked', ticket, key, pick }),
        takeQueries: () => job.queries.splice(0)
      })
      port.post({ type: 'done', ticket })
    } catch (error) {
      if (error instanceof Cancelled) return
      const { code, stack } = error as { code?: unknown; stack?: string }
      const known = error instanceof RuntimeError ? String(code) : 'trainingFailed'
      port.post({ type: 'failed', ticket, code: known, message: stack ?? String(error) })
    } finally {
      jobs.delete(ticket)
    }
  }

  port.listen(message => {
    switch (message.type) {
      case 'open':
        open(message.backend, reason => port.post({ type: 'lost', reason })).then(
          opened => {
            engine = opened
            port.post({ type: 'opened', description: opened.description })
          },
          error =>
            port.post({
              type: 'openFailed',
              code: error?.code ?? 'noBackend',
              message: String(error?.message ?? error)
            })
        )
        break
      case 'view':
        view = message.view
        loading = engine!.load(message.view)
        break
      case 'start':
        void start(message.ticket, message.task)
        break
      case 'ask':
        jobs.get(message.ticket)?.queries.push(...message.queries)
        break
      case 'suspend':
        jobs.get(message.ticket)?.suspend()
        break
      case 'resume':
        jobs.get(message.ticket)?.resume()
        break
      case 'cancel': {
        const job = jobs.get(message.ticket)
        if (job) job.cancelled = true
        job?.resume()
        break
      }
    }
  })
}
