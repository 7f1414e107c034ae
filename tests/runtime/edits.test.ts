/** An edit takes time to prepare: until it is there, all is as it was before it, whatever happens meanwhile. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Experiment } from '../../src/core/experiment/table.ts'
import { initialOrder } from '../../src/core/law.ts'
import { knowsRecipe } from '../../src/engine/fast/known.ts'
import { selectInitial } from '../../src/core/selection.ts'
import { findSelector } from '../../src/core/selectors/index.ts'
import { KeptCycles } from '../../src/runtime/arrangement.ts'
import type { Beside } from '../../src/runtime/pools.ts'
import { bitsOf, DirectorBench } from '../support/directorBench.ts'
import { smallExperiment as one } from '../support/experiments.ts'
import { fakeView } from '../support/fakeEngine.ts'
import { MemoryRecords } from '../support/memoryRecords.ts'

vi.mock(import('../../src/core/law.ts'), async original => {
  const law = await original()
  return { ...law, initialOrder: vi.fn(law.initialOrder) }
})

const other: Experiment = { ...one, poolSize: 300, testSize: 50 }
const impossible: Experiment = { ...one, poolSize: 13 }

const benches: DirectorBench[] = []
afterEach(() => benches.splice(0).forEach(b => b.director.close()))

async function bench({ records = new MemoryRecords(), beside }: Partial<Wanted> = {}) {
  const b = new DirectorBench(records, undefined, undefined, undefined, beside)
  benches.push(b)
  await b.director.open(beside ? 'webgpu' : 'cpu', 1)
  return b
}
interface Wanted {
  records: MemoryRecords
  beside: Beside
}

/** A promise that somebody else lets go. */
function gate() {
  let open = () => {}
  const shut = new Promise<void>(resolve => (open = resolve))
  return { shut, open }
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise<void>(resolve => setImmediate(resolve))
}
const phase = (b: DirectorBench) => b.director.progress().phase

/** A director that computes `one`, and an edit of it that is being prepared until `open`. */
async function editing(edit: Experiment) {
  const b = await bench()
  await b.director.run(one)
  const { shut, open } = gate()
  b.gathering = () => shut
  const edited = b.director.run(edit)
  return { b, open, edited }
}

it('an edit sorts the pool once a seed, however many arms there are', async () => {
  const b = await bench()
  await b.run(one)
  const many: Experiment = { ...one, initialSizes: [10, 30, 50], selectors: ['random', 'balanced'], seeds: 3 }
  vi.mocked(initialOrder).mockClear()
  await b.director.run(many)
  expect(vi.mocked(initialOrder)).toHaveBeenCalledTimes(3)
})

it('a data set that is called otherwise is the same: what is under way goes on', async () => {
  const b = await bench()
  const source = { kind: 'stored', fingerprint: 'f'.repeat(64), name: 'old' } as const
  let name = 'old'
  b.view = view => ({ ...view, name })
  const { shut, open } = gate()
  b.engines[0].midway = () => shut
  await b.director.run({ ...one, source })
  await b.until(() => b.director.progress().now.length > 0)
  name = 'new'
  await b.director.run({ ...one, source: { ...source, name } })
  open()
  await b.finished()
  const { total } = b.director.progress().trainings
  expect(b.engines[0].cohorts).toHaveLength(total)
  expect(b.director.result()!.dataset.name).toBe('new')
})

it('cycles of the last four protocols are kept', () => {
  const kept = new KeptCycles()
  const first = kept.of('a')
  for (const protocol of ['b', 'c', 'a', 'd', 'e']) kept.of(protocol)
  expect(kept.of('a')).toBe(first)
  for (const protocol of ['b', 'c', 'd', 'e']) kept.of(protocol)
  expect(kept.of('a')).not.toBe(first)
})

it('coming back is a look-up, also past many other protocols', async () => {
  const b = await bench()
  const bits = bitsOf(await b.run(one))
  for (const learningRate of [0.002, 0.003, 0.004, 0.005, 0.006]) await b.run({ ...one, learningRate })
  const { length } = b.trainings()
  expect(bitsOf(await b.run(one))).toEqual(bits)
  expect(b.trainings()).toHaveLength(length)
})

it('what is overtaken while the store is asked is not computed', async () => {
  const records = new MemoryRecords()
  const b = await bench({ records })
  // from here on its worker begins at once
  await b.run({ ...one, seeds: 1 })
  const { shut, open } = gate()
  const find = records.getMeasurements.bind(records)
  records.getMeasurements = async keys => {
    await shut
    return find(keys)
  }
  const { recipes } = b.engines[0]
  const before = recipes.length
  const first = b.director.run({ ...one, seeds: 3 })
  await turns(5)
  const second = b.director.run({ ...one, learningRate: 0.002 })
  await turns(5)
  open()
  await Promise.all([first, second])
  await b.finished()
  expect(new Set(recipes.slice(before).map(({ learningRate }) => learningRate))).toEqual(new Set([0.002]))
})

it('an initial set that is being chosen is not asked for again', async () => {
  const { shut, open } = gate()
  const asked: string[] = []
  const b = new DirectorBench(undefined, undefined, undefined, async (_source, _knobs, request) => {
    asked.push(`${request.seed} ${request.size}`)
    await shut
    return {
      picks: selectInitial(fakeView(one.poolSize, one.testSize), findSelector(request.selector)!, request),
      seconds: 0
    }
  })
  benches.push(b)
  await b.director.open('cpu', 1)
  const chosen: Experiment = { ...one, selectors: ['kMeans:pixels'] }
  await b.director.run(chosen)
  await b.director.run({ ...chosen, initialSizes: [10, 20] })
  await turns(5)
  expect(asked.sort()).toEqual(['0 10', '0 20', '1 10', '1 20'])
  open()
  await b.finished()
  expect(asked).toHaveLength(4)
})

describe('while an edit is prepared', () => {
  it('what was computed before goes on, to its end', async () => {
    const { b, open, edited } = await editing(other)
    expect(phase(b)).toBe('running')
    await b.until(() => phase(b) === 'preparing')
    expect(b.director.progress().trainings).toEqual({ done: 0, total: 0 })
    open()
    await edited
    expect(phase(b)).toBe('running')
    await b.finished()
    expect(b.director.result()!.experiment.poolSize).toBe(300)
  })

  it('and comes to nothing, what has ended stays ended', async () => {
    const { b, open, edited } = await editing(impossible)
    await b.until(() => phase(b) === 'preparing')
    open()
    await expect(edited).rejects.toThrow('too few')
    expect(phase(b)).toBe('finished')
  })

  it.each([
    ['another experiment', other],
    ['one that is refused', impossible]
  ])('%s: a pause that is asked for is kept, and ends when it is ended', async (_name, edit) => {
    const { b, open, edited } = await editing(edit)
    b.director.pause()
    open()
    await edited.catch(() => {})
    expect(phase(b)).toBe('paused')
    await turns(5)
    const before = b.trainings().length
    await turns(20)
    expect(b.trainings()).toHaveLength(before)
    b.director.resume()
    await b.finished()
  })

  it.each([
    ['another experiment', other],
    ['one that is refused', impossible]
  ])('%s: a pause that is ended is ended', async (_name, edit) => {
    const b = await bench()
    await b.director.run(one)
    b.director.pause()
    const { shut, open } = gate()
    b.gathering = () => shut
    const edited = b.director.run(edit)
    expect(phase(b)).toBe('paused')
    b.director.resume()
    open()
    await edited.catch(() => {})
    expect(phase(b)).toBe('running')
    await b.finished()
  })

  it('cancelling calls off both', async () => {
    const { b, open, edited } = await editing(other)
    b.director.cancel()
    open()
    await edited
    await turns(5)
    expect(phase(b)).toBe('cancelled')
    expect(b.director.result()!.experiment.poolSize).toBe(one.poolSize)
    const before = b.trainings().length
    await turns(20)
    expect(b.trainings()).toHaveLength(before)
  })

  it('one that is overtaken says nothing, not even that it was impossible', async () => {
    const { b, open, edited } = await editing(impossible)
    b.gathering = async () => {}
    await b.director.run(other)
    open()
    await edited
    await b.finished()
    expect(b.director.result()!.experiment.poolSize).toBe(300)
  })

  it('the workers die for good: it is work that was lost, also where nothing was computed before', async () => {
    const b = await bench()
    const { shut, open } = gate()
    b.gathering = () => shut
    const first = b.director.run(one)
    b.workersLeft = 0
    b.pages[0].fail('out of memory')
    await b.until(() => b.deserted.length > 0)
    expect(b.deserted).toEqual([true])
    expect(phase(b)).toBe('failed')
    open()
    await first
    expect(phase(b)).toBe('failed')
    b.workersLeft = 1
    await b.director.open('cpu', 1)
    await b.run(one)
  })
})

describe('what is run while something else is paused', () => {
  const slower = { ...one, learningRate: 0.002 }

  /** A director that has paused `one` with trainings under way, and how much was started and done of it. */
  async function paused() {
    const b = await bench()
    await b.director.run(one)
    await b.until(() => b.director.progress().now.length > 0)
    b.director.pause()
    await turns(20)
    return { b, started: b.engines[0].cohorts.length, done: b.trainings().length }
  }
  /** The same, and the other one being prepared until `open`. */
  async function running(next: Experiment) {
    const stands = await paused()
    const { shut, open } = gate()
    stands.b.gathering = () => shut
    return { ...stands, open, edited: stands.b.director.run(next, false) }
  }

  it('is prepared while that rests, and goes on', async () => {
    const { b, started, open, edited } = await running(other)
    await turns(50)
    expect([b.engines[0].cohorts.length, phase(b)]).toEqual([started, 'preparing'])
    open()
    await edited
    expect(phase(b)).toBe('running')
    await b.finished()
    // nothing more of the one before, not for a step
    expect(b.engines[0].cohorts.length - started).toBe(b.director.progress().trainings.total)
  })

  it('has its place at once where both stand on the same', async () => {
    const b = await bench()
    await b.director.run(one)
    b.director.pause()
    // until it is known how many trainings the worker does at once
    await turns(20)
    await b.director.run(slower, false)
    await b.finished()
    expect(b.engines[0].recipes.filter(({ learningRate }) => learningRate !== 0.002)).toEqual([])
  })

  it('and comes to nothing: that is paused as before', async () => {
    const { b, done, open, edited } = await running(impossible)
    open()
    await expect(edited).rejects.toThrow('too few')
    expect(phase(b)).toBe('paused')
    await turns(50)
    expect(b.trainings()).toHaveLength(done)
    expect(b.director.result()!.experiment).toEqual(one)
    // and an edit does not end that pause
    b.gathering = async () => {}
    await b.director.run({ ...one, seeds: 1 })
    await turns(50)
    expect(phase(b)).toBe('paused')
    b.director.resume()
    await b.finished()
  })

  it('goes on also as it is edited meanwhile', async () => {
    const { b, open } = await running(other)
    const edited = b.director.run({ ...other, seeds: 1 })
    open()
    await edited
    await b.finished()
  })

  it('goes on where the workers die meanwhile', async () => {
    const { b, open, edited } = await running(other)
    const pauses: boolean[] = []
    b.onDeserted = paused => pauses.push(paused)
    b.workersLeft = 0
    b.pages[0].fail('out of memory')
    await b.until(() => b.deserted.length > 0)
    expect(pauses).toEqual([false])
    open()
    await edited
  })

  it('waits where a pause is asked for meanwhile', async () => {
    const b = await bench()
    await b.director.run(one)
    const { shut, open } = gate()
    b.gathering = () => shut
    const edited = b.director.run(other, false)
    b.director.pause()
    open()
    await edited
    expect(phase(b)).toBe('paused')
    b.director.resume()
    await b.finished()
  })
})

describe('while WASM is opened beside a GPU for an edit', () => {
  const beside = (promised = 'wasm-1'): Beside => ({ workers: 1, knows: knowsRecipe, numericsId: promised })
  const mixed: Experiment = { ...other, strategies: ['margin', 'learningLoss'] }

  it('nothing of the experiment before is computed on the view of the edit', async () => {
    const plain = bitsOf(await (await bench({ beside: beside() })).run(one))
    // an answer of the experiment before is stored while WASM opens
    const records = new MemoryRecords()
    const [asked, stored] = [gate(), gate()]
    const put = records.putPick.bind(records)
    records.putPick = async (...pick) => {
      asked.open()
      await stored.shut
      await put(...pick)
    }
    const b = await bench({ records, beside: beside() })
    const wasm = gate()
    b.opening = backend => (backend === 'wasm' ? wasm.shut : Promise.resolve())
    await b.director.run(one)
    await asked.shut
    const edited = b.director.run(mixed)
    await turns(20)
    stored.open()
    await turns(50)
    wasm.open()
    await edited
    await b.finished()
    expect(bitsOf(await b.run(one))).toEqual(plain)
    expect(b.notices).toEqual([])
  })

  it('and the edit comes to nothing: the workers that were opened for it are ended', async () => {
    const b = await bench({ beside: beside() })
    await b.run(one)
    const wasm = gate()
    b.opening = backend => (backend === 'wasm' ? wasm.shut : Promise.resolve())
    const edited = b.director.run(mixed)
    await turns(20)
    const { length } = b.pages
    b.director.cancel()
    wasm.open()
    await edited
    await b.run(mixed)
    expect(b.pages.length).toBe(length + 1)
  })

  it('and it computes otherwise than the GPU promises: what was computed before goes on', async () => {
    const plain = bitsOf(await (await bench({ beside: beside() })).run(one))
    const b = await bench({ beside: beside('wasm-2') })
    await b.director.run(one)
    await expect(b.director.run(mixed)).rejects.toMatchObject({ code: 'wrongNumbers' })
    await b.finished()
    expect(bitsOf(b.director.result()!)).toEqual(plain)
  })
})
