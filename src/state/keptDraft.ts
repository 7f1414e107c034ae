/**
 * The experiment as it was edited last, kept for its tab, so that a reload of the same address brings it back. An address
 * that is opened anew (in this tab or another) shows what it says: only a reload, or a step back in the tab's history, asks
 * for what was edited there. What is stored is trusted no more than a file: what cannot be read is forgotten.
 */
import { readExperiment, writeExperiment } from '../core/experiment/read.ts'
import type { Experiment } from '../core/experiment/table.ts'

export interface KeptDraft {
  /** what was edited at this address before it was loaded again; undefined if nothing was */
  read(): Experiment | undefined
  write(experiment: Experiment): void
  forget(): void
}

const KEY = 'dal-playground.draft'
/** characters: an experiment takes some hundreds */
const LONGEST = 100_000

/** `address`: of the page, with its fragment; `again`: the page was loaded again, rather than opened. Never throws. */
export function keptDraft(storage: () => Storage, address: () => string, again: boolean): KeptDraft {
  const forget = () => {
    try {
      storage().removeItem(KEY)
    } catch {
      // refused: then nothing is stored either
    }
  }
  if (!again) forget()
  return {
    forget,
    read() {
      try {
        const text = storage().getItem(KEY)
        if (!text) return undefined
        const kept: unknown = text.length > LONGEST ? undefined : JSON.parse(text)
        const { at, rows } = (kept ?? {}) as { at?: unknown; rows?: unknown }
        const { experiment, unknown } = at === address() ? readExperiment(rows) : { unknown: [] }
        if (experiment && !unknown.length) return experiment
      } catch {
        // refused, or not ours
      }
      forget()
    },
    write(experiment) {
      try {
        storage().setItem(KEY, JSON.stringify({ at: address(), rows: writeExperiment(experiment) }))
      } catch {
        // refused or full: the edits last as long as the page
      }
    }
  }
}

/** Keeps nothing. */
export const noDraft: KeptDraft = { read: () => undefined, write: () => {}, forget: () => {} }
