/** The library of data sets as the page calls it: tabs hear of what the others store and delete. */
import type { DataCalls } from '../dataProtocol.ts'
import type { DataClient } from './types.ts'

export function libraryOf(data: DataCalls): DataClient {
  const { importFiles, plan, discard, list, preview, images, exportFile } = data
  const { download, downloads, forgetDownload } = data
  const channel =
    'BroadcastChannel' in globalThis ? new BroadcastChannel('dal-playground-library') : undefined
  const changing = async <T>(change: Promise<T>): Promise<T> => {
    const value = await change
    channel?.postMessage('changed')
    return value
  }
  return {
    importFiles,
    plan,
    discard,
    list,
    preview,
    images,
    exportFile,
    download,
    downloads,
    forgetDownload,
    keep: async (...values) => {
      const kept = await changing(data.keep(...values))
      // the browser should not evict what the user has just chosen to keep; it may say no, and that changes nothing here.
      // Firefox asks the user, who may never answer: nothing waits for it
      void navigator.storage?.persist?.().catch(() => false)
      return kept
    },
    rename: (...values) => changing(data.rename(...values)),
    remove: fingerprint => changing(data.remove(fingerprint)),
    onChange: listener => channel?.addEventListener('message', () => listener())
  }
}
