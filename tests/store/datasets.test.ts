import 'fake-indexeddb/auto'
import { createStore, del, get, keys, set } from 'idb-keyval'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import fc from 'fast-check'
import { fingerprintOf, fingerprintWith } from '../../src/core/fingerprint.ts'
import { datasets } from '../../src/store/datasets.ts'
import { database, memory, Shelf } from '../../src/store/shelf.ts'
import { dataset } from './fixtures.ts'

const CHUNK = 16
const open = () => datasets(new Shelf(database('dal-playground-data')), CHUNK)
const raw = () => createStore('dal-playground-data', 'entries')

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** The disk takes `count` values and then fails as `error` says. */
function diskFailsAfter(count: number, error: () => never | void) {
  const put = IDBObjectStore.prototype.put
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    value,
    key
  ) {
    if (count-- <= 0) error()
    return put.call(this, value, key)
  })
}

describe('data sets', () => {
  it('come back whole after a reload', async () => {
    const data = dataset()
    const card = await open().put(data, 1000)
    const { fingerprint, name, shape, classNames } = data
    const bytes = 9 * 6 + 9 * 2 + 4 * 6 + 4 * 2
    expect(card).toEqual({
      fingerprint,
      name,
      shape,
      classNames,
      poolSize: 9,
      testSize: 4,
      bytes,
      storedAt: 1000
    })
    const again = open()
    expect(await again.list()).toEqual([card])
    expect(await again.bytesUsed()).toBe(bytes)
    expect(await again.get(fingerprint)).toEqual(data)
    expect(await again.get('0'.repeat(64))).toBeUndefined()
    const values = await Promise.all((await keys(raw())).map(key => get(key, raw())))
    const chunks = values.filter(v => v instanceof ArrayBuffer)
    expect(chunks.length).toBe(4 + 2 + 2 + 1)
    expect(Math.max(...chunks.map(c => c.byteLength))).toBe(CHUNK)
  })

  it('of any size come back whole, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(30), fc.nat(10), fc.integer({ min: 1, max: 40 }), async (pool, test, chunk) => {
        const data = dataset(pool, test)
        const store = datasets(new Shelf(memory()), chunk)
        await store.put(data, 0)
        expect(await store.get(data.fingerprint)).toEqual(data)
      }),
      { numRuns: 50 }
    )
  })

  it('are renamed, removed, and listed in the order they came', async () => {
    const store = open()
    const [a, b] = [dataset(9, 4, 'first'), dataset(8, 4, 'second')]
    await store.put(b, 2)
    await store.put(a, 1)
    expect((await store.list()).map(d => d.name)).toEqual(['first', 'second'])
    expect(await store.rename(a.fingerprint, 'third')).toMatchObject({ name: 'third' })
    expect((await open().get(a.fingerprint))!.name).toBe('third')
    expect(await store.rename('f'.repeat(64), 'x')).toBeUndefined()
    await store.remove(a.fingerprint)
    expect((await store.list()).map(d => d.name)).toEqual(['second'])
    expect((await keys<string>(raw())).every(key => key.startsWith(b.fingerprint))).toBe(true)
  })

  it('are read back where the platform offers no hash', async () => {
    const data = dataset()
    await open().put(data, 0)
    vi.stubGlobal('crypto', undefined)
    expect(await open().get(data.fingerprint)).toEqual(data)
  })

  it('are read with their fingerprint: damaged bytes are refused', async () => {
    const data = dataset()
    await open().put(data, 0)
    const name = `${data.fingerprint}/pool-images/000001`
    const chunk = (await get(name, raw())) as ArrayBuffer
    new Uint8Array(chunk)[3] ^= 1
    await set(name, chunk, raw())
    await expect(open().get(data.fingerprint)).rejects.toMatchObject({ code: 'corrupted' })
    await del(name, raw())
    await expect(open().get(data.fingerprint)).rejects.toMatchObject({ code: 'corrupted' })
    await open().put(data, 0)
    expect(await open().get(data.fingerprint)).toEqual(data)
  })

  it('that crashed in the middle of an import are swept, others are left alone', async () => {
    const kept = dataset(9, 4)
    await open().put(kept, 0)
    const crash = dataset(20, 4)
    diskFailsAfter(6, () => {
      throw new Error('the tab is gone')
    })
    // a tab that is gone cleans nothing up
    vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
      throw new Error('the tab is gone')
    })
    await open()
      .put(crash, 0)
      .catch(() => {})
    vi.restoreAllMocks()
    const left = (await keys<string>(raw())).filter(key => key.startsWith(crash.fingerprint))
    expect(left.length).toBeGreaterThan(0)
    const store = open()
    expect((await store.list()).map(d => d.fingerprint)).toEqual([kept.fingerprint])
    expect(await store.sweep()).toBe(left.length)
    expect(await store.sweep()).toBe(0)
    expect(await store.get(kept.fingerprint)).toEqual(kept)
    expect((await keys<string>(raw())).some(key => key.startsWith(crash.fingerprint))).toBe(false)
  })

  it('are not swept while another tab imports', async () => {
    await set(`${'a'.repeat(64)}/pool-images/000000`, new ArrayBuffer(4), raw())
    const request = vi.fn(async (_name: string, _options: unknown, work: (lock: null) => unknown) =>
      work(null)
    )
    vi.stubGlobal('navigator', { locks: { request } })
    expect(await open().sweep()).toBe(0)
    expect((await keys(raw())).length).toBe(1)
  })

  it('that do not fit leave nothing on the disk, and can be used until the page is closed', async () => {
    const data = dataset(30, 4)
    const store = open()
    diskFailsAfter(6, () => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(store.put(data, 5)).rejects.toMatchObject({ code: 'quota' })
    expect(await keys(raw())).toEqual([])
    expect(await store.get(data.fingerprint)).toEqual(data)
    expect((await store.list()).length).toBe(1)
    expect(await open().list()).toEqual([])
    vi.restoreAllMocks()
    // there is room again: the name goes to the disk only together with the bytes
    await store.rename(data.fingerprint, 'later')
    expect(await open().get(data.fingerprint)).toEqual({ ...data, name: 'later' })
  })

  it('of a name alone are never on the disk while their bytes are not', async () => {
    const data = dataset(30, 4)
    const store = open()
    diskFailsAfter(6, () => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await store.put(data, 5).catch(() => {})
    await expect(store.rename(data.fingerprint, 'later')).rejects.toMatchObject({ code: 'quota' })
    expect((await store.get(data.fingerprint))!.name).toBe('later')
    expect((await keys<string>(raw())).filter(key => key.endsWith('manifest'))).toEqual([])
  })
})

describe('the fingerprint', () => {
  it('is SHA-256 of the sizes and the bytes, in order', async () => {
    const data = dataset()
    const le = (labels: Uint16Array) => [...labels].flatMap(l => [l % 256, Math.floor(l / 256)])
    const bytes = [
      ...new TextEncoder().encode('dal-dataset 1 3 2 1 2 9 4\n'),
      ...data.pool.images,
      ...le(data.pool.labels),
      ...data.test.images,
      ...le(data.test.labels)
    ]
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)))
    expect(data.fingerprint).toBe([...digest].map(b => b.toString(16).padStart(2, '0')).join(''))
    expect(await fingerprintWith(whole => crypto.subtle.digest('SHA-256', whole), data)).toBe(
      data.fingerprint
    )
  })

  it('changes with every byte and size, not with names', () => {
    const data = dataset()
    expect(fingerprintOf({ ...data, classNames: ['x', 'y'] })).toBe(data.fingerprint)
    expect(fingerprintOf({ ...data, classNames: ['x', 'y', 'z'] })).not.toBe(data.fingerprint)
    expect(fingerprintOf({ ...data, shape: { height: 2, width: 3, channels: 1 } })).not.toBe(data.fingerprint)
    fc.assert(
      fc.property(fc.nat(9 * 6 - 1), i => {
        const images = data.pool.images.slice()
        images[i] ^= 1
        expect(fingerprintOf({ ...data, pool: { ...data.pool, images } })).not.toBe(data.fingerprint)
      })
    )
  })
})
