/**
 * Results as an experiment gives them, without training anything: each test image has a difficulty, each training a skill,
 * and an image is right when skill and luck exceed its difficulty.
 */
import { countsOf, armsOf, seedsOf } from '../../src/core/experiment/parts.ts'
import { startExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { hashKey } from '../../src/core/keys.ts'
import { derive, rootKey, Stream } from '../../src/core/random.ts'
import { countCorrect, type Measurement } from '../../src/core/record.ts'
import type { Arm, Point, Result } from '../../src/core/result.ts'

export const small: Experiment = {
  ...startExperiment,
  poolSize: 400,
  testSize: 100,
  initialSizes: [20, 50],
  querySize: 50,
  budget: 120,
  strategies: ['random', 'margin', 'kCenter'],
  seeds: 3
}

/** 4 initial sizes x 6 strategies x 10 seeds x 6 or 7 label counts */
export const large: Experiment = {
  ...startExperiment,
  network: 'reference',
  poolSize: 5000,
  initialSizes: [20, 50, 100, 200],
  querySize: 50,
  budget: 300,
  strategies: ['random', 'entropy', 'margin', 'bald', 'kCenter', 'consistency'],
  seeds: 10
}

/** mean 0, variance 1; quick */
const bell = (s: Stream) => 2 * (s.uniform() + s.uniform() + s.uniform()) - 3

const strength: Record<string, number> = { random: 0, entropy: 0.25, margin: 0.3, bald: 0.2, kCenter: 0.12 }

function measure(
  stream: Stream,
  difficulty: Float64Array,
  n: number,
  strategy: string,
  classes: number
): Measurement {
  const testSize = difficulty.length
  const gain = (strength[strategy] ?? 0.05) * Math.min(n / 150, 1)
  const skill = 0.35 * Math.log2(n / 12) + gain + 0.12 * bell(stream)
  const correct = new Uint8Array((testSize + 7) >> 3)
  for (let i = 0; i < testSize; i++)
    if (skill + 0.45 * bell(stream) > difficulty[i]) correct[i >> 3] |= 1 << (i & 7)
  const predicted = Array.from({ length: classes }, () => 0)
  for (let i = 0; i < testSize; i++) predicted[stream.below(classes)]++
  return {
    labelCount: n,
    correct,
    testSize,
    predicted,
    steps: 200 + n,
    trainLoss: stream.uniform() / 10,
    testLoss: 1 - countCorrect(correct) / testSize,
    diagnostics: {
      marginalCrossEntropy: 2.3 + stream.uniform(),
      predictedEntropy: 2 + stream.uniform() / 10,
      predictedClasses: classes,
      meanConfidence: stream.uniform()
    },
    seconds: { train: 1 + stream.uniform(), test: 0.25 }
  }
}

export interface Options {
  records?: boolean
  numericsId?: string
  /** leaves out what this says is not measured (yet) */
  measured?: (strategy: string, initialSize: number, seed: number, n: number) => boolean
}

/** The same arguments give the same result; shared trainings are shared. */
export function simulate(experiment: Experiment, options: Options = {}): Result {
  const { records = true, numericsId = 'wasm-simd-0123456789ab', measured = () => true } = options
  const classNames = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
  const luck = new Stream(derive(rootKey(1, 1), 1))
  const difficulty = Float64Array.from(
    { length: experiment.testSize },
    () => -0.3 - Math.log(1 - luck.uniform()) / 1.45
  )
  const cache = new Map<string, Measurement>()
  const training = (arm: Arm, seed: number, n: number) => {
    const { strategy, initialSize, selector = '' } = arm
    const history = strategy === 'random' || n === initialSize ? 'random' : `${strategy} ${initialSize}`
    const key = hashKey(selector ? [selector, history, seed, n, numericsId] : [history, seed, n, numericsId])
    let m = cache.get(key)
    if (!m) {
      const stream = new Stream(derive(rootKey(seed, 2), ...[...key].map(c => c.charCodeAt(0))))
      cache.set(key, (m = measure(stream, difficulty, n, history === 'random' ? 'random' : strategy, 10)))
    }
    return { key, m }
  }
  const runs = armsOf(experiment).flatMap(arm =>
    seedsOf(experiment).map(seed => {
      const counts = countsOf(experiment, arm)
      const points = counts.flatMap((n, i): Point[] => {
        if (!measured(arm.strategy, arm.initialSize, seed, n)) return []
        const { key, m } = training(arm, seed, n)
        const correct = countCorrect(m.correct)
        if (!records) return [{ labelCount: n, correct }]
        const from = i ? counts[i - 1] : 0
        const added = Uint32Array.from({ length: n - from }, (_, k) => experiment.poolSize - 1 - from - k)
        const classCounts = Array.from({ length: 10 }, (_, c) => Math.floor(n / 10) + (c < n % 10 ? 1 : 0))
        return [
          {
            labelCount: n,
            correct,
            record: { labelCount: n, trainingKey: key, measurement: m, classCounts, added }
          }
        ]
      })
      return { arm, seed, numericsId, points }
    })
  )
  const n = experiment.poolSize
  const { m } = training({ strategy: 'random', initialSize: n }, experiment.firstSeed, n)
  return {
    experiment,
    dataset: {
      name: 'Digits',
      fingerprint: '5e'.repeat(8) + 'c04f1d'.repeat(8),
      shape: { height: 28, width: 28, channels: 1 },
      classNames,
      poolSize: n,
      testSize: experiment.testSize
    },
    numerics: [{ id: numericsId, backend: 'wasm', detail: 'simd' }],
    runs: runs.filter(run => run.points.length),
    ceiling: [{ seed: experiment.firstSeed, numericsId, correct: countCorrect(m.correct), labelCount: n }]
  }
}
