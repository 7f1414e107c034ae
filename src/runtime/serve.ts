/**
 * The worker's side: owns one engine, runs the cohorts it is given. One is suspended between steps simply by not
 * answering its checkpoint; others may run meanwhile on the same engine.
 */
import type { BackendName, Engine } from '../core/engine.ts'
import { forgetFeatures, giveFeatures } from '../core/features.ts'
import type { View } from '../core/view.ts'
import type { Recipe } from '../core/recipe.ts'
import { sizeKey } from './cohort.ts'
import type { FromWorker, JobQuery, JobTask, Port, ToWorker } from './protocol.ts'
import { runRounds } from './round.ts'

export interface ServeOptions {
  open(backend: BackendName, lost: (reason: string) => void): Promise<Engine>
  now(): number
  /** lets messages in: a hop through the event loop */
  hop(): Promise<void>
}

class Cancelled extends Error {}

/** Trainings that are done together: they are suspended, resumed and cancelled as one. */
class Cohort {
  cancelled = false
  /** by training: queries that nobody has taken up yet; none for one that is done */
  readonly queries: Map<string, JobQuery[]>
  private gate: Promise<void> | undefined
  private openGate: () => void = () => {}
  constructor(tasks: readonly JobTask[]) {
    this.queries = new Map(tasks.map(task => [task.id, [...task.queries]]))
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
  const cohorts = new Map<number, Cohort>()
  let lost = false

  /** The engine is of no more use: everything starts again on another. */
  function lose(reason: string): void {
    if (!lost) port.post({ type: 'lost', reason })
    lost = true
  }

  async function start(ticket: number, tasks: JobTask[]): Promise<void> {
    const cohort = new Cohort(tasks)
    const [{ recipe }] = tasks
    const size = sizeKey(view?.key, recipe)
    cohorts.set(ticket, cohort)
    let told = 0
    try {
      await loading
      await runRounds(engine!, view!, tasks, {
        now,
        check: async (step, steps) => {
          await hop()
          await cohort.pass()
          if (now() - told > PROGRESS_EVERY) {
            told = now()
            port.post({ type: 'progress', ticket, step, steps })
          }
        },
        trained: (id, weights) => port.post({ type: 'trained', ticket, id, weights }),
        measured: (id, measurement) => port.post({ type: 'measured', ticket, id, measurement }),
        picked: (id, key, pick) => port.post({ type: 'picked', ticket, id, key, pick }),
        takeQueries: id => cohort.queries.get(id)?.splice(0) ?? [],
        done: id => {
          cohort.queries.delete(id)
          port.post({ type: 'done', ticket, id })
        },
        failed: (id, code, message) => port.post({ type: 'failed', ticket, id, code, message })
      })
      tellSize(size, recipe)
    } catch (error) {
      if (error instanceof Cancelled) return
      const { code, stack, message } = error as { code?: unknown; stack?: string; message?: string }
      if (code === 'lost') return lose(message ?? 'lost')
      port.post({ type: 'failed', ticket, code: 'trainingFailed', message: stack ?? String(error) })
    } finally {
      cohorts.delete(ticket)
    }
  }

  /** what the pool was told last */
  const sizes = new Map<string, number>()

  function tellSize(key: string, recipe: Recipe): void {
    let replicas = 1
    try {
      replicas = Math.max(1, engine!.preferredCohort?.(recipe) ?? 1)
    } catch {
      // the first training that is tried will tell why
    }
    if (sizes.get(key) === replicas) return
    sizes.set(key, replicas)
    port.post({ type: 'sized', key, replicas })
  }

  port.listen(message => {
    switch (message.type) {
      case 'open':
        open(message.backend, lose).then(
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
        // one after the other: the last one asked for is the one that is held in the end
        loading = loading.catch(() => {}).then(() => engine!.load(message.view))
        loading.catch(error => (error?.code === 'lost' ? lose(error.message) : undefined))
        sizes.clear()
        break
      case 'encoder':
        loading = loading.then(() => engine!.adopt(message.encoder))
        // the first training that is tried will tell why
        loading.catch(() => {})
        break
      case 'features':
        giveFeatures(view!, message.given)
        break
      case 'forget':
        forgetFeatures(view!, message.keys)
        break
      case 'size': {
        const { recipe, key } = message
        const tell = () => tellSize(key, recipe)
        void loading.then(tell, tell)
        break
      }
      case 'start':
        void start(message.ticket, message.tasks)
        break
      case 'ask':
        cohorts
          .get(message.ticket)
          ?.queries.get(message.id)
          ?.push(...message.queries)
        break
      case 'suspend':
        cohorts.get(message.ticket)?.suspend()
        break
      case 'resume':
        cohorts.get(message.ticket)?.resume()
        break
      case 'cancel': {
        const cohort = cohorts.get(message.ticket)
        if (cohort) cohort.cancelled = true
        cohort?.resume()
        break
      }
    }
  })
}
