/** The rows of the experiment that have their place in the panel of pretraining. */
import type { RowName } from '../core/experiment/table.ts'

export const pretrainingFields: readonly RowName[] = [
  'pretraining',
  'pretrainingViews',
  'pretrainingEpochs',
  'pretrainingBatch',
  'pretrainingRate',
  'pretrainingSeed'
]
