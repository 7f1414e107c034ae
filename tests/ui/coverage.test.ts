import { expect, it } from 'vitest'
import { startExperiment } from '../../src/core/experiment/table.ts'
import { comparable, completeness, coverage } from '../../src/state/coverage.ts'
import { resultOf } from './fakes.ts'

const experiment = { ...startExperiment, initialSizes: [50, 100], querySize: 100, budget: 300, seeds: 2 }

it('counts what is there of what is asked, size by size', () => {
  // from 50: 50, 100, 200, 300; from 100: 100, 200, 300
  expect([...coverage(experiment, resultOf(experiment))]).toEqual([
    [50, 1],
    [100, 1]
  ])
  expect([...coverage(experiment, resultOf(experiment, 100))]).toEqual([
    [50, 1 / 2],
    [100, 1 / 3]
  ])
  expect([...coverage(experiment, undefined).values()]).toEqual([0, 0])
})

it('counts what a result has of its own experiment', () => {
  const runs = 2 * experiment.strategies.length
  expect(completeness(resultOf(experiment))).toEqual({ asked: 7 * runs, there: 7 * runs })
  expect(completeness(resultOf(experiment, 100))).toEqual({ asked: 7 * runs, there: 3 * runs })
})

it('asks for more when sizes, seeds or strategies are added', () => {
  const result = resultOf(experiment)
  expect(coverage({ ...experiment, initialSizes: [20, 50] }, result)).toEqual(
    new Map([
      [20, 0],
      [50, 1]
    ])
  )
  expect(coverage({ ...experiment, seeds: 4 }, result).get(50)).toBe(1 / 2)
})

it('asks for nothing that cannot run in the setting', () => {
  const asked = { ...experiment, strategies: ['random', 'learningLoss'], mode: 'linear' as const }
  const result = resultOf({ ...asked, strategies: ['random'] })
  expect([...coverage(asked, { ...result, experiment: asked }).values()]).toEqual([1, 1])
  const encoder = { ...experiment, selectors: ['random', 'kMeans:encoder'] }
  const random = { ...resultOf({ ...encoder, selectors: ['random'] }), experiment: encoder }
  expect(coverage(encoder, random).get(50)).toBe(1 / 2)
  expect(coverage(encoder, random, { features: true }).get(50)).toBe(1)
})

it('takes nothing from an experiment whose trainings mean something else', () => {
  for (const change of [{ epochs: 3 }, { querySize: 50 }, { dataSeed: 1 }, { network: 'large' as const }]) {
    expect(comparable(experiment, { ...experiment, ...change })).toBe(false)
    expect(coverage({ ...experiment, ...change }, resultOf(experiment)).get(50)).toBe(0)
  }
})
