/** Experiments and results of every kind, for properties. */
import fc from 'fast-check'
import { tidy } from '../../src/core/experiment/read.ts'
import { startExperiment, table, type Experiment, type RowName } from '../../src/core/experiment/table.ts'
import { selectorIds } from '../../src/core/selectors/index.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'
import type { Result } from '../../src/core/result.ts'
import { simulate } from './fixtures.ts'
import { evenly } from '../support/evenly.ts'

const someOf = <T>(items: readonly T[], maxLength: number) =>
  fc.shuffledSubarray([...items], { minLength: 1, maxLength })
const real = (name: 'labelNoise' | 'duplicates' | 'learningRate' | 'dropout' | 'imbalanceRatio') =>
  fc.oneof(
    evenly(table[name].min, table[name].max),
    fc.double({ min: table[name].min, max: table[name].max, noNaN: true })
  )
const option = <N extends RowName>(name: N) =>
  fc.constantFrom(...(table[name] as unknown as { options: readonly Experiment[N][] }).options)

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
const text = fc.string({ unit: fc.constantFrom(...'ab <&"\\é手書き'), maxLength: 20 })

export const experiments: fc.Arbitrary<Experiment> = fc
  .record({
    source: fc.oneof(
      fc.constantFrom(
        { kind: 'synthetic' as const, id: 'digits' as const },
        { kind: 'synthetic' as const, id: 'shapes' as const }
      ),
      fc.record({ kind: fc.constant('stored' as const), fingerprint: hex, name: text })
    ),
    dataSeed: fc.nat(),
    poolSize: fc.integer({ min: 500, max: 60000 }),
    testBalance: option('testBalance'),
    classes: fc.constantFrom([], [0, 1], [2, 5, 7]),
    imbalance: option('imbalance'),
    imbalanceRatio: real('imbalanceRatio'),
    labelNoise: real('labelNoise'),
    duplicates: real('duplicates'),
    initialSizes: fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }),
    grid: option('grid'),
    querySize: fc.integer({ min: 10, max: 200 }),
    budget: fc.integer({ min: 100, max: 300 }),
    selectors: fc.oneof(fc.constant(['random']), someOf(selectorIds, 3)),
    strategies: someOf(strategyIds, 4),
    seeds: fc.integer({ min: 1, max: 4 }),
    firstSeed: fc.nat(50),
    network: option('network'),
    batches: option('batches'),
    epochs: fc.integer({ min: 1, max: 100 }),
    learningRate: real('learningRate'),
    dropout: real('dropout'),
    augmentation: option('augmentation'),
    testSize: fc.integer({ min: 10, max: 60 })
  })
  .map(rows => tidy({ ...startExperiment, ...rows }))

/** With holes, several numerics, with and without records. */
export const results: fc.Arbitrary<Result> = fc
  .record({
    experiment: experiments,
    records: fc.boolean(),
    holes: fc.integer({ min: 0, max: 5 }),
    two: fc.boolean(),
    majority: fc.option(evenly(0.1, 1), { nil: undefined })
  })
  .map(({ experiment, records, holes, two, majority: share }) => {
    const measured = (_: string, size: number, seed: number, n: number) =>
      !holes || (size + seed * 7 + n) % (holes + 1) > 0
    const result = simulate(experiment, { records, measured })
    if (share !== undefined) result.dataset.majority = Math.ceil(share * experiment.testSize)
    if (!two) return result
    const other = simulate(experiment, { records, measured, numericsId: 'webgpu-f00' })
    return {
      ...result,
      numerics: [...result.numerics, { id: 'webgpu-f00', backend: 'webgpu', detail: 'vendor <arch>' }],
      runs: [...result.runs, ...other.runs.slice(0, -1).reverse()],
      ceiling: [...result.ceiling, ...other.ceiling]
    }
  })
