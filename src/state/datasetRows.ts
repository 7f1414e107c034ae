/**
 * The rows of an experiment that change when it takes another data set. Sizes that a set cannot fill are lowered, and are as
 * they were wished again with one that can.
 */
import type { SyntheticId } from '../core/datasource.ts'
import { startExperiment, table, type Experiment } from '../core/experiment/table.ts'
import { viewsSuiting } from '../core/storedDataset.ts'
import { safeName } from '../core/text.ts'
import type { StoredDataset } from '../runtime/client/types.ts'

type Room = Pick<StoredDataset, 'poolSize' | 'testSize'>

type Sizes = Pick<Experiment, 'poolSize' | 'testSize' | 'budget' | 'querySize' | 'initialSizes'>

/** Sizes, and what a data set left of them. */
interface Lowered {
  wished: Sizes
  left: Sizes
}

/** What a stored set left. */
export interface LoweredBy extends Lowered {
  fingerprint: string
}

const sizesOf = ({ poolSize, testSize, budget, querySize, initialSizes }: Sizes): Sizes => ({
  poolSize,
  testSize,
  budget,
  querySize,
  initialSizes
})

/** Rounds that a lowered budget should have room for. */
const ROUNDS = 5

/** The largest usual query size that leaves a budget its rounds. */
function queryFor(budget: number): number {
  const most = Math.max(1, Math.floor(budget / ROUNDS))
  return Math.max(1, ...[2, 5, ...table.querySize.stops!].filter(size => size <= most))
}

/** What a set leaves of sizes. Half of its pool at most is bought: at all of it every strategy has bought the same. */
export function lowered(wished: Sizes, room: Room): Sizes {
  const poolSize = Math.min(wished.poolSize, room.poolSize)
  const testSize = Math.min(wished.testSize, room.testSize)
  const half = Math.max(table.budget.min, poolSize >> 1)
  if (wished.budget <= half) return { ...sizesOf(wished), poolSize, testSize }
  const querySize = Math.min(wished.querySize, queryFor(half))
  const budget = Math.max(table.budget.min, half - (half % querySize))
  const fitting = wished.initialSizes.filter(size => size < budget)
  // two at least, to have something to compare
  const few = Math.min(2, wished.initialSizes.length)
  const initialSizes =
    fitting.length >= few ? fitting : [querySize, 2 * querySize].filter(size => size < budget)
  return { poolSize, testSize, budget, querySize, initialSizes }
}

/** Sizes that are lowered, and come back, together: one of them alone could contradict the others. */
const groups = [['poolSize'], ['testSize'], ['budget', 'querySize', 'initialSizes']] as const

/** An experiment's sizes, those that are still as a data set left them as they were wished. */
function wishedSizes(e: Experiment, { wished, left }: Lowered): Sizes {
  const sizes = sizesOf(e)
  const same = (row: keyof Sizes) => String(sizes[row]) === String(left[row])
  for (const group of groups)
    if (group.every(same)) Object.assign(sizes, Object.fromEntries(group.map(row => [row, wished[row]])))
  return sizes
}

/** What the set that is in use may have left of the usual sizes: where nobody knows what was wished. */
const usualSizes = (room: Room | undefined): Lowered => ({
  wished: startExperiment,
  left: room ? lowered(startExperiment, room) : startExperiment
})

const takes = ({ source }: Experiment, fingerprint: string) =>
  source.kind === 'stored' && source.fingerprint === fingerprint

/** What the set that an experiment takes has left of the sizes that were wished; `last`: by the set that lowered some last. */
function loweredIn(e: Experiment, stored: readonly StoredDataset[], last: LoweredBy | undefined): Lowered {
  if (last && takes(e, last.fingerprint)) return last
  return usualSizes(stored.find(({ fingerprint }) => takes(e, fingerprint)))
}

/** To a built-in one. */
export function toBuiltIn(
  e: Experiment,
  id: SyntheticId,
  stored: readonly StoredDataset[],
  last?: LoweredBy
): Partial<Experiment> {
  const { source } = e
  const rows = { source: { kind: 'synthetic' as const, id }, classes: [] }
  // what the user chose for it stays
  if (source.kind === 'synthetic' && source.id === id) return rows
  // all are drawn as outlines
  return { ...rows, pretrainingViews: 'signs', ...wishedSizes(e, loweredIn(e, stored, last)) }
}

/** To a stored one, with the views that suit it, and what it leaves of sizes. */
export function toStored(
  e: Experiment,
  dataset: StoredDataset,
  stored: readonly StoredDataset[],
  last?: LoweredBy
): { rows: Partial<Experiment>; lowered?: LoweredBy } {
  const { fingerprint, name, poolSize, testSize } = dataset
  const rows = { source: { kind: 'stored' as const, fingerprint, name: safeName(name) }, classes: [] }
  if (takes(e, fingerprint)) {
    const parts = { poolSize: Math.min(e.poolSize, poolSize), testSize: Math.min(e.testSize, testSize) }
    return { rows: { ...rows, ...parts }, lowered: last }
  }
  const wished = wishedSizes(e, loweredIn(e, stored, last))
  const left = lowered(wished, dataset)
  return {
    rows: { ...rows, pretrainingViews: viewsSuiting(dataset), ...left },
    lowered: { fingerprint, wished, left }
  }
}
