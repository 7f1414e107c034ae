/** The data set of the experiment: a built-in one, one of the user's own, one that is just being imported. */
import type { SyntheticId } from '../core/datasource.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { safeName } from '../core/text.ts'
import type { Notice, StoredDataset } from '../runtime/client/types.ts'
import type { Catalogue } from './catalogue.svelte.ts'
import { toBuiltIn, toStored, type LoweredBy } from './datasetRows.ts'
import type { Draft } from './draft.svelte.ts'
import type { Library } from './library.svelte.ts'
import type { Notices } from './notices.svelte.ts'

/** What it works on (the App). */
interface Page {
  readonly draft: Draft
  readonly library: Library
  readonly catalogue: Catalogue
  readonly notices: Notices
  /** the set that the experiment lacks */
  readonly missing: { fingerprint: string; name: string } | undefined
  edit(values: Partial<Experiment>): void
  look(): void
}

export class DatasetChoice {
  /** the set that lowered sizes last */
  #lowered: LoweredBy | undefined
  /** what was kept last is not what an experiment lacked */
  #other: Notice | undefined
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Reads files of the user's own. */
  async read(files: { name: string; blob: Blob }[]): Promise<void> {
    const { library, catalogue } = this.#page
    if (await library.read(files)) catalogue.others()
  }

  /** Stores what was read and makes it the data set of the experiment; false if it could not be stored, or cannot be run. */
  async keepImport(inTab = false): Promise<boolean> {
    const { library, catalogue, notices, missing } = this.#page
    const kept = await library.keep(inTab)
    if (!kept) return false
    if (this.#other) notices.withdraw(this.#other)
    this.#other = undefined
    // the very set that the experiment lacked: nothing else changes
    if (missing?.fingerprint === kept.fingerprint) this.#page.look()
    else if (kept.poolSize) {
      if (missing) {
        this.#other = { code: 'otherDataset', parameters: { name: kept.name, wanted: missing.name } }
        notices.add(this.#other)
      }
      this.take(kept)
    }
    await catalogue.stored()
    return kept.poolSize > 0
  }

  /** Takes a built-in set. */
  takeBuiltIn(id: SyntheticId): void {
    const { draft, library } = this.#page
    this.#page.edit(toBuiltIn(draft.experiment, id, library.stored, this.#lowered))
  }

  /** Takes a stored set. */
  take(dataset: StoredDataset): void {
    const { draft, library } = this.#page
    const { rows, lowered } = toStored(draft.experiment, dataset, library.stored, this.#lowered)
    this.#page.edit(rows)
    // not while a wrong value keeps it from being in force
    if (!draft.problems.length) this.#lowered = lowered
  }

  /** Renames a set, in the experiment that uses it too. */
  async rename(fingerprint: string, name: string): Promise<void> {
    await this.#page.library.rename(fingerprint, name)
    const { source } = this.#page.draft.experiment
    if (source.kind === 'stored' && source.fingerprint === fingerprint)
      this.#page.edit({ source: { ...source, name: safeName(name) } })
  }

  /** Deletes a set; an experiment that used it says that it is missing. */
  async remove(fingerprint: string): Promise<void> {
    const { library, draft } = this.#page
    await library.remove(fingerprint)
    const { source } = draft.experiment
    if (source.kind === 'stored' && source.fingerprint === fingerprint && !library.has(source))
      this.#page.look()
  }
}
