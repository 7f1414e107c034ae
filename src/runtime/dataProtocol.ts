/** Calls to the data worker: one request, one answer, matched by number. */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import type { StoredDataset } from '../core/storedDataset.ts'
import type { View } from '../core/view.ts'
import type { Preview } from './client/types.ts'

export interface DataCalls {
  view(source: DataSource, knobs: ViewKnobs): Promise<View>
  preview(source: DataSource, knobs: ViewKnobs): Promise<Preview>
  importFiles(files: { name: string; blob: Blob }[]): Promise<{ id: number; preview: Preview }>
  keep(id: number, name: string): Promise<StoredDataset>
  discard(id: number): Promise<void>
  list(): Promise<StoredDataset[]>
  remove(fingerprint: string): Promise<void>
}

export type DataCall = keyof DataCalls

export interface DataRequest {
  number: number
  call: DataCall
  arguments: unknown[]
}

export type DataAnswer =
  | { number: number; value: unknown }
  | { number: number; error: { code: string; parameters: Record<string, string | number> } }
