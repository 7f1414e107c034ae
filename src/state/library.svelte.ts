/** The user's data sets: those kept in the browser, the one being imported, and a look at the one in the experiment. */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import type { DataClient, Notice, Preview, StoredDataset } from '../runtime/client/types.ts'
import { noticeOf, type Notices } from './notices.svelte.ts'

export interface Import {
  id: number
  preview: Preview
}

export class Library {
  stored = $state.raw<readonly StoredDataset[]>([])
  /** read, shown, and not kept yet */
  importing = $state.raw<Import>()
  /** what was read is being stored */
  keeping = $state(false)
  /** why it could not be stored: said where it was asked for */
  keepProblem = $state.raw<Notice>()
  /** the browser keeps what is stored here; otherwise it lasts as long as the tab */
  lasting = $state(true)
  /** files are being read */
  reading = $state(false)
  preview = $state.raw<Preview>()
  loading = $state(false)
  readonly bytes: number = $derived(this.stored.reduce((sum, d) => sum + d.bytes, 0))
  #client: DataClient | undefined
  #asked = 0
  readonly #notices: Notices

  constructor(notices: Notices) {
    this.#notices = notices
  }

  async connect(client: DataClient, lasting: boolean): Promise<void> {
    this.#client = client
    this.lasting = lasting
    await this.refresh()
  }

  has(source: DataSource): boolean {
    return source.kind === 'synthetic' || this.stored.some(d => d.fingerprint === source.fingerprint)
  }

  async refresh(): Promise<void> {
    await this.#try(async client => {
      this.stored = await client.list()
    })
  }

  async read(files: { name: string; blob: Blob }[]): Promise<void> {
    this.reading = true
    await this.discard()
    await this.#try(async client => {
      this.importing = await client.importFiles(files)
    })
    this.reading = false
  }

  /** Keeps what was read, under a name. */
  async keep(name: string): Promise<StoredDataset | undefined> {
    const importing = this.importing
    if (!importing || !this.#client || this.keeping) return
    let kept: StoredDataset | undefined
    this.keeping = true
    this.keepProblem = undefined
    try {
      kept = await this.#client.keep(importing.id, name)
      this.importing = undefined
    } catch (error) {
      this.keepProblem = noticeOf(error)
    }
    this.keeping = false
    await this.refresh()
    return kept
  }

  async discard(): Promise<void> {
    const importing = this.importing
    this.importing = this.keepProblem = undefined
    if (importing) await this.#try(client => client.discard(importing.id))
  }

  async remove(fingerprint: string): Promise<void> {
    await this.#try(client => client.remove(fingerprint))
    await this.refresh()
  }

  /** A look at the view of an experiment; a later look overtakes an earlier one. */
  async look(source: DataSource, knobs: ViewKnobs): Promise<void> {
    const asked = ++this.#asked
    const current = () => asked === this.#asked
    if (!this.#client || !this.has(source)) {
      this.preview = undefined
      this.loading = false
      return
    }
    this.loading = true
    await this.#try(async client => {
      const preview = await client.preview(source, knobs)
      if (current()) this.preview = preview
    })
    if (current()) this.loading = false
  }

  async #try(action: (client: DataClient) => Promise<unknown>): Promise<void> {
    if (!this.#client) return
    try {
      await action(this.#client)
    } catch (error) {
      this.#notices.addError(error)
    }
  }
}
