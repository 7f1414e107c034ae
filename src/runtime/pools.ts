/**
 * Who trains what. The chosen backend has a pool of workers; where that is a GPU, trainings that its engine does not know
 * (engine/fast/known.ts) are dealt out to a second one, WebAssembly on every core, instead of queueing for a single thread
 * beside the GPU. Which side a training belongs to follows from its recipe and the view alone, never from load. An
 * experiment of which the GPU knows nothing stands under WASM's own numericsId, as on a machine without a GPU; of a mixed
 * one all trainings stand under the GPU's, which promises WASM's bits for the rest.
 */
import type { BackendDescription, BackendName } from '../core/engine.ts'
import type { GivenFeatures } from '../core/features.ts'
import type { Measurement } from '../core/record.ts'
import type { Recipe } from '../core/recipe.ts'
import type { View } from '../core/view.ts'
import { RuntimeError } from './errors.ts'
import type { Planned } from '../core/experiment/plan.ts'
import { Pace } from './pace.ts'
import { WorkerPool, type Job, type PoolEvents, type Priority } from './pool.ts'
import type { FromWorker, JobTask, ToWorker, WorkerPort } from './protocol.ts'

/** What stands beside a GPU when it is needed. */
export interface Beside {
  workers: number
  /** whether the GPU trains that by itself */
  knows(recipe: Recipe, view: View): boolean
  /** the one that the GPU's id stands for in what it does not know */
  numericsId: string
}

export interface PoolsEvents extends Omit<PoolEvents, 'deserted'> {
  /** the last worker of a pool is gone and none could take its place; `beside`: of the second one */
  deserted(reason: string, beside: boolean): void
}

/** A pool and how fast it is. */
interface Side {
  pool: WorkerPool
  pace: Pace
}

export class Pools {
  private readonly main: Side
  private readonly beside: Side
  private description: BackendDescription | undefined
  private standing: Promise<BackendDescription> | undefined
  private view: View | undefined

  constructor(
    create: () => WorkerPort<ToWorker, FromWorker>,
    events: PoolsEvents,
    retryAfter?: readonly number[],
    private readonly extra?: Beside
  ) {
    const side = (beside: boolean): Side => {
      const deserted = (reason: string) => {
        if (beside) this.standing = undefined
        events.deserted(reason, beside)
      }
      return { pool: new WorkerPool(create, { ...events, deserted }, retryAfter), pace: new Pace() }
    }
    this.main = side(false)
    this.beside = side(true)
  }

  /** Opens the workers of a backend; see Workers.open. */
  async open(backend: BackendName, size: number): Promise<BackendDescription> {
    this.description = undefined
    return (this.description = await this.main.pool.open(backend, size))
  }

  /**
   * Has workers ready for trainings of these recipes on a view: those of WASM are opened if it asks for them. What is at work
   * goes on. Resolves with the backend whose numericsId the experiment stands under, which is the one that knows its
   * `own` recipe, and with how much of it is done beside the GPU. Rejects with RuntimeError if WASM cannot be opened.
   */
  async ready(view: View, own: Recipe, recipes: readonly Recipe[]): Promise<Readiness> {
    const { description, extra } = this
    if (!description) throw new RuntimeError('noBackend', 'there are no workers')
    if (!extra || ![own, ...recipes].some(recipe => this.isBeside(recipe, view))) return { description }
    const standing = (this.standing ??= this.beside.pool.open('wasm', extra.workers))
    const wasm = await standing.catch(error => {
      if (this.standing === standing) this.standing = undefined
      throw error
    })
    const all = this.isBeside(own, view)
    if (!all && wasm.numericsId !== extra.numericsId)
      throw new RuntimeError('wrongNumbers', `WASM computes otherwise here: ${wasm.numericsId}`)
    return { description: all ? wasm : description, beside: { workers: extra.workers, all } }
  }

  /** This is what they are ready for from now on: workers of WASM that have nothing to do with it are ended. */
  take({ beside }: Pick<Readiness, 'beside'>): void {
    if (beside) return
    this.standing = undefined
    this.beside.pool.end()
  }

  /** Whether WASM trains it while the chosen backend is a GPU. */
  private isBeside(recipe: Recipe, view = this.view): boolean {
    const { description, extra } = this
    return description?.backend === 'webgpu' && !!extra && !!view && !extra.knows(recipe, view)
  }

  private sideOf(recipe: Recipe): Side {
    return this.isBeside(recipe) ? this.beside : this.main
  }

  private get pools(): WorkerPool[] {
    return [this.main.pool, this.beside.pool]
  }

  /** A training of this recipe took so long. */
  timed(recipe: Recipe, { steps, seconds }: Measurement): void {
    this.sideOf(recipe).pace.timed(steps, seconds.train, seconds.test)
  }

  /** A query of such a training took so long. */
  asked(recipe: Recipe, seconds: number): void {
    this.sideOf(recipe).pace.asked(seconds)
  }

  /** What was learned of the pace is of no more use: another network, data set or backend. */
  forgetPace(): void {
    this.main.pace.reset()
    this.beside.pace.reset()
  }

  /** Seconds until these trainings are done, or undefined while one of the sides has not been timed. */
  secondsLeft(left: readonly (Planned & { count: number })[]): number | undefined {
    const seconds = [this.main, this.beside].flatMap(side => {
      const own = left.filter(({ recipe }) => this.sideOf(recipe) === side)
      if (!own.length) return []
      const underWay = side.pool.running().reduce((sum, job) => sum + job.step, 0)
      return [side.pace.predict(own, underWay, side.pool.size)]
    })
    return seconds.includes(undefined) ? undefined : Math.max(0, ...(seconds as number[]))
  }

  setView(view: View): void {
    this.view = view
    for (const pool of this.pools) pool.setView(view)
  }

  setEncoder(encoder: { key: string; weights: Float32Array }): void {
    for (const pool of this.pools) pool.setEncoder(encoder)
  }

  setFeatures(given: readonly GivenFeatures[]): void {
    for (const pool of this.pools) pool.setFeatures(given)
  }

  running(): Job[] {
    return this.pools.flatMap(pool => pool.running())
  }

  submit(task: JobTask, priority: Priority): void {
    this.sideOf(task.recipe).pool.submit(task, priority)
  }

  release(ids?: readonly string[]): void {
    for (const pool of this.pools) pool.release(ids)
  }

  schedule(): void {
    for (const pool of this.pools) pool.schedule()
  }

  pause(): void {
    for (const pool of this.pools) pool.pause()
  }

  resume(): void {
    for (const pool of this.pools) pool.resume()
  }

  cancelAll(): void {
    for (const pool of this.pools) pool.cancelAll()
  }

  close(): void {
    this.standing = undefined
    this.view = undefined
    for (const pool of this.pools) pool.close()
  }
}

export interface Readiness {
  description: BackendDescription
  /** what WASM does beside a GPU: all of the experiment's trainings, or some of them */
  beside?: { workers: number; all: boolean }
}
