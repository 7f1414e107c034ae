/**
 * What the data worker does about the catalogue: fetches the files of one set, says what is here of each, and forgets
 * it. The files go back to the page, which hands them to the importer like any that were dropped.
 */
import type { DownloadStore } from '../core/downloads.ts'
import { catalogue, findSet } from '../data/hub/catalogue.ts'
import { download, type Net } from '../data/hub/download.ts'
import type { InputFile } from '../data/formats/source.ts'
import type { Following } from './dataProtocol.ts'
import { RuntimeError } from './errors.ts'

/** Bytes that are here, and of the whole set as far as is known. */
export interface DownloadState {
  received: number
  total: number
}

export interface DownloadCalls {
  /** the files of a set of the catalogue; what arrives is kept until it is forgotten */
  download(id: string, following?: Following<DownloadState>): Promise<InputFile[]>
  /** the sets of which something is here */
  downloads(): Promise<({ id: string } & DownloadState)[]>
  forgetDownload(id: string): Promise<void>
}

export function downloadService(store: DownloadStore, net: Net): DownloadCalls {
  function setOf(id: string) {
    const set = findSet(id)
    if (!set) throw new RuntimeError('unexpected', `no data set ${id} in the catalogue`)
    return set
  }

  return {
    async download(id, { progress, signal = new AbortController().signal } = {}) {
      const { files } = setOf(id)
      const states = files.map(({ bytes }) => ({ received: 0, total: bytes }))
      const got: InputFile[] = []
      for (const [i, file] of files.entries()) {
        const tell = (received: number, total: number) => {
          states[i] = { received, total }
          const sum = (of: 'received' | 'total') => states.reduce((all, state) => all + state[of], 0)
          progress?.({ received: sum('received'), total: sum('total') })
        }
        got.push({ name: file.name, blob: await download(file, { net, store, signal, progress: tell }) })
      }
      return got
    },

    async downloads() {
      const here = new Map((await store.list()).map(state => [state.url, state]))
      return catalogue.flatMap(({ id, files }) => {
        const received = files.reduce((sum, { url }) => sum + (here.get(url)?.bytes ?? 0), 0)
        const total = files.reduce((sum, { url, bytes }) => sum + (here.get(url)?.total ?? bytes), 0)
        return received ? [{ id, received, total }] : []
      })
    },

    forgetDownload: async id => store.forget(setOf(id).files.map(({ url }) => url))
  }
}
