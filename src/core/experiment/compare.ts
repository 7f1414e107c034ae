/** Whether two experiments are one, but for how much of it is done. */
import { canonical } from '../keys.ts'
import { tidy } from './read.ts'
import { rowNames, type Experiment } from './table.ts'

/** what may differ between shards of one experiment */
const seedRows = new Set<string>(['seeds', 'firstSeed'])

/** The rows in which two experiments differ beside their seeds; names of data sets are for people and do not count. */
export function differentRows(a: Experiment, b: Experiment): string[] {
  const form = (e: Experiment, row: keyof Experiment) => {
    const value = tidy(e)[row]
    return canonical(row === 'source' ? { ...(value as object), name: undefined } : value)
  }
  return rowNames.filter(row => !seedRows.has(row) && form(a, row) !== form(b, row))
}
