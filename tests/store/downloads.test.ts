/** Unfinished downloads: what is read back is a true beginning of the file, or nothing. */
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { createStore, delMany, keys } from 'idb-keyval'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryStore, openStore } from '../../src/store/index.ts'

const DAY = 24 * 3600 * 1000
const url = 'https://host.example/file'
const bytes = (...values: number[]) => Uint8Array.from(values).buffer
const database = () => createStore('dal-playground-downloads', 'entries')

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const content = async (parts: readonly Blob[] | undefined) =>
  parts && [...new Uint8Array(await new Blob([...parts]).arrayBuffer())]

describe.each([
  ['database', openStore],
  ['memory', async () => memoryStore()]
])('an unfinished download in %s', (_, open) => {
  it('grows by parts, with what the host said of the file', async () => {
    const { downloads } = await open()
    expect(await downloads.get(url)).toBeUndefined()
    await downloads.append(url, 0, bytes(1, 2), { etag: 'a', total: 5 }, Date.now())
    await downloads.append(url, 2, bytes(3), { etag: 'a', total: 5 }, Date.now())
    const partial = await downloads.get(url)
    expect([await content(partial?.parts), partial?.etag, partial?.total]).toEqual([[1, 2, 3], 'a', 5])
    expect(await downloads.list()).toEqual([{ url, bytes: 3, total: 5 }])
  })

  it('takes no part that does not follow, and begins anew at its first byte', async () => {
    const { downloads } = await open()
    await downloads.append(url, 0, bytes(1, 2), {}, Date.now())
    await expect(downloads.append(url, 3, bytes(9), {}, Date.now())).rejects.toThrow('does not follow')
    await expect(downloads.append('other', 3, bytes(9), {}, Date.now())).rejects.toThrow('does not follow')
    await downloads.append(url, 0, bytes(7), {}, Date.now())
    expect(await content((await downloads.get(url))?.parts)).toEqual([7])
  })

  it('is forgotten alone', async () => {
    const { downloads } = await open()
    await downloads.append(url, 0, bytes(1), {}, Date.now())
    await downloads.append('other', 0, bytes(2), {}, Date.now())
    await downloads.forget([url, 'never begun'])
    expect(await downloads.list()).toMatchObject([{ url: 'other', bytes: 1 }])
  })
})

describe('unfinished downloads', () => {
  it('outlive the page for a week', async () => {
    const { downloads } = await openStore()
    await downloads.append('recent', 0, bytes(1), {}, Date.now() - 6 * DAY)
    await downloads.append('old', 0, bytes(1), {}, Date.now() - 8 * DAY)
    const after = (await openStore()).downloads
    expect(await after.list()).toMatchObject([{ url: 'recent' }])
    expect((await keys<string>(database())).filter(name => name.includes('old'))).toEqual([])
  })

  it('of which a part is gone are not there, and parts that nothing knows are swept', async () => {
    const { downloads } = await openStore()
    await downloads.append(url, 0, bytes(1), {}, Date.now())
    await downloads.append(url, 1, bytes(2), {}, Date.now())
    const names = await keys<string>(database())
    await delMany(
      names.filter(name => name.startsWith('part/000000')),
      database()
    )
    expect(await downloads.get(url)).toBeUndefined()
    await delMany(
      names.filter(name => name.startsWith('note/')),
      database()
    )
    await openStore()
    expect(await keys(database())).toEqual([])
  })
})
