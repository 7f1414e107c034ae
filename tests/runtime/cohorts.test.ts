/** Cohorts: what trains together, what comes first, what a lost device leaves behind. Bits never depend on any of it. */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { planOf } from '../../src/core/experiment/plan.ts'
import { bitsOf, DirectorBench } from '../support/directorBench.ts'
import { FakeEngine, fakeView } from '../support/fakeEngine.ts'
import { MemoryRecords } from '../support/memoryRecords.ts'

const experiment: Experiment = {
  ...frozenExperiment,
  poolSize: 120,
  testSize: 40,
  initialSizes: [10, 20],
  querySize: 20,
  budget: 60,
  strategies: ['random', 'margin', 'kCenter'],
  seeds: 3
}

const benches: DirectorBench[] = []
afterEach(() => benches.splice(0).forEach(b => b.director.close()))

async function bench(
  together: number | undefined,
  prepare: (engine: FakeEngine, b: DirectorBench) => void = () => {},
  records = new MemoryRecords()
): Promise<DirectorBench> {
  const b = new DirectorBench(records)
  benches.push(b)
  b.prepare = engine => {
    engine.together = together
    prepare(engine, b)
  }
  await b.director.open('webgpu', 1)
  return b
}

const lost = (what = 'gone') => Object.assign(new Error(what), { code: 'lost' })
const cohortsOf = (b: DirectorBench) => b.engines.flatMap(e => e.cohorts)

let plain: ReturnType<typeof bitsOf>
beforeAll(async () => {
  const b = await bench(undefined)
  plain = bitsOf(await b.run(experiment))
})

describe('cohorts', () => {
  it('hold trainings of one label count, each once, lower seeds first, and everything that is ready', async () => {
    const b = await bench(64)
    expect(bitsOf(await b.run(experiment))).toEqual(plain)
    const cohorts = cohortsOf(b)
    expect(cohorts.reduce((n, c) => n + c.seeds.length, 0)).toBe(planOf(experiment).size)
    for (const { seeds } of cohorts) expect(seeds).toEqual([...seeds].sort((a, z) => a - z))
    // round 0 of 10 for three seeds; at 20 Random (round 0 of 20) and two strategies from 10; from 40 on also two from 20
    expect(cohorts.map(c => [c.labelCount, c.seeds.length])).toEqual([
      [10, 3],
      [20, 9],
      [40, 15],
      [60, 15],
      [120, 1]
    ])
  })

  it('are no larger than the engine wants them', async () => {
    const b = await bench(4)
    expect(bitsOf(await b.run(experiment))).toEqual(plain)
    const cohorts = cohortsOf(b)
    expect(Math.max(...cohorts.map(c => c.seeds.length))).toBe(4)
    // the lowest seeds are not kept waiting for the others
    expect(cohorts[1]).toEqual({ labelCount: 20, seeds: [0, 0, 0, 1] })
  })

  it('are filled with what a slow store is still keeping', async () => {
    const records = new MemoryRecords()
    const late = () => new Promise(resolve => setTimeout(resolve, 10))
    const { putMeasurement, putPick } = MemoryRecords.prototype
    records.putMeasurement = (key, m) => late().then(() => putMeasurement.call(records, key, m))
    records.putPick = (key, p) => late().then(() => putPick.call(records, key, p))
    const b = await bench(64, undefined, records)
    await b.run(experiment)
    expect(cohortsOf(b).map(c => c.seeds.length)).toEqual([3, 9, 15, 15, 1])
  })

  it('do not wait for ever for an answer that the store does not take', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const records = new MemoryRecords()
    const { putMeasurement } = MemoryRecords.prototype
    let puts = 0
    records.putMeasurement = (key, m) =>
      ++puts === 1 ? new Promise(() => {}) : putMeasurement.call(records, key, m)
    const b = await bench(64, undefined, records)
    const turns = async () => {
      for (let i = 0; i < 100; i++) await new Promise<void>(resolve => setImmediate(resolve))
    }
    await b.director.run(experiment)
    await turns()
    const before = b.trainings().length
    expect(b.director.progress().now).toEqual([])
    // the others go on
    await vi.advanceTimersByTimeAsync(3000)
    await turns()
    expect(b.trainings().length).toBeGreaterThan(before)
    // and then those that follow from it: memory keeps it
    await vi.advanceTimersByTimeAsync(60_000)
    await b.finished()
    expect(bitsOf(b.director.result()!)).toEqual(plain)
    expect(b.notices).toEqual(['notStored'])
    vi.useRealTimers()
  })

  it('are as large as the engine wants on their own view, whatever it still says of the one before', async () => {
    // asked about the first view, it answers when the second is asked for already
    let loaded = () => {}
    const loading = new Promise<void>(resolve => (loaded = resolve))
    const b = await bench(64, engine => {
      const { load, preferredCohort } = FakeEngine.prototype
      let view = ''
      engine.load = async next => {
        if (!view) await loading
        view = next.key
        await load.call(engine, next)
      }
      engine.preferredCohort = recipe =>
        view === fakeView(120, 40).key ? 2 : preferredCohort.call(engine, recipe)
    })
    await b.director.run({ ...experiment, poolSize: 200 })
    await b.director.run(experiment)
    loaded()
    await b.finished()
    expect(Math.max(...cohortsOf(b).map(c => c.seeds.length))).toBe(2)
    expect(bitsOf(b.director.result()!)).toEqual(plain)
  })

  it('are suspended for what an edit adds, and go on', async () => {
    let edited = false
    const b = await bench(64, (engine, { director }) => {
      engine.midway = async cohort => {
        if (cohort[0].labelled.length !== 40 || edited) return
        edited = true
        await director.run({ ...experiment, initialSizes: [10, 15, 20] })
      }
    })
    await b.director.run(experiment)
    await b.until(() => b.director.result()?.experiment.initialSizes.length === 3)
    await b.finished()
    const order = b.trainings().map(t => t.labelled.length)
    // 15 labels came to its end before the 40 that were under way
    expect(order.indexOf(15)).toBeGreaterThan(0)
    expect(order.indexOf(15)).toBeLessThan(order.indexOf(40))
    expect(b.trainings().length).toBe(planOf({ ...experiment, initialSizes: [10, 15, 20] }).size)
    await b.run(experiment)
    expect(bitsOf(b.director.result()!)).toEqual(plain)
  })

  it('paused and resumed, and cancelled and run again', async () => {
    const b = await bench(64)
    await b.director.run(experiment)
    await b.until(() => b.director.progress().now.length > 3)
    b.director.pause()
    const before = b.trainings().length
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(b.trainings().length).toBe(before)
    b.director.resume()
    await b.until(() => b.director.progress().trainings.done > 12)
    b.director.cancel()
    expect(bitsOf(await b.run(experiment))).toEqual(plain)
  })

  it('one that diverges takes nobody along', async () => {
    const b = await bench(64)
    b.diverges = ({ seed, labelled }) => seed === 0 && labelled.length === 40
    const { runs } = await b.run(experiment)
    expect(b.notices.filter(code => code === 'diverged')).toHaveLength(5)
    for (const run of runs.filter(r => r.seed !== 0)) expect(run.points.at(-1)!.labelCount).toBe(60)
    expect(cohortsOf(b).filter(c => c.labelCount === 40)).toHaveLength(1)
  })

  it('one that fails is found by trying each alone', async () => {
    const b = await bench(64, engine => {
      engine.midway = cohort => {
        if (cohort.some(r => r.seed === 1 && r.labelled.length === 10)) throw new RangeError('bad')
      }
    })
    await b.director.run(experiment)
    await b.until(() => b.director.progress().phase === 'failed')
    expect(b.notices).toContain('trainingFailed')
    const tens = cohortsOf(b).filter(c => c.labelCount === 10)
    expect(tens[0].seeds).toEqual([0, 1, 2])
    expect(tens.slice(1).every(c => c.seeds.length === 1)).toBe(true)
    // together, and twice alone
    expect(tens.filter(c => c.seeds[0] === 1)).toHaveLength(2)
  })
})

it('an engine that cannot say how many fit together is given one, and its error is told', async () => {
  const b = await bench(64, engine => {
    engine.preferredCohort = () => {
      throw new RangeError('too small for its blocks')
    }
    engine.midway = () => {
      throw new RangeError('too small for its blocks')
    }
  })
  await b.director.run(experiment)
  await b.until(() => b.director.progress().phase === 'failed')
  expect(b.notices).toEqual(['trainingFailed'])
})

describe('a lost device', () => {
  it('in the middle of a round: opened again, the same bits, nothing finished is done again', async () => {
    let losses = 0
    const b = await bench(64, engine => {
      engine.midway = cohort => {
        if (cohort[0].labelled.length === 40 && losses++ === 0) throw lost()
      }
    })
    expect(bitsOf(await b.run(experiment))).toEqual(plain)
    expect(b.engines).toHaveLength(2)
    expect(b.notices).toEqual(['deviceRestarted'])
    expect(b.trainings()).toHaveLength(planOf(experiment).size)
    // once is no reason for smaller cohorts
    expect(
      cohortsOf(b)
        .filter(c => c.labelCount === 40)
        .map(c => c.seeds.length)
    ).toEqual([15, 15])
  })

  it('again and again: smaller cohorts, until they fit', async () => {
    const b = await bench(64, engine => {
      engine.midway = cohort => {
        if (cohort.length > 4) throw lost('out of memory')
      }
    })
    expect(bitsOf(await b.run(experiment))).toEqual(plain)
    // 9 and 9 are lost; from then on a quarter of it
    expect(
      cohortsOf(b)
        .map(c => c.seeds.length)
        .slice(0, 5)
    ).toEqual([3, 9, 9, 3, 3])
    expect(b.deserted).toEqual([])
    expect(
      Math.max(
        ...cohortsOf(b)
          .slice(3)
          .map(c => c.seeds.length)
      )
    ).toBe(3)
  })

  it('for good: said, and what was finished is there for another backend', async () => {
    const b = await bench(64, engine => {
      engine.midway = cohort => {
        if (cohort[0].labelled.length >= 40) throw lost()
      }
    })
    await b.director.run(experiment)
    await b.until(() => b.deserted.length > 0)
    expect(b.deserted).toEqual([true])
    expect(b.notices.at(-1)).toBe('lost')
    expect(b.notices).not.toContain('trainingFailed')
    expect(b.director.result()!.runs.every(r => r.points.length >= 1)).toBe(true)
    expect(
      cohortsOf(b)
        .filter(c => c.labelCount === 40)
        .map(c => c.seeds.length)
    ).toEqual([15, 15, 4, 1])
    const before = b.trainings().length
    b.prepare = () => {}
    await b.director.open('wasm', 2)
    expect(bitsOf(await b.run(experiment))).toEqual(plain)
    // this fake's numericsId is the same: only what was missing is done, and round 0 of what waits for its picks
    expect(b.trainings().length - before).toBeLessThanOrEqual(planOf(experiment).size - before + 9)
  })

  it('that needs a moment to come back is waited for', async () => {
    const b = new DirectorBench(new MemoryRecords(), 'fake-1', [5, 60])
    benches.push(b)
    let losses = 0
    b.prepare = engine => {
      engine.together = 64
      engine.midway = () => {
        if (losses++ !== 1) return
        b.workersLeft = 0
        setTimeout(() => (b.workersLeft = Infinity), 30)
        throw lost()
      }
    }
    await b.director.open('webgpu', 1)
    expect(bitsOf(await b.run(experiment))).toEqual(plain)
    expect(b.deserted).toEqual([])
    expect(b.engines).toHaveLength(2)
  })
})
