/**
 * The page's laboratory: the director with browser workers, the browser's store, and a choice of backend. Everything
 * heavy happens in workers; this side only keeps the books.
 */
import type { BackendDescription, BackendName } from '../../core/engine.ts'
import { knobsOf, pretrainingOf, pretrainingRows, productsOf } from '../../core/experiment/parts.ts'
import type { Experiment } from '../../core/experiment/table.ts'
import { featureLength } from '../../core/view.ts'
import { openStore } from '../../store/index.ts'
import { besideGpu } from '../beside.ts'
import { Director } from '../director.ts'
import type { DataAnswer, DataRequest } from '../dataProtocol.ts'
import { RuntimeError } from '../errors.ts'
import type { FromWorker, ToWorker } from '../protocol.ts'
import { Maps } from '../maps/maps.ts'
import type { FromMapper, ToMapper } from '../maps/protocol.ts'
import { Encoders } from '../pretraining/encoders.ts'
import type { FromPretrainer, ToPretrainer } from '../pretraining/protocol.ts'
import dataWorkerUrl from '../workers/data.worker.ts?worker&url'
import engineWorkerUrl from '../workers/engine.worker.ts?worker&url'
import mapWorkerUrl from '../workers/map.worker.ts?worker&url'
import pretrainingWorkerUrl from '../workers/pretraining.worker.ts?worker&url'
import { candidates, ranked, workersFor } from './backends.ts'
import { dataCalls } from './data.ts'
import {
  LabError,
  type DataClient,
  type Laboratory,
  type LabEvent,
  type Notice,
  type Unfinished
} from './types.ts'
import { startWorker } from './workers.ts'

export * from './types.ts'

/** Milliseconds between two result events: the charts need no more, and the page stays free. */
const RESULT_EVERY = 100

const createEngineWorker = () => startWorker<ToWorker, FromWorker>(engineWorkerUrl, 'engine')

/** Opens the store and makes the laboratory; workers are opened by `open`. Never rejects. */
export async function openLaboratory(): Promise<Laboratory> {
  const store = await openStore()
  const listeners = new Set<(event: LabEvent) => void>()
  const emit = (event: LabEvent) => listeners.forEach(listen => listen(event))
  const notice = (code: string, parameters?: Notice['parameters']) =>
    emit({ type: 'notice', notice: { code, parameters } })
  const data = dataCalls(() => startWorker<DataRequest, DataAnswer>(dataWorkerUrl, 'data'))

  /** the director works on what the session names: until then its phase is the one of the experiment before */
  let adopted = false
  let runs = 0
  const endSession = () => {
    adopted = false
    void store.session.clear().catch(() => {})
  }

  let due: ReturnType<typeof setTimeout> | undefined
  const changed = () => {
    due ??= setTimeout(() => {
      due = undefined
      tell()
    }, RESULT_EVERY)
  }
  const tell = () => {
    const result = director.result()
    const progress = director.progress()
    if (result) emit({ type: 'result', result })
    emit({ type: 'progress', progress })
    if (adopted && progress.phase === 'finished') endSession()
  }

  /** trainings run on hardware of that kind */
  let onGpu = false
  const encoders = new Encoders({
    createWorker: () => startWorker<ToPretrainer, FromPretrainer>(pretrainingWorkerUrl, 'pretraining'),
    store: store.encoders,
    onGpu: () => onGpu,
    changed: status => emit({ type: 'pretraining', status }),
    refused: reason => notice('notStored', { reason })
  })
  const maps = new Maps({
    data,
    encoders,
    createWorker: () => startWorker<ToMapper, FromMapper>(mapWorkerUrl, 'map')
  })
  /** what experiments wait for of the encoders; the user may have asked for the same before */
  let waiting = 0
  let asked = 0
  /** the run that wanted one last */
  let wantedBy = 0
  const wanted = <T>(made: Promise<T>): Promise<T> => {
    waiting++
    wantedBy = runs
    return made.finally(() => waiting--)
  }
  /** A pretraining that was for experiments alone ends with them. */
  const callOffPretraining = () => {
    if (waiting && !asked) encoders.cancel()
  }
  const director = new Director({
    createWorker: createEngineWorker,
    buildView: data.view,
    select: data.select,
    encoder: (view, pretraining) => wanted(encoders.get(view, pretraining)),
    product: (view, pretraining, product) => wanted(encoders.product(view, pretraining, product)),
    records: store.records,
    changed,
    notice,
    beside: besideGpu(workersFor('wasm')),
    deserted: (active, backend, paused) => void recover(active, backend, paused)
  })
  /** `givenUp`: one that has proved useless here is not tried again until it is asked for */
  async function open(
    signal: AbortSignal,
    wanted?: BackendName,
    givenUp?: BackendName
  ): Promise<BackendDescription> {
    const remembered = wanted ?? ((await store.settings.get('backend')) as BackendName | undefined)
    for (const backend of await inOrder(signal, remembered, givenUp)) {
      signal.throwIfAborted()
      const end = () => director.close()
      signal.addEventListener('abort', end)
      try {
        const workers = workersFor(backend)
        const description = await director.open(backend, workers)
        signal.throwIfAborted()
        // not before it has worked: a reload would try it first
        if (backend === wanted) await store.settings.set('backend', wanted).catch(() => {})
        onGpu = backend === 'webgpu' && !description.fallback
        emit({ type: 'backend', description, workers })
        return description
      } catch (error) {
        signal.throwIfAborted()
        const { code = 'noBackend', message } = error as RuntimeError
        notice(code, { backend, message })
      } finally {
        signal.removeEventListener('abort', end)
      }
    }
    throw new LabError('noBackend')
  }

  /** The wanted backend first, if it is there; without a wish the fastest; without timing when one has been given up. */
  async function inOrder(
    signal: AbortSignal,
    wanted: BackendName | undefined,
    givenUp?: BackendName
  ): Promise<BackendName[]> {
    const { names } = await candidates()
    if (givenUp) return names.filter(name => name !== givenUp)
    if (!wanted || !names.includes(wanted)) return ranked(createEngineWorker, signal)
    return [wanted, ...names.filter(name => name !== wanted)]
  }

  /** what was asked for last; a failure is not remembered */
  let opening: Promise<BackendDescription> | undefined
  /** the end of the one before it */
  let ended: Promise<unknown> = Promise.resolve()
  let stop = new AbortController()

  /** One opening at a time: one that is under way is ended, and whoever waits for it waits for its successor. */
  function reopen(wanted?: BackendName, givenUp?: BackendName): Promise<BackendDescription> {
    stop.abort()
    const { signal } = (stop = new AbortController())
    const made = ended.then(() => open(signal, wanted, givenUp))
    ended = made.catch(() => {})
    const mine: Promise<BackendDescription> = made.catch(error => {
      if (opening && opening !== mine) return opening
      opening = undefined
      throw error
    })
    return (opening = mine)
  }
  const ready = () => opening ?? reopen()

  /** what was asked for last, unless it was cancelled */
  let latest: Experiment | undefined
  /** Pretrains without running the experiment. */
  async function pretrainFor(experiment: Experiment): Promise<void> {
    try {
      const view = await data.view(experiment.source, knobsOf(experiment))
      if (featureLength(view) !== undefined) return
      asked++
      const made = encoders.get(view, pretrainingRows(experiment)).finally(() => asked--)
      encoders.resume()
      await made
    } catch (error) {
      const { code = 'unexpected', parameters, message } = error as LabError
      if (code !== 'pretrainingCancelled') notice(code, parameters ?? { message })
    }
  }

  async function hasEncoders(experiment: Experiment): Promise<boolean> {
    const mode = pretrainingOf(experiment)
    const products = [...productsOf(experiment)]
    if (!mode && !products.length) return true
    const view = await data.view(experiment.source, knobsOf(experiment))
    if (featureLength(view) !== undefined) return true
    for (const [product, pretraining] of products)
      if (!(await encoders.locate(view, pretraining, product))) return false
    return !mode || (await encoders.locate(view, mode)) !== undefined
  }

  async function standingOf(experiment: Experiment): Promise<number | undefined> {
    const view = await data.view(experiment.source, knobsOf(experiment))
    return encoders.standing(view, pretrainingRows(experiment))
  }

  async function unfinished(): Promise<Unfinished | undefined> {
    const experiment = await store.session.get()
    if (!experiment) return undefined
    const elsewhere = await store.session.busy()
    if (elsewhere) void tellWhenFree()
    return { experiment, elsewhere }
  }

  /** The tab that computes has finished, was cancelled or closed. */
  async function tellWhenFree(): Promise<void> {
    await store.session.free()
    emit({ type: 'unfinished', unfinished: await unfinished().catch(() => undefined) })
  }

  async function run(experiment: Experiment, paused = false): Promise<void> {
    const mine = ++runs
    latest = experiment
    adopted = false
    void store.session.put(experiment).catch(() => {})
    try {
      let taken = false
      // once more where another backend was chosen before it was taken up
      while (!taken) {
        await ready()
        if (mine !== runs) return
        taken = await director.run(experiment, paused)
        if (mine !== runs) return
      }
      if (wantedBy !== mine) callOffPretraining()
      clearTimeout(due)
      due = undefined
      adopted = true
      tell()
    } catch (error) {
      const { code = 'unexpected', parameters, message } = error as LabError
      if (mine !== runs) return
      notice(code, parameters ?? { message })
      // of an edit that this one has overtaken
      callOffPretraining()
      // the experiment before goes on, and is the one to come back to
      latest = director.experiment
      if (latest) void store.session.put(latest).catch(() => {})
      else endSession()
      adopted = latest !== undefined
      emit({ type: 'refused', stands: latest })
      tell()
    }
  }

  /** What was being computed starts again on the new backend, under its numericsId; what was paused waits there. */
  async function switchTo(wanted: BackendName | undefined): Promise<BackendDescription> {
    const { phase } = director.progress()
    const active = ['preparing', 'running', 'paused'].includes(phase)
    const experiment = latest
    const description = await reopen(wanted)
    if (active && experiment && experiment === latest) void run(experiment, phase === 'paused')
    return description
  }

  /**
   * The backend is gone for good: another takes over under its own numericsId, so what is being computed starts again there
   * (what was finished stays, under the old id).
   */
  async function recover(active: boolean, gone: BackendName, paused: boolean): Promise<void> {
    const experiment = latest
    try {
      // a worker that died says nothing against its backend; a GPU that was lost again and again does
      const { backend } = await reopen(undefined, gone === 'webgpu' ? gone : undefined)
      if (backend !== gone) notice('steppedDown', { from: gone, to: backend })
      if (active && experiment && experiment === latest) void run(experiment, paused)
    } catch {
      // that no backend is left was said
    }
  }

  return {
    data: libraryOf(data),
    storage: store.kept ? 'kept' : 'memory',
    on: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open: switchTo,
    backends: async () => (await candidates()).names,
    run: experiment => void run(experiment),
    pause: () => director.pause(),
    resume: () => director.resume(),
    cancel: () => {
      runs++
      latest = undefined
      director.cancel()
      callOffPretraining()
      endSession()
    },
    pretraining: {
      start: experiment => void pretrainFor(experiment),
      pause: () => encoders.pause(),
      resume: () => encoders.resume(),
      cancel: () => encoders.cancel(),
      list: () => encoders.list(),
      remove: key => encoders.remove(key),
      find: key => encoders.find(key),
      keep: encoder => encoders.keepForeign(encoder),
      has: hasEncoders,
      standing: standingOf
    },
    maps: {
      open: (experiment, basis, first) => maps.open(experiment, basis, first),
      arrange: (features, following) => maps.arrange(features, following)
    },
    unfinished,
    claimUnfinished: async () => {
      const mine = await store.session.claim()
      if (!mine) void tellWhenFree()
      return mine
    },
    forgetUnfinished: () => store.session.clear()
  }
}

/** The calls that the page makes; other tabs hear of what changes in the store. */
function libraryOf(data: ReturnType<typeof dataCalls>): DataClient {
  const { importFiles, plan, discard, list, preview, exportFile, download, downloads, forgetDownload } = data
  const channel =
    'BroadcastChannel' in globalThis ? new BroadcastChannel('dal-playground-library') : undefined
  const changing = async <T>(change: Promise<T>): Promise<T> => {
    const value = await change
    channel?.postMessage('changed')
    return value
  }
  return {
    importFiles,
    plan,
    discard,
    list,
    preview,
    exportFile,
    download,
    downloads,
    forgetDownload,
    keep: async (...values) => {
      const kept = await changing(data.keep(...values))
      // the browser should not evict what the user has just chosen to keep; it may say no, and that changes nothing here.
      // Firefox asks the user, who may never answer: nothing waits for it
      void navigator.storage?.persist?.().catch(() => false)
      return kept
    },
    rename: (...values) => changing(data.rename(...values)),
    remove: fingerprint => changing(data.remove(fingerprint)),
    onChange: listener => channel?.addEventListener('message', () => listener())
  }
}
