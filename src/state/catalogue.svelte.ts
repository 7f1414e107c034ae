/**
 * Downloads from the catalogue of well-known data sets, one at a time. What has arrived is handed to the library like any
 * dropped files; it stays in the browser until the data set is stored or the user discards it, so that a download that
 * stopped goes on, and a dialog closed by mistake costs nothing.
 */
import type { DataClient, DownloadState, Notice } from '../runtime/client/types.ts'
import { noticeOf } from './notices.svelte.ts'

type Files = { name: string; blob: Blob }[]

export class Catalogue {
  /** the set being downloaded, and how far it is */
  active = $state.raw<{ id: string } & DownloadState>()
  /** what is here of which set */
  here = $state.raw<Readonly<Record<string, DownloadState>>>({})
  /** why the last download did not come to its end: said where it was asked for */
  problem = $state.raw<{ id: string; notice: Notice }>()
  #client: DataClient | undefined
  #off: AbortController | undefined
  /** the set whose files the library was given last */
  #handed: string | undefined
  readonly #read: (files: Files) => Promise<boolean>

  /** `read` takes files as the library does, and says whether it did. */
  constructor(read: (files: Files) => Promise<boolean>) {
    this.#read = read
  }

  async connect(client: DataClient): Promise<void> {
    this.#client = client
    await this.#refresh()
  }

  /** Downloads what is missing of a set and hands it on. */
  async get(id: string): Promise<void> {
    const client = this.#client
    if (!client || this.active) return
    const off = (this.#off = new AbortController())
    if (this.problem?.id === id) this.problem = undefined
    this.active = { id, ...(this.here[id] ?? { received: 0, total: 0 }) }
    let files: Files | undefined
    try {
      files = await client.download(id, {
        signal: off.signal,
        progress: state => {
          if (this.#off === off) this.active = { id, ...state }
        }
      })
    } catch (error) {
      if (!off.signal.aborted) this.problem = { id, notice: noticeOf(error) }
    }
    this.active = this.#off = undefined
    await this.#refresh()
    if (files && (await this.#read(files))) this.#handed = id
  }

  /** What is here stays here. */
  stop(): void {
    this.#off?.abort()
  }

  /** Throws away what is here of a set. */
  async forget(id: string): Promise<void> {
    if (this.problem?.id === id) this.problem = undefined
    await this.#client?.forgetDownload(id).catch(() => undefined)
    await this.#refresh()
  }

  /** The library was given other files: what it stores from now on is not from here. */
  others(): void {
    this.#handed = undefined
  }

  /** What the library was given last has been stored: the downloaded files have done their work. */
  async stored(): Promise<void> {
    const id = this.#handed
    this.#handed = undefined
    if (id) await this.forget(id)
  }

  async #refresh(): Promise<void> {
    const states = await this.#client?.downloads().catch(() => [])
    this.here = Object.fromEntries((states ?? []).map(({ id, ...state }) => [id, state]))
  }
}
