/** How many trainings an experiment is: counted without their names, it is as many as are planned. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { recipeOf, runnableArms, seedsMayDecide } from '../../src/core/experiment/parts.ts'
import { planOf, trainingCount } from '../../src/core/experiment/plan.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { selectorIds } from '../../src/core/selectors/index.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'

it('is counted as it is planned', () => {
  const some = <T>(of: readonly T[]) => fc.subarray([...of], { minLength: 1, maxLength: 4 })
  const experiments = fc.record({
    initialSizes: some([5, 10, 20, 25, 30, 60]),
    strategies: some(strategyIds),
    selectors: some(selectorIds),
    seeds: fc.integer({ min: 1, max: 4 }),
    querySize: fc.constantFrom(3, 7, 10, 100),
    grid: fc.constantFrom('aligned' as const, 'literal' as const),
    mode: fc.constantFrom('scratch' as const, 'warm' as const, 'linear' as const)
  })
  fc.assert(
    fc.property(experiments, fc.boolean(), (change, features) => {
      const e = { ...frozenExperiment, budget: 60, firstSeed: 3, ...change }
      const given = { features }
      const plan = planOf(e, undefined, runnableArms(e, given), recipeOf(e, given))
      expect(trainingCount(e, given)).toBe(plan.size)
    })
  )
})

it('leaves seeds something to decide unless all of its lines are the same trainings', () => {
  const e = { ...frozenExperiment, initialSizes: [60], budget: 60, strategies: ['random', 'margin'] }
  const decides = (change: object) => seedsMayDecide({ ...e, ...change })
  expect(decides({})).toBe(false)
  expect(decides({ initialSizes: [30, 60] })).toBe(true)
  expect(decides({ initialSizes: [30], strategies: ['random'] })).toBe(false)
  expect(decides({ selectors: ['random', 'kMeans:pixels'], strategies: ['random'] })).toBe(true)
  // a module of its own makes it another training
  expect(decides({ strategies: ['random', 'learningLoss'] })).toBe(true)
})
