/** The browser's network, as a download needs it. */
import type { Net } from '../../data/hub/download.ts'

export const net: Net = {
  fetch: (url, init) => fetch(url, init),
  pause: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const off = () => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', off)
        resolve()
      }, milliseconds)
      signal.addEventListener('abort', off, { once: true })
    }),
  online: () => navigator.onLine,
  now: () => Date.now()
}
