import { afterEach, describe, expect, it, vi } from 'vitest'
import { readText, resultText } from '../../src/core/exchange/schema.ts'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { labelCounts } from '../../src/core/grid.ts'
import { initialOrder } from '../../src/core/law.ts'
import type { Result } from '../../src/core/result.ts'
import { selectInitial } from '../../src/core/selection.ts'
import { findSelector } from '../../src/core/selectors/index.ts'
import { planOf } from '../../src/core/experiment/plan.ts'
import { bitsOf, DirectorBench } from '../support/directorBench.ts'
import { fakeView } from '../support/fakeEngine.ts'
import { MemoryRecords } from '../support/memoryRecords.ts'

const base: Experiment = {
  ...frozenExperiment,
  poolSize: 200,
  testSize: 100,
  initialSizes: [10, 20],
  querySize: 20,
  budget: 60,
  strategies: ['random', 'margin', 'kCenter', 'bald', 'consistency'],
  seeds: 2
}

const hop = () => new Promise<void>(resolve => setImmediate(resolve))

const benches: DirectorBench[] = []
async function bench(workers = 2, records = new MemoryRecords()): Promise<DirectorBench> {
  const b = new DirectorBench(records)
  benches.push(b)
  await b.director.open('cpu', workers)
  return b
}
afterEach(() => benches.splice(0).forEach(b => b.director.close()))

describe('director and cycle against a fake engine', () => {
  it('measures every arm at every label count, each training once', async () => {
    const b = await bench()
    const result = await b.run(base)
    expect(result.runs).toHaveLength(2 * 5 * 2)
    for (const run of result.runs)
      expect(run.points.map(p => p.labelCount)).toEqual(labelCounts('aligned', run.arm.initialSize, 20, 60))
    // a seed: Random 10 20 40 60 (round 0 of both sizes among them), then 4 strategies x (20 40 60 from 10; 40 60 from 20)
    const expected = 2 * (4 + 4 * 5) + 1
    expect(planOf(base).size).toBe(expected)
    const keys = b.trainings().map(t => `${t.seed}:${[...t.labelled]}`)
    expect(keys).toHaveLength(expected)
    expect(new Set(keys).size).toBe(expected)
    expect(result.ceiling).toHaveLength(1)
    expect(result.ceiling[0].labelCount).toBe(200)
    expect(b.director.progress().trainings).toEqual({ done: expected, total: expected })
    expect(b.notices).toEqual([])
  })

  it('gives no worker a job before it has the view', async () => {
    const b = await bench(4)
    await b.run(base)
    await vi.waitFor(() => expect(b.pages).toHaveLength(4))
    const told = b.pages.map(page => {
      const mine: string[] = []
      const { post } = page
      page.post = (message, transfer) => {
        mine.push(message.type)
        post(message, transfer)
      }
      return mine
    })
    await b.run({ ...base, poolSize: 150 })
    for (const mine of told) expect(mine.filter(type => type !== 'cancel')[0]).toBe('view')
  })

  it('has no point in its result that is not safe in the store', async () => {
    const records = new MemoryRecords()
    const { putMeasurement } = MemoryRecords.prototype
    const held: (() => void)[] = []
    records.putMeasurement = async (key, m) => {
      await new Promise<void>(resolve => held.push(resolve))
      await putMeasurement.call(records, key, m)
    }
    const b = await bench(1, records)
    const running = b.run({ ...base, seeds: 1, initialSizes: [10], strategies: ['random'] })
    const points = () => b.director.result()?.runs.flatMap(run => run.points).length ?? 0
    for (let written = 0; written < 4; written++) {
      while (!held.length) await hop()
      for (let i = 0; i < 20; i++) await hop()
      expect([points(), records.measurements.size]).toEqual([written, written])
      held.shift()!()
      while (points() === written) await hop()
    }
    // the ceiling
    while (!held.length) await hop()
    held.shift()!()
    await running
  })

  it('gives a result that can be read again, whatever the names of its data', async () => {
    const b = await bench()
    const odd = 'a\u202eb\u0007 ' + 'long '.repeat(60)
    b.view = view => ({ ...view, name: odd, classNames: view.classNames.map((_, c) => `${c}\u200f${odd}`) })
    const result = await b.run({ ...base, seeds: 1, strategies: ['random'] })
    const { result: again } = readText(resultText(result)) as { result: Result }
    expect(again.dataset.name).toMatch(/^ab long long/)
    expect(again.dataset.classNames[1]).toMatch(/^1ab long/)
  })

  it('tells how many test images the largest class has', async () => {
    const b = await bench()
    // 61 of class 3, the others in turn
    const labels = Uint16Array.from({ length: 100 }, (_, i) => (i < 61 ? 3 : i % 3))
    b.view = view => ({ ...view, test: { ...view.test, labels } })
    const { dataset } = await b.run({ ...base, seeds: 1, strategies: ['random'] })
    expect([dataset.majority, dataset.testSize]).toEqual([61, 100])
  })

  it('is paired and nested: one round 0 for all strategies, prefixes of one order, Random flat over the initial size', async () => {
    const b = await bench()
    const { runs } = await b.run(base)
    for (const seed of [0, 1]) {
      const order = initialOrder(seed, 200)
      const mine = runs.filter(r => r.seed === seed)
      for (const run of mine)
        expect([...run.points[0].record!.added]).toEqual([...order.slice(0, run.arm.initialSize)])
      const [from10, from20] = [10, 20].map(n =>
        mine.find(r => r.arm.strategy === 'random' && r.arm.initialSize === n)!
      )
      expect(from20.points.map(p => [p.labelCount, p.correct])).toEqual(
        from10.points.slice(1).map(p => [p.labelCount, p.correct])
      )
    }
  })

  it('never labels an image twice and never leaves the pool', async () => {
    const b = await bench()
    const { runs } = await b.run(base)
    for (const run of runs) {
      const rows = run.points.flatMap(p => [...p.record!.added])
      expect(new Set(rows).size).toBe(60)
      for (const row of rows) expect(row).toBeLessThan(200)
      expect(run.points.at(-1)!.record!.classCounts.reduce((a, c) => a + c)).toBe(60)
    }
  })

  it('tells which arms wait for what is trained, and which training is that on the whole pool', async () => {
    const b = await bench(1)
    const seen = new Map<number, ReturnType<typeof b.director.progress>['now']>()
    b.engines[0].midway = ([{ labelled }]) => void seen.set(labelled.length, b.director.progress().now)
    await b.run({ ...base, seeds: 1, initialSizes: [10, 20], strategies: ['random', 'margin'], budget: 20 })
    const arms = (...of: [string, number][]) =>
      of.map(([strategy, initialSize]) => ({ strategy, initialSize }))
    const start = arms(['random', 10], ['margin', 10])
    expect(seen.get(10)).toMatchObject([{ seed: 0, labelCount: 10, ceiling: false, arms: start }])
    expect(seen.get(200)).toMatchObject([{ seed: 0, labelCount: 200, ceiling: true, arms: [] }])
    expect([...seen.keys()]).toEqual([10, 20, 200])
  })

  it('warm start: every run goes its own way, round after round, and finds it again without its weights', async () => {
    const warm: Experiment = { ...base, mode: 'warm' }
    const b = await bench(2)
    const result = await b.run(warm)
    expect(result.runs).toHaveLength(2 * 5 * 2)
    // a seed: round 0 from 10 and from 20, then 5 strategies x (20 40 60 from 10; 40 60 from 20): nothing else is shared
    const expected = 2 * (2 + 5 * 5) + 1
    expect(planOf(warm).size).toBe(expected)
    expect(b.trainings()).toHaveLength(expected)
    expect(b.director.progress().trainings).toEqual({ done: expected, total: expected })
    // from fresh weights: round 0 of both sizes and seeds, and the whole pool
    expect(b.trainings().filter(t => !t.before)).toHaveLength(2 * 2 + 1)
    const bits = bitsOf(result)
    expect(bits).not.toEqual(bitsOf(await (await bench(1)).run(base)))
    // the store keeps no weights: what comes after a reload is trained again from the first round
    const records = new MemoryRecords()
    const first = await bench(1, records)
    await first.director.run(warm)
    await first.until(() => first.director.progress().trainings.done > 20)
    first.director.close()
    expect(bitsOf(await (await bench(3, records)).run(warm))).toEqual(bits)
  })

  it('the same records with one worker, three workers, paused, killed in mid-round, and resumed from the store', async () => {
    const plain = bitsOf(await (await bench(1)).run(base))
    expect(bitsOf(await (await bench(3)).run(base))).toEqual(plain)

    const paused = await bench(2)
    await paused.director.run(base)
    paused.director.pause()
    const before = paused.trainings().length
    for (let i = 0; i < 30; i++) await hop()
    expect(paused.trainings().length).toBe(before)
    expect(paused.director.progress().phase).toBe('paused')
    paused.director.resume()
    await paused.finished()
    expect(bitsOf(paused.director.result()!)).toEqual(plain)

    const killed = await bench(2)
    await killed.director.run(base)
    await killed.until(() => killed.director.progress().trainings.done > 5)
    killed.pages[0].fail('out of memory')
    await killed.finished()
    expect(killed.notices).toContain('workerRestarted')
    expect(bitsOf(killed.director.result()!)).toEqual(plain)

    const records = new MemoryRecords()
    const first = await bench(2, records)
    await first.director.run(base)
    await first.until(() => first.director.progress().trainings.done > 9)
    first.director.close()
    const stored = records.measurements.size
    const second = await bench(2, records)
    expect(bitsOf(await second.run(base))).toEqual(plain)
    // a training is done again only when a query of it was still open
    expect(second.trainings().length).toBeLessThan(planOf(base).size)
    expect(stored).toBeGreaterThan(9)
  })

  it('keeps what a changed experiment still needs, and returns to an earlier one without training', async () => {
    const b = await bench(2)
    const result = await b.run(base)
    const done = b.trainings().length
    await b.run({ ...base, initialSizes: [10, 20, 40] })
    // new: 4 strategies x {60 from 40} x 2 seeds; round 0 at 40 is done again once a seed, for its queries
    expect(b.trainings().length - done).toBe(2 * (4 + 1))
    expect(b.notices).toEqual([])
    const after = b.trainings().length
    await b.run(base)
    expect(b.trainings().length).toBe(after)
    expect(bitsOf(b.director.result()!)).toEqual(bitsOf(result))
    const { size } = planOf(base)
    expect(b.director.progress().trainings).toEqual({ done: size, total: size })
  })

  it('on another backend everything is computed anew, under its id, and what the first one did is there', async () => {
    const beside = { workers: 1, knows: () => true, numericsId: 'wasm-1' }
    const b = new DirectorBench(undefined, undefined, undefined, undefined, beside)
    benches.push(b)
    const experiment: Experiment = { ...base, strategies: ['random', 'margin'], seeds: 1 }
    const { size } = planOf(experiment)
    for (const [backend, trainings] of [
      ['webgpu', size],
      ['wasm', 2 * size],
      ['webgpu', 2 * size]
    ] as const) {
      await b.director.open(backend, 1)
      expect([b.director.result(), b.director.progress().phase]).toEqual([undefined, 'idle'])
      const { runs, numerics } = await b.run(experiment)
      expect(numerics.map(({ id }) => id)).toEqual([`${backend}-1`])
      expect(new Set(runs.map(run => run.numericsId))).toEqual(new Set([`${backend}-1`]))
      expect(b.trainings()).toHaveLength(trainings)
    }
    expect(b.notices).toEqual([])
  })

  it('work that an edit adds goes before what was queued', async () => {
    const b = await bench(1)
    await b.director.run({ ...base, seeds: 6 })
    await b.until(() => b.director.progress().trainings.done >= 2)
    const before = b.trainings().length
    await b.director.run({ ...base, seeds: 6, initialSizes: [10, 15, 20] })
    await b.until(() => b.trainings().length > before + 1)
    expect(
      b
        .trainings()
        .slice(before, before + 2)
        .map(t => t.labelled.length)
    ).toContain(15)
    await b.finished()
  })

  it('cancelling stops and keeps the finished rounds', async () => {
    const b = await bench(2)
    await b.director.run(base)
    await b.until(() => b.director.progress().trainings.done > 5)
    expect(b.director.experiment).toEqual(base)
    b.director.cancel()
    expect(b.director.progress().phase).toBe('cancelled')
    expect(b.director.experiment).toBeUndefined()
    const points = b.director.result()!.runs.flatMap(r => r.points).length
    expect(points).toBeGreaterThan(0)
    for (let i = 0; i < 30; i++) await hop()
    expect(b.director.progress().phase).toBe('cancelled')
    await b.run(base)
    expect(b.director.result()!.runs.every(r => r.points.at(-1)!.labelCount === 60)).toBe(true)
  })

  it('cancelled and run again at once: nothing the old jobs still say disturbs the new ones', async () => {
    const plain = bitsOf(await (await bench(1)).run({ ...base, seeds: 1 }))
    for (let round = 0; round < 8; round++) {
      const b = await bench(2)
      void b.director.run({ ...base, seeds: 1 })
      await b.until(() => b.director.progress().now.length > 0)
      for (let i = 0; i < round; i++) await hop()
      b.director.cancel()
      expect(bitsOf(await b.run({ ...base, seeds: 1 }))).toEqual(plain)
    }
  })

  it('a training that diverges leaves a gap; the others go on', async () => {
    const b = await bench(2)
    b.diverges = ({ seed, labelled }) => seed === 0 && labelled.length === 40
    const { runs } = await b.run({ ...base, strategies: ['random', 'margin'] })
    expect(b.notices).toContain('diverged')
    const counts = (seed: number, strategy: string) =>
      runs.find(r => r.seed === seed && r.arm.strategy === strategy)!.points.map(p => p.labelCount)
    expect(counts(0, 'random')).toEqual([10, 20, 60])
    expect(counts(0, 'margin')).toEqual([10, 20])
    expect(counts(1, 'margin')).toEqual([10, 20, 40, 60])
  })

  it('only what runs is paused, and only what is paused goes on', async () => {
    const b = await bench(1)
    const small: Experiment = { ...base, seeds: 1, strategies: ['random'], initialSizes: [10] }
    const phases: string[] = []
    const both = () => {
      for (const act of ['pause', 'resume'] as const) {
        b.director[act]()
        phases.push(b.director.progress().phase)
      }
    }
    both()
    await b.run(small)
    both()
    await b.director.run({ ...small, seeds: 2 })
    both()
    b.director.cancel()
    both()
    expect(phases).toEqual([
      ...['idle', 'idle', 'finished', 'finished'],
      ...['paused', 'running', 'cancelled', 'cancelled']
    ])
  })

  it('an edit does not end a pause', async () => {
    const b = await bench(1)
    await b.director.run(base)
    b.director.pause()
    await b.director.run({ ...base, initialSizes: [10, 15, 20] })
    const before = b.trainings().length
    for (let i = 0; i < 20; i++) await hop()
    expect(b.director.progress().phase).toBe('paused')
    expect(b.trainings().length).toBe(before)
    b.director.resume()
    await b.finished()
  })

  it('an experiment whose view cannot be built leaves the one before running', async () => {
    const b = await bench(1)
    await b.director.run(base)
    await expect(b.director.run({ ...base, poolSize: 13 })).rejects.toThrow('too few')
    await b.finished()
    expect(b.director.result()!.experiment.poolSize).toBe(200)
  })

  it('when the last worker is lost and no other opens, it is said, and the rest can be run on new workers', async () => {
    const b = await bench(1)
    await b.director.run({ ...base, seeds: 1 })
    await b.until(() => b.director.progress().trainings.done > 2)
    b.workersLeft = 0
    b.pages[0].fail('lost')
    await b.until(() => b.deserted.length > 0)
    expect(b.deserted).toEqual([true])
    expect(b.director.progress().phase).toBe('failed')
    await expect(b.director.run(base)).rejects.toMatchObject({ code: 'noBackend' })
    b.workersLeft = 1
    await b.director.open('cpu', 1)
    await b.run({ ...base, seeds: 1 })
  })

  it('a store that refuses is reported and stops nothing', async () => {
    const records = new MemoryRecords()
    records.refuses = true
    const b = await bench(2, records)
    const result = await b.run({ ...base, strategies: ['random', 'margin'], seeds: 1 })
    expect(result.runs.every(r => r.points.length > 2)).toBe(true)
    expect(b.notices).toContain('notStored')
  })

  it('picks that were stored short are asked for again', async () => {
    const experiment: Experiment = { ...base, seeds: 1, selectors: ['random', 'kMeans:pixels'] }
    const first = await bench(2)
    const bits = bitsOf(await first.run(experiment))
    const { records } = first
    // of queries, and an initial set
    for (const [key, pick] of records.picks)
      records.picks.set(key, { ...pick, picks: pick.picks.slice(1), scores: pick.scores?.slice(1) })
    const b = await bench(2, records)
    expect(bitsOf(await b.run(experiment))).toEqual(bits)
    expect(b.trainings().length).toBeGreaterThan(0)
    expect(b.notices).toEqual([])
  })

  it('BALD without dropout is left out and said so', async () => {
    const b = await bench(1)
    const result = await b.run({ ...base, dropout: 0, seeds: 1 })
    expect(result.runs.some(r => r.arm.strategy === 'bald')).toBe(false)
    expect(b.notices).toEqual(['needsDropout'])
  })

  it('unlabelled images that a mode has no use for are left out and said so', async () => {
    const b = await bench(1)
    const plain: Experiment = { ...base, mode: 'linear', strategies: ['random'], seeds: 1 }
    const result = await b.run({ ...plain, unlabelled: 'meanTeacher' })
    expect(b.notices).toEqual(['unlabelledLeftOut'])
    expect(b.engines[0].recipes.every(recipe => !recipe.unlabelled)).toBe(true)
    expect(bitsOf(await b.run(plain))).toEqual(bitsOf(result))
    expect(b.notices).toHaveLength(1)
  })

  it('a training that is done again for a query and ends otherwise is said, and what was first stays', async () => {
    const first = await bench(1)
    const experiment: Experiment = {
      ...base,
      strategies: ['margin'],
      initialSizes: [10],
      budget: 20,
      seeds: 1
    }
    await first.run(experiment)
    const { records } = first
    records.picks.clear()
    const { trainingKey } = first.director.result()!.runs[0].points[0].record!
    const other = records.measurements.get(trainingKey)!
    records.measurements.set(trainingKey, { ...other, correct: other.correct.map(byte => byte ^ 1) })
    const b = await bench(1, records)
    const { runs } = await b.run(experiment)
    expect(b.notices).toEqual(['numericsChanged'])
    expect(runs[0].points[0].record!.measurement.correct).toEqual(other.correct.map(byte => byte ^ 1))
  })

  it('a slow store: nothing is trained twice while answers are on their way to it', async () => {
    const records = new MemoryRecords()
    const late = () => new Promise(resolve => setTimeout(resolve, 15))
    const { putMeasurement, putPick } = MemoryRecords.prototype
    records.putMeasurement = (key, m) => late().then(() => putMeasurement.call(records, key, m))
    records.putPick = (key, p) => late().then(() => putPick.call(records, key, p))
    const b = await bench(2, records)
    const result = await b.run({ ...base, seeds: 1 })
    expect(b.trainings()).toHaveLength(planOf({ ...base, seeds: 1 }).size)
    expect(result.runs.every(r => r.points.at(-1)!.labelCount === 60)).toBe(true)
  })

  it('opening other workers drops what runs, and the experiment can be run again on them', async () => {
    const b = await bench(2)
    await b.director.run(base)
    await b.until(() => b.director.progress().trainings.done > 3)
    await b.director.open('cpu', 3)
    expect(b.director.progress().phase).toBe('idle')
    const before = b.trainings().length
    await b.run(base)
    expect(b.director.result()!.runs.every(r => r.points.at(-1)!.labelCount === 60)).toBe(true)
    expect(b.trainings().length - before).toBeLessThan(planOf(base).size)
  })

  it('another numericsId shares no record', async () => {
    const records = new MemoryRecords()
    await (await bench(1, records)).run({ ...base, seeds: 1 })
    const other = new DirectorBench(records, 'fake-2')
    benches.push(other)
    await other.director.open('cpu', 1)
    await other.run({ ...base, seeds: 1 })
    expect(other.trainings().length).toBe(planOf({ ...base, seeds: 1 }).size)
  })

  it('several selectors: an arm each, the sets of one that stands on features asked for once and kept', async () => {
    const b = await bench(2)
    const selectors = ['random', 'balanced', 'kMeans:pixels', 'kCenter:pixels']
    const experiment: Experiment = { ...base, selectors, strategies: ['random', 'margin'] }
    const result = await b.run(experiment)
    const { runs } = result
    expect(runs).toHaveLength(2 * 4 * 2 * 2)
    expect(new Set(runs.map(r => r.arm.selector))).toEqual(new Set([undefined, ...selectors.slice(1)]))
    const first = (selector: string | undefined, initialSize: number, seed: number, strategy = 'margin') =>
      runs
        .find(
          r =>
            r.seed === seed &&
            r.arm.selector === selector &&
            r.arm.strategy === strategy &&
            r.arm.initialSize === initialSize
        )!
        .points.map(p => [...p.record!.added])
    for (const selector of [undefined, ...selectors.slice(1)])
      for (const size of [10, 20]) {
        // all strategies of a seed start from the same set
        expect(first(selector, size, 1)[0]).toEqual(first(selector, size, 1, 'random')[0])
        expect(new Set(first(selector, size, 1)[0]).size).toBe(size)
      }
    const view = fakeView(200)
    for (const seed of [0, 1])
      expect(first('kMeans:pixels', 20, seed)[0]).toEqual([
        ...selectInitial(view, findSelector('kMeans:pixels')!, {
          seed,
          size: 20,
          bases: { pixels: 'pixels@1' }
        })
      ])
    expect(first('kCenter:pixels', 10, 0)[0]).toEqual(first('kCenter:pixels', 10, 1)[0])
    // Random goes on along the order past whatever was chosen
    const [start, next] = first('kMeans:pixels', 10, 0, 'random')
    const order = [...initialOrder(0, 200)].filter(row => !start.includes(row))
    expect(next).toEqual(order.slice(0, 10))
    const { trainings } = b.director.progress()
    expect(trainings.done).toBe(trainings.total)
    // nothing is computed again
    const again = await bench(1, b.records)
    expect((await again.run(experiment)).runs).toEqual(runs)
    expect(again.trainings()).toHaveLength(0)
  })

  it('an initial set that cannot be chosen ends the work and is said, and can be asked for again', async () => {
    let fails = true
    const b = new DirectorBench(undefined, undefined, undefined, async (_source, _knobs, request) => {
      if (fails) throw new Error('out of memory')
      const picks = selectInitial(fakeView(200), findSelector(request.selector)!, request)
      return { picks, seconds: 0 }
    })
    benches.push(b)
    await b.director.open('cpu', 1)
    const experiment: Experiment = { ...base, selectors: ['typiClust:pixels'], seeds: 1 }
    await b.director.run(experiment)
    await expect.poll(() => b.director.progress().phase).toBe('failed')
    expect(b.notices).toContain('selectionFailed')
    fails = false
    const { runs } = await b.run(experiment)
    expect(runs.every(({ points }) => points.length > 1)).toBe(true)
  })

  it('balanced initial sets: prefixes of the balanced order; Random then depends on the initial size', async () => {
    const b = await bench(2)
    const experiment: Experiment = { ...base, selectors: ['balanced'], strategies: ['random', 'margin'] }
    const { runs } = await b.run(experiment)
    for (const run of runs)
      expect(run.points[0].record!.classCounts).toEqual(new Array(5).fill(run.arm.initialSize / 5))
    // where two arms come to the same labelled set they share its training, so the plan is an upper bound
    expect(b.trainings().length).toBeLessThanOrEqual(planOf(experiment).size)
    const labelledSets = runs.flatMap(({ seed, points }) => {
      const added = points.map(p => [...p.record!.added])
      return added.map(
        (_, i) =>
          `${seed}: ${added
            .slice(0, i + 1)
            .flat()
            .sort()}`
      )
    })
    expect(b.trainings().length).toBe(new Set(labelledSets).size + 1)
    const random = [10, 20].map(n =>
      runs.find(r => r.arm.strategy === 'random' && r.arm.initialSize === n && r.seed === 0)!
    )
    expect([...random[0].points[1].record!.added]).not.toEqual([
      ...random[1].points[0].record!.added.slice(10)
    ])
  })
})
