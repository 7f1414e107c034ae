/** The benchmark's bookkeeping; times are never asserted. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packView, unpackView } from '../../bench/data.ts'
import { estimateReference, portionsOfReference, stepMilliseconds } from '../../bench/estimate.ts'
import { readNpz, writeNpz } from '../../bench/npz.ts'
import { readOptions } from '../../bench/options.ts'
import { casesOf, median, takeTimes, type Entrant, type Times } from '../../bench/suite.ts'
import { floorMilliseconds } from '../../bench/table.ts'
import { costOfStep } from '../../bench/work.ts'
import { architecture } from '../../src/core/network.ts'
import type { Command } from '../../bench/protocol.ts'
import { fakeView } from '../support/fakeEngine.ts'

describe('the data file', () => {
  it('is an NPZ: what is written is read, and NumPy would find its parts', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), bytes => {
        const file = writeNpz({
          a: { shape: [bytes.length], values: bytes },
          b: { shape: [1], values: bytes.slice(0, 1) }
        })
        expect(readNpz(file)).toEqual({
          a: { shape: [bytes.length], values: bytes },
          b: { shape: [1], values: bytes.slice(0, 1) }
        })
        // the NPY part starts at a multiple of 64 from its own start: 10 bytes and the header
        const npy = 30 + 'a.npy'.length
        expect((10 + file[npy + 8] + 256 * file[npy + 9]) % 64).toBe(0)
      }),
      { numRuns: 20 }
    )
    expect(() => readNpz(new Uint8Array(100))).toThrow(RangeError)
  })

  it('carries a view', () => {
    const view = fakeView(30, 10)
    const { pool, test, shape, classNames } = unpackView(packView(view))
    expect({ pool, test, shape, classes: classNames.length }).toEqual({
      pool: view.pool,
      test: view.test,
      shape: view.shape,
      classes: view.classNames.length
    })
  })
})

describe('REF', () => {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

  it('counts trainings and scorings as the grid has them', () => {
    const alone = portionsOfReference(false)
    // 3 seeds x 6 strategies x (6 label counts from 50, 5 from 100)
    expect(sum(alone.map(p => p.trainings))).toBe(198)
    expect(alone.map(p => p.labelCount)).toEqual([50, 100, 150, 200, 250, 300])
    expect(alone.every(p => p.steps === 400)).toBe(true)
    // 3 seeds x 2 strategies x (queries at 50 .. 250 from 50, at 100 .. 250 from 100)
    const unlabelled = (counts: number[]) => sum(counts.map(n => 5000 - n))
    const images = 3 * (unlabelled([50, 100, 150, 200, 250]) + unlabelled([100, 150, 200, 250]))
    expect(sum(alone.map(p => p.scored.probabilities))).toBe(2 * images)
    expect(sum(alone.map(p => p.scored.views))).toBe(images)

    const shared = portionsOfReference(true)
    // a seed: Random and both round 0 on one order (6), five strategies after them (5 from 50, 4 from 100)
    expect(shared.map(p => p.trainings)).toEqual([3, 18, 33, 33, 33, 33])
    // entropy and margin of round 0 look at the same probabilities: 2 of 18 passes of a seed are one
    const saved = unlabelled([50]) + unlabelled([100])
    expect(sum(shared.map(p => p.scored.probabilities))).toBe(2 * images - 3 * saved)
  })

  const trained = (replicas: number, copies: number, milliseconds: number): Times => ({
    name: 'x',
    replicas,
    copies,
    milliseconds,
    all: [milliseconds]
  })

  it('takes a step from what was measured', () => {
    const alone = [trained(1, 1, 10)]
    expect(stepMilliseconds(alone, 6)).toBe(60)
    const cohort = [trained(1, 1, 10), trained(6, 1, 20), trained(18, 1, 44)]
    expect([1, 6, 12, 18, 36].map(n => stepMilliseconds(cohort, n))).toEqual([10, 20, 32, 44, 88])
    const cores = [trained(1, 1, 10), trained(1, 2, 12)]
    expect([1, 2, 3, 36].map(n => stepMilliseconds(cores, n))).toEqual([10, 12, 24, 216])
  })

  it('adds up', () => {
    const times = [trained(1, 1, 1), { ...trained(1, 1, 1), need: 'probabilities' as const }]
    const images = (shared: boolean) =>
      sum(
        portionsOfReference(shared).map(
          p => p.tested + p.scored.probabilities + p.scored.embeddings + p.scored.passes + 6 * p.scored.views
        )
      )
    // a millisecond for a step and for an image
    expect(estimateReference(times, false)).toBeCloseTo((198 * 400 + images(false)) / 1000, 6)
  })
})

describe('the floor', () => {
  it('counts what one block and two layers must compute', () => {
    const net = architecture({ channels: [2], hidden: 3 }, { height: 4, width: 4, channels: 1 }, 5)
    const conv = 32 * 2 * 9 * 1 * 2 * 16
    const dense = 32 * 3 * 2 * (2 * 2 * 2 * 3 + 3 * 5)
    expect(costOfStep(net).dense).toBe(2 * conv + dense)
    expect(costOfStep(net).sparse).toBe(1.25 * conv + dense)
  })

  it('is the slowest of arithmetic, memory and dispatches', () => {
    const peaks = { gigaflops: 1, gigabytes: 1, dispatchMicroseconds: 1000 }
    const at = (dense: number, bytes: number, dispatches: number) =>
      floorMilliseconds({ description: '', peaks, cost: { dense, sparse: 0, bytes } }, 2, 'dense', dispatches)
    expect(at(5e6, 1e6, 3)).toBe(10)
    expect(at(1e6, 5e6, 3)).toBe(10)
    expect(at(1e6, 1e6, 30)).toBe(30)
  })
})

describe('taking times', () => {
  /** one who needs exactly 2 ms a step of a replica, 5 ms for what a training costs once, and half a millisecond an image */
  const answer = async (command: Command) => {
    if (command.do === 'train')
      return { milliseconds: 5 + 2 * command.replicas * command.steps, dispatches: 3 + 7 * command.steps }
    if (command.do === 'score') return { milliseconds: 0.5 * command.replicas * command.images }
    return {}
  }
  const entrant = (over: Partial<Entrant> = {}): Entrant => ({
    name: 'clockwork',
    copies: [answer],
    description: '',
    together: [1, 6],
    needs: ['probabilities'],
    ...over
  })
  const pacing = { seconds: 0.1, goes: 2, patience: 1, told: () => {} }

  it('leaves out what a training costs once', async () => {
    const times = await takeTimes(casesOf([entrant()]), pacing, 1000)
    const [one, six] = times.filter(t => !t.need)
    expect([one.milliseconds, six.milliseconds]).toEqual([2, 12])
    expect(one.dispatches).toBe(7)
    expect(times.filter(t => t.need).map(t => t.milliseconds)).toEqual([0.5, 3])
  })

  it('goes on without those who fail or are too slow', async () => {
    const broken = entrant({ name: 'broken', copies: [async () => ({ error: 'no' })] })
    const slow = entrant({ together: [1, 6000] })
    const times = await takeTimes(casesOf([broken, slow]), pacing, 1000)
    expect(times.filter(t => t.name === 'broken').every(t => t.error === 'no')).toBe(true)
    expect(times.find(t => t.replicas === 6000)!.error).toMatch(/too slow/)
    expect(times.find(t => t.name === 'clockwork' && !t.need)!.milliseconds).toBe(2)
  })

  it('a median is the middle one, or between the middle two', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
  })
})

describe('the command line', () => {
  it('says what is wrong', () => {
    expect(() => readOptions(['--only', 'everything'], false)).toThrow(/--only/)
    expect(() => readOptions(['--where', 'chromium'], true)).toThrow(/--where/)
    expect(() => readOptions(['--goes', '0'], false)).toThrow(/--goes/)
    expect(() => readOptions(['--sizes', '6,1'], false)).toThrow(/--sizes/)
    expect(readOptions([], true).where).toBe('node')
  })
})
