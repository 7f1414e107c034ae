import { createHash } from 'node:crypto'
import 'fake-indexeddb/auto'
import { createStore, del, get, keys, set } from 'idb-keyval'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import fc from 'fast-check'
import { fingerprintOf } from '../../src/core/fingerprint.ts'
import { hashBytes } from '../../src/core/keys.ts'
import { datasets } from '../../src/store/datasets.ts'
import { database, memory, Shelf } from '../../src/store/shelf.ts'
import { contentOf, dataset, piecewise } from './fixtures.ts'

const CHUNK = 16
const open = () => datasets(new Shelf(database('dal-playground-data')), CHUNK)
interface Part {
  part: string
  prefix: string
  hashes: string[]
}
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
    const card = await open().put(contentOf(data), { storedAt: 1000 })
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
    expect(await again.get(fingerprint)).toEqual(data)
    expect(await again.get('0'.repeat(64))).toBeUndefined()
    const values = await Promise.all((await keys(raw())).map(key => get(key, raw())))
    const chunks = values.filter(v => v instanceof Blob)
    expect(chunks.length).toBe(4 + 2 + 2 + 1)
    expect(Math.max(...chunks.map(c => c.size))).toBe(CHUNK)
  })

  it('keep what is known of how their images may be changed', async () => {
    const data = dataset()
    const card = await open().put({ ...contentOf(data), views: 'signs' }, { storedAt: 0 })
    expect(card.views).toBe('signs')
    expect((await open().rename(data.fingerprint, 'other'))?.views).toBe('signs')
    expect(await open().list()).toMatchObject([{ views: 'signs' }])
  })

  it('of any size come back whole, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.nat(10),
        fc.integer({ min: 1, max: 40 }),
        async (pool, test, chunk) => {
          const data = dataset(pool, test)
          const store = datasets(new Shelf(memory()), chunk)
          await store.put(contentOf(data), { storedAt: 0 })
          expect(await store.get(data.fingerprint)).toEqual(data)
        }
      ),
      { numRuns: 50 }
    )
  })

  it('are renamed, removed, and listed in the order they came', async () => {
    const store = open()
    const [a, b] = [dataset(9, 4, 'first'), dataset(8, 4, 'second')]
    await store.put(contentOf(b), { storedAt: 2 })
    await store.put(contentOf(a), { storedAt: 1 })
    expect((await store.list()).map(d => d.name)).toEqual(['first', 'second'])
    expect(await store.rename(a.fingerprint, 'third')).toMatchObject({ name: 'third' })
    expect((await open().get(a.fingerprint))!.name).toBe('third')
    expect(await store.rename('f'.repeat(64), 'x')).toBeUndefined()
    await store.remove(a.fingerprint)
    expect((await store.list()).map(d => d.name)).toEqual(['second'])
    expect((await keys<string>(raw())).filter(key => key.endsWith('/manifest'))).toEqual([
      `${b.fingerprint}/manifest`
    ])
    expect(await store.sweep()).toBe(0)
  })

  it('are read back where the platform offers no hash', async () => {
    const data = dataset()
    await open().put(contentOf(data), { storedAt: 0 })
    vi.stubGlobal('crypto', undefined)
    expect(await open().get(data.fingerprint)).toEqual(data)
  })

  it('are read with their fingerprint: damaged bytes are refused', async () => {
    const data = dataset()
    await open().put(contentOf(data), { storedAt: 0 })
    const name = (await keys<string>(raw())).find(key => key.endsWith('pool-images/000001'))!
    const chunk = await ((await get(name, raw())) as Blob).arrayBuffer()
    new Uint8Array(chunk)[3] ^= 1
    await set(name, new Blob([chunk]), raw())
    await expect(open().get(data.fingerprint)).rejects.toMatchObject({ code: 'corrupted' })
    await del(name, raw())
    await expect(open().get(data.fingerprint)).rejects.toMatchObject({ code: 'corrupted' })
    await open().put(contentOf(data), { storedAt: 0 })
    expect(await open().get(data.fingerprint)).toEqual(data)
  })

  it('that crashed in the middle of an import are swept, others are left alone', async () => {
    const kept = dataset(9, 4)
    await open().put(contentOf(kept), { storedAt: 0 })
    const crash = dataset(20, 4)
    const before = await keys<string>(raw())
    diskFailsAfter(6, () => {
      throw new Error('the tab is gone')
    })
    // a tab that is gone cleans nothing up
    vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
      throw new Error('the tab is gone')
    })
    await open()
      .put(contentOf(crash), { storedAt: 0 })
      .catch(() => {})
    vi.restoreAllMocks()
    const left = (await keys<string>(raw())).filter(key => !before.includes(key))
    expect(left.length).toBeGreaterThan(0)
    const store = open()
    expect((await store.list()).map(d => d.fingerprint)).toEqual([kept.fingerprint])
    expect(await store.sweep()).toBe(left.length)
    expect(await store.sweep()).toBe(0)
    expect(await store.get(kept.fingerprint)).toEqual(kept)
    expect((await keys<string>(raw())).sort()).toEqual(before.sort())
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

  it('that do not fit leave nothing, and can be used from memory until the page is closed', async () => {
    const data = dataset(30, 4)
    const store = open()
    diskFailsAfter(6, () => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(store.put(contentOf(data), { storedAt: 5 })).rejects.toMatchObject({ code: 'quota' })
    expect(await keys(raw())).toEqual([])
    expect(await store.list()).toEqual([])

    const card = await store.put(contentOf(data), { storedAt: 5, inTab: true })
    expect(card.inTab).toBe(true)
    expect(await keys(raw())).toEqual([])
    expect(await store.get(data.fingerprint)).toEqual(data)
    expect(await store.list()).toEqual([card])
    expect(await open().list()).toEqual([])
    // the disk is still full: the name does not go there alone
    expect(await store.rename(data.fingerprint, 'later')).toMatchObject({ name: 'later', inTab: true })
    expect((await store.get(data.fingerprint))!.name).toBe('later')
    expect((await keys<string>(raw())).filter(key => key.endsWith('manifest'))).toEqual([])
    vi.restoreAllMocks()
    // there is room again: the name goes to the disk together with the bytes
    expect((await store.rename(data.fingerprint, 'at last'))!.inTab).toBeUndefined()
    expect(await open().get(data.fingerprint)).toEqual({ ...data, name: 'at last' })
  })

  it('are stored as buffers where blobs are refused', async () => {
    const put = IDBObjectStore.prototype.put
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      if (value instanceof Blob) throw new DOMException('no blobs here', 'DataCloneError')
      return put.call(this, value, key)
    })
    const data = dataset()
    await open().put(contentOf(data), { storedAt: 0 })
    const values = await Promise.all((await keys(raw())).map(key => get(key, raw())))
    expect(values.filter(value => value instanceof ArrayBuffer).length).toBe(4 + 2 + 2 + 1)
    expect(await open().get(data.fingerprint)).toEqual(data)
  })

  it('that are called off leave nothing, wherever that happens', async () => {
    const data = dataset(30, 4)
    const total = (30 + 4) * (6 + 2)
    for (let after = 0; after <= total; after += CHUNK) {
      const controller = new AbortController()
      const put = open().put(contentOf(data), {
        storedAt: 0,
        signal: controller.signal,
        progress: ({ done }) => done >= after && controller.abort(new Error('no more'))
      })
      await expect(put).rejects.toThrow('no more')
      expect(await keys(raw())).toEqual([])
    }
  })

  it('tell how far they are', async () => {
    const said: number[] = []
    await open().put(contentOf(dataset()), {
      storedAt: 0,
      progress: ({ done, total }) => said.push(done / total)
    })
    expect(said.at(-1)).toBe(1)
    expect(said).toEqual([...said].sort((a, b) => a - b))
  })

  it('stored again keep their chunks, and the images that wait for a label', async () => {
    const data = dataset()
    const waiting = Uint8Array.from({ length: 5 * 6 }, (_, i) => 200 - i)
    const store = open()
    const first = await store.put(
      { ...contentOf(data), unlabelledSize: 5, unlabelledRows: piecewise(waiting) },
      { storedAt: 0 }
    )
    expect([first.fingerprint, first.unlabelledSize]).toEqual([data.fingerprint, 5])
    const second = await store.put({ ...contentOf(data), name: 'again' }, { storedAt: 1 })
    expect([second.name, second.unlabelledSize, second.bytes]).toEqual(['again', 5, first.bytes])
    expect(await store.get(data.fingerprint)).toEqual({ ...data, name: 'again' })
    expect((await store.unlabelled(data.fingerprint))!.images).toEqual(waiting)
    const prefixes = new Set((await keys<string>(raw())).map(key => key.slice(0, key.indexOf('/'))))
    // the manifest's, the chunks'
    expect(prefixes.size).toBe(2)
    expect(await store.sweep()).toBe(0)
    await store.remove(data.fingerprint)
    expect(await keys(raw())).toEqual([])
  })

  it('stored again in the tab alone stay on the disk, whatever its chunks are like', async () => {
    const data = dataset()
    await open().put(contentOf(data), { storedAt: 0 })
    const other = datasets(new Shelf(database('dal-playground-data')), CHUNK / 2)
    const card = await other.put({ ...contentOf(data), name: 'here' }, { storedAt: 1, inTab: true })
    expect(card.inTab).toBe(true)
    expect(await other.get(data.fingerprint)).toEqual({ ...data, name: 'here' })
    expect(await open().get(data.fingerprint)).toEqual(data)
  })

  describe('in two tabs', () => {
    /** Two stores on one disk; the first tab's reads of chunks wait while `gate` is shut. */
    function tabs(chunks = CHUNK) {
      const disk = memory()
      let gate = Promise.resolve()
      let open = () => {}
      const shut = () => (gate = new Promise(resolve => (open = resolve)))
      const getMany = async (names: readonly string[]) => {
        if (names.some(name => name.startsWith('import-'))) await gate
        return disk.getMany(names)
      }
      const mine = datasets(new Shelf({ ...disk, getMany }), CHUNK)
      return { mine, other: datasets(new Shelf(disk), chunks), disk, shut, open: () => open() }
    }
    const bytesOf = async (pieces: AsyncGenerator<Uint8Array>) => {
      const bytes: number[] = []
      for await (const piece of pieces) bytes.push(...piece)
      return Uint8Array.from(bytes)
    }
    const settled = () => new Promise(resolve => setTimeout(resolve, 10))

    // the same chunks are kept; of another length they are replaced
    it.each([CHUNK, CHUNK / 2])(
      'stored again while they are read are read whole (chunks of %i)',
      async chunks => {
        const data = dataset()
        const waiting = Uint8Array.from({ length: 30 }, (_, i) => i)
        const t = tabs(chunks)
        const content = { ...contentOf(data), unlabelledSize: 5, unlabelledRows: piecewise(waiting) }
        await t.mine.put(content, { storedAt: 0 })
        const pieces = t.mine.read(data.fingerprint, 'poolRows')
        const first = (await pieces.next()).value as Uint8Array
        t.shut()
        const reading = t.mine.get(data.fingerprint)
        const unlabelled = t.mine.unlabelled(data.fingerprint)
        await settled()
        await t.other.put({ ...content, name: 'again' }, { storedAt: 1 })
        t.open()
        expect({ ...(await reading)!, name: '' }).toEqual({ ...data, name: '' })
        expect((await unlabelled)!.images).toEqual(waiting)
        if (chunks === CHUNK) expect(await bytesOf(pieces)).toEqual(data.pool.images.slice(first.length))
        expect(await t.other.get(data.fingerprint)).toEqual({ ...data, name: 'again' })
      }
    )

    it('whose chunks were replaced are read on, piece by piece', async () => {
      // more chunks than are asked for at once
      const data = dataset(40)
      const t = tabs()
      await t.mine.put(contentOf(data), { storedAt: 0 })
      const pieces = t.mine.read(data.fingerprint, 'poolRows')
      const first = (await pieces.next()).value as Uint8Array
      t.shut()
      const rest = bytesOf(pieces)
      await settled()
      await t.other.remove(data.fingerprint)
      await t.other.put(contentOf(data), { storedAt: 1 })
      t.open()
      expect(Uint8Array.from([...first, ...(await rest)])).toEqual(data.pool.images)
    })

    it('removed while they are read are not there', async () => {
      const data = dataset()
      const t = tabs()
      await t.mine.put(contentOf(data), { storedAt: 0 })
      t.shut()
      const reading = t.mine.get(data.fingerprint)
      await settled()
      await t.other.remove(data.fingerprint)
      t.open()
      expect(await reading).toBeUndefined()
    })
  })

  it('without any label are kept under a fingerprint of their own, and used by nothing', async () => {
    const none = dataset(0, 0)
    const waiting = Uint8Array.from({ length: 12 }, (_, i) => i)
    const card = await open().put(
      { ...contentOf(none), classNames: [], unlabelledSize: 2, unlabelledRows: piecewise(waiting) },
      { storedAt: 0 }
    )
    const text = new TextEncoder().encode('dal-unlabelled 1 3 2 1 2\n')
    expect(card.fingerprint).toBe(hashBytes(Uint8Array.from([...text, ...waiting])))
    expect(await open().get(card.fingerprint)).toBeUndefined()
    expect((await open().unlabelled(card.fingerprint))!.images).toEqual(waiting)
  })

  it('of features come back as numbers', async () => {
    const part = (n: number) => ({
      images: new Uint8Array(0),
      features: Float32Array.from({ length: n * 7 }, (_, i) => i / 3 - 4),
      labels: Uint16Array.from({ length: n }, (_, i) => i % 2)
    })
    const shape = { height: 1, width: 7, channels: 1 }
    const content = { shape, classNames: ['a', 'b'], pool: part(9), test: part(4) }
    const data = { name: 'f', ...content, fingerprint: fingerprintOf(content) }
    const card = await open().put(contentOf(data), { storedAt: 0 })
    expect([card.features, card.bytes]).toEqual([true, 13 * (28 + 2)])
    expect(await open().get(data.fingerprint)).toEqual(data)
  })
})

describe('data sets that an older version stored', () => {
  /** The layout of schema 1, as it was: chunks under the fingerprint, no hashes. */
  async function storeAsSchema1(data: ReturnType<typeof dataset>) {
    const { fingerprint, name, shape, classNames, pool, test } = data
    const arrays = {
      'pool-images': pool.images,
      'pool-labels': new Uint8Array(pool.labels.buffer),
      'test-images': test.images,
      'test-labels': new Uint8Array(test.labels.buffer)
    }
    let bytes = 0
    for (const [part, values] of Object.entries(arrays)) {
      bytes += values.length
      for (let i = 0; i * CHUNK < values.length; i++)
        await set(
          `${fingerprint}/${part}/${String(i).padStart(6, '0')}`,
          values.slice(i * CHUNK, (i + 1) * CHUNK).buffer,
          raw()
        )
    }
    const [poolSize, testSize] = [pool.labels.length, test.labels.length]
    const card = { fingerprint, name, shape, classNames, bytes, storedAt: 7, poolSize, testSize }
    await set(`${fingerprint}/manifest`, { schema: 1, chunkBytes: CHUNK, ...card }, raw())
    return card
  }

  it('are listed, read, checked, renamed, and deleted whole', async () => {
    const data = dataset()
    const card = await storeAsSchema1(data)
    const store = open()
    expect(await store.list()).toEqual([card])
    expect(await store.sweep()).toBe(0)
    expect(await store.get(data.fingerprint)).toEqual(data)
    // read once, it is of this version
    expect(await get(`${data.fingerprint}/manifest`, raw())).toMatchObject({ schema: 3 })
    expect(await open().get(data.fingerprint)).toEqual(data)
    expect(await store.rename(data.fingerprint, 'new')).toMatchObject({ name: 'new' })
    expect(await store.get(data.fingerprint)).toEqual({ ...data, name: 'new' })
    await store.remove(data.fingerprint)
    expect(await keys(raw())).toEqual([])
  })

  it('keep the name that they are given while they are read for the first time', async () => {
    const data = dataset()
    await storeAsSchema1(data)
    const disk = database('dal-playground-data')
    let arrived = () => {}
    const reached = new Promise<void>(resolve => (arrived = resolve))
    let open = () => {}
    const gate = new Promise<void>(resolve => (open = resolve))
    const getMany = async (names: readonly string[]) => {
      if (names.some(name => name.includes('pool-images'))) {
        arrived()
        await gate
      }
      return disk.getMany(names)
    }
    const store = datasets(new Shelf({ ...disk, getMany }), CHUNK)
    const reading = store.get(data.fingerprint)
    await reached
    await store.rename(data.fingerprint, 'new')
    open()
    expect((await reading)!.fingerprint).toBe(data.fingerprint)
    expect((await store.list())[0].name).toBe('new')
    // and what was found of its chunks is kept
    const { parts } = (await get(`${data.fingerprint}/manifest`, raw())) as { parts: Part[] }
    expect(parts.every(part => part.hashes.length > 0)).toBe(true)
  })

  it('are checked against the SHA-256 of their chunks, where they have it', async () => {
    const data = dataset()
    await open().put(contentOf(data), { storedAt: 7 })
    const place = `${data.fingerprint}/manifest`
    const m = (await get(place, raw())) as { schema: number; parts: Part[] }
    m.schema = 2
    const chunk = ({ prefix, part }: (typeof m.parts)[number], i: number) =>
      `${prefix}/${part}/${String(i).padStart(6, '0')}`
    for (const part of m.parts)
      for (const i of part.hashes.keys()) {
        const bytes = await ((await get(chunk(part, i), raw())) as Blob).arrayBuffer()
        await set(chunk(part, i), bytes, raw())
        part.hashes[i] = createHash('sha256').update(new Uint8Array(bytes)).digest('hex')
      }
    await set(place, m, raw())
    expect(await open().get(data.fingerprint)).toEqual(data)
    const first = chunk(m.parts[0], 0)
    const damaged = new Uint8Array(((await get(first, raw())) as ArrayBuffer).slice(0))
    damaged[1] ^= 1
    await set(first, damaged.buffer, raw())
    await expect(open().get(data.fingerprint)).rejects.toMatchObject({ code: 'corrupted' })
  })

  it('are refused where their bytes have changed', async () => {
    const data = dataset()
    await storeAsSchema1(data)
    const name = `${data.fingerprint}/test-images/000000`
    const chunk = (await get(name, raw())) as ArrayBuffer
    new Uint8Array(chunk)[0] ^= 1
    await set(name, chunk, raw())
    await expect(open().get(data.fingerprint)).rejects.toMatchObject({ code: 'corrupted' })
  })

  it('are replaced by the same set, whose old chunks go', async () => {
    const data = dataset()
    await storeAsSchema1(data)
    const store = open()
    await store.put(contentOf(data), { storedAt: 9 })
    expect(await store.get(data.fingerprint)).toEqual(data)
    expect((await keys<string>(raw())).filter(key => key.startsWith(data.fingerprint))).toEqual([
      `${data.fingerprint}/manifest`
    ])
  })

  it('nothing is swept or listed of what a later version stored', async () => {
    await set('x/manifest', { schema: 4, fingerprint: 'x', chunkBytes: 16 }, raw())
    await set('elsewhere/part/000000', new ArrayBuffer(4), raw())
    expect(await open().list()).toEqual([])
    expect(await open().sweep()).toBe(0)
    expect((await keys(raw())).length).toBe(2)
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
