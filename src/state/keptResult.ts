/**
 * A result kept so that a reload shows it again: what was computed here last, in the tab, whose own it is, and in the browser, for
 * a tab that is opened later; what is kept for comparison, in the tab. The records in the store would give it too, but only by
 * running the experiment. What is stored is trusted no more than a file: what cannot be read is forgotten.
 */
import { readText, resultText } from '../core/exchange/schema.ts'
import type { Result } from '../core/result.ts'
import { withoutRecords } from '../core/statistics/discordances.ts'

export interface KeptResult {
  read(): Result | undefined
  write(result: Result): void
  forget(): void
}

/** characters: storage is some millions, shared with the other pages of the host */
const LONGEST = 2_000_000

/**
 * As a file has it; where that takes too much room, without the records of its rounds: the same curves and verdicts; and if need be
 * without what tells how much a start loses at most.
 */
function written(result: Result): string {
  const whole = resultText(result)
  if (whole.length <= LONGEST) return whole
  const bare = resultText(withoutRecords(result))
  return bare.length <= LONGEST ? bare : resultText(withoutRecords(result, 'withBest'))
}

function parsed(text: string): Result | undefined {
  const document = readText(text)
  return 'result' in document ? document.result : undefined
}

/** `places`: where it is kept under its name, the first to be asked first. Never throws. */
export function keptResult(name: 'result' | 'ghost', places: readonly (() => Storage)[]): KeptResult {
  const key = `dal-playground.${name}`
  const write = (place: () => Storage, text: string | undefined) => {
    try {
      if (text === undefined) place().removeItem(key)
      else place().setItem(key, text)
    } catch {
      // refused or full: an earlier one is no longer the last
      if (text !== undefined) write(place, undefined)
    }
  }
  const read = (place: () => Storage): Result | undefined => {
    try {
      const text = place().getItem(key)
      if (text === null) return undefined
      const result = text.length > LONGEST ? undefined : parsed(text)
      if (result) return result
    } catch {
      // refused, or not ours
    }
    write(place, undefined)
  }
  return {
    read() {
      for (const place of places) {
        const result = read(place)
        if (result) return result
      }
    },
    write(result) {
      let text: string | undefined
      try {
        text = written(result)
      } catch {
        // not consistent: nothing that could be read again
      }
      for (const place of places) write(place, text && text.length <= LONGEST ? text : undefined)
    },
    forget() {
      for (const place of places) write(place, undefined)
    }
  }
}

/** Keeps nothing. */
export const noResult: KeptResult = { read: () => undefined, write: () => {}, forget: () => {} }
