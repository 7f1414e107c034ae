/** Downloads from hosts with manners and faults of all kinds, on this machine. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DownloadStore } from '../../src/core/downloads.ts'
import type { RemoteFile } from '../../src/data/hub/catalogue.ts'
import { download, type Net } from '../../src/data/hub/download.ts'
import { memoryStore } from '../../src/store/index.ts'
import { browserFetch, Host, type Manners } from '../support/hosts.ts'

const PART = 64 << 10
/** Some parts long, so that something is kept on the way. */
const content = Uint8Array.from({ length: 9 * PART + 123 }, (_, i) => (i * 2654435761) >>> 24)
const sum = (algorithm: 'md5' | 'sha256', bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex')
const SUM = sum('sha256', content)

let host: Host
let store: DownloadStore
let paused: number[]
let offline: boolean

beforeEach(async () => {
  host = await Host.open()
  store = memoryStore().downloads
  paused = []
  offline = false
})
afterEach(() => host.close())

/** Pauses cost nothing here, except those that would end a request that is alive. */
const net: Net = {
  fetch: (url, init) =>
    offline ? Promise.reject(new TypeError('Failed to fetch')) : browserFetch(url, init),
  pause: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      if (milliseconds >= 30000) return
      paused.push(milliseconds)
      resolve()
    }),
  online: () => !offline,
  now: () => 0
}

const fileAt = (url: string, hash: RemoteFile['hash'] = { algorithm: 'sha256', hex: SUM }): RemoteFile => ({
  name: 'file.bin',
  url,
  bytes: content.length,
  hash
})

function get(file: RemoteFile, surroundings: Partial<Parameters<typeof download>[1]> = {}) {
  const signal = new AbortController().signal
  return download(file, { net, store, signal, progress: () => {}, partBytes: PART, ...surroundings })
}

const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer())
const whole = Buffer.from(content)
const kept = async (url: string) => (await store.list()).find(d => d.url === url)?.bytes ?? 0
const served = (manners: Manners = {}, bytes = content) => fileAt(host.serve('/file', bytes, manners))
const ranges = () => host.requests.map(r => r.range)

describe('a download', () => {
  it('brings the file, tells how far it is, and is checked by either kind of checksum', async () => {
    const states: [number, number][] = []
    const file = served()
    const blob = await get(file, { progress: (received, total) => states.push([received, total]) })
    expect((await bytesOf(blob)).equals(whole)).toBe(true)
    expect(states[0]).toEqual([0, content.length])
    expect(states.at(-1)).toEqual([content.length, content.length])
    expect(states.every(([received], i) => i === 0 || received >= states[i - 1][0])).toBe(true)
    const other = {
      ...file,
      url: host.serve('/md5', content),
      hash: { algorithm: 'md5' as const, hex: sum('md5', content) }
    }
    expect((await get(other)).size).toBe(content.length)
  })

  it('is kept until it is forgotten, and then costs no second download', async () => {
    const file = served()
    await get(file)
    expect(await kept(file.url)).toBe(content.length)
    expect((await bytesOf(await get(file))).equals(whole)).toBe(true)
    expect(host.requests).toHaveLength(1)
    await store.forget([file.url])
    expect(await kept(file.url)).toBe(0)
  })

  it('follows redirects to another origin', async () => {
    const content2 = await Host.open()
    const target = content2.serve('/there', content)
    const file = fileAt(host.serve('/here', content, { redirect: target }))
    expect((await get(file)).size).toBe(content.length)
    await content2.close()
  })

  it('does not need to be told the length', async () => {
    expect((await get(served({ chunked: true }))).size).toBe(content.length)
  })

  it('goes on where a cut connection left it', async () => {
    const file = served({ cutAfter: 4 * PART, etag: '"a"' })
    expect((await bytesOf(await get(file))).equals(whole)).toBe(true)
    expect(ranges()).toEqual([undefined, `bytes=${4 * PART}-`, `bytes=${8 * PART}-`])
  })

  it('goes on where it was called off, after a reload too', async () => {
    const file = served({ cutAfter: 5 * PART, cuts: 1 })
    const off = new AbortController()
    const progress = (received: number) => received >= 3 * PART && off.abort()
    const call = get(file, { signal: off.signal, progress })
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    const here = await kept(file.url)
    expect(here).toBeGreaterThanOrEqual(3 * PART)
    host.requests.length = 0
    expect((await bytesOf(await get(file))).equals(whole)).toBe(true)
    expect(ranges()).toEqual([`bytes=${here}-`])
  })

  it('goes on with a host that cuts every attempt short of a part, as long as parts arrive', async () => {
    const file = served({ cutAfter: (3 * PART) / 4 })
    expect((await bytesOf(await get(file))).equals(whole)).toBe(true)
    expect(host.requests.length).toBeGreaterThan(5)
  })

  it('starts again where the host sends whole files only', async () => {
    const file = served({ ranges: false, cutAfter: 5 * PART, cuts: 2 })
    expect((await bytesOf(await get(file))).equals(whole)).toBe(true)
    expect(host.requests).toHaveLength(3)
  })

  it('starts again when the file has become another one, told by its tag or its length', async () => {
    const file = served({ cutAfter: 5 * PART, cuts: 1, etag: '"old"' })
    const changing: Net = {
      ...net,
      pause: async (milliseconds, signal) => {
        if (milliseconds < 30000) host.serve('/file', content, { etag: '"new"' })
        else await net.pause(milliseconds, signal)
      }
    }
    expect((await bytesOf(await get(file, { net: changing }))).equals(whole)).toBe(true)
    expect(ranges()).toEqual([undefined, `bytes=${5 * PART}-`, undefined])
  })

  it('is done once more from the start when a kept beginning was wrong', async () => {
    const file = served({ exposes: false })
    await store.append(file.url, 0, new ArrayBuffer(5 * PART), {}, 0)
    expect((await bytesOf(await get(file))).equals(whole)).toBe(true)
    expect(ranges()).toEqual([`bytes=${5 * PART}-`, undefined])
  })

  it('starts again when more is here than the host has', async () => {
    const file = served()
    await store.append(file.url, 0, new ArrayBuffer(content.length + 5), {}, 0)
    expect((await bytesOf(await get(file))).equals(whole)).toBe(true)
  })

  it('asks for the whole at last where a part is not allowed', async () => {
    const file = served({ corsForRanges: false, cutAfter: 5 * PART, cuts: 1 })
    expect((await bytesOf(await get(file))).equals(whole)).toBe(true)
    const gets = host.requests.filter(r => r.method === 'GET')
    expect(gets.at(-1)!.range).toBeUndefined()
  })

  it('waits longer and longer while the host is busy', async () => {
    const file = served({ status: 503, statuses: 4 })
    expect((await get(file)).size).toBe(content.length)
    expect(paused).toEqual([500, 1000, 2000, 4000])
  })

  it('works where the browser refuses to keep anything', async () => {
    const refusing: DownloadStore = {
      ...store,
      get: () => Promise.reject(new Error('refused')),
      append: () => Promise.reject(new Error('refused')),
      forget: () => Promise.reject(new Error('refused'))
    }
    const file = served({ cutAfter: 4 * PART })
    expect((await bytesOf(await get(file, { store: refusing }))).equals(whole)).toBe(true)
  })
})

describe('a download that fails', () => {
  const problem = async (file: RemoteFile, surroundings?: Partial<Parameters<typeof download>[1]>) => {
    const error = await get(file, surroundings).then(
      () => undefined,
      (e: { code: string; parameters: object }) => e
    )
    return { code: error?.code, parameters: error?.parameters }
  }
  const hostName = () => new URL(host.origin).host

  it('says that the browser is offline', async () => {
    offline = true
    expect(await problem(served())).toEqual({ code: 'downloadOffline', parameters: { file: 'file.bin' } })
  })

  it('says that the host cannot be reached', async () => {
    const gone = await Host.open()
    const file = fileAt(gone.serve('/file', content))
    const name = new URL(gone.origin).host
    await gone.close()
    expect(await problem(file)).toEqual({
      code: 'downloadUnreachable',
      parameters: { file: 'file.bin', host: name }
    })
  })

  it('says that the host does not let the page read, at once or behind a redirect', async () => {
    const expected = { code: 'downloadForbidden', parameters: { file: 'file.bin', host: hostName() } }
    expect(await problem(served({ cors: false }))).toEqual(expected)
    const target = host.serve('/there', content, { cors: false })
    expect(await problem(fileAt(host.serve('/here', content, { redirect: target })))).toEqual(expected)
  })

  it.each([404, 403, 401])('says the status %i, without trying again', async status => {
    expect(await problem(served({ status }))).toEqual({
      code: 'downloadStatus',
      parameters: { file: 'file.bin', host: hostName(), status }
    })
    expect(host.requests).toHaveLength(1)
  })

  it('says the status of a host that stays busy, after some attempts', async () => {
    expect((await problem(served({ status: 429 }))).parameters).toMatchObject({ status: 429 })
    expect(host.requests).toHaveLength(5)
  })

  it('says that the connection breaks, and keeps what is here', async () => {
    const file = served({ cutAfter: 100 })
    expect(await problem(file)).toEqual({
      code: 'downloadCut',
      parameters: { file: 'file.bin', host: hostName(), received: 500, expected: content.length }
    })
    expect(await kept(file.url)).toBe(500)
  })

  it('counts a host that says nothing more as a cut connection', async () => {
    const impatient: Net = { ...net, pause: async () => new Promise(resolve => setTimeout(resolve, 20)) }
    expect((await problem(served({ silent: true }), { net: impatient })).code).toBe('downloadCut')
  })

  it('refuses other bytes than were published, and keeps none of them', async () => {
    const other = content.slice()
    other[7 * PART] ^= 1
    const file = served({}, other)
    expect(await problem(file)).toEqual({
      code: 'downloadWrong',
      parameters: { file: 'file.bin', host: hostName() }
    })
    expect(await kept(file.url)).toBe(0)
  })

  it('refuses a file that is far too large before it fills the memory', async () => {
    const file = { ...fileAt(host.serve('/file', new Uint8Array(2 << 20))), bytes: 1000 }
    expect((await problem(file)).code).toBe('downloadWrong')
    const unsaid = { ...fileAt(host.serve('/file', new Uint8Array(2 << 20), { chunked: true })), bytes: 1000 }
    expect((await problem(unsaid)).code).toBe('downloadWrong')
    expect(await kept(unsaid.url)).toBe(0)
  })
})
