/**
 * Asks the browser to keep the page, once it is up and has had a moment: the rest of it is large, and what the visitor does
 * first goes first. Where there are no service workers (http: other than localhost, some private windows), no room, or no
 * wish for it, the page is what it is without.
 */
import { savesData } from './savesData.ts'

/** milliseconds */
const MOMENT = 2000

/** Resolves when it is known whether the page opens without a network; where it cannot be kept whole, never. */
export async function keptForOffline(): Promise<boolean> {
  if (savesData() || !('serviceWorker' in navigator)) return false
  await new Promise(resolve => setTimeout(resolve, MOMENT))
  try {
    await navigator.serviceWorker.register('./sw.js')
    await navigator.serviceWorker.ready
    return true
  } catch {
    return false
  }
}
