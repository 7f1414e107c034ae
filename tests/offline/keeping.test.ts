/** What is kept for use without a network: one page with all its files, whatever breaks on the way. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keep, kept, newest, tidy, type Shipped } from '../../src/offline/keeping.ts'

const scope = 'https://host.example/dal/'
const old: Shipped[] = [
  ['assets/a-1.js', 'sha256-a1'],
  ['assets/same.js', 'sha256-same'],
  ['index.html', 'sha256-page1']
]
const next: Shipped[] = [
  ['assets/a-2.js', 'sha256-a2'],
  ['assets/b-2.js', 'sha256-b2'],
  ['assets/same.js', 'sha256-same'],
  ['index.html', 'sha256-page2']
]

/** A Cache that has room for some files. */
function fakeCache(room = Infinity) {
  const entries = new Map<string, Response>()
  const cache = {
    match: async (address: string) => entries.get(address)?.clone(),
    put: async (address: string, answer: Response) => {
      if (entries.size >= room && !entries.has(address)) throw new DOMException('full', 'QuotaExceededError')
      entries.set(address, answer)
    },
    delete: async (address: string) => entries.delete(address),
    keys: async () => [...entries.keys()].map(url => ({ url }))
  } as unknown as Cache
  const content = async () =>
    Object.fromEntries(
      await Promise.all(
        [...entries].map(async ([address, answer]) => [
          address.slice(scope.length),
          await answer.clone().text()
        ])
      )
    )
  return { cache, content }
}

/** A host that has the files of a version, until it breaks off after some of them; answers with the hash of what was asked for. */
function host(files: readonly Shipped[], most = Infinity) {
  const asked: string[] = []
  const fetch = vi.fn(async (address: Request | string, init?: RequestInit) => {
    const path = String(address).slice(scope.length)
    asked.push(path)
    if (asked.length > most) throw new TypeError('Failed to fetch')
    const [, integrity] = files.find(([name]) => name === path) ?? []
    if (!integrity) return new Response('', { status: 404 })
    if (integrity !== init?.integrity) throw new TypeError('integrity')
    return new Response(integrity)
  })
  return { fetch, asked }
}

describe('keeping', () => {
  it('brings in all files, and of a new version those that differ', async () => {
    const { cache, content } = fakeCache()
    await keep(old, scope, cache, host(old).fetch)
    const { fetch, asked } = host(next)
    await keep(next, scope, cache, fetch)
    expect(asked).toEqual(['assets/a-2.js', 'assets/b-2.js', 'index.html'])
    expect(await content()).toEqual({
      'assets/a-1.js': 'sha256-a1',
      'assets/same.js': 'sha256-same',
      'assets/a-2.js': 'sha256-a2',
      'assets/b-2.js': 'sha256-b2',
      'index.html': 'sha256-page2'
    })
    await tidy(next, scope, cache)
    expect(await content()).toEqual(Object.fromEntries(next))
  })

  it.each([0, 1, 2])(
    'broken off after %i files it leaves the old page whole, and goes on later',
    async most => {
      const { cache, content } = fakeCache()
      await keep(old, scope, cache, host(old).fetch)
      await expect(keep(next, scope, cache, host(next, most).fetch)).rejects.toThrow('Failed to fetch')
      expect(await content()).toMatchObject(Object.fromEntries(old))
      const { fetch, asked } = host(next)
      await keep(next, scope, cache, fetch)
      expect(asked).toHaveLength(3 - most)
      expect(await content()).toMatchObject(Object.fromEntries(next))
    }
  )

  it('takes no file of a version that was put in its place meanwhile', async () => {
    const { cache, content } = fakeCache()
    const mixed = next.map(([path, hash]): Shipped => [path, path === 'index.html' ? 'sha256-page3' : hash])
    await expect(keep(next, scope, cache, host(mixed).fetch)).rejects.toThrow('integrity')
    await expect(keep(next, scope, cache, host(next.slice(1)).fetch)).resolves.toBeUndefined()
    expect(await content()).toEqual(Object.fromEntries(next))
  })

  it('takes no error page for a file', async () => {
    const { cache } = fakeCache()
    await expect(keep(next, scope, cache, host(old).fetch)).rejects.toThrow(/a-2\.js: 404/)
  })

  it('where there is no room it gives back what it took, and what was there stays', async () => {
    const { cache, content } = fakeCache(4)
    await keep(old, scope, cache, host(old).fetch)
    await expect(keep(next, scope, cache, host(next).fetch)).rejects.toThrow('full')
    expect(await content()).toEqual(Object.fromEntries(old))
  })

  it('asks for the page anew, for the rest wherever it is', async () => {
    const { fetch } = host(next)
    await keep(next, scope, fakeCache().cache, fetch)
    expect(fetch.mock.calls.map(([, init]) => init?.cache)).toEqual([
      'default',
      'default',
      'default',
      'no-cache'
    ])
  })

  it('keeps a page that the host led elsewhere as one that browsers take', async () => {
    const { cache } = fakeCache()
    const led = Object.defineProperty(
      new Response('page', { headers: { 'content-type': 'text/html' } }),
      'redirected',
      {
        value: true
      }
    )
    await keep([['index.html', 'sha256-page']], scope, cache, async () => led)
    const answer = await cache.match(`${scope}index.html`)
    expect([answer?.redirected, answer?.headers.get('content-type')]).toEqual([false, 'text/html'])
  })
})

describe('answering', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const request = new Request(scope)
  const here = async () => new Response('kept')
  const nothing = async () => undefined
  const text = async (answer: Promise<Response>) => (await answer).text()

  it('takes what is named by its content from what is kept, without asking the host', async () => {
    const fetch = vi.fn(async () => new Response('host'))
    expect(await text(kept(request, here, fetch))).toBe('kept')
    expect(fetch).not.toHaveBeenCalled()
    expect(await text(kept(request, nothing, fetch))).toBe('host')
  })

  it('prefers what the host has now, and does not take what the browser remembers of it', async () => {
    const fetch = vi.fn(async () => new Response('host'))
    expect(await text(newest(request, here, fetch))).toBe('host')
    expect(fetch).toHaveBeenCalledExactlyOnceWith(request, { cache: 'no-cache' })
  })

  it('takes the host’s word also where it refuses or leads elsewhere', async () => {
    for (const status of [304, 401, 404]) {
      const answer = new Response(null, { status })
      expect(await newest(request, here, async () => answer)).toBe(answer)
    }
    const elsewhere = Object.defineProperty(new Response(), 'status', { value: 0 })
    expect(await newest(request, here, async () => elsewhere)).toBe(elsewhere)
  })

  it.each([
    ['is not there', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['has an error of its own', async () => new Response('', { status: 502 })]
  ])('takes what is kept where the host %s', async (_, fetch) => {
    expect(await text(newest(request, here, fetch))).toBe('kept')
  })

  it('takes what is kept where the host lets us wait for more than five seconds', async () => {
    const slow = (ms: number) => () =>
      new Promise<Response>(resolve => setTimeout(() => resolve(new Response('host')), ms))
    const answers = [4900, 5100].map(ms => text(newest(request, here, slow(ms))))
    const first = text(newest(request, nothing, slow(60_000)))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await Promise.all(answers)).toEqual(['host', 'kept'])
    // with nothing here there is nothing but to wait
    expect(await first).toBe('host')
  })

  it('says what the host said where nothing is kept', async () => {
    const broken = new TypeError('Failed to fetch')
    await expect(newest(request, nothing, () => Promise.reject(broken))).rejects.toBe(broken)
    const answer = new Response('', { status: 503 })
    expect(await newest(request, nothing, async () => answer)).toBe(answer)
  })
})
