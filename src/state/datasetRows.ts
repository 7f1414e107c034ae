/** The rows of an experiment that change when it takes another data set. */
import type { SyntheticId } from '../core/datasource.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { viewsSuiting } from '../core/storedDataset.ts'
import { safeName } from '../core/text.ts'
import type { StoredDataset } from '../runtime/client/types.ts'

/** Of a built-in one. */
export function builtInRows({ source }: Experiment, id: SyntheticId): Partial<Experiment> {
  const same = source.kind === 'synthetic' && source.id === id
  return {
    source: { kind: 'synthetic', id },
    classes: [],
    // both are drawn as outlines
    ...(same ? {} : { pretrainingViews: 'signs' })
  }
}

/** Of a stored one, with the views that suit it; sizes that it cannot fill are lowered to what it has. */
export function storedRows(e: Experiment, dataset: StoredDataset): Partial<Experiment> {
  const { fingerprint, name, poolSize, testSize } = dataset
  const same = e.source.kind === 'stored' && e.source.fingerprint === fingerprint
  const budget = Math.min(e.budget, poolSize)
  const fitting = e.initialSizes.filter(size => size <= budget)
  return {
    source: { kind: 'stored', fingerprint, name: safeName(name) },
    classes: [],
    // what the user chose for it stays
    ...(same ? {} : { pretrainingViews: viewsSuiting(dataset) }),
    poolSize: Math.min(e.poolSize, poolSize),
    testSize: Math.min(e.testSize, testSize),
    budget,
    initialSizes: fitting.length ? fitting : [Math.min(budget, ...e.initialSizes)]
  }
}
