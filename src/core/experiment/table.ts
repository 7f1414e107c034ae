/**
 * The one table of an experiment's parameters. Types, validation, controls with help texts, link keys and cache keys
 * all follow from its rows: a new parameter is one row here (and its messages). The name of a row is its key in spec
 * files and links. `frozen` is the value that a spec or link means by leaving the row out: it is fixed for ever when the
 * row is added; `start` is what a new experiment begins with and may change from version to version.
 */
import { imbalances, testBalances, type DataSource, type Imbalance, type TestBalance } from '../datasource.ts'
import type { Grid } from '../grid.ts'
import type { NetworkName } from '../network.ts'
import { methodNames, type MethodName } from '../pretraining/methods/index.ts'
import type { Likeness } from '../pretraining/settings.ts'
import type { Augmentation, ModeName } from '../recipe.ts'
import { unlabelledKinds, type UnlabelledKind } from '../recipes/methods.ts'

/** Where a row acts: on the view of the data, on every training, or on which trainings are made. */
export type Scope = 'view' | 'recipe' | 'protocol'

interface RowOf<T> {
  scope: Scope
  frozen: T
  start: T
}
export interface IntegerRow extends RowOf<number> {
  kind: 'integer'
  min: number
  max: number
  /** values offered beside typing */
  stops?: readonly number[]
}
export interface RealRow extends RowOf<number> {
  kind: 'real'
  min: number
  max: number
  stops?: readonly number[]
}
export interface ChoiceRow<T extends string = string> extends RowOf<T> {
  kind: 'choice'
  options: readonly T[]
}
/** a list of integers, ascending, each once */
export interface IntegersRow extends RowOf<readonly number[]> {
  kind: 'integers'
  /** whether an empty list means something */
  mayBeEmpty?: boolean
  min: number
  max: number
  most: number
  stops?: readonly number[]
}
/** names out of a registry that may grow: unknown ones are kept, and keep the experiment from being run */
export interface NamesRow extends RowOf<readonly string[]> {
  kind: 'names'
  most: number
}
export interface SourceRow extends RowOf<DataSource> {
  kind: 'source'
}
export type Row = IntegerRow | RealRow | ChoiceRow | IntegersRow | NamesRow | SourceRow

const integer = (
  scope: Scope,
  frozen: number,
  min: number,
  max: number,
  stops?: readonly number[],
  start = frozen
): IntegerRow => ({ kind: 'integer', scope, frozen, start, min, max, stops })
const real = (
  scope: Scope,
  frozen: number,
  min: number,
  max: number,
  stops?: readonly number[]
): RealRow => ({ kind: 'real', scope, frozen, start: frozen, min, max, stops })
const choice = <T extends string>(
  scope: Scope,
  frozen: T,
  options: readonly T[],
  start: T = frozen
): ChoiceRow<T> => ({ kind: 'choice', scope, frozen, start, options })

/** The stops of the initial-size dial; other sizes are typed. */
export const INITIAL_STOPS = [10, 20, 30, 50, 70, 100, 150, 200, 300, 500] as const

export const table = {
  source: {
    kind: 'source',
    scope: 'view',
    frozen: { kind: 'synthetic', id: 'digits' },
    start: { kind: 'synthetic', id: 'digits' }
  } as SourceRow,
  dataSeed: integer('view', 0, 0, 4294967295),
  poolSize: integer('view', 2000, 2, 60000, [1000, 2000, 4000, 5000, 10000]),
  testSize: integer('view', 1000, 2, 20000, [500, 1000, 2000]),
  testBalance: choice<TestBalance>('view', 'asIs', testBalances),
  /** indices of the data set's classes; empty: all of them */
  classes: {
    kind: 'integers',
    mayBeEmpty: true,
    scope: 'view',
    frozen: [],
    start: [],
    min: 0,
    max: 65534,
    most: 1000
  } as IntegersRow,
  imbalance: choice<Imbalance>('view', 'none', imbalances),
  imbalanceRatio: real('view', 0.1, 0.01, 1, [0.5, 0.3, 0.1, 0.05, 0.01]),
  labelNoise: real('view', 0, 0, 0.9, [0, 0.1, 0.2, 0.4]),
  duplicates: real('view', 0, 0, 0.9, [0, 0.25, 0.5, 0.75]),
  initialSizes: {
    kind: 'integers',
    scope: 'protocol',
    frozen: [50, 100],
    start: [50, 100],
    min: 1,
    max: 5000,
    most: 12,
    stops: INITIAL_STOPS
  } as IntegersRow,
  selectors: {
    kind: 'names',
    scope: 'protocol',
    frozen: ['random'],
    start: ['random'],
    most: 24
  } as NamesRow,
  grid: choice<Grid>('protocol', 'aligned', ['aligned', 'literal']),
  querySize: integer('protocol', 50, 1, 5000, [10, 20, 50, 100, 200], 100),
  budget: integer('protocol', 300, 2, 20000, [200, 300, 500, 1000]),
  strategies: {
    kind: 'names',
    scope: 'protocol',
    frozen: ['random', 'margin', 'entropy', 'kCenter'],
    start: ['random', 'margin', 'entropy', 'kCenter'],
    most: 40
  } as NamesRow,
  seeds: integer('protocol', 3, 1, 100, [3, 5, 10, 20]),
  firstSeed: integer('protocol', 0, 0, 1000000),
  network: choice<NetworkName>('recipe', 'reference', ['small', 'reference', 'large'], 'small'),
  epochs: integer('recipe', 30, 1, 500, [10, 30, 60]),
  stepsFloor: integer('recipe', 200, 0, 5000, [0, 200, 400]),
  learningRate: real('recipe', 0.001, 0.00001, 0.1, [0.0003, 0.001, 0.003]),
  batchSize: integer('recipe', 32, 1, 256, [16, 32, 64]),
  batches: choice<'filled' | 'even'>('recipe', 'filled', ['filled', 'even']),
  dropout: real('recipe', 0.25, 0, 0.9, [0, 0.25, 0.5]),
  augmentation: choice<Augmentation>('recipe', 'none', ['none', 'shift', 'flip']),
  mode: choice<ModeName>('recipe', 'scratch', ['scratch', 'warm', 'fineTune', 'linear']),
  classWeights: choice<'none' | 'balanced'>('recipe', 'none', ['none', 'balanced']),
  unlabelled: choice<'none' | UnlabelledKind>('recipe', 'none', ['none', ...unlabelledKinds]),
  /** in multiples of the method's own weight (core/recipes/methods.ts) */
  unlabelledWeight: real('recipe', 1, 0, 100, [0, 0.3, 1, 3]),
  unlabelledRatio: integer('recipe', 1, 1, 8, [1, 2, 4]),
  unlabelledRampUp: real('recipe', 1, 0, 1, [0, 0.3, 1]),
  unlabelledDecay: real('recipe', 0.95, 0, 0.9999, [0.9, 0.95, 0.99, 0.999]),
  pretraining: choice<MethodName>('recipe', 'simclr', methodNames),
  pretrainingViews: choice<Likeness>('recipe', 'signs', ['signs', 'pictures']),
  pretrainingEpochs: integer('recipe', 20, 1, 1000, [10, 20, 50, 100]),
  pretrainingBatch: integer('recipe', 128, 2, 512, [32, 64, 128, 256], 32),
  pretrainingRate: real('recipe', 0.001, 0.00001, 0.1, [0.0003, 0.001, 0.003]),
  pretrainingSeed: integer('recipe', 0, 0, 1000000)
} as const satisfies Record<string, Row>

export type RowName = keyof typeof table
export const rowNames = Object.keys(table) as RowName[]

type Value<R> = R extends RowOf<infer T> ? T : never
/** The complete specification: all that a link must carry so that another browser runs the same protocol. */
export type Experiment = { [K in RowName]: Value<(typeof table)[K]> }

const gather = (pick: (row: Row) => unknown) =>
  Object.fromEntries(rowNames.map(name => [name, pick(table[name])])) as unknown as Experiment

/** What a new experiment begins with. */
export const startExperiment: Experiment = gather(row => row.start)
/** What a spec means by leaving everything out. */
export const frozenExperiment: Experiment = gather(row => row.frozen)
