/** What comes into the page from outside and leaves it: the link in the address, files, the sample shipped with it. */
import { claimsEncoder, readEncoder } from '../core/exchange/encoder.ts'
import { decodeLink, encodeLink, looksLikeLink } from '../core/exchange/link.ts'
import { mergeResults } from '../core/exchange/merge.ts'
import { readText, type Document } from '../core/exchange/schema.ts'
import type { Experiment } from '../core/experiment/table.ts'
import type { Result } from '../core/result.ts'
import type { Notice } from '../runtime/client/types.ts'
import type { Notices } from './notices.svelte.ts'
import type { PretrainingState } from './pretraining.svelte.ts'

/** A file that is opened, with the name it bears. */
export interface NamedText {
  name: string
  text: string
}

/** An experiment out of files. */
export interface Opened {
  /** their names */
  files: string
  /** with its results */
  results: boolean
}

/** What it works on (the App). */
interface Page {
  readonly draft: { readonly experiment: Experiment }
  readonly shown: { readonly result: Result | undefined }
  readonly notices: Notices
  readonly pretraining: PretrainingState
  open(origin: 'link' | 'file', result: Result): void
  propose(experiment: Experiment, from: 'link' | 'file'): void
  offerSample(sample: Result): void
  expect(): () => void
  leaveAddress(): void
}

export class Exchange {
  /** what was wrong with what was opened last */
  #problems: Notice[] = []
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** The sample, as text. */
  offerSample(text: string): void {
    let document: Document
    try {
      document = readText(text)
    } catch {
      // a plain host may answer with a page: the sample is a convenience, its absence none of the reader's business
      return
    }
    if ('result' in document) this.#page.offerSample(document.result)
  }

  /** Opens what the address carries; a bad link is said, and what is on screen stays. */
  async openHash(hash: string): Promise<void> {
    if (!looksLikeLink(hash)) {
      // as after a step back to where there was none
      if (!hash) this.#page.leaveAddress()
      return
    }
    const giveUp = this.#page.expect()
    this.begin()
    try {
      this.#take('link', await decodeLink(hash))
    } catch (error) {
      this.#problems.push(this.#page.notices.addError(error))
      giveUp()
    }
  }

  /** Something else is opened: what was wrong with the one before is no longer the matter. */
  begin(): void {
    for (const problem of this.#problems) this.#page.notices.withdraw(problem)
    this.#problems = []
  }

  #take(from: 'link' | 'file', document: Document): void {
    if ('result' in document) this.#page.open(from, document.result)
    else this.#page.propose(document.experiment, from)
  }

  /** The fragment of a link to the experiment, or to what is on screen. Rejects with an ExchangeError. */
  link(withResults: boolean): Promise<string> {
    const { draft, shown } = this.#page
    return encodeLink(
      withResults && shown.result ? { result: shown.result } : { experiment: draft.experiment }
    )
  }

  /** Opens files: a result, a spec, several shards of one result, encoders. Says what of an experiment was opened, if it was. */
  openTexts(files: readonly NamedText[]): Opened | undefined {
    this.begin()
    const others = files.filter(({ text }) => !claimsEncoder(text))
    for (const { name, text } of files) {
      const encoder = claimsEncoder(text) && this.#read(name, () => readEncoder(text))
      if (encoder) void this.#page.pretraining.open(encoder)
    }
    const documents = others.map(({ name, text }) => this.#read(name, () => readText(text)))
    if (documents.some(document => !document)) return
    const results = (documents as Document[]).flatMap(d => ('result' in d ? [d.result] : []))
    const specs = (documents as Document[]).flatMap(d => ('experiment' in d ? [d.experiment] : []))
    const names = others.map(({ name }) => name)
    const all = [...names.slice(0, 3), ...(names.length > 3 ? ['…'] : [])].join(', ')
    const merged = this.#read(all, () => (results.length > 1 ? mergeResults(results) : results[0]))
    if (merged) this.#take('file', { result: merged })
    else if (specs.length) this.#take('file', { experiment: specs[0] })
    else return
    return { files: all, results: merged !== undefined }
  }

  /** Reads what came in a file; what is wrong with it is said under its name. */
  #read<T>(file: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      this.#problems.push(this.#page.notices.addError(error, { file }))
    }
  }
}
