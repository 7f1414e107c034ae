/** Strategies that compare a training with the run's previous one, and strategies that add to the trainings of their arms. */
import { afterEach, expect, it } from 'vitest'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { margin } from '../../src/core/strategies/margin.ts'
import { strategies } from '../../src/core/strategies/index.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { planOf } from '../../src/core/experiment/plan.ts'
import { bitsOf, DirectorBench } from '../support/directorBench.ts'
import { MemoryRecords } from '../support/memoryRecords.ts'

const base: Experiment = {
  ...frozenExperiment,
  poolSize: 200,
  testSize: 100,
  initialSizes: [10],
  querySize: 20,
  budget: 60,
  strategies: ['random', 'tod'],
  seeds: 2
}

const benches: DirectorBench[] = []
async function bench(records = new MemoryRecords()): Promise<DirectorBench> {
  const b = new DirectorBench(records)
  benches.push(b)
  await b.director.open('cpu', 2)
  return b
}
afterEach(() => benches.splice(0).forEach(b => b.director.close()))

it.each([{}, { mode: 'warm' } as const])(
  'TOD with %j: the same picks with and without kept weights',
  async change => {
    const b = await bench()
    const experiment = { ...base, ...change }
    const result = await b.run(experiment)
    const keys = b.trainings().map(t => `${t.seed}:${[...t.labelled]}:${t.before?.[0]}`)
    // weights were kept: nothing was trained twice
    expect(keys).toHaveLength(planOf(experiment).size)
    // the store keeps no weights: whoever goes on from a shorter budget trains the rounds before again
    const records = new MemoryRecords()
    await (await bench(records)).run({ ...experiment, budget: 40 })
    const later = await bench(records)
    expect(bitsOf(await later.run(experiment))).toEqual(bitsOf(result))
    expect(later.trainings().length).toBeGreaterThan(0)
  }
)

it('the trainings of a strategy that adds to its recipe are its own', async () => {
  const adding: Strategy = {
    ...margin,
    id: 'adding',
    recipe: recipe => ({ ...recipe, dropout: recipe.dropout + 0.1 })
  }
  Object.assign(strategies, { adding })
  try {
    const b = await bench()
    const experiment = { ...base, strategies: ['random', 'margin', 'adding'] }
    await b.run(experiment)
    // a seed: Random 10 20 40 60, margin 20 40 60, and the other's 10 20 40 60; and the whole pool
    expect(planOf(experiment).size).toBe(2 * (4 + 3 + 4) + 1)
    expect(b.trainings()).toHaveLength(2 * (4 + 3 + 4) + 1)
    const { done, total } = b.director.progress().trainings
    expect([done, total]).toEqual([23, 23])
    // it trains nothing beside a linear layer
    const linear = await bench()
    await linear.run({ ...experiment, mode: 'linear' })
    expect(linear.notices).toContain('needsNetwork')
  } finally {
    delete (strategies as Record<string, Strategy>).adding
  }
})
