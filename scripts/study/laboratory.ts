/**
 * What the study computes with: the page's director on Node's threads, and pretraining in this one. Every training, query
 * and encoder is kept in a folder under its key, so that nothing is computed twice and an interrupted study goes on.
 */
import { join } from 'node:path'
import { knobsOf, pretrainingRows, productsOf, suggestedRows } from '../../src/core/experiment/parts.ts'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { basisKey, giveFeatures, type Features } from '../../src/core/features.ts'
import { hashKey } from '../../src/core/keys.ts'
import type { MethodName } from '../../src/core/pretraining/methods/index.ts'
import type { Origins } from '../../src/core/pretraining/products.ts'
import type { Encoder } from '../../src/core/pretraining/settings.ts'
import type { RecordStore } from '../../src/core/recordStore.ts'
import type { Result } from '../../src/core/result.ts'
import { selectInitial, selectionOf } from '../../src/core/selection.ts'
import type { Selector } from '../../src/core/selector.ts'
import type { View } from '../../src/core/view.ts'
import { dataService } from '../../src/runtime/dataService.ts'
import { Director } from '../../src/runtime/director.ts'
import { fileEncoders } from '../../src/runtime/node/fileEncoders.ts'
import { fileRecords } from '../../src/runtime/node/fileRecords.ts'
import { readFolder } from '../../src/runtime/node/files.ts'
import { pretrainings, type Pretrainings } from '../../src/runtime/node/pretrainings.ts'
import { startThread } from '../../src/runtime/node/threads.ts'
import { memoryStore } from '../../src/store/index.ts'
import type { Options } from './options.ts'
import { isBuiltIn, rowsOf, titles, type SetName } from './sets.ts'

/** seconds between two words about how far it is */
const SPEAK_EVERY = 15

export class Laboratory {
  private readonly store = memoryStore()
  private readonly data = dataService(this.store.datasets, () => Date.now())
  private readonly sources = new Map<SetName, Experiment['source']>()
  private director!: Director
  private pretrainings!: Pretrainings
  private held: { key: string; view: View } | undefined
  private finished: { resolve(): void; reject(error: unknown): void } | undefined
  private spoken = 0
  /** of the entry that runs */
  seeds = 1
  records!: RecordStore
  /** what computed it, for the report */
  arithmetic = ''
  /** seconds of computing that the results looked at stand for, by training key: whether they were computed now or before */
  readonly spent = new Map<string, number>()

  private constructor(private readonly options: Options) {}

  static async open(options: Options): Promise<Laboratory> {
    const lab = new Laboratory(options)
    const folder = (name: string) => join(options.out, name)
    lab.records = await fileRecords(folder('records'))
    lab.pretrainings = pretrainings(
      await fileEncoders(folder('encoders')),
      ({ method, seed, epochs }, report) =>
        lab.speak(
          () =>
            `${method}, seed ${seed}: epoch ${report.epoch} of ${epochs}, kNN ${(100 * report.knn).toFixed(1)} %`
        )
    )
    lab.director = new Director({
      createWorker: startThread,
      buildView: lab.data.view,
      select: lab.data.select,
      ...lab.pretrainings,
      records: lab.records,
      changed: () => lab.progressed(),
      notice: (code, parameters) => console.log(`  notice: ${code} ${JSON.stringify(parameters ?? {})}`)
    })
    const { backend, detail, numericsId } = await lab.director.open(options.backend, options.workers)
    lab.arithmetic = `${backend} (${detail}), ${numericsId}`
    return lab
  }

  close(): void {
    this.director.close()
  }

  get quick(): boolean {
    return this.options.quick
  }

  /** Why a set cannot be looked at; undefined where it can. */
  lacks(set: SetName): string | undefined {
    return isBuiltIn(set) || this.options.paths[set] ? undefined : `give its files with --${set}`
  }

  private async source(set: SetName): Promise<Experiment['source']> {
    if (isBuiltIn(set)) return { kind: 'synthetic', id: set }
    let source = this.sources.get(set)
    if (!source) {
      const { id, choices } = await this.data.importFiles(await readFolder(this.options.paths[set]!))
      const { fingerprint } = await this.data.keep(id, choices)
      this.sources.set(set, (source = { kind: 'stored', fingerprint, name: titles[set] }))
    }
    return source
  }

  /** The experiment of an entry: the frozen rows, those of the set, the entry's own. `seeds` are the entry's. */
  async experiment(set: SetName, rows: Partial<Experiment> = {}): Promise<Experiment> {
    const source = await this.source(set)
    const { seeds, quick } = this
    return { ...frozenExperiment, source, seeds, ...rowsOf(set, quick), ...rows }
  }

  /** The experiment with a method's pretraining, by the settings that the page suggests. */
  suggested(experiment: Experiment, method: MethodName): Experiment {
    const { pretrainingEpochs, poolSize } = experiment
    const rows = { ...experiment, ...suggestedRows(method, poolSize) }
    return this.quick ? { ...rows, pretrainingEpochs } : rows
  }

  /** The last one is held, with the features that were made of it. */
  async view(experiment: Experiment): Promise<View> {
    const { source } = experiment
    const key = hashKey({ source, knobs: knobsOf(experiment) })
    if (this.held?.key !== key) this.held = { key, view: await this.data.view(source, knobsOf(experiment)) }
    return this.held.view
  }

  /** The initial sets of a selector, one a seed: pool rows. Nothing is trained on them. */
  async initialSets(experiment: Experiment, selector: Selector, size: number): Promise<Uint32Array[]> {
    const view = await this.view(experiment)
    const origins: Origins = {}
    for (const [product, pretraining] of productsOf({ ...experiment, selectors: [selector.id] })) {
      const { origin, features } = await this.pretrainings.product(view, pretraining, product)
      origins[product] = origin
      giveFeatures(view, { key: basisKey(product, origins), features })
    }
    const requests = Array.from({ length: this.seeds }, (_, seed) =>
      selectionOf(view.key, selector, seed, size, 1, origins)
    )
    const known = await this.records.getPicks(requests.map(r => r.key))
    const sets: Uint32Array[] = []
    for (const [i, request] of requests.entries()) {
      const began = performance.now()
      const pick = known[i] ?? { picks: selectInitial(view, selector, request), seconds: 0 }
      if (!known[i]) {
        pick.seconds = (performance.now() - began) / 1000
        await this.records.putPick(request.key, pick)
      }
      this.spent.set(request.key, pick.seconds)
      sets.push(pick.picks)
    }
    return sets
  }

  /** Computes what is not known yet. Rejects when a training fails. */
  async compute(experiment: Experiment): Promise<Result> {
    const ended = new Promise<void>((resolve, reject) => (this.finished = { resolve, reject }))
    await this.director.run(experiment)
    await ended
    const result = this.director.result()!
    for (const { points } of result.runs)
      for (const { record } of points) {
        if (!record) continue
        const { train, test } = record.measurement.seconds
        this.spent.set(record.trainingKey, train + test + (record.querySeconds ?? 0))
      }
    return result
  }

  private progressed(): void {
    const { phase, trainings, secondsLeft } = this.director.progress()
    if (phase === 'finished') this.finished?.resolve()
    if (phase === 'failed') this.finished?.reject(new Error('a training failed: see the notice above'))
    if (phase !== 'running') return
    const left = secondsLeft === undefined ? '' : `, about ${Math.ceil(secondsLeft / 60)} min left`
    this.speak(() => `${trainings.done} of ${trainings.total} trainings${left}`)
  }

  private speak(words: () => string): void {
    if (Date.now() - this.spoken < 1000 * SPEAK_EVERY) return
    this.spoken = Date.now()
    console.log(`  ${words()}`)
  }

  /** What the experiment's encoder of a seed makes of every image of the pool: 64 components, [pool, 64]. */
  async represented(experiment: Experiment, seed: number): Promise<Features> {
    await this.encoder(experiment, seed)
    const pretraining = { ...pretrainingRows(experiment), seed }
    return (await this.pretrainings.product(await this.view(experiment), pretraining, 'encoder')).features
  }

  /** The encoder of an experiment's rows on its pool. */
  async encoder(experiment: Experiment, seed = experiment.pretrainingSeed): Promise<Encoder> {
    const pretraining = { ...pretrainingRows(experiment), seed }
    const encoder = await this.pretrainings.encoder(await this.view(experiment), pretraining)
    this.spent.set(encoder.key, encoder.seconds)
    return encoder
  }
}
