/**
 * The page's laboratory: the director with browser workers, the browser's store, and the session that a reload goes on with. Everything
 * heavy happens in workers; this side only keeps the books.
 */
import type { BackendDescription, BackendName } from '../../core/engine.ts'
import type { Experiment } from '../../core/experiment/table.ts'
import { openStore } from '../../store/index.ts'
import { turnAtEncoder } from '../../store/locks.ts'
import { besideGpu } from '../beside.ts'
import { Director } from '../director.ts'
import type { DataAnswer, DataRequest } from '../dataProtocol.ts'
import type { FromWorker, ToWorker } from '../protocol.ts'
import { Maps } from '../maps/maps.ts'
import type { FromMapper, ToMapper } from '../maps/protocol.ts'
import { Encoders } from '../pretraining/encoders.ts'
import type { FromPretrainer, ToPretrainer } from '../pretraining/protocol.ts'
import dataWorkerUrl from '../workers/data.worker.ts?worker&url'
import engineWorkerUrl from '../workers/engine.worker.ts?worker&url'
import mapWorkerUrl from '../workers/map.worker.ts?worker&url'
import pretrainingWorkerUrl from '../workers/pretraining.worker.ts?worker&url'
import { candidates, workersFor } from './backends.ts'
import { dataCalls } from './data.ts'
import { libraryOf } from './library.ts'
import { Openings } from './openings.ts'
import { Pretrainings } from './pretrainings.ts'
import { Telling } from './telling.ts'
import type { LabError, Laboratory, LabEvent, Notice, Unfinished } from './types.ts'
import { startWorker } from './workers.ts'

export * from './types.ts'

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

  /** trainings run on hardware of that kind */
  let onGpu = false
  const encoders = new Encoders({
    createWorker: () => startWorker<ToPretrainer, FromPretrainer>(pretrainingWorkerUrl, 'pretraining'),
    store: store.encoders,
    onGpu: () => onGpu,
    // what is not stored is not there for another tab
    turn: store.kept ? turnAtEncoder : undefined,
    changed: status => emit({ type: 'pretraining', status }),
    refused: reason => notice('notStored', { reason })
  })
  const maps = new Maps({
    data,
    encoders,
    createWorker: () => startWorker<ToMapper, FromMapper>(mapWorkerUrl, 'map')
  })
  const pretrainings = new Pretrainings({ encoders, buildView: data.view, run: () => runs, notice })
  const director = new Director({
    createWorker: createEngineWorker,
    buildView: data.view,
    select: data.select,
    ...pretrainings.sources,
    records: store.records,
    changed: () => telling.soon(),
    notice,
    beside: besideGpu(workersFor('wasm')),
    deserted: (active, backend, paused) => void recover(active, backend, paused)
  })
  const telling = new Telling(director, event => {
    emit(event)
    if (adopted && event.type === 'progress' && event.progress.phase === 'finished') endSession()
  })
  const openings = new Openings({
    director,
    createWorker: createEngineWorker,
    settings: store.settings,
    opened: (description, workers) => {
      onGpu = description.backend === 'webgpu' && !description.fallback
      emit({ type: 'backend', description, workers })
    },
    failed: notice
  })

  /** what was asked for last, unless it was cancelled */
  let latest: Experiment | undefined

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

  async function run(experiment: Experiment, paused?: boolean): Promise<void> {
    const mine = ++runs
    latest = experiment
    adopted = false
    void store.session.put(experiment).catch(() => {})
    try {
      let taken = false
      // once more where another backend was chosen before it was taken up
      while (!taken) {
        await openings.ready()
        if (mine !== runs) return
        taken = await director.run(experiment, paused)
        if (mine !== runs) return
      }
      if (!pretrainings.isWantedBy(mine)) pretrainings.callOff()
      adopted = true
      telling.now()
    } catch (error) {
      const { code = 'unexpected', parameters, message } = error as LabError
      if (mine !== runs) return
      notice(code, parameters ?? { message })
      // of an edit that this one has overtaken
      pretrainings.callOff()
      // the experiment before goes on, and is the one to come back to
      latest = director.experiment
      if (latest) void store.session.put(latest).catch(() => {})
      else endSession()
      adopted = latest !== undefined
      emit({ type: 'refused', stands: latest })
      telling.now()
    }
  }

  /** What was being computed starts again on the new backend, under its numericsId; what was paused waits there. */
  async function switchTo(wanted: BackendName | undefined): Promise<BackendDescription> {
    const { phase } = director.progress()
    const active = ['preparing', 'running', 'paused'].includes(phase)
    const experiment = latest
    const description = await openings.reopen(wanted)
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
      const { backend } = await openings.reopen(undefined, gone === 'webgpu' ? gone : undefined)
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
    run: (experiment, goOn) => void run(experiment, goOn ? false : undefined),
    pause: () => director.pause(),
    resume: () => director.resume(),
    cancel: () => {
      runs++
      latest = undefined
      director.cancel()
      pretrainings.callOff()
      endSession()
    },
    pretraining: pretrainings.client,
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
