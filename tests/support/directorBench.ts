/** A director with workers in this process, each with a fake engine, and what it says. */
import type { BackendName } from '../../src/core/engine.ts'
import type { Experiment } from '../../src/core/experiment/table.ts'
import type { Features } from '../../src/core/features.ts'
import type { Product } from '../../src/core/pretraining/products.ts'
import { derive, nameNumber, uniform } from '../../src/core/random.ts'
import type { Encoder, Pretraining } from '../../src/core/pretraining/settings.ts'
import type { View } from '../../src/core/view.ts'
import type { Result } from '../../src/core/result.ts'
import { Director, type DirectorOptions } from '../../src/runtime/director.ts'
import type { Beside } from '../../src/runtime/pools.ts'
import type { FromWorker, ToWorker } from '../../src/runtime/protocol.ts'
import { serveEngine } from '../../src/runtime/serve.ts'
import { FakeEngine, fakeView } from './fakeEngine.ts'
import { MemoryRecords } from './memoryRecords.ts'
import { channel } from './ports.ts'

const hop = () => new Promise<void>(resolve => setImmediate(resolve))

export class DirectorBench {
  engines: FakeEngine[] = []
  pages: ReturnType<typeof channel<ToWorker, FromWorker>>['page'][] = []
  notices: string[] = []
  results: Result[] = []
  director: Director
  private waiting: (() => void)[] = []
  diverges: FakeEngine['diverges'] = () => false
  /** what pretrains */
  encoder = async (view: View, pretraining: Pretraining): Promise<Encoder> => ({
    key: `${pretraining.method} on ${view.key}`,
    pretraining,
    shape: view.shape,
    weights: new Float32Array(1),
    reports: [],
    numericsId: 'fake-1',
    seconds: 0
  })
  /** what a pretraining leaves: drawn from its key and the product's name */
  product = async (view: View, pretraining: Pretraining, product: Product) => {
    const { key: origin } = await this.encoder(view, pretraining)
    const key = derive([nameNumber(origin), nameNumber(product)], 1)
    const size = product === 'pretextLoss' ? 1 : 2
    const features: Features = {
      size,
      values: Float32Array.from({ length: size * view.pool.labels.length }, (_, i) => uniform(key, i))
    }
    return { origin, features }
  }
  /** what a new engine is told */
  prepare: (engine: FakeEngine, backend: BackendName) => void = () => {}
  /** what a worker waits for before it opens its engine */
  opening: (backend: BackendName) => Promise<void> = async () => {}
  /** what a view waits for before it is built */
  gathering = async () => {}
  /** another view than the blank one */
  view = (blank: View) => blank
  /** workers that can still be opened */
  workersLeft = Infinity
  deserted: boolean[] = []
  /** is told whether what was under way then had been paused */
  onDeserted: (paused: boolean) => void = () => {}
  constructor(
    readonly records = new MemoryRecords(),
    numericsId = 'fake-1',
    retryAfter: readonly number[] = [1, 1],
    /** who chooses initial sets, if not this thread */
    select?: DirectorOptions['select'],
    /** what stands beside a GPU; engines then have ids of their backends */
    beside?: Beside
  ) {
    this.director = new Director({
      createWorker: () => {
        const { page, worker } = channel<ToWorker, FromWorker>()
        serveEngine(worker, {
          open: async backend => {
            await this.opening(backend)
            if (this.workersLeft-- <= 0) throw Object.assign(new Error('no adapter'), { code: 'noAdapter' })
            const engine = beside ? new FakeEngine(`${backend}-1`, backend) : new FakeEngine(numericsId)
            engine.diverges = replica => this.diverges(replica)
            this.prepare(engine, backend)
            this.engines.push(engine)
            return engine
          },
          now: () => performance.now(),
          hop
        })
        this.pages.push(page)
        return page
      },
      buildView: async (_source, knobs) => {
        await this.gathering()
        if (knobs.poolSize === 13) throw new Error('too few images')
        return this.view(fakeView(knobs.poolSize, knobs.testSize))
      },
      select,
      encoder: async (view, pretraining) => this.encoder(view, pretraining),
      product: async (view, pretraining, product) => this.product(view, pretraining, product),
      records,
      beside,
      changed: () => {
        const result = this.director.result()
        if (result) this.results.push(result)
        for (const check of this.waiting) check()
      },
      notice: code => this.notices.push(code),
      deserted: (active, _backend, paused) => {
        this.onDeserted(paused)
        this.deserted.push(active)
      },
      retryAfter
    })
  }
  trainings() {
    return this.engines.flatMap(e => e.trainings)
  }
  until(done: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const check = () => {
        if (!done()) return
        this.waiting = this.waiting.filter(w => w !== check)
        resolve()
      }
      this.waiting.push(check)
      check()
    })
  }
  finished() {
    return this.until(() => this.director.progress().phase === 'finished')
  }
  async run(experiment: Experiment) {
    await this.director.run(experiment)
    await this.finished()
    return this.director.result()!
  }
}

/** What must not change with anything but the experiment: seconds are measured, all else is decided. */
export const bitsOf = (result: Result) =>
  result.runs.map(r => ({
    ...r,
    points: r.points.map(p => ({
      n: p.labelCount,
      correct: p.correct,
      bits: [...p.record!.measurement.correct],
      added: [...p.record!.added]
    }))
  }))
