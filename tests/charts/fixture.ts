/**
 * A made-up result with the shape of a real one: right-or-wrong bits out of a probit model with an effect of the image,
 * of the seed and of the training, so that seeds and images are crossed as they are in life. Random at N labels is one
 * training for all initial sizes and the first round one for all strategies, as the law of one round has it.
 */
import { startExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { labelCounts } from '../../src/core/grid.ts'
import { derive, nameNumber, rootKey, Stream } from '../../src/core/random.ts'
import { countCorrect, type RoundRecord } from '../../src/core/record.ts'
import type { Result, Run } from '../../src/core/result.ts'
import type { Messages } from '../../src/i18n/index.ts'
import { lineName } from '../../src/ui/words.ts'

/** How far each strategy's curve lies above random's, in probit units, by initial size: made up, with crossings. */
const gain: Record<string, (initialSize: number) => number> = {
  random: () => 0,
  margin: n => 0.4 - 0.06 * Math.log2(n / 20),
  entropy: n => 0.42 - 0.05 * Math.log2(n / 20),
  bald: n => 0.27 - 0.02 * Math.log2(n / 20),
  kCenter: n => -0.02 + 0.05 * Math.log2(n / 20),
  consistency: n => -0.34 + 0.12 * Math.log2(n / 20),
  leastConfidence: n => 0.36 - 0.05 * Math.log2(n / 20)
}

export interface FixtureOptions extends Partial<Experiment> {
  /** seeds measured so far; a fraction leaves the last seed unfinished */
  measured?: number
  numericsId?: string
}

function trainedBits(seed: number, n: number, who: string, lift: number, testSize: number): Uint8Array {
  const root = rootKey(7, 99)
  const images = new Stream(derive(root, 1))
  const training = new Stream(derive(root, 2, seed, n, nameNumber(who)))
  const level = 0.14 + 0.51 * Math.log(n / 20) + lift
  const shift = 0.1 * new Stream(derive(root, 3, seed)).bell() + 0.13 * training.bell()
  const bits = new Uint8Array(Math.ceil(testSize / 8))
  for (let i = 0; i < testSize; i++)
    if (level + shift + 0.9 * images.bell() + 0.7 * training.bell() > 0) bits[i >> 3] |= 1 << (i & 7)
  return bits
}

function recordOf(labelCount: number, correct: Uint8Array, testSize: number): RoundRecord {
  return {
    labelCount,
    trainingKey: `made-up-${labelCount}`,
    measurement: {
      labelCount,
      correct,
      testSize,
      predicted: Array(10).fill(testSize / 10),
      steps: 200,
      trainLoss: 0.1,
      testLoss: 0.4,
      diagnostics: {
        marginalCrossEntropy: 2.3,
        predictedEntropy: 2.3,
        predictedClasses: 10,
        meanConfidence: 0.9
      },
      seconds: { train: 1, test: 0.1 }
    },
    classCounts: Array(10).fill(labelCount / 10),
    added: new Uint32Array()
  }
}

/** A deterministic result. Without `measured`, every seed of the experiment is finished. */
export function fixture(options: FixtureOptions = {}): Result {
  const { measured, numericsId = 'n1', ...rows } = options
  const experiment: Experiment = {
    ...startExperiment,
    initialSizes: [20, 50, 100, 200],
    strategies: ['random', 'margin', 'entropy', 'bald', 'kCenter', 'consistency'],
    querySize: 50,
    budget: 300,
    seeds: 10,
    testSize: 500,
    ...rows
  }
  const { testSize } = experiment
  const done = measured ?? experiment.seeds
  const runs: Run[] = []
  const lines = experiment.strategies.flatMap(strategy =>
    experiment.selectors.map(id => ({ strategy, ...(id === 'random' ? {} : { selector: id }) }))
  )
  for (const initialSize of experiment.initialSizes)
    for (const { strategy, selector } of lines)
      for (let seed = 0; seed < done; seed++) {
        const counts = labelCounts(experiment.grid, initialSize, experiment.querySize, experiment.budget)
        const share = Math.min(1, done - seed)
        const points = counts.slice(0, Math.ceil(counts.length * share)).map((n, round) => {
          const start = selector === undefined ? 'random' : `${selector}@${initialSize}`
          const who = strategy === 'random' || !round ? start : `${strategy}@${initialSize}${selector ?? ''}`
          const grown = Math.min(1, Math.log2(n / initialSize) / 1.5)
          const lift = (gain[strategy] ?? (() => 0.1))(initialSize) * grown
          const correct = trainedBits(seed, n, who, lift, testSize)
          return { labelCount: n, correct: countCorrect(correct), record: recordOf(n, correct, testSize) }
        })
        runs.push({ arm: { strategy, ...(selector && { selector }), initialSize }, seed, numericsId, points })
      }
  return {
    experiment,
    dataset: {
      name: 'Digits',
      fingerprint: '0'.repeat(64),
      shape: { height: 28, width: 28, channels: 1 },
      classNames: [...'0123456789'],
      poolSize: experiment.poolSize,
      testSize
    },
    numerics: [{ id: numericsId, backend: 'wasm', detail: 'simd' }],
    runs,
    ceiling: [0, 1, 2].map(seed => ({
      seed,
      numericsId,
      correct: Math.round(testSize * 0.984),
      labelCount: experiment.poolSize
    }))
  }
}

/** The same result as a link carries it: counts, and no records. */
export function withoutRecords(result: Result): Result {
  return {
    ...result,
    runs: result.runs.map(run => ({
      ...run,
      points: run.points.map(({ labelCount, correct }) => ({ labelCount, correct }))
    }))
  }
}

const names: Record<string, string> = {
  random: 'Random',
  margin: 'Margin',
  entropy: 'Entropy',
  bald: 'BALD',
  kCenter: 'k-center',
  consistency: 'Consistency',
  leastConfidence: 'Least confidence'
}

/** Every line by its name on the page. */
export const namesOf =
  (m: Messages, several = false) =>
  (line: string): string =>
    lineName(m, line, several)

export const nameOf = (strategy: string): string => names[strategy] ?? strategy
