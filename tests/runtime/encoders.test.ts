import 'fake-indexeddb/auto'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { pretrainingRows } from '../../src/core/experiment/parts.ts'
import { initialOrder, selectorStream } from '../../src/core/law.ts'
import { armKey } from '../../src/core/result.ts'
import { kMeans } from '../../src/core/selectors/kMeans.ts'
import { isEncoder } from '../../src/core/encoders.ts'
import type { Features } from '../../src/core/features.ts'
import fc from 'fast-check'
import { claimsEncoder, encoderText, readEncoder } from '../../src/core/exchange/encoder.ts'
import { ExchangeError } from '../../src/core/exchange/errors.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import {
  encoderKey,
  isCurrent,
  imagesName,
  type Encoder,
  type Pretraining
} from '../../src/core/pretraining/settings.ts'
import type { Snapshot } from '../../src/core/pretraining/snapshot.ts'
import type { Pretrainer } from '../../src/engine/pretraining/open.ts'
import {
  Encoders,
  type EncodersOptions,
  type PretrainingStatus
} from '../../src/runtime/pretraining/encoders.ts'
import type { FromPretrainer, ToPretrainer } from '../../src/runtime/pretraining/protocol.ts'
import { servePretraining } from '../../src/runtime/pretraining/serve.ts'
import { fileEncoders } from '../../src/runtime/node/fileEncoders.ts'
import { pretrainings } from '../../src/runtime/node/pretrainings.ts'
import { encoders as encoderStore } from '../../src/store/encoders.ts'
import { memory, Shelf } from '../../src/store/shelf.ts'
import { memoryStore, openStore } from '../../src/store/index.ts'
import { DirectorBench } from '../support/directorBench.ts'
import { fakeView } from '../support/fakeEngine.ts'
import { channel } from '../support/ports.ts'

const network = { channels: [2, 3], hidden: 4 }
const shape = { height: 8, width: 8, channels: 1 }
const settings = (change: Partial<Pretraining> = {}): Pretraining => ({
  method: 'simclr',
  network,
  likeness: 'signs',
  epochs: 3,
  batchSize: 4,
  seed: 0,
  ...change
})
const weights = () => Float32Array.from({ length: encoderSize(network, shape) }, (_, i) => i / 8)
const encoder = (key = 'k'): Encoder => ({
  key,
  pretraining: settings(),
  shape,
  weights: weights(),
  reports: [{ epoch: 0, knn: 0.5, spread: 0.25 }],
  numericsId: 'wasm-1',
  seconds: 2
})

const snapshotAfter = (epoch: number): Snapshot => ({
  epoch,
  reports: Array.from({ length: epoch + 1 }, (_, e) => ({ epoch: e, knn: 0.5, spread: 0.5 })),
  learned: { weights: weights(), moments: weights(), squares: weights() },
  course: { queue: new Float64Array(3), oldest: epoch },
  dynamics: {}
})

/** Encoders with a worker whose pretrainer takes two steps an epoch and learns nothing. */
function bench(store = memoryStore(), gpu = false, turn?: EncodersOptions['turn']) {
  const statuses: PretrainingStatus[] = []
  const refusals: string[] = []
  const made: Pretraining[] = []
  const represented: Pretraining[] = []
  /** steps that were computed */
  const taken: number[] = []
  /** milliseconds by which the worker's clock is ahead */
  let ahead = 0
  const pages: { fail(reason: string): void }[] = []
  let hold: ((pretraining: number) => Promise<void>) | undefined
  const pretrainer: Pretrainer = {
    numericsId: 'wasm-1',
    keyOf: ({ shape, pool }, pretraining) => {
      const images = imagesName(shape, pool.images)
      return { key: encoderKey(pretraining, images, 'wasm-1'), images }
    },
    async pretrain(_view, pretraining, { check, reported, gpu, from, keep }) {
      const mine = made.push(pretraining)
      const numericsId = gpu ? 'gpu-1' : 'wasm-1'
      const key = encoderKey(pretraining, imagesName(view.shape, view.pool.images), numericsId)
      const stood = from?.key === key ? from.snapshot : undefined
      stood?.reports.forEach(reported)
      // a GPU that is lost after its first epoch: WASM starts over
      if (gpu && pretraining.seed === 14) {
        reported({ epoch: 0, knn: 0.1, spread: 0.5 })
        reported({ epoch: 1, loss: 1, knn: 0.1, spread: 0.5 })
        reported({ epoch: 0, knn: 0.1, spread: 0.5 })
      }
      for (let step = 2 * (stood?.epoch ?? 0); step < 6; step++) {
        await check(step, 6)
        await hold?.(mine)
        taken.push(step)
        if (step % 2 === 0) continue
        const epoch = (step + 1) / 2
        reported({ epoch, loss: 1, knn: step / 10, spread: 0.5 })
        if (epoch < 3) await keep?.({ key, numericsId }, async () => snapshotAfter(epoch))
      }
      if (pretraining.seed === 13) throw new Error('no luck')
      const values = Float32Array.from({ length: 3 * view.pool.labels.length }, (_, i) => i / 128)
      return {
        key,
        numericsId,
        weights: weights(),
        reports: [],
        recorded: { dynamics: { size: 3, values } }
      }
    },
    async represent(view, pretraining) {
      represented.push(pretraining)
      if (pretraining.seed === 15 && represented.length === 1) throw new Error('no luck')
      return { size: 1, values: new Float32Array(view.pool.labels.length).fill(pretraining.seed) }
    }
  }
  const encoders = new Encoders({
    createWorker: () => {
      const { page, worker } = channel<ToPretrainer, FromPretrainer>()
      servePretraining(worker, {
        open: async () => pretrainer,
        now: () => performance.now() + ahead,
        hop: () => new Promise(resolve => setImmediate(resolve))
      })
      pages.push(page)
      return page
    },
    store: store.encoders,
    onGpu: () => gpu,
    changed: status => statuses.push(status),
    refused: reason => refusals.push(reason),
    turn
  })
  return {
    encoders,
    refusals,
    statuses,
    made,
    taken,
    represented,
    pages,
    store,
    holdOn: (gate?: typeof hold) => (hold = gate),
    passTime: (seconds: number) => (ahead += 1000 * seconds)
  }
}
const view = fakeView(40, 10)

describe('encoders', () => {
  it('are made once for images and settings, told step by step, and kept', async () => {
    const b = bench()
    const first = await b.encoders.get(view, settings())
    expect(first.weights).toEqual(weights())
    expect(first.reports.map(r => r.epoch)).toEqual([1, 2, 3])
    expect(b.statuses.at(-1)).toMatchObject({ phase: 'finished', key: first.key })
    expect(await b.encoders.get(view, settings())).toBe(first)
    expect((await b.encoders.get(view, settings({ seed: 1 }))).key).not.toBe(first.key)
    expect(b.made).toHaveLength(2)
    expect((await b.encoders.list()).map(card => card.key)).toHaveLength(2)

    const later = bench(b.store)
    expect(await later.encoders.get(view, settings())).toEqual(first)
    expect(later.made).toEqual([])
    expect(await later.encoders.find(first.key)).toEqual(first)
    await later.encoders.remove(first.key)
    expect(await later.encoders.find(first.key)).toBeUndefined()
    await later.encoders.get(view, settings())
    expect(later.made).toHaveLength(1)
  })

  it('made on a GPU are kept under its key, and serve where there is none', async () => {
    const b = bench(undefined, true)
    const made = await b.encoders.get(view, settings())
    const images = imagesName(view.shape, view.pool.images)
    expect(made).toMatchObject({ numericsId: 'gpu-1', key: encoderKey(settings(), images, 'gpu-1') })
    const later = bench(b.store)
    expect(await later.encoders.locate(view, settings())).toEqual(made)
    expect(await later.encoders.locate(view, settings({ seed: 1 }))).toBeUndefined()
    expect(await later.encoders.locate(fakeView(41, 10), settings())).toBeUndefined()
    expect(await later.encoders.get(view, settings())).toEqual(made)
    expect(later.made).toEqual([])
  })

  it.each([false, true])('interrupted go on after their last epoch, on a GPU: %s', async gpu => {
    const b = bench(undefined, gpu)
    const until = async (met: () => boolean | Promise<boolean>) => {
      while (!(await met())) await new Promise(resolve => setImmediate(resolve))
    }
    let allowed = 0
    b.holdOn(() => until(() => b.taken.length < allowed))
    const steps = (count: number) => {
      allowed = count
      return until(() => b.taken.length === count)
    }
    const lost = b.encoders.get(view, settings())
    lost.catch(() => {})
    // two epochs; only after the second is it time to keep something
    await steps(3)
    expect(await b.encoders.standing(view, settings())).toBeUndefined()
    b.passTime(11)
    await steps(4)
    await until(async () => (await b.encoders.standing(view, settings())) !== undefined)
    expect(await b.encoders.standing(view, settings())).toBe(2)
    expect(await b.encoders.standing(view, settings({ seed: 1 }))).toBeUndefined()
    expect(await b.encoders.standing(fakeView(41, 10), settings())).toBeUndefined()
    b.encoders.cancel()
    await expect(lost).rejects.toMatchObject({ code: 'pretrainingCancelled' })

    const later = bench(b.store, gpu)
    const { reports, seconds, key: made } = await later.encoders.get(view, settings())
    expect(later.taken).toEqual([4, 5])
    expect(reports.map(r => r.epoch)).toEqual([0, 1, 2, 3])
    expect(seconds).toBeGreaterThan(10)
    // it has come to its end
    expect(await later.encoders.standing(view, settings())).toBeUndefined()
    const images = imagesName(view.shape, view.pool.images)
    expect(await b.store.encoders.unfinished({ pretraining: settings(), images })).toBeUndefined()

    // what a GPU has made is not WASM's to go on with, nor the other way round, and is not offered
    const foreign = bench(b.store, !gpu)
    await b.store.encoders.putUnfinished({
      ...{ pretraining: settings(), images, key: made, numericsId: gpu ? 'gpu-1' : 'wasm-1' },
      ...{ seconds: 100, snapshot: snapshotAfter(2) }
    })
    expect(await later.encoders.standing(view, settings())).toBe(2)
    expect(await foreign.encoders.standing(view, settings())).toBeUndefined()
    const named = { pretraining: settings(), images, key: 'another', numericsId: 'other-1' }
    await b.store.encoders.putUnfinished({ ...named, seconds: 100, snapshot: snapshotAfter(2) })
    const other = bench(b.store, gpu)
    await b.store.encoders.remove((await later.encoders.list())[0].key)
    const whole = await other.encoders.get(view, settings())
    expect(other.taken).toEqual([0, 1, 2, 3, 4, 5])
    expect(whole.seconds).toBeLessThan(60)
  })

  it('that are not finished are kept, whole or not at all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'encoders-'))
    const of = (seed: number) => ({ pretraining: settings({ seed }), images: 'i' })
    const stood = (seed: number, epoch = 1) => ({
      ...of(seed),
      key: 'k',
      numericsId: 'n',
      seconds: 1,
      snapshot: snapshotAfter(epoch)
    })
    for (const store of [memoryStore().encoders, await fileEncoders(folder)]) {
      await store.putUnfinished(stood(1))
      expect(await store.unfinished(of(1))).toEqual(stood(1))
      expect(await store.unfinished({ ...of(1), images: 'others' })).toBeUndefined()
      await store.putUnfinished(stood(1, 2))
      expect((await store.unfinished(of(1)))?.snapshot.epoch).toBe(2)
      // three epochs are the whole of it
      await store.putUnfinished(stood(1, 3))
      expect(await store.unfinished(of(1))).toBeUndefined()
      await store.putUnfinished(stood(2))
      await store.removeUnfinished(of(2))
      expect(await store.unfinished(of(2))).toBeUndefined()
      await store.removeUnfinished(of(3))
    }
    await rm(folder, { recursive: true })

    // the last few: another tab, or a slip, takes nothing away
    const store = memoryStore().encoders
    for (const seed of [1, 2, 3, 4, 5]) {
      await store.putUnfinished(stood(seed))
      await new Promise(resolve => setTimeout(resolve, 3))
    }
    const kept = await Promise.all([1, 2, 3, 4, 5].map(seed => store.unfinished(of(seed))))
    expect(kept.map(found => found !== undefined)).toEqual([false, true, true, true, true])
    // a list of encoders has none of them
    expect(await store.list()).toEqual([])

    // nor does a clock that is set back
    let now = 2e12
    const set = encoderStore(new Shelf(memory()), () => now)
    for (const seed of [1, 2, 3, 4]) await set.putUnfinished(stood(seed))
    now = 1e12
    await set.putUnfinished(stood(5))
    expect(await set.unfinished(of(5))).toEqual(stood(5))
  })

  it('are kept in a folder by several jobs at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'encoders-'))
    const stores = [await fileEncoders(folder), await fileEncoders(folder)]
    await Promise.all(stores.map(store => store.put(encoder())))
    expect(await stores[0].get('k')).toEqual(encoder())
    expect(await readdir(folder)).toEqual(['encoder-k.bin'])
    await rm(folder, { recursive: true })
  })

  it('tell of their epochs anew where they begin anew', async () => {
    const b = bench(undefined, true)
    const { reports } = await b.encoders.get(view, settings({ seed: 14 }))
    expect(reports.map(r => r.epoch)).toEqual([0, 1, 2, 3])
  })

  it('leave features of the pool, made once for an encoder', async () => {
    const b = bench()
    const [first, again] = [1, 1].map(seed => b.encoders.product(view, settings({ seed }), 'encoder'))
    const { origin, features } = await first
    expect(origin).toBe((await b.encoders.get(view, settings({ seed: 1 }))).key)
    expect(features.values).toEqual(new Float32Array(40).fill(1))
    expect((await again).features).toBe(features)
    expect((await b.encoders.product(view, settings({ seed: 2 }), 'encoder')).features.values[0]).toBe(2)
    expect(b.represented.map(p => p.seed)).toEqual([1, 2])
  })

  it('hold the features of the last four encoders', async () => {
    const b = bench()
    for (const seed of [1, 2, 3, 4, 1, 2, 3, 4, 5, 2, 1])
      await b.encoders.product(view, settings({ seed }), 'encoder')
    expect(b.represented.map(p => p.seed)).toEqual([1, 2, 3, 4, 5, 1])
  })

  it('are looked at without disturbing what is pretrained', async () => {
    const b = bench()
    await b.encoders.get(view, settings())
    let release = () => {}
    const released = new Promise<void>(resolve => (release = resolve))
    b.holdOn(() => released)
    const waiting = b.encoders.get(view, settings({ seed: 2 }))
    while (b.encoders.status.phase !== 'running') await new Promise(resolve => setImmediate(resolve))
    const kept = await b.encoders.locate(view, settings(), 'encoder')
    expect((await b.encoders.productOf(view, kept!, 'encoder')).values).toEqual(new Float32Array(40))
    expect((await b.encoders.productOf(view, kept!, 'dynamics')).size).toBe(3)
    expect(b.encoders.status).toMatchObject({ phase: 'running', pretraining: { seed: 2 } })
    release()
    await waiting
  })

  it('keep what was recorded of every image; one that lacks it is pretrained again', async () => {
    const store = memoryStore()
    const b = bench(store)
    const { recorded, ...bare } = await b.encoders.get(view, settings())
    await store.encoders.put(bare)
    const later = bench(store)
    expect(await later.encoders.get(view, settings())).toEqual(bare)
    const { origin, features } = await later.encoders.product(view, settings(), 'dynamics')
    expect(later.made).toHaveLength(1)
    expect(origin).toBe(bare.key)
    expect(features).toEqual(recorded!.dynamics)
    await later.encoders.product(view, settings(), 'dynamics')
    expect(later.made).toHaveLength(1)
    expect((await store.encoders.get(bare.key))!.recorded).toEqual(recorded)
  })

  it('that lack a record are not taken for it, also when it is asked for while they are looked up', async () => {
    const store = memoryStore()
    const { recorded, ...bare } = await bench(store).encoders.get(view, settings())
    await store.encoders.put(bare)
    let arrived = () => {}
    const asked = new Promise<void>(resolve => (arrived = resolve))
    let answer = () => {}
    const gate = new Promise<void>(resolve => (answer = resolve))
    const get = async (key: string) => {
      arrived()
      await gate
      return store.encoders.get(key)
    }
    const b = bench({ ...store, encoders: { ...store.encoders, get } })
    const plain = b.encoders.get(view, settings(), 'encoder')
    await asked
    const wanted = b.encoders.product(view, settings(), 'dynamics')
    answer()
    expect((await wanted).features).toEqual(recorded!.dynamics)
    expect((await plain).recorded).toEqual(recorded)
    expect([b.made.length, b.represented.length]).toEqual([1, 0])
    await expect(b.encoders.productOf(view, bare, 'dynamics')).rejects.toMatchObject({
      code: 'productMissing',
      parameters: { product: 'dynamics' }
    })
  })

  it.each<[string, Features]>([
    ['other images', { size: 3, values: Float32Array.of(1, 0, 0.5, 0.1, 0, 1) }],
    ['another size', { size: 1, values: new Float32Array(40) }]
  ])('with records of %s are pretrained again where these are needed', async (_, dynamics) => {
    const { recorded, ...made } = await bench().encoders.get(view, settings())
    const b = bench()
    await b.encoders.keepForeign({ ...made, recorded: { dynamics } })
    expect(await b.encoders.locate(view, settings())).toBeDefined()
    expect(await b.encoders.locate(view, settings(), 'dynamics')).toBeUndefined()
    expect((await b.encoders.product(view, settings(), 'dynamics')).features).toEqual(recorded!.dynamics)
    expect(b.made).toHaveLength(1)
  })

  it('that the store does not take are kept in memory, and it is said', async () => {
    const { encoders: whole, ...store } = memoryStore()
    const put = () => Promise.reject(new Error('full'))
    const b = bench({ ...store, encoders: { ...whole, put } })
    const made = await b.encoders.get(view, settings())
    expect([b.refusals, await whole.list()]).toEqual([['full'], []])
    expect(await b.encoders.find(made.key)).toBe(made)
    expect(await b.encoders.locate(view, settings())).toBe(made)
    const foreign = encoder('elsewhere')
    await b.encoders.keepForeign(foreign)
    expect(b.refusals).toEqual(['full', 'full'])
    expect(await b.encoders.find('elsewhere')).toBe(foreign)
    await b.encoders.remove('elsewhere')
    expect(b.encoders.status).toMatchObject({ phase: 'finished', key: made.key })
    await b.encoders.remove(made.key)
    expect([b.encoders.status.phase, await b.encoders.find(made.key)]).toEqual(['idle', undefined])
  })

  it('are made where the store cannot be read', async () => {
    const { encoders: whole, ...store } = memoryStore()
    const no = () => Promise.reject(new Error('damaged'))
    for (const broken of [{ get: no }, { list: no }, { unfinished: no }, { removeUnfinished: no }]) {
      const b = bench({ ...store, encoders: { ...whole, ...broken } })
      await b.encoders.get(view, settings())
      expect([b.made.length, b.refusals]).toEqual([1, []])
      await b.encoders.remove(b.encoders.status.key!)
    }
  })

  it('of WASM go before those of a GPU; of earlier code none is taken, nor of other settings or images', async () => {
    const b = bench()
    const images = imagesName(view.shape, view.pool.images)
    const of = (numericsId: string, pretraining = settings(), pool = images, version?: number): Encoder => ({
      ...encoder(encoderKey(pretraining, pool, numericsId, version)),
      ...{ numericsId, pretraining, images: pool }
    })
    const others = imagesName(view.shape, new Uint8Array(64))
    for (const foreign of [
      of('gpu-1', settings(), images, 1),
      of('wasm-1', settings(), images, 1),
      of('gpu-1', settings({ likeness: 'pictures' })),
      of('gpu-1', settings(), others)
    ])
      await b.encoders.keepForeign(foreign)
    expect(await b.encoders.locate(view, settings())).toBeUndefined()
    const [gpu, wasm] = [of('gpu-1'), of('wasm-1')]
    await b.encoders.keepForeign(gpu)
    expect(await b.encoders.locate(view, settings())).toBe(gpu)
    expect(await b.encoders.locate(view, settings(), 'dynamics')).toBeUndefined()
    await b.encoders.keepForeign(wasm)
    expect(await b.encoders.locate(view, settings())).toBe(wasm)
    await b.encoders.keepForeign({ ...wasm, images: undefined })
    expect(await b.encoders.get(view, settings())).toMatchObject({ key: wasm.key })
    expect(b.made).toEqual([])
  })

  it('of the same settings and other images are another pretraining', async () => {
    const b = bench()
    const first = expect(b.encoders.get(view, settings())).rejects.toMatchObject({
      code: 'pretrainingCancelled'
    })
    const second = b.encoders.get(fakeView(41, 10), settings())
    await first
    await second
    expect(b.made).toHaveLength(1)
  })

  it('have features of each pool that they are asked about', async () => {
    const b = bench()
    const made = await b.encoders.get(view, settings())
    for (const pool of [40, 41, 40]) {
      const { values } = await b.encoders.productOf(fakeView(pool, 10), made, 'encoder')
      expect(values).toHaveLength(pool)
    }
    expect(b.represented).toHaveLength(2)
  })

  it('are made, whatever becomes of the worker while they are being stored', async () => {
    const { encoders: whole, ...store } = memoryStore()
    let arrived = () => {}
    const storing = new Promise<void>(resolve => (arrived = resolve))
    let stored = () => {}
    const gate = new Promise<void>(resolve => (stored = resolve))
    const put = async (made: Encoder) => {
      arrived()
      await gate
      await whole.put(made)
    }
    const b = bench({ ...store, encoders: { ...whole, put } })
    const waiting = b.encoders.get(view, settings())
    await storing
    for (let i = 0; i < 3; i++) b.pages.at(-1)!.fail('out of memory')
    stored()
    expect((await waiting).weights).toEqual(weights())
    expect([b.made.length, b.encoders.status.phase]).toEqual([1, 'finished'])
  })

  it('that are found after another one was asked for change nothing of that', async () => {
    const { encoders: whole, ...store } = memoryStore()
    const made = await bench({ ...store, encoders: whole }).encoders.get(view, settings())
    let arrived = () => {}
    const asked = new Promise<void>(resolve => (arrived = resolve))
    let answer = () => {}
    const gate = new Promise<void>(resolve => (answer = resolve))
    const get = async (key: string) => {
      arrived()
      if (key === made.key) await gate
      return whole.get(key)
    }
    const b = bench({ ...store, encoders: { ...whole, get } })
    const off = expect(b.encoders.get(view, settings())).rejects.toMatchObject({
      code: 'pretrainingCancelled'
    })
    await asked
    const other = b.encoders.get(view, settings({ seed: 1 }))
    answer()
    await off
    const { key } = await other
    expect(b.encoders.status).toMatchObject({ phase: 'finished', key, pretraining: { seed: 1 } })
    expect(b.statuses.filter(({ phase }) => phase === 'finished')).toHaveLength(1)
  })

  it('called off while the store is asked stay called off', async () => {
    const { encoders: whole, ...store } = memoryStore()
    let arrived = () => {}
    const asked = new Promise<void>(resolve => (arrived = resolve))
    let answer = () => {}
    const gate = new Promise<void>(resolve => (answer = resolve))
    const unfinished = async () => {
      arrived()
      await gate
      return undefined
    }
    const b = bench({ ...store, encoders: { ...whole, unfinished } })
    b.encoders.get(view, settings()).catch(() => {})
    await asked
    b.encoders.cancel()
    answer()
    for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
    expect([b.encoders.status.phase, b.made.length]).toEqual(['idle', 0])
  })

  it('cannot be looked up by a worker that dies', async () => {
    const b = bench()
    const asked = expect(b.encoders.locate(view, settings())).rejects.toMatchObject({ code: 'workerFailed' })
    b.pages.at(-1)!.fail('out of memory')
    await asked
    expect(await b.encoders.locate(view, settings())).toBeUndefined()
  })

  it('are asked for their features again where these could not be had', async () => {
    const b = bench()
    const asked = b.encoders.product(view, settings({ seed: 15 }), 'encoder')
    await expect(asked).rejects.toMatchObject({ code: 'pretrainingFailed' })
    expect((await b.encoders.product(view, settings({ seed: 15 }), 'encoder')).features.size).toBe(1)
    expect([b.made.length, b.represented.length]).toEqual([1, 2])
  })

  it('pause, go on, and are called off', async () => {
    const b = bench()
    let release = () => {}
    const released = new Promise<void>(resolve => (release = resolve))
    b.holdOn(() => released)
    const waiting = b.encoders.get(view, settings())
    while (b.encoders.status.phase !== 'running') await new Promise(resolve => setImmediate(resolve))
    b.encoders.pause()
    release()
    for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
    expect(b.encoders.status.phase).toBe('paused')
    // an edit that asks for the same again does not end the pause
    expect(b.encoders.get(view, settings())).toBe(waiting)
    for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
    expect(b.encoders.status.phase).toBe('paused')
    b.encoders.resume()
    await waiting

    const another = b.encoders.get(view, settings({ seed: 2 }))
    const refused = expect(another).rejects.toMatchObject({ code: 'pretrainingCancelled' })
    const last = b.encoders.get(view, settings({ seed: 3 }))
    await refused
    const off = expect(last).rejects.toMatchObject({ code: 'pretrainingCancelled' })
    b.encoders.cancel()
    await off
    expect(b.encoders.status.phase).toBe('idle')
    await b.encoders.get(view, settings({ seed: 3 }))
  })

  it('say what went wrong, and can be asked again', async () => {
    const b = bench()
    await expect(b.encoders.get(view, settings({ seed: 13 }))).rejects.toMatchObject({
      code: 'pretrainingFailed'
    })
    expect(b.encoders.status.phase).toBe('failed')
    const waiting = b.encoders.get(view, settings())
    const refused = expect(waiting).rejects.toMatchObject({ code: 'workerFailed' })
    // and again in its place
    for (let i = 0; i < 3; i++) b.pages.at(-1)!.fail('out of memory')
    await refused
    await b.encoders.get(view, settings())
  })

  it('whose worker dies go on from where they were kept last, and stay paused', async () => {
    const b = bench()
    const turns = async (met: () => boolean | Promise<boolean>) => {
      while (!(await met())) await new Promise(resolve => setImmediate(resolve))
    }
    let allowed = 0
    // what a dead worker still does here is nothing
    const alive = (pretraining: number) => pretraining === b.made.length
    b.holdOn(async mine => {
      await turns(() => !alive(mine) || b.taken.length < allowed)
      if (!alive(mine)) await new Promise(() => {})
    })
    const steps = (count: number) => {
      allowed = count
      return turns(() => b.taken.length === count)
    }
    const dies = () => {
      const { length } = b.made
      b.pages.at(-1)!.fail('out of memory')
      return turns(() => b.made.length > length)
    }
    const waiting = b.encoders.get(view, settings())
    await steps(1)
    // twice without having left anything: from the beginning
    await dies()
    await dies()
    await steps(2)
    b.passTime(11)
    await steps(3)
    const images = imagesName(view.shape, view.pool.images)
    await turns(async () => !!(await b.store.encoders.unfinished({ pretraining: settings(), images })))
    // and twice more now that something is kept
    await dies()
    b.encoders.pause()
    b.pages.at(-1)!.fail('out of memory')
    for (let i = 0; i < 50; i++) await new Promise(resolve => setImmediate(resolve))
    expect(b.encoders.status.phase).toBe('paused')
    expect(b.made).toHaveLength(5)
    allowed = 100
    for (let i = 0; i < 50; i++) await new Promise(resolve => setImmediate(resolve))
    expect(b.taken).toEqual([0, 0, 1])
    b.encoders.resume()
    expect((await waiting).reports.map(r => r.epoch)).toEqual([0, 1, 2, 3])
    expect(b.taken).toEqual([0, 0, 1, 2, 3, 4, 5])
    expect(b.statuses.map(({ phase }) => phase)).not.toContain('failed')

    // nothing is lost with a worker that had come to its end
    b.pages.at(-1)!.fail('out of memory')
    expect(b.encoders.status.phase).toBe('finished')
    b.holdOn()
    await b.encoders.get(view, settings({ seed: 4 }))
  })
})

describe('two tabs that need the same encoder', () => {
  const hop = () => new Promise(resolve => setImmediate(resolve))
  const until = async (met: () => boolean) => {
    while (!met()) await hop()
  }
  /** The browser's locks: one holder of a name at a time, in the order in which they asked. */
  function locks(): NonNullable<EncodersOptions['turn']> {
    const last = new Map<string, Promise<void>>()
    return (name, signal) =>
      new Promise((resolve, reject) => {
        const before = last.get(name) ?? Promise.resolve()
        const given = new Promise<void>(back => {
          void before.then(() => (signal.aborted ? back() : resolve(back)))
        })
        last.set(name, given)
        signal.addEventListener('abort', () => reject(signal.reason))
      })
  }
  /** Two tabs of which the first has begun and the second waits for it. */
  async function begun() {
    const store = memoryStore()
    const turn = locks()
    const [a, b] = [bench(store, false, turn), bench(store, false, turn)]
    let allowed = 0
    a.holdOn(() => until(() => a.taken.length < allowed))
    const first = a.encoders.get(view, settings())
    await until(() => a.encoders.status.phase === 'running')
    const second = b.encoders.get(view, settings())
    await until(() => b.encoders.status.phase === 'waiting')
    return { a, b, first, second, allow: (steps: number) => (allowed = steps) }
  }

  it('make it once: the second one waits, says so, and has it with its reports', async () => {
    const { a, b, first, second, allow } = await begun()
    for (let i = 0; i < 20; i++) await hop()
    expect(b.made).toHaveLength(0)
    allow(6)
    expect((await second).key).toBe((await first).key)
    expect((await second).reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    expect([a.made.length, b.made.length]).toEqual([1, 0])
    expect(b.encoders.status).toMatchObject({ phase: 'finished', key: (await first).key })
    // and neither is in the other's way any more
    allow(100)
    await Promise.all([a, b].map((tab, i) => tab.encoders.get(view, settings({ seed: 20 + i }))))
  })

  it('the second one makes it when the first one is called off, or fails', async () => {
    for (const end of ['cancel', 'fail'] as const) {
      const { a, b, first, second } = await begun()
      const refused = expect(first).rejects.toBeInstanceOf(Error)
      if (end === 'cancel') a.encoders.cancel()
      else for (let i = 0; i < 3; i++) a.pages.at(-1)!.fail('out of memory')
      await refused
      await second
      expect(b.made).toHaveLength(1)
    }
  })

  it('the second one goes on with what the first one has paused, which then has it from there', async () => {
    const { a, b, first, second, allow } = await begun()
    a.passTime(11)
    allow(3)
    await until(() => a.taken.length === 3)
    const images = imagesName(view.shape, view.pool.images)
    while (!(await a.store.encoders.unfinished({ pretraining: settings(), images }))) await hop()
    let held = true
    b.holdOn(() => until(() => !held))
    a.encoders.pause()
    await until(() => b.encoders.status.phase === 'running')
    // meanwhile the first one wants to go on: it is not its turn
    a.encoders.resume()
    await until(() => a.encoders.status.phase === 'waiting')
    held = false
    expect((await first).key).toBe((await second).key)
    expect(a.taken).toEqual([0, 1, 2])
    expect(b.taken).toEqual([2, 3, 4, 5])
    // its worker is not left in the midst of it
    allow(100)
    await a.encoders.get(view, settings({ seed: 30 }))
  })

  it('the first one has what was made while it was paused, and makes no more of it', async () => {
    const { a, first, second, allow } = await begun()
    a.encoders.pause()
    // no further than the step that it is at
    allow(100)
    await second
    a.encoders.resume()
    expect((await first).key).toBe((await second).key)
    expect(a.taken).toEqual([0])
    expect(a.encoders.status.phase).toBe('finished')
  })

  it('the first one keeps its turn when its worker dies', async () => {
    const { a, b, first, second, allow } = await begun()
    a.pages.at(-1)!.fail('out of memory')
    await until(() => a.made.length === 2)
    expect(b.encoders.status.phase).toBe('waiting')
    allow(100)
    expect((await second).key).toBe((await first).key)
    expect([a.made.length, b.made.length]).toEqual([2, 0])
  })

  it('who is called off before it was told that it waits is not told so later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let asked = false
    // it never comes
    const b = bench(memoryStore(), false, (_name, signal) => {
      asked = true
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    b.encoders.get(view, settings()).catch(() => {})
    await until(() => asked)
    b.encoders.cancel()
    await hop()
    vi.advanceTimersByTime(10_000)
    expect(b.encoders.status.phase).toBe('idle')
    vi.useRealTimers()
  })

  it('who no longer waits for it leaves the first one alone', async () => {
    const { a, b, first, second, allow } = await begun()
    const off = expect(second).rejects.toMatchObject({ code: 'pretrainingCancelled' })
    b.encoders.cancel()
    await off
    expect(b.encoders.status.phase).toBe('idle')
    allow(6)
    await first
    await b.encoders.get(view, settings())
    expect([a.made.length, b.made.length]).toEqual([1, 0])
  })
})

it('in a batch job, a pretraining lets signals and the rest of the process in', async () => {
  let letIn = false
  const pretrainer: Pretrainer = {
    numericsId: 'wasm-1',
    keyOf: () => ({ key: 'k', images: 'i' }),
    async pretrain(_view, _settings, { check }) {
      setTimeout(() => (letIn = true))
      // for ever, if nothing came in
      for (const began = performance.now(); !letIn && performance.now() - began < 3000;) await check(0, 1)
      return { key: 'k', numericsId: 'wasm-1', weights: weights(), reports: [] }
    },
    represent: async () => ({ size: 1, values: new Float32Array(40) })
  }
  const { encoder: get } = pretrainings(
    memoryStore().encoders,
    () => {},
    async () => pretrainer
  )
  await get(view, settings())
  expect(letIn).toBe(true)
})

describe('kept encoders', () => {
  it('come back whole from the database, and damaged ones do not', async () => {
    const store = await openStore()
    expect(store.kept).toBe(true)
    await store.encoders.put(encoder())
    expect(await store.encoders.get('k')).toEqual(encoder())
    const { weights, ...card } = encoder()
    expect(weights).toBeDefined()
    expect(await store.encoders.list()).toEqual([card])
    await store.encoders.put({ ...encoder('bad'), weights: new Float32Array(3) })
    expect(await store.encoders.get('bad')).toBeUndefined()
    expect(await store.encoders.list()).toHaveLength(1)
    await store.encoders.remove('k')
    expect(await store.encoders.get('k')).toBeUndefined()
  })

  it('are recognised by every one of their members', () => {
    expect(isEncoder(encoder())).toBe(true)
    for (const member of Object.keys(encoder()))
      expect(isEncoder({ ...encoder(), [member]: null }), member).toBe(false)
    expect(isEncoder({ ...encoder(), pretraining: settings({ method: 'magic' as never }) })).toBe(false)
    expect(isEncoder({ ...encoder(), weights: weights().fill(NaN) })).toBe(false)
    // what is derived from the weights is not to be replaced
    const features = { size: 1, values: Float32Array.of(3, 4) }
    expect(isEncoder({ ...encoder(), recorded: { pretextLoss: features } })).toBe(true)
    expect(isEncoder({ ...encoder(), recorded: { encoder: features } })).toBe(false)
  })

  it('leave as JSON with their weights as little-endian float32', () => {
    const file = JSON.parse(encoderText(encoder()))
    expect(file).toMatchObject({ format: 'dal-encoder', version: 3, key: 'k', pretraining: settings() })
    const bytes = Buffer.from(file.weights, 'base64')
    expect(Array.from(weights(), (_, i) => bytes.readFloatLE(4 * i))).toEqual([...weights()])
  })
})

const encoderV2 = readFileSync(new URL('./encoder-v2.json', import.meta.url), 'utf8')

describe('an encoder out of a file', () => {
  const images = imagesName(shape, new Uint8Array(64))
  const whole: Encoder = {
    ...encoder(encoderKey(settings(), images, 'wasm-1')),
    images,
    recorded: { dynamics: { size: 3, values: Float32Array.of(0.5, 0.25, 1) } }
  }
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const changed = (change: (file: any) => void) => {
    const file = JSON.parse(encoderText(whole))
    change(file)
    return JSON.stringify(file)
  }
  const codeOf = (text: string) => {
    try {
      readEncoder(text)
    } catch (error) {
      if (error instanceof ExchangeError) return error.code
      throw error
    }
  }

  it('is what was saved', () => {
    expect(readEncoder(encoderText(whole))).toEqual(whole)
    const bare = { ...whole, recorded: undefined }
    expect(readEncoder(encoderText(bare))).toEqual(bare)
    expect(claimsEncoder(encoderText(whole))).toBe(true)
    expect(claimsEncoder('{"format":"dal-result"}')).toBe(false)
  })

  it('is read also when earlier code made it, under the key it has since then', () => {
    const old = { ...whole, key: encoderKey(settings(), images, 'wasm-1', 1) }
    expect(old.key).not.toBe(whole.key)
    expect(readEncoder(encoderText(old))).toEqual(old)
    // the page does not take it for the one that it would make today
    expect([isCurrent(whole), isCurrent(old), isCurrent({ ...whole, images: undefined })]).toEqual([
      true,
      false,
      false
    ])
  })

  it('of version 2 is read for ever', () => {
    const { reports, recorded } = readEncoder(encoderV2)
    expect(reports.at(-1)).toEqual({ epoch: 1, loss: 2, knn: 0.625, spread: 0.5 })
    expect(recorded!.dynamics!.values).toEqual(Float32Array.of(0.5, 0.25, 1, 0.75, 0.125, 0))
    expect(codeOf(encoderV2.replace('AACAvwAA', 'AACAwAAA'))).toBe('damagedEncoder')
  })

  it('is refused with a reason when it is broken, changed, of another kind or hostile', () => {
    const cases: [string, string][] = [
      ['{', 'notJson'],
      ['{"format":"dal-result","version":1}', 'notOurs'],
      [changed(f => (f.version = 4)), 'newerVersion'],
      [changed(f => (f.version = 1)), 'earlierEncoder'],
      [changed(f => (f.weights = '')), 'inconsistent'],
      [changed(f => (f.weights = f.weights.slice(0, -1))), 'wrongType'],
      [changed(f => (f.weights = f.weights.replace(/[^=]/g, 'A'))), 'damagedEncoder'],
      [changed(f => (f.recorded.dynamics.values = 'AAAAAAAAAAAAAAAA')), 'damagedEncoder'],
      [changed(f => (f.pretraining.epochs = 4)), 'inconsistent'],
      [changed(f => (f.pretraining.network.hidden = 1e9)), 'outOfRange'],
      [changed(f => (f.pretraining.network.channels = [1, 2, 3, 4, 5])), 'inconsistent'],
      [changed(f => (f.pretraining.method = 'magic')), 'inconsistent'],
      [changed(f => (f.shape.channels = 3)), 'inconsistent'],
      [changed(f => (f.images = `8x8x1 ${'0'.repeat(64)}`)), 'inconsistent'],
      [changed(f => (f.images = f.images.replace('8x8x1', '9x9x1'))), 'inconsistent'],
      [changed(f => (f.key = 'f'.repeat(32))), 'inconsistent'],
      [changed(f => (f.reports[0].knn = 2)), 'outOfRange'],
      [changed(f => (f.reports[0].knn = 0.999)), 'damagedEncoder'],
      [changed(f => (f.seconds = 3)), 'damagedEncoder'],
      [changed(f => (f.recorded.dynamics.size = 1)), 'damagedEncoder'],
      [changed(f => (f.version = 2)), 'damagedEncoder'],
      [changed(f => (f.recorded.encoder = f.recorded.dynamics)), 'inconsistent'],
      [changed(f => delete f.numericsId), 'wrongType'],
      [encoderText(whole).replace('"seconds"', '"__proto__"'), 'forbiddenKey']
    ]
    for (const [text, code] of cases) expect(codeOf(text), text.slice(0, 300)).toBe(code)
  })

  it('is refused, or the same, whatever is done to its text', () => {
    const text = encoderText(whole)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('', '0', '"', '}', 'A', '-'), (at, by) => {
        const other = text.slice(0, at) + by + text.slice(at + 1)
        try {
          expect(readEncoder(other)).toEqual(whole)
        } catch (error) {
          if (!(error instanceof ExchangeError)) throw error
        }
      }),
      { numRuns: 150 }
    )
  })

  it('is used like one that was pretrained here', async () => {
    const b = bench()
    const made = await b.encoders.get(view, settings())
    const later = bench()
    await later.encoders.keepForeign(readEncoder(encoderText(made)))
    expect(await later.encoders.locate(view, settings(), 'dynamics')).toEqual(made)
    expect(await later.encoders.locate(view, settings({ seed: 3 }))).toBeUndefined()
    expect(await later.encoders.get(view, settings())).toEqual(made)
    expect(later.made).toEqual([])
  })
})

describe('an experiment that begins with an encoder', () => {
  const open: DirectorBench[] = []
  afterEach(() => open.splice(0).forEach(b => b.director.close()))
  const experiment: Experiment = {
    ...frozenExperiment,
    poolSize: 200,
    testSize: 100,
    initialSizes: [10, 20],
    querySize: 20,
    budget: 40,
    strategies: ['random', 'margin'],
    seeds: 1,
    mode: 'linear'
  }
  async function directed() {
    const b = new DirectorBench()
    open.push(b)
    await b.director.open('cpu', 2)
    return b
  }
  const keysOf = (b: DirectorBench) =>
    b.director.result()!.runs.flatMap(r => r.points.map(p => p.record!.trainingKey))

  it('hands it to every worker; another encoder, other trainings', async () => {
    const b = await directed()
    await b.run(experiment)
    for (const engine of b.engines) expect(engine.adopted).toEqual(['simclr on fake-200-100-5'])
    const linear = keysOf(b)
    await b.run({ ...experiment, pretraining: 'moco' })
    for (const engine of b.engines) expect(engine.adopted.at(-1)).toBe('moco on fake-200-100-5')
    const moco = keysOf(b)
    await b.run({ ...experiment, mode: 'fineTune' })
    const tuned = keysOf(b)
    await b.run({ ...experiment, mode: 'scratch', pretraining: 'moco' })
    const all = [linear, moco, tuned, keysOf(b)].map(keys => new Set(keys))
    expect(new Set(all.flatMap(keys => [...keys])).size).toBe(all.reduce((n, keys) => n + keys.size, 0))
    expect(b.notices).toEqual([])
  })

  it('gives its products to selectors and strategies, whose keys say which encoder they come from', async () => {
    const b = await directed()
    const standing: Experiment = {
      ...experiment,
      mode: 'scratch',
      strategies: ['random', 'typiClust:encoder'],
      selectors: ['random', 'kMeans:encoder']
    }
    const pickedBy = (selector?: string, strategy = 'typiClust:encoder') =>
      b.director
        .result()!
        .runs.filter(r => r.arm.selector === selector && r.arm.strategy === strategy)
        .map(r => r.points.map(p => [...p.record!.added]))
    await b.run(standing)
    const { features } = await b.product(fakeView(200, 100), pretrainingRows(standing), 'encoder')
    const chosen = kMeans('encoder').select({
      size: 20,
      seed: 0,
      classes: 5,
      order: initialOrder(0, 200),
      features: { encoder: features },
      stream: selectorStream(0, 'kMeans:encoder')
    })
    const simclr = [pickedBy('kMeans:encoder'), pickedBy()]
    expect(simclr[0][1][0]).toEqual([...chosen])
    const drawn = pickedBy('kMeans:encoder', 'random')[0][0]
    expect(drawn).toHaveLength(10)
    const trained = b.trainings().length
    await b.run({ ...standing, pretraining: 'moco' })
    const moco = [pickedBy('kMeans:encoder'), pickedBy()]
    expect(moco[0][0][0]).not.toEqual(simclr[0][0][0])
    expect(pickedBy('kMeans:encoder', 'random')[0][0]).not.toEqual(drawn)
    // the same first sets, drawn at random; other queries of them
    expect(moco[1].map(points => points[0])).toEqual(simclr[1].map(points => points[0]))
    expect(moco[1][0][1]).not.toEqual(simclr[1][0][1])
    // nothing of it is in a training's own key: Random is the same whatever was pretrained
    const more = b.trainings().length
    expect(more).toBeGreaterThan(trained)
    await b.run({ ...standing, pretraining: 'moco', strategies: ['random'], selectors: ['random'] })
    await b.run(standing)
    expect([pickedBy('kMeans:encoder'), pickedBy()]).toEqual(simclr)
    expect(b.trainings()).toHaveLength(more)
    expect(b.notices).toEqual([])
  })

  it('workers forget its products when no training that is there names them any more, and are given them again', async () => {
    const b = await directed()
    const told: string[] = []
    for (const page of b.pages) {
      const { post } = page
      page.post = message => {
        if (message.type === 'features') told.push(message.given.key.replace(/.*:/, ''))
        if (message.type === 'forget') told.push(...message.keys.map(key => key.replace(/.*:/, 'not ')))
        post(message)
      }
    }
    const standing: Experiment = {
      ...experiment,
      mode: 'scratch',
      strategies: ['random', 'typiClust:encoder']
    }
    await b.run(standing)
    await b.director.run({ ...standing, pretraining: 'moco' })
    // an edit while trainings are there that name moco's
    await b.run({ ...standing, pretraining: 'moco', strategies: ['random', 'margin'], seeds: 2 })
    await b.run({ ...standing, strategies: ['random', 'margin'], seeds: 2 })
    const [first, then] = ['simclr', 'moco'].map(method => `${method} on fake-200-100-5`)
    const each = (what: string) => b.pages.map(() => what)
    expect(told).toEqual([...each(first), ...each(`not ${first}`), ...each(then), ...each(`not ${then}`)])
    const { runs } = await b.run({ ...standing, seeds: 3 })
    expect(runs.every(r => r.points.length === 3 - (r.arm.initialSize > 10 ? 1 : 0))).toBe(true)
    expect(told.slice(-b.pages.length)).toEqual(each(first))
    expect(b.notices).toEqual([])
  })

  it('PT4AL takes what it pretrains whatever the rows name; its batches follow from the budget', async () => {
    const b = await directed()
    const arms: Experiment = {
      ...experiment,
      initialSizes: [10],
      strategies: ['random', 'pt4al'],
      selectors: ['pt4al'],
      mode: 'scratch'
    }
    const run = async (change: Partial<Experiment> = {}) => {
      const result = await b.run({ ...arms, ...change })
      const own = result.runs.find(r => r.arm.strategy === 'pt4al')!
      return own.points.map(p => [...p.record!.added])
    }
    const added = await run()
    const { origin, features } = await b.product(
      fakeView(200, 100),
      { ...pretrainingRows(arms), method: 'rotation' },
      'pretextLoss'
    )
    expect(origin).toContain('rotation')
    // 10, 20, 40 labels: three rounds, batches of 67, 67 and 66
    const hardest = [...features.values.keys()].sort((i, j) => features.values[j] - features.values[i])
    expect(added[0]).toEqual(Array.from({ length: 10 }, (_, i) => hardest[6 * i]))
    expect(added[1].every(row => hardest.indexOf(row) >= 67 && hardest.indexOf(row) < 134)).toBe(true)
    expect(added[2].every(row => hardest.indexOf(row) >= 134)).toBe(true)
    expect(await run({ pretraining: 'moco' })).toEqual(added)
    // one round more: other batches, and another query of the same length
    const longer = await run({ budget: 60 })
    expect(longer[0]).toEqual(Array.from({ length: 10 }, (_, i) => hardest[5 * i]))
    expect(await run({ pretrainingEpochs: 7 })).toEqual(added)
    expect(b.notices).toEqual([])
  })

  it('lacks them where the data set has no images: those arms are left out, and said', async () => {
    const b = await directed()
    b.view = view => ({
      ...view,
      shape: { height: 1, width: 3, channels: 1 },
      pool: { ...view.pool, images: new Uint8Array(0), features: new Float32Array(600) }
    })
    const selectors = ['random', 'kMeans:encoder']
    const result = await b.run({
      ...experiment,
      mode: 'scratch',
      selectors,
      strategies: ['random', 'probCover:encoder']
    })
    expect(result.runs.map(r => armKey(r.arm))).toEqual(['random@10', 'random@20'])
    expect(b.notices).toEqual(['needsImages', 'needsImages'])
  })

  it('stops with the pretraining, and what was computed before goes on', async () => {
    const b = await directed()
    b.encoder = () => Promise.reject(Object.assign(new Error('off'), { code: 'pretrainingCancelled' }))
    await expect(b.director.run(experiment)).rejects.toMatchObject({ code: 'pretrainingCancelled' })
    await b.run({ ...experiment, mode: 'scratch' })
    await expect(b.director.run(experiment)).rejects.toThrow('off')
    expect(b.director.progress().phase).toBe('finished')
    expect(b.director.result()!.experiment.mode).toBe('scratch')
  })
})
