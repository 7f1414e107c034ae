/** The user's data sets: those kept in the browser, the one being imported, and a look at the one in the experiment. */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import type { DataClient, InputFile, Notice, Preview, StoredDataset } from '../runtime/client/types.ts'
import { Import } from './import.svelte.ts'
import type { Notices } from './notices.svelte.ts'

export class Library {
  stored = $state.raw<readonly StoredDataset[]>([])
  /** being read, looked at or stored; not kept yet */
  importing = $state.raw<Import>()
  /** the browser keeps what is stored here; otherwise it lasts as long as the tab */
  lasting = $state(true)
  /** a client is here: what is stored is known */
  connected = $state(false)
  /** files found so far in a folder that is being looked through */
  gathering = $state<number>()
  preview = $state.raw<Preview>()
  loading = $state(false)
  /** the set that is being written to a file, and how much of it is (0 .. 1) */
  exporting = $state.raw<{ fingerprint: string; share: number }>()
  readonly bytes: number = $derived(this.stored.reduce((sum, d) => sum + d.bytes, 0))
  #client: DataClient | undefined
  #lookProblem: Notice | undefined
  #asked = 0
  #reads = 0
  /** dropped before there was a client to read them */
  #early: InputFile[] | undefined
  readonly #notices: Notices

  constructor(notices: Notices) {
    this.#notices = notices
  }

  async connect(client: DataClient, lasting: boolean): Promise<void> {
    this.#client = client
    this.lasting = lasting
    client.onChange(() => void this.refresh())
    await this.refresh()
    this.connected = true
    const early = this.#early
    this.#early = undefined
    if (early) void this.read(early)
  }

  has(source: DataSource): boolean {
    return source.kind === 'synthetic' || this.stored.some(d => d.fingerprint === source.fingerprint)
  }

  async refresh(): Promise<void> {
    await this.#try(async client => {
      this.stored = await client.list()
    })
  }

  /**
   * Reads files for a new data set; what was found of others before is dropped. Whether these are the ones that it is about
   * then: not while another set is being stored, nor when other files came meanwhile.
   */
  async read(files: InputFile[]): Promise<boolean> {
    if (!this.#client) this.#early = files
    if (!this.#client || this.importing?.phase === 'keeping') return false
    const mine = ++this.#reads
    await this.importing?.cancel()
    if (mine !== this.#reads) return false
    const fresh: Import = new Import(files, this.#client, () => {
      if (this.importing === fresh) this.importing = undefined
    })
    this.importing = fresh
    await fresh.read()
    return this.importing === fresh
  }

  /** Keeps what was read. */
  async keep(inTab = false): Promise<StoredDataset | undefined> {
    const kept = await this.importing?.keep(inTab)
    await this.refresh()
    return kept
  }

  async rename(fingerprint: string, name: string): Promise<void> {
    await this.#try(client => client.rename(fingerprint, name))
    await this.refresh()
  }

  async remove(fingerprint: string): Promise<void> {
    await this.#try(client => client.remove(fingerprint))
    await this.refresh()
  }

  /** A data set as a file; undefined if that failed, and then it was said. */
  async export(fingerprint: string): Promise<{ name: string; blob: Blob } | undefined> {
    if (this.exporting) return
    this.exporting = { fingerprint, share: 0 }
    let file: { name: string; blob: Blob } | undefined
    await this.#try(async client => {
      file = await client.exportFile(fingerprint, {
        progress: ({ done, total }) => (this.exporting = { fingerprint, share: total ? done / total : 1 })
      })
    })
    this.exporting = undefined
    return file
  }

  /** A look at the view of an experiment; a later look overtakes an earlier one. */
  async look(source: DataSource, knobs: ViewKnobs): Promise<void> {
    const asked = ++this.#asked
    // what was wrong with the view before this one
    if (this.#lookProblem) this.#notices.withdraw(this.#lookProblem)
    this.#lookProblem = undefined
    const current = () => asked === this.#asked
    if (!this.#client || !this.has(source)) {
      this.preview = undefined
      this.loading = false
      return
    }
    this.loading = true
    try {
      const preview = await this.#client.preview(source, knobs)
      if (current()) this.preview = preview
    } catch (error) {
      if (current()) this.#lookProblem = this.#notices.addError(error)
    }
    if (current()) this.loading = false
  }

  async #try(action: (client: DataClient) => Promise<unknown>): Promise<void> {
    const client = this.#client
    if (client) await this.#notices.attempt(() => action(client))
  }
}
