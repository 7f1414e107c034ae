/** The page's laboratory with workers that are faked below the message protocol: what becomes of a GPU that keeps going away. */
import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { DataSource, ViewKnobs } from '../../src/core/datasource.ts'
import type { BackendName } from '../../src/core/engine.ts'
import type { LabEvent } from '../../src/runtime/client/types.ts'
import type { DataAnswer, DataCalls, DataRequest } from '../../src/runtime/dataProtocol.ts'
import { serveData } from '../../src/runtime/dataServer.ts'
import { RuntimeError } from '../../src/runtime/errors.ts'
import type { Pretrainer } from '../../src/engine/pretraining/open.ts'
import { servePretraining } from '../../src/runtime/pretraining/serve.ts'
import type { FromWorker, ToWorker } from '../../src/runtime/protocol.ts'
import { serveEngine } from '../../src/runtime/serve.ts'
import { openStore } from '../../src/store/index.ts'
import { smallExperiment } from '../support/experiments.ts'
import { FakeEngine, fakeView } from '../support/fakeEngine.ts'
import { channel } from '../support/ports.ts'

const opened: BackendName[] = []
/** whose driver never answers */
let hangs: BackendName | undefined
/** what an engine waits for before it stands */
let standing: Promise<void> | undefined

/** of the engine that was opened last: takes its device away */
let lose: (reason: string) => void = () => {}
/** what trainings wait for */
let midway: Promise<void> | undefined

function engineFor(backend: BackendName): FakeEngine {
  opened.push(backend)
  const engine = new FakeEngine(`${backend}-1`, backend)
  engine.midway = () => midway
  if (backend !== 'webgpu') return engine
  engine.together = 64
  engine.midway = cohort => {
    if (cohort[0].labelled.length >= 40) throw Object.assign(new Error('gone'), { code: 'lost' })
  }
  return engine
}

/** Never comes to its end. */
const pretrainer: Pretrainer = {
  numericsId: 'wasm-1',
  keyOf: () => ({ key: 'k', images: 'i' }),
  async pretrain(_view, _settings, { check }) {
    for (let step = 0; ; step = (step + 1) % 9) await check(step, 10)
  },
  represent: async () => ({ size: 1, values: new Float32Array(120) })
}

/** As much of the browser's Worker as is used; by its name it trains or answers for the data. */
class FakeWorker {
  private readonly channel = channel<unknown, unknown>()
  constructor(_url: string, { name }: { name: string }) {
    const { worker } = this.channel
    if (name === 'data') {
      const calls = {
        view: async (_source: DataSource, { poolSize }: ViewKnobs) => {
          if (poolSize === 13) throw new RuntimeError('datasetMissing', 'gone', { name: 'x' })
          return fakeView(120, 40)
        }
      } as unknown as DataCalls
      serveData(worker as unknown as Parameters<typeof serveData>[0], Promise.resolve(calls))
      return
    }
    if (name === 'pretraining') {
      servePretraining(worker as unknown as Parameters<typeof servePretraining>[0], {
        open: async () => pretrainer,
        now: () => performance.now(),
        hop: () => new Promise(resolve => setImmediate(resolve))
      })
      return
    }
    serveEngine(worker as unknown as Parameters<typeof serveEngine>[0], {
      open: async (backend, lost) => {
        lose = lost
        await (backend === hangs ? new Promise<never>(() => {}) : standing)
        return engineFor(backend)
      },
      now: () => performance.now(),
      hop: () => new Promise(resolve => setImmediate(resolve))
    })
  }
  postMessage(message: ToWorker | DataRequest) {
    this.channel.page.post(message)
  }
  addEventListener(type: string, receive: (event: { data: FromWorker | DataAnswer }) => void) {
    if (type === 'message') this.channel.page.listen(data => receive({ data: data as FromWorker }))
  }
  terminate() {
    this.channel.page.terminate()
  }
}

beforeAll(() => {
  vi.stubGlobal('Worker', FakeWorker)
  vi.stubGlobal('document', { baseURI: 'http://localhost/' })
  const info = { vendor: 'some', architecture: 'gpu', device: '', description: '' }
  vi.stubGlobal('navigator', { hardwareConcurrency: 1, gpu: { requestAdapter: async () => ({ info }) } })
})
afterAll(() => vi.unstubAllGlobals())

/** A laboratory and what it says. */
async function heard() {
  const { openLaboratory } = await import('../../src/runtime/client/index.ts')
  const laboratory = await openLaboratory()
  const events: LabEvent[] = []
  laboratory.on(event => events.push(event))
  return {
    laboratory,
    events,
    phase: () => events.findLast(e => e.type === 'progress')?.progress.phase,
    pretraining: () => events.findLast(e => e.type === 'pretraining')?.status.phase,
    codes: () => events.flatMap(e => (e.type === 'notice' ? [e.notice.code] : []))
  }
}

it('a GPU that is lost again and again gives way to WebAssembly, under its own numericsId, and the page says so', async () => {
  const { openLaboratory } = await import('../../src/runtime/client/index.ts')
  const laboratory = await openLaboratory()
  const events: LabEvent[] = []
  let settle = () => {}
  const finished = new Promise<void>(resolve => (settle = resolve))
  laboratory.on(event => {
    events.push(event)
    if (event.type === 'progress' && event.progress.phase === 'finished') settle()
  })
  await laboratory.open('webgpu')
  laboratory.run(smallExperiment)
  await finished

  const notices = events.flatMap(e => (e.type === 'notice' ? [e.notice] : []))
  expect(notices.map(n => n.code)).toEqual([
    ...['deviceRestarted', 'deviceRestarted', 'deviceRestarted', 'deviceRestarted'],
    'lost',
    'steppedDown'
  ])
  expect(notices.at(-1)!.parameters).toEqual({ from: 'webgpu', to: 'wasm' })
  const backends = events.flatMap(e => (e.type === 'backend' ? [e.description.backend] : []))
  expect(backends).toEqual(['webgpu', 'wasm'])
  // opened once and again in its place three times; the fourth loss is one too many
  expect(opened).toEqual(['webgpu', 'webgpu', 'webgpu', 'webgpu', 'wasm'])
  const { result } = events.findLast(e => e.type === 'result')!
  for (const { numericsId, points } of result.runs) {
    expect(numericsId).toBe('wasm-1')
    expect(points.map(p => p.labelCount)).toEqual([10, 20, 40, 60])
  }
  expect(result.numerics.map(n => n.id)).toEqual(['wasm-1'])
})

it('cancelling an experiment ends the pretraining that it waits for, unless it was asked for before', async () => {
  const { openLaboratory } = await import('../../src/runtime/client/index.ts')
  const laboratory = await openLaboratory()
  let phase = ''
  laboratory.on(event => {
    if (event.type === 'pretraining') phase = event.status.phase
  })
  await laboratory.open('wasm')
  const waiting = { ...smallExperiment, mode: 'linear' as const }
  laboratory.run(waiting)
  await expect.poll(() => phase).toBe('running')
  laboratory.cancel()
  await expect.poll(() => phase).toBe('idle')

  // another experiment takes its place, and needs none
  laboratory.run(waiting)
  await expect.poll(() => phase).toBe('running')
  laboratory.run({ ...smallExperiment, seeds: 1 })
  await expect.poll(() => phase).toBe('idle')
  laboratory.cancel()

  laboratory.pretraining.start(waiting)
  await expect.poll(() => phase).toBe('running')
  laboratory.run(waiting)
  await new Promise(resolve => setTimeout(resolve, 50))
  laboratory.cancel()
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(phase).toBe('running')
  laboratory.pretraining.cancel()
  await expect.poll(() => phase).toBe('idle')
})

it('a backend that hangs while it is opened gives way to the next that is chosen, and is not remembered', async () => {
  const { settings } = await openStore()
  await settings.set('backend', undefined)
  const { laboratory, events, phase } = await heard()
  hangs = 'webgpu'
  const first = laboratory.open('webgpu')
  // it has begun
  await expect.poll(phase).toBe('idle')
  expect(await settings.get('backend')).toBeUndefined()
  const second = laboratory.open('wasm')
  // who waited for the one has the other
  for (const { backend } of await Promise.all([first, second])) expect(backend).toBe('wasm')
  hangs = undefined
  expect(await settings.get('backend')).toBe('wasm')
  const told = events.map(({ type }) => type).filter(type => type === 'notice' || type === 'backend')
  expect(told).toEqual(['backend'])
})

it('an experiment that is run between two choices of a backend is computed on the second', async () => {
  const { laboratory, events, phase } = await heard()
  await laboratory.open('wasm')
  let stand = () => {}
  standing = new Promise(resolve => (stand = resolve))
  const first = laboratory.open('cpu')
  laboratory.run(smallExperiment)
  const second = laboratory.open('wasm')
  stand()
  standing = undefined
  await Promise.all([first, second])
  await expect.poll(phase).toBe('finished')
  const { result } = events.findLast(e => e.type === 'result')!
  expect(result.numerics.map(n => n.id)).toEqual(['wasm-1'])
})

it('an edit that overtakes another one and fails leaves what is computed, and ends the pretraining of the other', async () => {
  const { laboratory, events, phase, pretraining, codes } = await heard()
  midway = new Promise(() => {})
  await laboratory.open('wasm')
  laboratory.run({ ...smallExperiment, seeds: 40 })
  await expect.poll(phase).toBe('running')
  laboratory.run({ ...smallExperiment, mode: 'linear' })
  await expect.poll(pretraining).toBe('running')
  laboratory.run({ ...smallExperiment, poolSize: 13 })
  await expect.poll(codes).toEqual(['datasetMissing'])
  await expect.poll(pretraining).toBe('idle')
  const refused = events.find(e => e.type === 'refused')!
  expect(refused.stands).toMatchObject({ seeds: 40, mode: 'scratch' })
  // the one to come back to after a reload
  const unfinished = async () => (await laboratory.unfinished())?.experiment
  await expect.poll(unfinished).toMatchObject({ seeds: 40, mode: 'scratch' })
  // and on another backend
  const { length } = events
  await laboratory.open('cpu')
  const after = () => events.slice(length).findLast(e => e.type === 'result')?.result
  await expect.poll(after).toMatchObject({ experiment: { seeds: 40, mode: 'scratch' } })
  expect(pretraining()).toBe('idle')
  laboratory.cancel()
  midway = undefined
})

it('a pause outlives another backend, chosen or taken because a GPU is lost again and again', async () => {
  const { laboratory, events, phase, codes } = await heard()
  const numerics = () => events.findLast(e => e.type === 'result')?.result.numerics[0].id
  await laboratory.open('wasm')
  midway = new Promise(() => {})
  laboratory.run({ ...smallExperiment, firstSeed: 7 })
  await expect.poll(phase).toBe('running')
  laboratory.pause()
  await expect.poll(phase).toBe('paused')
  midway = undefined
  await laboratory.open('webgpu')
  await expect.poll(numerics).toBe('webgpu-1')
  expect(phase()).toBe('paused')

  // each loss comes soon after the opening
  for (let losses = 0; losses < 4; losses++) {
    const { length } = opened
    lose('gone')
    await expect.poll(() => opened.length).toBeGreaterThan(length)
  }
  await expect.poll(numerics).toBe('wasm-1')
  expect(codes()).toContain('steppedDown')
  expect(phase()).toBe('paused')
  laboratory.resume()
  await expect.poll(phase).toBe('finished')
})

it('an edit does not end the pause of a pretraining; asking for the pretraining does', async () => {
  const { laboratory, events, pretraining } = await heard()
  await laboratory.open('wasm')
  const waiting = { ...smallExperiment, mode: 'linear' as const }
  laboratory.run(waiting)
  await expect.poll(pretraining).toBe('running')
  laboratory.pretraining.pause()
  const { length } = events
  laboratory.run({ ...waiting, seeds: 3 })
  await expect.poll(() => events.length).toBeGreaterThan(length)
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(pretraining()).toBe('paused')
  laboratory.pretraining.start(waiting)
  await expect.poll(pretraining).toBe('running')
  laboratory.cancel()
  laboratory.pretraining.cancel()
})
