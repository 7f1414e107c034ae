/**
 * The owner of pretrained encoders: a known one is looked up by its key, an unknown one is computed in a worker of its own and
 * stored. One pretraining at a time; asking for another calls the one in progress off. What an encoder makes of the pool's images
 * is computed in a worker of its own as well, always on WASM, so that it has the same bits beside any backend.
 */
import type { EncoderCard, EncoderStore } from '../../core/encoders.ts'
import type { Features } from '../../core/features.ts'
import { isRecorded, isThere, type Product } from '../../core/pretraining/products.ts'
import {
  isCurrent,
  type Encoder,
  type EpochReport,
  type Pretraining
} from '../../core/pretraining/settings.ts'
import { unfinishedName } from '../../core/pretraining/snapshot.ts'
import type { View } from '../../core/view.ts'
import { RuntimeError } from '../errors.ts'
import type { WorkerPort } from '../protocol.ts'
import type { FromPretrainer, ToPretrainer } from './protocol.ts'
import { recordOf } from './records.ts'
import { Turn } from './turn.ts'

export interface PretrainingStatus {
  /** waiting: another tab is making the same */
  phase: 'idle' | 'opening' | 'waiting' | 'running' | 'paused' | 'finished' | 'failed'
  pretraining?: Pretraining
  step: number
  steps: number
  /** estimate; absent until something was timed */
  secondsLeft?: number
  reports: readonly EpochReport[]
  /** where it is finished: under which key it is kept */
  key?: string
}

/** An estimate of what is left is worth something after this (milliseconds). */
const SOON = 1500

/** A worker that dies so often without having left anything new is not replaced. */
const MOST_LOSSES = 2

/** Derived products that are held. */
const MOST_DERIVED = 4

const IDLE: PretrainingStatus = { phase: 'idle', step: 0, steps: 0, reports: [] }

export interface EncodersOptions {
  createWorker(): WorkerPort<ToPretrainer, FromPretrainer>
  store: EncoderStore
  changed(status: PretrainingStatus): void
  /** the store would not keep it: memory does, for as long as this lives */
  refused(reason: string): void
  /** whether trainings run on a GPU: pretrainings do then as well */
  onGpu?(): boolean
  /** waits until nobody else makes what has this name, and gives what lets the next one; absent: there is nobody else */
  turn?(name: string, signal: AbortSignal): Promise<() => void>
}

interface Job {
  view: View
  pretraining: Pretraining
  name: string
  result: Promise<Encoder>
  resolve(encoder: Encoder): void
  reject(error: unknown): void
  key: string
  images: string
  /** what it must leave; more may be asked for while it is under way */
  products: Set<Product>
  /** workers that died since it was last kept where it stands */
  losses: number
  /** the worker has done its part */
  made: boolean
  /** among the tabs; absent where there are no others */
  turn?: Turn
}

type Wanted = Pick<Job, 'view' | 'pretraining' | 'key' | 'images' | 'products'>

/** What of a view a pretraining sees. */
const partOf = ({ shape, pool, trueLabels }: View) => ({ shape, pool, trueLabels })

const suits = ({ recorded }: Encoder, { view, products }: Pick<Wanted, 'view' | 'products'>) =>
  [...products].every(product => isThere(recorded, product, view.pool.labels.length))

const namedBy = (product?: Product) => new Set(product && [product])

export class Encoders {
  private port: WorkerPort<ToPretrainer, FromPretrainer> | undefined
  private job: Job | undefined
  private readonly held = new Map<string, Encoder>()
  /** derived products, by view, encoder and product: the last few */
  private readonly derived = new Map<string, Promise<Features>>()
  /** when which step was told first since it was started or resumed: from there the pace is taken */
  private mark: { at: number; step: number } | undefined
  status: PretrainingStatus = IDLE

  constructor(private readonly options: EncodersOptions) {}

  /**
   * Rejects with RuntimeError 'pretrainingCancelled' when it was called off, or another was asked for. A kept encoder that lacks
   * the product is pretrained again.
   */
  get(view: View, pretraining: Pretraining, product?: Product): Promise<Encoder> {
    const name = JSON.stringify([view.key, pretraining])
    if (this.job?.name === name) {
      if (product) this.job.products.add(product)
      return this.job.result
    }
    this.cancel()
    let resolve: Job['resolve'] = () => {}
    let reject: Job['reject'] = () => {}
    const result = new Promise<Encoder>((yes, no) => {
      resolve = yes
      reject = no
    })
    this.job = {
      view,
      pretraining,
      name,
      result,
      resolve,
      reject,
      key: '',
      images: '',
      products: namedBy(product),
      losses: 0,
      made: false
    }
    this.tell({ ...IDLE, phase: 'opening', pretraining })
    this.begin(this.job)
    return result
  }

  private begin({ view, pretraining }: Job): void {
    this.port ??= this.connect()
    this.port.post({ type: 'key', view: partOf(view), pretraining })
  }

  /** The kept encoder of a pretraining, with the product if one is named; undefined where it would have to be computed. */
  async locate(view: View, pretraining: Pretraining, product?: Product): Promise<Encoder | undefined> {
    const { key, images } = await this.named(view, pretraining)
    return this.kept({ view, pretraining, key, images, products: namedBy(product) })
  }

  private named(view: View, pretraining: Pretraining) {
    return this.aside({ type: 'key', view: partOf(view), pretraining }, message =>
      message.type === 'keyed' ? message : undefined
    )
  }

  /**
   * The encoder of a pretraining on these images, wherever it was made, WASM's before others (which has this key); undefined
   * if none is kept that has the products.
   */
  private async kept(wanted: Wanted): Promise<Encoder | undefined> {
    const { key, images } = wanted
    const settings = JSON.stringify(wanted.pretraining)
    const own = await this.find(key)
    if (own && suits(own, wanted)) return own
    const others = [...this.held.values(), ...(await this.list())].filter(
      card =>
        card.key !== key &&
        card.images === images &&
        JSON.stringify(card.pretraining) === settings &&
        isCurrent(card)
    )
    for (const other of others) {
      const found = await this.find(other.key)
      if (found && suits(found, wanted)) return found
    }
  }

  /** Asks a worker of its own, so that a pretraining under way is not disturbed. */
  private aside<T>(question: ToPretrainer, read: (message: FromPretrainer) => T | undefined): Promise<T> {
    const port = this.options.createWorker()
    return new Promise<T>((resolve, reject) => {
      port.onFailure(reason => reject(new RuntimeError('workerFailed', reason)))
      port.listen(message => {
        if (message.type === 'failed') return reject(new RuntimeError(message.code, message.message))
        const answer = read(message)
        if (answer !== undefined) resolve(answer)
      })
      port.post(question)
    }).finally(() => port.terminate())
  }

  /** A product of a pretraining, and the key of its encoder. Rejects as `get` does. */
  async product(
    view: View,
    pretraining: Pretraining,
    product: Product
  ): Promise<{ origin: string; features: Features }> {
    const encoder = await this.get(view, pretraining, product)
    return { origin: encoder.key, features: await this.productOf(view, encoder, product) }
  }

  /**
   * A product of an encoder that has it (`locate`); a pretraining under way is not disturbed. Rejects with RuntimeError
   * 'productMissing' where it was to be recorded and was not.
   */
  async productOf(view: View, encoder: Encoder, product: Product): Promise<Features> {
    return isRecorded(product) ? recordOf(encoder, product, view) : this.represented(view, encoder)
  }

  /** The features of the pool's images under an encoder. */
  private represented(view: View, { key, pretraining, weights }: Encoder): Promise<Features> {
    const name = JSON.stringify([view.key, key])
    let features = this.derived.get(name)
    if (!features) {
      features = this.aside({ type: 'represent', view: partOf(view), pretraining, weights }, message =>
        message.type === 'represented' ? message.features : undefined
      )
      this.derived.set(name, features)
      for (const oldest of this.derived.keys())
        if (this.derived.size > MOST_DERIVED) this.derived.delete(oldest)
      features.catch(() => this.derived.delete(name))
    }
    return features
  }

  private connect(): WorkerPort<ToPretrainer, FromPretrainer> {
    const port = this.options.createWorker()
    port.listen(message => this.port === port && this.receive(message))
    port.onFailure(reason => this.port === port && this.died(reason))
    return port
  }

  private receive(message: FromPretrainer): void {
    const { job } = this
    if (!job) return
    switch (message.type) {
      case 'keyed':
        job.key = message.key
        job.images = message.images
        job.turn ??= this.turnAt(job)
        return void this.lookUp(job)
      case 'progress':
        return this.advance(message.step, message.steps)
      case 'report':
        return this.tell({
          ...this.status,
          reports: [...(message.report.epoch ? this.status.reports : []), message.report]
        })
      case 'unfinished':
        // a convenience: what cannot be kept is computed again
        return void this.options.store
          .putUnfinished(message.unfinished)
          .then(() => (job.losses = 0))
          .catch(() => {})
      case 'done':
        job.made = true
        return void this.keep(job, message)
      case 'failed':
        return this.fail(message.code, message.message)
    }
  }

  private advance(step: number, steps: number): void {
    const now = performance.now()
    // a GPU that was lost: it begins anew
    if (!this.mark || step < this.mark.step) this.mark = { at: now, step }
    const passed = now - this.mark.at
    const done = step - this.mark.step
    const timed = this.status.phase === 'running' && passed > SOON && done
    const secondsLeft = timed ? ((passed / done) * (steps - step)) / 1000 : undefined
    this.tell({ ...this.status, step, steps, secondsLeft })
  }

  private async lookUp(job: Job): Promise<void> {
    const { port } = this
    // a worker that died meanwhile is not answered
    const over = () => this.job !== job || this.port !== port
    const known = await this.kept(job).catch(() => undefined)
    if (over()) return
    // more may have been asked for meanwhile
    if (known && suits(known, job)) return this.finish(job, known)
    // a paused one leaves the turn to others
    if (this.status.phase !== 'paused' && !(await this.myTurn(job))) return
    if (over()) return
    const from = await this.options.store.unfinished(job).catch(() => undefined)
    if (over()) return
    this.mark = undefined
    const paused = this.status.phase === 'paused'
    this.tell({ ...this.status, phase: paused ? 'paused' : 'running' })
    port?.post({ type: 'start', gpu: this.options.onGpu?.() ?? false, from })
    if (paused) port?.post({ type: 'suspend' })
  }

  private turnAt(job: Job): Turn | undefined {
    const { turn } = this.options
    return turn && new Turn(signal => turn(unfinishedName(job), signal))
  }

  /** Waits for this tab's turn. False if the pretraining is over by then, or another tab has made what it was to make. */
  private async myTurn(job: Job): Promise<boolean> {
    if (!job.turn) return true
    const waits = () => this.tell({ ...this.status, phase: 'waiting', secondsLeft: undefined })
    if (!(await job.turn.take(waits))) return false
    // also where the turn came at once: nobody looked while it was paused
    const made = await this.kept(job).catch(() => undefined)
    if (this.job !== job) return false
    if (!made || !suits(made, job)) return true
    // its worker may stand in the midst of it
    this.port?.terminate()
    this.port = undefined
    this.finish(job, made)
    return false
  }

  /** It is no longer the one in progress. */
  private end(job: Job | undefined): void {
    this.job = undefined
    job?.turn?.callOff()
  }

  /** After how many epochs the pretraining was interrupted that would be made of these, if it was. */
  async standing(view: View, pretraining: Pretraining): Promise<number | undefined> {
    const { key, images } = await this.named(view, pretraining)
    const found = await this.options.store.unfinished({ pretraining, images })
    // a GPU does not go on with what WASM began, nor the other way round
    const onGpu = this.options.onGpu?.() ?? false
    return found && (found.key !== key) === onGpu ? found.snapshot.epoch : undefined
  }

  private async keep(
    job: Job,
    { key, numericsId, weights, recorded, seconds }: Extract<FromPretrainer, { type: 'done' }>
  ): Promise<void> {
    const { pretraining, view, images } = job
    const reports = [...this.status.reports]
    const { shape } = view
    const left = recorded && { recorded }
    const encoder: Encoder = {
      key,
      pretraining,
      shape,
      images,
      weights,
      reports,
      numericsId,
      seconds,
      ...left
    }
    const { store, refused } = this.options
    await store
      .put(encoder)
      .then(() => store.removeUnfinished(job).catch(() => {}))
      .catch(error => refused(String((error as Error).message ?? error)))
    if (this.job === job) this.finish(job, encoder)
  }

  private finish(job: Job, encoder: Encoder): void {
    this.held.set(encoder.key, encoder)
    this.end(job)
    const { key, pretraining, reports } = encoder
    this.tell({ phase: 'finished', pretraining, step: 0, steps: 0, reports, key })
    job.resolve(encoder)
  }

  /** The worker is gone: another goes on from where the pretraining was kept last. */
  private died(reason: string): void {
    const { job } = this
    if (job && !job.made && ++job.losses > MOST_LOSSES) return this.fail('workerFailed', reason)
    this.port?.terminate()
    this.port = undefined
    if (job && !job.made) this.begin(job)
  }

  private fail(code: string, message: string): void {
    this.port?.terminate()
    this.port = undefined
    const { job } = this
    this.end(job)
    this.tell({ ...this.status, phase: 'failed' })
    job?.reject(new RuntimeError(code, message))
  }

  pause(): void {
    if (this.status.phase !== 'running' || !this.job) return
    this.port?.post({ type: 'suspend' })
    this.tell({ ...this.status, phase: 'paused', secondsLeft: undefined })
    // another tab may go on with it
    this.job.turn?.giveBack()
  }

  resume(): void {
    if (this.status.phase === 'paused' && this.job) void this.goOn(this.job)
  }

  private async goOn(job: Job): Promise<void> {
    if (!(await this.myTurn(job))) return
    this.mark = undefined
    this.port?.post({ type: 'resume' })
    this.tell({ ...this.status, phase: 'running', secondsLeft: undefined })
  }

  /** Calls off what is in progress. Its worker ends with it, so that nothing late is taken for its successor's. */
  cancel(): void {
    const { job } = this
    if (!job) return
    this.port?.terminate()
    this.port = undefined
    this.end(job)
    this.tell(IDLE)
    job.reject(new RuntimeError('pretrainingCancelled', 'the pretraining was called off'))
  }

  /** Keeps an encoder that was made elsewhere. */
  async keepForeign(encoder: Encoder): Promise<void> {
    await this.options.store
      .put(encoder)
      .catch(error => this.options.refused(String((error as Error).message ?? error)))
    this.held.set(encoder.key, encoder)
  }

  list(): Promise<EncoderCard[]> {
    return this.options.store.list()
  }

  async find(key: string): Promise<Encoder | undefined> {
    return this.held.get(key) ?? this.options.store.get(key)
  }

  async remove(key: string): Promise<void> {
    this.held.delete(key)
    await this.options.store.remove(key)
    if (this.status.key === key) this.tell(IDLE)
  }

  private tell(status: PretrainingStatus): void {
    this.status = status
    this.options.changed(status)
  }
}
