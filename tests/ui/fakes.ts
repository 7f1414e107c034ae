/** A laboratory that computes nothing: it writes down what it is asked and says what a test tells it to say. */
import { armsOf, countsOf, seedsOf } from '../../src/core/experiment/parts.ts'
import type { Experiment } from '../../src/core/experiment/table.ts'
import type { Result } from '../../src/core/result.ts'
import type {
  Choices,
  Found,
  EncoderCard,
  Laboratory,
  LabEvent,
  Phase,
  Plan,
  Preview,
  StoredDataset,
  Unfinished
} from '../../src/runtime/client/types.ts'
import { messages } from '../../src/i18n/en.ts'
import type { Language } from '../../src/i18n/language.ts'
import { App } from '../../src/state/app.svelte.ts'
import type { Preferences } from '../../src/state/preferences.ts'

export const backend = {
  backend: 'wasm',
  numericsId: 'wasm-00000000',
  detail: 'simd',
  stepMilliseconds: 1
} as const

export const preview: Preview = {
  name: 'mine',
  shape: { height: 2, width: 2, channels: 1 },
  classNames: ['a', 'b'],
  poolSize: 60,
  testSize: 40,
  histogram: [30, 30],
  bytes: 500,
  sheet: { width: 1, height: 1, pixels: new Uint8ClampedArray(4) }
}

export const found: Found = {
  name: 'mine',
  shape: preview.shape,
  features: false,
  classNames: preview.classNames,
  testGiven: true,
  labelledSize: 100,
  unlabelledSize: 0,
  columns: 1,
  remarks: []
}
export const choices: Choices = { name: 'mine', classNames: ['a', 'b'], testShare: undefined, seed: 0 }
export const plan: Plan = { poolCounts: [30, 30], testCounts: [20, 20], unlabelledSize: 0, bytes: 500 }

export class FakeLaboratory implements Laboratory {
  readonly storage = 'kept'
  readonly asked: string[] = []
  readonly runs: Experiment[] = []
  /** which of them end a pause */
  readonly goesOn: boolean[] = []
  stored: StoredDataset[] = []
  interrupted: Unfinished | undefined
  /** what opening a backend comes to */
  opening: Promise<typeof backend> = Promise.resolve(backend)
  #listeners = new Set<(event: LabEvent) => void>()

  readonly data: Laboratory['data'] = {
    importFiles: async () => ({ id: 1, found, choices, plan }),
    plan: async () => plan,
    rename: async () => {},
    exportFile: async () => ({ name: 'mine.npz', blob: new Blob() }),
    onChange: () => {},
    keep: async (_, { name }) => {
      const { shape, classNames, poolSize, testSize, bytes } = preview
      const kept = {
        fingerprint: 'f'.repeat(64),
        name,
        shape,
        classNames,
        poolSize,
        testSize,
        bytes,
        storedAt: 0
      }
      this.stored = [...this.stored, kept]
      return kept
    },
    discard: async () => {},
    list: async () => this.stored,
    remove: async fingerprint => {
      this.stored = this.stored.filter(d => d.fingerprint !== fingerprint)
    },
    preview: async () => preview,
    images: async () => Promise.reject(new Error('there are none')),
    download: async id => [{ name: id, blob: new Blob(['x']) }],
    downloads: async () => [],
    forgetDownload: async id => void this.asked.push(`forget ${id}`)
  }

  encoders: EncoderCard[] = []
  /** epochs after which a pretraining was interrupted */
  standing: number | undefined
  readonly pretraining: Laboratory['pretraining'] = {
    start: experiment => void this.asked.push(`pretrain ${experiment.pretraining}`),
    pause: () => void this.asked.push('pause pretraining'),
    resume: () => void this.asked.push('resume pretraining'),
    cancel: () => void this.asked.push('cancel pretraining'),
    list: async () => this.encoders,
    remove: async key => {
      this.encoders = this.encoders.filter(e => e.key !== key)
    },
    find: async () => undefined,
    keep: async ({ weights: _, recorded: __, ...card }) => {
      this.encoders = [...this.encoders, card]
    },
    has: async () => this.encoders.length > 0,
    standing: async () => this.standing
  }

  readonly maps: Laboratory['maps'] = {
    open: async (_, basis) => {
      this.asked.push(`map ${basis}`)
      throw Object.assign(new Error('missing'), { code: 'encoderMissing' })
    },
    arrange: async ({ values }) => values
  }

  on(listener: (event: LabEvent) => void) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  say(event: LabEvent) {
    this.#listeners.forEach(listen => listen(event))
  }
  phase(phase: Phase) {
    this.say({ type: 'progress', progress: { phase, trainings: { done: 0, total: 10 }, now: [] } })
  }
  open(wanted?: string) {
    this.asked.push(wanted ? `open ${wanted}` : 'open')
    return this.opening
  }
  backends = async () => ['wasm', 'cpu'] as const satisfies string[] as ('wasm' | 'cpu')[]
  run(experiment: Experiment, goOn = false) {
    this.runs.push(experiment)
    this.goesOn.push(goOn)
  }
  pause = () => void this.asked.push('pause')
  resume = () => void this.asked.push('resume')
  cancel = () => void this.asked.push('cancel')
  unfinished = async () => this.interrupted
  /** what claiming the interrupted experiment gives */
  mine = true
  claimUnfinished = async () => this.mine
  forgetUnfinished = async () => void this.asked.push('forget')
  card = () => undefined
}

/** A result with every point of an experiment up to a label count, all with the same number right. */
export function resultOf(experiment: Experiment, upTo = Infinity): Result {
  return {
    experiment,
    dataset: {
      name: 'digits',
      fingerprint: 'a'.repeat(64),
      shape: { height: 28, width: 28, channels: 1 },
      classNames: ['a', 'b'],
      poolSize: experiment.poolSize,
      testSize: experiment.testSize
    },
    numerics: [{ id: backend.numericsId, backend: 'wasm', detail: 'simd' }],
    runs: armsOf(experiment).flatMap(arm =>
      seedsOf(experiment).map(seed => ({
        arm,
        seed,
        numericsId: backend.numericsId,
        points: countsOf(experiment, arm)
          .filter(labelCount => labelCount <= upTo)
          .map(labelCount => ({ labelCount, correct: Math.min(experiment.testSize, 500 + labelCount) }))
      }))
    ),
    ceiling: []
  }
}

export class FakeStorage implements Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  readonly kept = new Map<string, string>()
  getItem = (key: string) => this.kept.get(key) ?? null
  setItem = (key: string, value: string) => void this.kept.set(key, value)
  removeItem = (key: string) => void this.kept.delete(key)
}

export const noPreferences = (): Preferences => {
  const kept = new Map<string, string>()
  return { read: key => kept.get(key), write: (key, value) => void kept.set(key, value) }
}

export const english: Language = { locale: 'en', messages }

/** A page with a laboratory that stands. */
export async function openApp(laboratory = new FakeLaboratory()) {
  const app = new App(noPreferences(), english)
  await app.connect(laboratory)
  return { app, laboratory }
}
