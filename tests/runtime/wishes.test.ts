/** An answer costs what it moves, however many runs there are: counted in calls. */
import { afterEach, expect, it, vi } from 'vitest'
import { Cycle } from '../../src/core/cycle.ts'
import type { Experiment } from '../../src/core/experiment/table.ts'
import { WorkerPool } from '../../src/runtime/pool.ts'
import { DirectorBench } from '../support/directorBench.ts'
import { smallExperiment } from '../support/experiments.ts'
import { MemoryRecords } from '../support/memoryRecords.ts'

const experiment: Experiment = {
  ...smallExperiment,
  initialSizes: [10, 20],
  strategies: ['random', 'margin', 'kCenter', 'learningLoss']
}

const benches: DirectorBench[] = []
afterEach(() => {
  benches.splice(0).forEach(b => b.director.close())
  vi.restoreAllMocks()
})

async function bench(records = new MemoryRecords()): Promise<DirectorBench> {
  const b = new DirectorBench(records)
  benches.push(b)
  await b.director.open('cpu', 2)
  return b
}

/** What each training costs on the way: looks at cycles, and jobs given to the pool. */
async function costs(seeds: number): Promise<{ looks: number; jobs: number }> {
  const b = await bench()
  const spies = [vi.spyOn(Cycle.prototype, 'trainings'), vi.spyOn(Cycle.prototype, 'query')]
  const submit = vi.spyOn(WorkerPool.prototype, 'submit')
  await b.run({ ...experiment, seeds })
  const { total } = b.director.progress().trainings
  const looks = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
  const jobs = submit.mock.calls.length
  vi.restoreAllMocks()
  return { looks: looks / total, jobs: jobs / total }
}

it('with eight times as many runs a training costs no more', async () => {
  const few = await costs(1)
  const many = await costs(8)
  expect(many.looks).toBeLessThan(1.2 * few.looks)
  expect(many.jobs).toBeLessThan(1.2 * few.jobs)
})

it('the store is asked for every answer once, also while others arrive', async () => {
  const records = new MemoryRecords()
  const late = () => new Promise(resolve => setTimeout(resolve, 5))
  const { getMeasurements, getPicks } = MemoryRecords.prototype
  const asked: string[] = []
  records.getMeasurements = async keys => {
    asked.push(...keys)
    await late()
    return getMeasurements.call(records, keys)
  }
  records.getPicks = async keys => {
    asked.push(...keys)
    await late()
    return getPicks.call(records, keys)
  }
  const b = await bench(records)
  await b.run({ ...experiment, seeds: 3 })
  expect(asked.length).toBe(new Set(asked).size)
  expect(asked.length).toBe(records.measurements.size + records.picks.size)
})

it('progress is kept, not counted again; a point is made once', async () => {
  const b = await bench()
  await b.director.run(experiment)
  await b.until(() => b.director.progress().trainings.done > 10)
  const methods = ['trainings', 'query', 'measuredCounts', 'points'] as const
  const spies = methods.map(method => vi.spyOn(Cycle.prototype, method))
  b.director.progress()
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
  const points = () => b.director.result()!.runs.flatMap(run => run.points)
  const before = new Set(points())
  expect(points().filter(point => before.has(point))).toHaveLength(before.size)
})
