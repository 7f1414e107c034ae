/**
 * The service worker: keeps the whole page in the browser, so that it opens without a network, and online never stands between
 * a visitor and the newest version (answers.ts, keeping.ts). By hand, because what is wanted is little and particular: the
 * page from the network, with that version's files complete behind it or not at all. Workbox's precache answers with the kept
 * page first, and its network-first strategy keeps a page before its files.
 *
 * It needs no `skipWaiting`: names that come from the content let the worker of one version serve the page of another, so a new
 * one may wait until the tabs of the old one are gone. The policy in index.html does not reach in here: nothing is parsed or
 * evaluated here, and no host but the page's own is asked for anything.
 */
import { answerTo } from './answers.ts'
import { keep, kept, newest, tidy, type Shipped } from './keeping.ts'
import { savesData } from './savesData.ts'

declare const self: ServiceWorkerGlobalScope
/** written in when the page is built: all its files, index.html last */
declare const SHIPPED: readonly Shipped[]

const { scope } = self.registration
const files = SHIPPED
const paths = new Set(files.map(([path]) => path))
/** copies of the page in other folders of the host have their own */
const open = () => caches.open(`dal-playground ${scope}`)

self.addEventListener('install', event => event.waitUntil(install()))
self.addEventListener('activate', event => event.waitUntil(activate()))
self.addEventListener('fetch', event => {
  const { request } = event
  const answer = answerTo(request, scope, paths)
  if (!answer) return
  // a cache that cannot be read is an empty one
  const here = () =>
    open()
      .then(cache => cache.match(answer.address, { ignoreVary: true }))
      .catch(() => undefined)
  event.respondWith((answer.way === 'kept' ? kept : newest)(request, here, fetch))
})

async function install(): Promise<void> {
  if (savesData()) throw new Error('nothing is fetched in advance')
  await keep(files, scope, await open(), fetch)
}

async function activate(): Promise<void> {
  const { installing, waiting } = self.registration
  // a still newer version is bringing its files in: it will tidy up
  if (!installing && !waiting) await tidy(files, scope, await open())
  // the tab of the first visit is served from now on too
  await self.clients.claim()
}
