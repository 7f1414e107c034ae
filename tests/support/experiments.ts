/** Experiments of a few trainings, for engines that are faked. */
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'

/** Two strategies, one initial size, two seeds, up to 60 labels. */
export const smallExperiment: Experiment = {
  ...frozenExperiment,
  poolSize: 120,
  testSize: 40,
  initialSizes: [10],
  querySize: 20,
  budget: 60,
  strategies: ['random', 'margin'],
  seeds: 2
}
