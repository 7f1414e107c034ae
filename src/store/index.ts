/**
 * The one owner of IndexedDB: records, data sets, downloads, encoders, settings, the experiment in progress. Storage is a convenience the
 * browser may refuse: then everything works from memory, and `kept` says so. Works in pages, in workers, and in Node.
 */
import type { RecordStore } from '../core/recordStore.ts'
import type { DownloadStore } from '../core/downloads.ts'
import type { Digester } from '../core/digester.ts'
import type { EncoderStore } from '../core/encoders.ts'
import { CHUNK_BYTES, datasets, type DatasetStore } from './datasets.ts'
import { encoders } from './encoders.ts'
import { localDigester } from './localDigester.ts'
import { downloads } from './downloads.ts'
import { session, settings, type SessionStore, type SettingStore } from './meta.ts'
import { records } from './records.ts'
import { database, memory, Shelf, type Backing } from './shelf.ts'

export { StoreError, type StoreErrorCode } from './errors.ts'
export type { DatasetStore } from './datasets.ts'
export type { SessionStore, SettingName, SettingStore } from './meta.ts'

export interface Store {
  /** whether what is written is still there after a reload */
  readonly kept: boolean
  readonly records: RecordStore
  readonly datasets: DatasetStore
  readonly downloads: DownloadStore
  readonly encoders: EncoderStore
  readonly settings: SettingStore
  readonly session: SessionStore
}

function storeOn(kept: boolean, backing: (name: string) => Backing, digester = localDigester) {
  const [meta, data, runs, partial, trunks] = ['meta', 'data', 'records', 'downloads', 'encoders'].map(
    name => new Shelf(backing(`dal-playground-${name}`))
  )
  const unfinished = downloads(partial)
  const store: Store = {
    kept,
    records: records(runs),
    datasets: datasets(data, CHUNK_BYTES, digester),
    downloads: unfinished,
    encoders: encoders(trunks, () => Date.now()),
    settings: settings(meta),
    session: session(meta)
  }
  return { store, shelves: [meta, data, runs, partial, trunks], sweep: () => unfinished.sweep(Date.now()) }
}

/** Everything in memory: the headless runner, tests, browsers that refuse to store. */
export const memoryStore = (digester?: Digester): Store => storeOn(false, memory, digester).store

/** Opens the databases of this origin and sweeps what a crashed import has left. Never rejects. */
export async function openStore(digester?: Digester): Promise<Store> {
  try {
    const { store, shelves, sweep } = storeOn(true, database, digester)
    for (const shelf of shelves) await shelf.open()
    // what cannot be swept away now stays in nobody's way
    await store.datasets.sweep().catch(() => {})
    await sweep().catch(() => {})
    return store
  } catch {
    return memoryStore(digester)
  }
}
