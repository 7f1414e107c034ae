/**
 * What the service worker keeps, and what it answers with. There is one cache for each copy of the page, and in it one page.
 * A new version adds its files, those with the names of before are there already, and its page last: a connection that
 * breaks on the way leaves the old page with all that it needs, and the next try goes on from there. What no version needs any
 * more goes when no tab has the old one open. Not here: asking twice, as the browser tries again at each visit.
 */
import { isNamedByContent } from './answers.ts'

/** A file of the page: its path from there, and the hash of its content as `fetch` checks it. */
export type Shipped = readonly [path: string, integrity: string]

type Fetch = (request: Request | string, init?: RequestInit) => Promise<Response>

/** How long the host may take with the page before the one that is kept opens, in milliseconds. */
const PATIENCE = 5000

/** Brings in all files, in their order. Rejects when one does not come: then what was kept before is as good as it was. */
export async function keep(files: readonly Shipped[], scope: string, cache: Cache, fetch: Fetch) {
  const added: string[] = []
  try {
    // one after the other and last in the queue: the page at work goes first
    for (const [path, integrity] of files) {
      const address = scope + path
      const fixed = isNamedByContent(path)
      if (fixed && (await cache.match(address))) continue
      const answer = await fetch(address, {
        integrity,
        cache: fixed ? 'default' : 'no-cache',
        priority: 'low'
      })
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
      await cache.put(address, withoutDetour(answer))
      if (fixed) added.push(address)
    }
  } catch (error) {
    // no room: the little that there is belongs to what is computed
    if (error instanceof DOMException && error.name === 'QuotaExceededError')
      await Promise.all(added.map(address => cache.delete(address)))
    throw error
  }
}

/** A host may lead from index.html to its folder; browsers take no page that came by a detour. */
const withoutDetour = (answer: Response) => (answer.redirected ? new Response(answer.body, answer) : answer)

/** Lets go of what is not among the files. */
export async function tidy(files: readonly Shipped[], scope: string, cache: Cache): Promise<void> {
  const wanted = new Set(files.map(([path]) => scope + path))
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url)
}

/** What is kept; of the host what is not. */
export async function kept(request: Request, here: () => Promise<Response | undefined>, fetch: Fetch) {
  return (await here()) ?? fetch(request)
}

/** What the host has now; what is kept where it fails or lets us wait. */
export async function newest(request: Request, here: () => Promise<Response | undefined>, fetch: Fetch) {
  // asked, not taken from what the browser remembers of it
  const asked = fetch(request, { cache: 'no-cache' })
  const late = new Promise<undefined>(resolve => setTimeout(resolve, PATIENCE))
  const answer = await Promise.race([asked, late]).catch(() => undefined)
  // redirections and refusals are the host's word; from 500 on it has none
  if (answer && answer.status < 500) return answer
  return (await here()) ?? asked
}
