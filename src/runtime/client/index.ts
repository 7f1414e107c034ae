/**
 * The page's laboratory: the director with browser workers, the browser's store, and a choice of backend. Everything
 * heavy happens in workers; this side only keeps the books.
 */
import type { BackendDescription, BackendName } from '../../core/engine.ts'
import type { Experiment } from '../../core/experiment/table.ts'
import { openStore } from '../../store/index.ts'
import { Director } from '../director.ts'
import type { DataAnswer, DataRequest } from '../dataProtocol.ts'
import { RuntimeError } from '../errors.ts'
import type { FromWorker, ToWorker } from '../protocol.ts'
import dataWorkerUrl from '../workers/data.worker.ts?worker&url'
import engineWorkerUrl from '../workers/engine.worker.ts?worker&url'
import { candidates, ranked, workersFor } from './backends.ts'
import { dataCalls } from './data.ts'
import { LabError, type Laboratory, type LabEvent, type Notice } from './types.ts'
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

  const director = new Director({
    createWorker: createEngineWorker,
    buildView: data.view,
    records: store.records,
    changed,
    notice
  })
  let opening: Promise<BackendDescription> | undefined

  async function open(wanted?: BackendName): Promise<BackendDescription> {
    if (wanted) await store.settings.set('backend', wanted).catch(() => {})
    const remembered = wanted ?? ((await store.settings.get('backend')) as BackendName | undefined)
    for (const backend of await inOrder(remembered)) {
      try {
        const workers = workersFor(backend)
        const description = await director.open(backend, workers)
        emit({ type: 'backend', description, workers })
        return description
      } catch (error) {
        notice((error as RuntimeError).code ?? 'noBackend', { backend, message: (error as Error).message })
      }
    }
    throw new LabError('noBackend')
  }

  /** The wanted backend first, if it is there; without a wish the fastest. */
  async function inOrder(wanted: BackendName | undefined): Promise<BackendName[]> {
    const { names } = await candidates()
    if (!wanted || !names.includes(wanted)) return ranked(createEngineWorker)
    return [wanted, ...names.filter(name => name !== wanted)]
  }

  /** Opens once; a failure is not remembered. */
  const ready = () => (opening ??= reopen())
  function reopen(wanted?: BackendName): Promise<BackendDescription> {
    opening = open(wanted)
    opening.catch(() => (opening = undefined))
    return opening
  }

  let latest: Experiment | undefined
  function run(experiment: Experiment): void {
    const mine = ++runs
    latest = experiment
    adopted = false
    void store.session.put(experiment).catch(() => {})
    ready()
      .then(() => director.run(experiment))
      .then(() => {
        clearTimeout(due)
        due = undefined
        if (mine !== runs) return
        adopted = true
        tell()
      })
      .catch((error: LabError) => {
        notice(error.code ?? 'unexpected', error.parameters ?? { message: String(error.message ?? error) })
        if (mine === runs) director.cancel()
      })
  }

  /** What was being computed starts again on the new backend, under its numericsId. */
  async function switchTo(wanted: BackendName | undefined): Promise<BackendDescription> {
    const active = ['preparing', 'running', 'paused'].includes(director.progress().phase)
    const description = await reopen(wanted)
    if (active && latest) run(latest)
    return description
  }

  return {
    data: { ...bound(data), keep: (id, name) => keepPersistently(data.keep(id, name)) },
    storage: store.kept ? 'kept' : 'memory',
    on: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open: switchTo,
    backends: async () => (await candidates()).names,
    run,
    pause: () => director.pause(),
    resume: () => director.resume(),
    cancel: () => {
      director.cancel()
      endSession()
    },
    unfinished: async () => {
      const experiment = await store.session.get()
      return experiment && { experiment }
    },
    forgetUnfinished: () => store.session.clear(),
    card: () => director.card()
  }
}

function bound(data: ReturnType<typeof dataCalls>) {
  const { importFiles, discard, list, remove, preview } = data
  return { importFiles, discard, list, remove, preview }
}

/** Asks the browser not to evict what the user has just chosen to keep; it may say no, and that changes nothing here. */
async function keepPersistently<T>(kept: Promise<T>): Promise<T> {
  const value = await kept
  await navigator.storage?.persist?.().catch(() => false)
  return value
}
