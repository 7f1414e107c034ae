/**
 * The experiment as it was edited last, kept for its tab, so that a reload of the same address brings it back. An address
 * that is opened anew (in this tab or another) shows what it says: only a reload, or a step back in the tab's history, asks
 * for what was edited there. What is stored is trusted no more than a file: what cannot be read is forgotten.
 */
import { checkValue, readExperiment, writeExperiment } from '../core/experiment/read.ts'
import { rowNames, type Experiment, type RowName } from '../core/experiment/table.ts'

export interface Edited {
  /** the last that was right */
  experiment: Experiment
  /** what was entered since and waits for something else to be mended; only what is right by itself comes back */
  waiting: Partial<Record<RowName, unknown>>
}

export interface KeptDraft {
  /** what was edited at this address before it was loaded again; undefined if nothing was */
  read(): Edited | undefined
  write(edited: Edited): void
  forget(): void
}

const KEY = 'dal-playground.draft'
/** characters: an experiment takes some hundreds */
const LONGEST = 100_000

function rightAlone(entered: unknown): Partial<Record<RowName, unknown>> {
  const values = (entered ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    rowNames
      .filter(row => Object.hasOwn(values, row) && !checkValue(row, values[row]))
      .map(row => [row, values[row]])
  )
}

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
        const { at, rows, waiting } = (kept ?? {}) as Record<string, unknown>
        const { experiment, unknown } = at === address() ? readExperiment(rows) : { unknown: [] }
        if (experiment && !unknown.length) return { experiment, waiting: rightAlone(waiting) }
      } catch {
        // refused, or not ours
      }
      forget()
    },
    write({ experiment, waiting }) {
      const rows = writeExperiment(experiment)
      try {
        storage().setItem(KEY, JSON.stringify({ at: address(), rows, waiting }))
      } catch {
        // refused or full: the edits last as long as the page
      }
    }
  }
}

/** Keeps nothing. */
export const noDraft: KeptDraft = { read: () => undefined, write: () => {}, forget: () => {} }
