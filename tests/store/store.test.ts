import 'fake-indexeddb/auto'
import { createStore, keys, set, setMany } from 'idb-keyval'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startExperiment } from '../../src/core/experiment/table.ts'
import { memoryStore, openStore, StoreError } from '../../src/store/index.ts'
import { whenNobodyImports, whileImporting } from '../../src/store/locks.ts'
import { measurement, pick } from './fixtures.ts'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const full = () => new DOMException('full', 'QuotaExceededError')
const diskFull = () =>
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw full()
  })

describe.each([
  ['database', openStore],
  ['memory', async () => memoryStore()]
])('records in %s', (_, open) => {
  it('come back as they were put, in the order of the keys', async () => {
    const { records } = await open()
    await records.putMeasurement('a', measurement(20))
    await records.putAll({ measurements: [['b', measurement(30)]], picks: [['a', pick()]] })
    expect(await records.getMeasurements(['b', 'none', 'a'])).toEqual([
      measurement(30),
      undefined,
      measurement(20)
    ])
    expect(await records.getPicks(['a', 'b'])).toEqual([pick(), undefined])
    await records.putPick('b', { picks: new Uint32Array([1]), seconds: 0 })
    expect(await records.getPicks(['b'])).toEqual([{ picks: new Uint32Array([1]), seconds: 0 }])
  })

  it('are copies: neither the writer nor a reader can change what is kept', async () => {
    const { records } = await open()
    const mine = measurement()
    await records.putMeasurement('a', mine)
    mine.correct.fill(0)
    const [first] = await records.getMeasurements(['a'])
    first!.correct.fill(0)
    expect(await records.getMeasurements(['a'])).toEqual([measurement()])
  })
})

describe('records', () => {
  it('outlive the page', async () => {
    const before = await openStore()
    expect(before.kept).toBe(true)
    await before.records.putMeasurement('a', measurement())
    const after = await openStore()
    expect(await after.records.getMeasurements(['a'])).toEqual([measurement()])
  })

  it('that are damaged or of another schema are missing', async () => {
    const { records } = await openStore()
    const raw = createStore('dal-playground-records', 'entries')
    const good = { ...measurement(), schema: 1 }
    const damaged = {
      future: { ...good, schema: 2 },
      none: { ...measurement() },
      text: 'x',
      short: { ...good, correct: new Uint8Array(1) },
      stray: { ...good, correct: new Uint8Array([0, 0xff]) },
      sum: { ...good, predicted: [1, 2] },
      hole: { ...good, seconds: undefined },
      nothing: null
    }
    const names = Object.keys(damaged)
    await setMany(
      Object.entries(damaged).map(([key, value]) => [`measurement/${key}`, value]),
      raw
    )
    await set('pick/twice', { schema: 1, picks: new Uint32Array([1, 1]), seconds: 1 }, raw)
    await set('pick/scores', { schema: 1, ...pick(), scores: new Float32Array(1) }, raw)
    expect(await records.getMeasurements(names)).toEqual(names.map(() => undefined))
    expect(await records.getPicks(['twice', 'scores'])).toEqual([undefined, undefined])
  })

  it('keep no more than their own bytes of a larger buffer', async () => {
    const { records } = await openStore()
    const large = new Uint8Array(1000)
    await records.putMeasurement('a', { ...measurement(), correct: large.subarray(10, 12) })
    const [back] = await records.getMeasurements(['a'])
    expect(back!.correct.buffer.byteLength).toBe(2)
  })

  it('stay readable when the disk is full, and reach it when there is room again', async () => {
    const { records } = await openStore()
    const spy = diskFull()
    const refused = records.putMeasurement('a', measurement())
    await expect(refused).rejects.toBeInstanceOf(StoreError)
    await expect(refused).rejects.toMatchObject({ code: 'quota' })
    expect(await records.getMeasurements(['a'])).toEqual([measurement()])
    expect(await (await openStore()).records.getMeasurements(['a'])).toEqual([undefined])
    spy.mockRestore()
    await records.putPick('q', pick())
    expect(await (await openStore()).records.getMeasurements(['a'])).toEqual([measurement()])
  })

  it('written in one batch are all there or not at all', async () => {
    const { records } = await openStore()
    const put = IDBObjectStore.prototype.put
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      const request = put.call(this, value, key)
      if (key === 'pick/q') this.transaction.abort()
      return request
    })
    const batch = { measurements: [['a', measurement()]], picks: [['q', pick()]] } as const
    await expect(records.putAll(batch)).rejects.toMatchObject({ code: 'refused' })
    expect(await keys(createStore('dal-playground-records', 'entries'))).toEqual([])
    expect(await records.getPicks(['q'])).toEqual([pick()])
  })
})

describe('a browser that refuses storage', () => {
  it.each([
    ['has no IndexedDB', undefined],
    [
      'rejects at open',
      {
        open() {
          const request: Record<string, unknown> = { error: new DOMException('no', 'SecurityError') }
          queueMicrotask(() => (request.onerror as () => void)())
          return request
        }
      }
    ],
    [
      'throws at open',
      {
        open() {
          throw new DOMException('no', 'SecurityError')
        }
      }
    ]
  ])('%s: everything works from memory', async (_, factory) => {
    vi.stubGlobal('indexedDB', factory)
    const store = await openStore()
    expect(store.kept).toBe(false)
    await store.records.putMeasurement('a', measurement())
    expect(await store.records.getMeasurements(['a'])).toEqual([measurement()])
    await store.settings.set('backend', 'webgpu')
    expect(await store.settings.get('backend')).toBe('webgpu')
    expect(await store.datasets.list()).toEqual([])
  })

  it('after opening: reads find nothing, writes say so and stay in memory', async () => {
    const store = await openStore()
    await store.records.putMeasurement('old', measurement())
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('closed', 'InvalidStateError')
    })
    expect(await store.records.getMeasurements(['old'])).toEqual([undefined])
    await expect(store.records.putMeasurement('a', measurement())).rejects.toMatchObject({ code: 'refused' })
    expect(await store.records.getMeasurements(['a'])).toEqual([measurement()])
  })

  it('closing the connection once is mended by opening again', async () => {
    const store = await openStore()
    await store.records.putMeasurement('a', measurement())
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('closed', 'InvalidStateError')
    })
    expect(await store.records.getMeasurements(['a'])).toEqual([measurement()])
  })
})

describe('locks that the browser refuses', () => {
  const refused = async () => {
    throw new DOMException('not allowed', 'SecurityError')
  }

  it('keep nobody from working', async () => {
    vi.stubGlobal('navigator', { locks: { request: refused, query: refused } })
    let worked = 0
    expect(await whileImporting(async () => ++worked)).toBe(1)
    expect(await whenNobodyImports(async () => ++worked)).toBe(2)
    expect((await openStore()).kept).toBe(true)
  })

  it('an error of the work is not one of theirs: it is not done twice', async () => {
    vi.stubGlobal('navigator', {
      locks: { request: (_: string, __: object, work: (lock: object) => Promise<unknown>) => work({}) }
    })
    let worked = 0
    const fail = async () => {
      worked++
      throw new Error('full')
    }
    await expect(whileImporting(fail)).rejects.toThrow('full')
    await expect(whenNobodyImports(fail)).rejects.toThrow('full')
    expect(worked).toBe(2)
  })
})

describe('settings and the session', () => {
  it('are kept and forgotten', async () => {
    const store = await openStore()
    expect(await store.settings.get('backend')).toBeUndefined()
    await store.settings.set('backend', 'wasm')
    expect(await (await openStore()).settings.get('backend')).toBe('wasm')
    await store.settings.set('backend', undefined)
    expect(await store.settings.get('backend')).toBeUndefined()
  })

  it('the experiment in progress is there after a reload', async () => {
    const experiment = { ...startExperiment, seeds: 7 }
    const store = await openStore()
    expect(await store.session.get()).toBeUndefined()
    await store.session.put(experiment)
    expect(await (await openStore()).session.get()).toEqual(experiment)
    await store.session.clear()
    expect(await (await openStore()).session.get()).toBeUndefined()
  })

  it.each([
    { schema: 9, spec: {} },
    { schema: 1, spec: { seeds: 'many' } },
    { schema: 1, spec: { somethingNew: 1 } },
    'x',
    null
  ])('a session this version cannot run is none: %j', async value => {
    const store = await openStore()
    await set('session', value, createStore('dal-playground-meta', 'entries'))
    expect(await store.session.get()).toBeUndefined()
  })
})
