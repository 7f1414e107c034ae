/** The data sets of the study, and the rows of an experiment that suit each. */
import type { Experiment } from '../../src/core/experiment/table.ts'

export const SETS = ['digits', 'shapes', 'mnist', 'cifar10'] as const
export type SetName = (typeof SETS)[number]

export const titles: Record<SetName, string> = {
  digits: 'Digits (built-in)',
  shapes: 'Shapes (built-in)',
  mnist: 'MNIST',
  cifar10: 'CIFAR-10'
}

/** Whether the set's images are drawn by the app itself. */
export const isBuiltIn = (set: SetName): set is 'digits' | 'shapes' => set === 'digits' || set === 'shapes'

/** The pools are no larger than the samples that these sets are usually tried with. */
const rows: Record<SetName, Partial<Experiment>> = {
  digits: { poolSize: 2000, testSize: 1000, network: 'small' },
  shapes: { poolSize: 2000, testSize: 1000, network: 'small' },
  mnist: { poolSize: 5000, testSize: 1000, network: 'reference' },
  cifar10: { poolSize: 2000, testSize: 400, network: 'reference', pretrainingViews: 'pictures' }
}

const QUICK: Partial<Experiment> = {
  poolSize: 1000,
  testSize: 400,
  network: 'small',
  pretrainingEpochs: 2
}

export const rowsOf = (set: SetName, quick: boolean): Partial<Experiment> => ({
  ...rows[set],
  ...(quick ? QUICK : {})
})

/** The rows of the entries about encoders: with half the channels there is less room for what no label has asked for. */
export const encoderRows = (quick: boolean): Partial<Experiment> => (quick ? {} : { network: 'reference' })
