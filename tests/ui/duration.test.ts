/** How long an experiment takes is said where everything in it was timed here, and nowhere else. */
import { describe, expect, it } from 'vitest'
import { startExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import type { RoundRecord } from '../../src/core/record.ts'
import type { Result } from '../../src/core/result.ts'
import { secondsOf } from '../../src/state/duration.ts'
import { backend, resultOf } from './fakes.ts'

/** Label counts 50, 100, 200, 300, and 100 steps in every training, also of the ceiling. */
const e: Experiment = {
  ...startExperiment,
  poolSize: 2000,
  initialSizes: [50],
  querySize: 100,
  budget: 300,
  strategies: ['random', 'margin'],
  seeds: 2,
  epochs: 1,
  stepsFloor: 100
}
/** random's four trainings, and margin's but for the first, which is the same */
const A_SEED = 7

/** A second of training and half a second of test in every round, and so much for a query of margin's. */
function timed(experiment: Experiment, querySeconds?: number): Result {
  const result = resultOf(experiment)
  const runs = result.runs.map(run => ({
    ...run,
    points: run.points.map((point, round) => ({
      ...point,
      record: {
        measurement: { steps: 100, seconds: { train: 1, test: 0.5 } },
        ...(round && run.arm.strategy === 'margin' && { querySeconds })
      } as RoundRecord
    }))
  }))
  return { ...result, runs }
}
const here = (workers = 1) => ({ numericsId: backend.numericsId, workers })

describe('the time of an experiment', () => {
  it('is that of its trainings, by as many workers as there are, and of the ceiling after them', () => {
    const of = (experiment: Experiment, workers: number) => secondsOf(experiment, {}, timed(e), here(workers))
    expect(of(e, 1)).toBeCloseTo((2 * A_SEED + 1) * 1.5)
    expect(of(e, 2)).toBeCloseTo((A_SEED + 1) * 1.5)
    expect(of({ ...e, seeds: 10 }, 1)).toBeCloseTo((10 * A_SEED + 1) * 1.5)
    // another start: one training for both, and margin's at 100, 200 and 300 labels; random's are there
    expect(of({ ...e, seeds: 1, initialSizes: [20, 50] }, 1)).toBeCloseTo((A_SEED + 1 + 3 + 1) * 1.5)
    expect(of({ ...e, strategies: ['random'] }, 1)).toBeCloseTo((2 * 4 + 1) * 1.5)
  })

  it('counts queries, at most one a training', () => {
    const without = secondsOf(e, {}, timed(e), here())!
    const asked = secondsOf(e, {}, timed(e, 2), here())! - without
    expect(asked).toBeGreaterThan(0)
    expect(asked).toBeLessThan((2 * A_SEED + 1) * 2)
  })

  it.each<[string, Partial<Experiment>]>([
    ['a strategy that was not run', { strategies: ['random', 'entropy'] }],
    ['another network', { network: 'large' }],
    ['other images', { poolSize: 1500 }],
    ['another law of training', { stepsFloor: 300 }]
  ])('is not known with %s', (_, rows) => {
    expect(secondsOf({ ...e, ...rows }, {}, timed(e), here())).toBeUndefined()
  })

  it('is not known without seconds from here, on another backend, or where a pretraining comes first', () => {
    expect(secondsOf(e, {}, undefined, here())).toBeUndefined()
    expect(secondsOf(e, {}, resultOf(e), here())).toBeUndefined()
    expect(secondsOf(e, {}, timed(e), here(0))).toBeUndefined()
    expect(secondsOf(e, {}, timed(e), { ...here(), numericsId: undefined })).toBeUndefined()
    expect(secondsOf(e, {}, timed(e), { ...here(), numericsId: 'webgpu-0' })).toBeUndefined()
    const linear = { ...e, mode: 'linear' as const }
    expect(secondsOf(linear, {}, timed(linear), here())).toBeUndefined()
    const own = { ...e, strategies: ['random', 'learningLoss'] } as Experiment
    expect(secondsOf(e, {}, timed(own), here())).toBeUndefined()
  })
})
