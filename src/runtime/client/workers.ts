/**
 * Starting workers so that the page's content security policy holds inside them: a worker that is loaded from the
 * network has no policy of its own on a plain file host, one from a blob inherits its creator's. The blob only
 * imports the real module: in a call, since a declaration passes the service worker by in Firefox (153) and so finds nothing
 * without a network.
 */
import type { WorkerPort } from '../protocol.ts'

/** of a page, or of a worker that starts one of its own */
const base = typeof document === 'undefined' ? location.origin : document.baseURI

export function startWorker<Out, In>(moduleUrl: string, name: string): WorkerPort<Out, In> {
  const source = importing(new URL(moduleUrl, base).href)
  const blobUrl = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(blobUrl, { type: 'module', name })
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: receive => worker.addEventListener('message', event => receive(event.data)),
    onFailure: receive => {
      worker.addEventListener('error', event => {
        event.preventDefault()
        receive(event.message || 'the worker could not be loaded')
      })
      worker.addEventListener('messageerror', () => receive('a message could not be read'))
    },
    terminate: () => {
      worker.terminate()
      URL.revokeObjectURL(blobUrl)
    }
  }
}

/** Messages do not wait for a call: the module is given those that came before it. If it does not come, the worker fails. */
const importing = (url: string) => `const early = []
const hold = event => {
  event.stopImmediatePropagation()
  early.push(event)
}
addEventListener('message', hold)
import(${JSON.stringify(url)}).then(
  () => {
    removeEventListener('message', hold)
    for (const event of early) dispatchEvent(new MessageEvent('message', event))
  },
  error => setTimeout(() => { throw error })
)`
