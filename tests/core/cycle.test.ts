/** The cycle of one run as a state machine: what it asks for, under which keys, and what it makes of answers. */
import { describe, expect, it } from 'vitest'
import { Cycle, type CycleSetup, type TrainingRequest } from '../../src/core/cycle.ts'
import { queryKey } from '../../src/core/keys.ts'
import { initialOrder, strategyStream } from '../../src/core/law.ts'
import type { Measurement } from '../../src/core/record.ts'
import { balancedRandom } from '../../src/core/strategies/balancedRandom.ts'
import { random } from '../../src/core/strategies/random.ts'
import type { QueryInput, Strategy } from '../../src/core/strategy.ts'

const POOL = 12
const order = initialOrder(0, POOL)
const labels = Uint8Array.from({ length: POOL }, (_, row) => row % 3)
const rule = (change: Partial<Strategy> = {}): Strategy => ({
  id: 'rule',
  category: 'uncertainty',
  version: 7,
  formula: '',
  source: '',
  prefix: true,
  needs: () => [{ kind: 'probabilities' }],
  query: () => ({ picks: new Uint32Array(0) }),
  ...change
})
const setup = (change: Partial<CycleSetup> = {}): CycleSetup => ({
  arm: { strategy: 'rule', initialSize: 2 },
  seed: 5,
  counts: [2, 5, 9, 10],
  strategy: rule(),
  setting: { classes: 3, dropout: 0, augmentation: 'none' },
  initial: Uint32Array.of(8, 3),
  order,
  labels,
  trainingKey: (labelled, after) => `${after ?? ''}<${labelled.join(' ')}>`,
  ...change
})
/** Right at the test images that have a bit. */
const measured = (labelCount: number, ...correct: number[]) =>
  ({ labelCount, correct: Uint8Array.from(correct), testSize: 16 }) as unknown as Measurement
const keys = (trainings: readonly TrainingRequest[]) => trainings.map(({ key }) => key)

describe('a run whose strategy asks something of its trainings', () => {
  it('waits for a training and its query, round by round, and keeps what it was told', () => {
    const cycle = new Cycle(setup())
    expect(cycle.selection()).toBeUndefined()
    const [first] = cycle.trainings()
    expect(cycle.trainings()).toEqual([{ key: '<3 8>', seed: 5, labelled: Uint32Array.of(3, 8) }])
    expect(cycle.query()).toEqual({
      key: queryKey('<3 8>', { id: 'rule', version: 7 }, [], 3),
      training: first,
      strategy: 'rule',
      k: 3,
      bases: {}
    })
    // answers to something else are not heard
    expect(cycle.picked('other', { picks: Uint32Array.of(0, 1, 2), seconds: 1 })).toBe(false)
    expect(cycle.measured('other', measured(2))).toBe(false)
    expect([cycle.points(), cycle.measuredCounts(), cycle.finished]).toEqual([[], [], false])
    // a query may be answered before its training is measured, in any order of rows
    expect(cycle.picked(cycle.query()!.key, { picks: Uint32Array.of(11, 0, 5), seconds: 0.5 })).toBe(true)
    expect(keys(cycle.trainings())).toEqual(['<3 8>', '<0 3 5 8 11>'])
    expect(cycle.query()).toEqual({
      key: queryKey('<0 3 5 8 11>', { id: 'rule', version: 7 }, [], 4),
      training: cycle.trainings()[1],
      strategy: 'rule',
      k: 4,
      bases: {}
    })
    expect(cycle.measured('<3 8>', measured(2, 0b101))).toBe(true)
    expect(cycle.measured('<3 8>', measured(2, 0b1))).toBe(false)
    expect(keys(cycle.trainings())).toEqual(['<0 3 5 8 11>'])
    expect(cycle.measuredCounts()).toEqual([2])
    // as many as were asked for, or it is no answer
    expect(() => cycle.picked(cycle.query()!.key, { picks: Uint32Array.of(1, 2), seconds: 0 })).toThrow(
      RangeError
    )
    cycle.picked(cycle.query()!.key, { picks: Uint32Array.of(1, 2, 4, 6), seconds: 0 })
    expect(cycle.query()).toMatchObject({ k: 1 })
    cycle.picked(cycle.query()!.key, { picks: Uint32Array.of(7), seconds: 2 })
    expect(cycle.query()).toBeUndefined()
    const [, , last] = cycle.trainings()
    expect(last.labelled).toEqual(Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 11))
    expect(cycle.measured(last.key, measured(10, 0xff, 1))).toBe(true)
    // a gap: round 1 and 2 are not measured yet
    expect(cycle.measuredCounts()).toEqual([2, 10])
    expect(cycle.finished).toBe(false)
    const points = cycle.points()
    expect(points).toEqual([
      {
        labelCount: 2,
        correct: 2,
        record: {
          labelCount: 2,
          trainingKey: '<3 8>',
          measurement: measured(2, 0b101),
          // rows 3 and 8
          classCounts: [1, 0, 1],
          added: Uint32Array.of(8, 3)
        }
      },
      {
        labelCount: 10,
        correct: 9,
        record: {
          labelCount: 10,
          trainingKey: last.key,
          measurement: measured(10, 0xff, 1),
          // all but 9 and 10
          classCounts: [3, 3, 4],
          added: Uint32Array.of(7),
          querySeconds: 2
        }
      }
    ])
    expect(cycle.points()[0]).toBe(points[0])
    for (const { key, labelled } of cycle.trainings()) cycle.measured(key, measured(labelled.length, 0))
    expect(cycle.finished).toBe(true)
    expect(cycle.points().map(p => p.labelCount)).toEqual([2, 5, 9, 10])
  })

  it('of one round is nothing but its training', () => {
    const cycle = new Cycle(setup({ counts: [2] }))
    expect(cycle.query()).toBeUndefined()
    cycle.measured('<3 8>', measured(2, 0))
    expect(cycle.finished).toBe(true)
  })

  it('says where the query lies to a strategy that counts rounds, and to no other', () => {
    const staged = new Cycle(setup({ strategy: rule({ staged: true }) }))
    expect(staged.query()).toMatchObject({
      key: queryKey('<3 8>', { id: 'rule', version: 7 }, [], 3, { round: 1, rounds: 4 }),
      stage: { round: 1, rounds: 4 }
    })
    staged.picked(staged.query()!.key, { picks: Uint32Array.of(0, 1, 2), seconds: 0 })
    expect(staged.query()!.stage).toEqual({ round: 2, rounds: 4 })
    expect(new Cycle(setup()).query()).not.toHaveProperty('stage')
  })

  it('names the features it stands on by their keys', () => {
    const needs: Strategy['needs'] = ({ classes }) =>
      classes === 3
        ? [
            { kind: 'features', basis: 'pixels' },
            { kind: 'features', basis: 'encoder' }
          ]
        : []
    const query = new Cycle(setup({ strategy: rule({ needs }), origins: { encoder: 'e' } })).query()!
    expect(query.bases).toEqual({ pixels: 'pixels@1', encoder: 'encoder@2:e' })
    expect(query.key).toBe(queryKey('<3 8>', { id: 'rule', version: 7 }, ['pixels@1', 'encoder@2:e'], 3))
    // another pretraining, another query
    expect(new Cycle(setup({ strategy: rule({ needs }), origins: { encoder: 'f' } })).query()!.key).not.toBe(
      query.key
    )
    expect(() => new Cycle(setup({ strategy: rule({ needs }) }))).toThrow(RangeError)
  })

  it('looks back at the training before, from the second round on, if it compares', () => {
    // what it needs may depend on the setting
    const needs: Strategy['needs'] = ({ classes }) => (classes === 3 ? [{ kind: 'before' }] : [])
    const cycle = new Cycle(setup({ strategy: rule({ needs }) }))
    expect(cycle.query()).not.toHaveProperty('before')
    const [first] = cycle.trainings()
    cycle.picked(cycle.query()!.key, { picks: Uint32Array.of(0, 1, 2), seconds: 0 })
    expect(cycle.query()).toMatchObject({
      key: queryKey('<0 1 2 3 8>', { id: 'rule', version: 7 }, [], 4, undefined, '<3 8>'),
      before: first
    })
  })

  it('where trainings carry state, trains one after the other, each with its history', () => {
    const cycle = new Cycle(setup({ carriesState: true }))
    cycle.picked(cycle.query()!.key, { picks: Uint32Array.of(0, 1, 2), seconds: 0 })
    cycle.picked(cycle.query()!.key, { picks: Uint32Array.of(4, 5, 6, 7), seconds: 0 })
    const [first, ...more] = cycle.trainings()
    expect([first.key, first.after, more]).toEqual(['<3 8>', undefined, []])
    cycle.measured('<3 8>', measured(2, 0))
    const [second, ...others] = cycle.trainings()
    expect([second.key, others]).toEqual(['<3 8><0 1 2 3 8>', []])
    expect(second.after).toBe(first)
    cycle.measured(second.key, measured(5, 0))
    expect(cycle.trainings()[0].after).toBe(second)
    // without it none knows of another
    expect(new Cycle(setup()).trainings()[0]).not.toHaveProperty('after')
  })
})

describe('an initial set that must be asked for', () => {
  const request = { key: 's', selector: 'x', seed: 5, size: 2, bases: {} }
  it('comes first, as large as it must be, in the order it was chosen', () => {
    const cycle = new Cycle(setup({ initial: request }))
    expect(cycle.selection()).toBe(request)
    expect([cycle.trainings(), cycle.query(), cycle.finished]).toEqual([[], undefined, false])
    expect(cycle.selected('other', Uint32Array.of(1, 2))).toBe(false)
    expect(() => cycle.selected('s', Uint32Array.of(1))).toThrow(RangeError)
    expect(cycle.selected('s', Uint32Array.of(9, 1))).toBe(true)
    expect(cycle.selection()).toBeUndefined()
    expect(cycle.selected('s', Uint32Array.of(1, 2))).toBe(false)
    expect(keys(cycle.trainings())).toEqual(['<1 9>'])
    cycle.measured('<1 9>', measured(2, 0))
    expect(cycle.points()[0].record!.added).toEqual(Uint32Array.of(9, 1))
  })
})

describe('a run whose strategy asks nothing', () => {
  const initial = order.subarray(0, 2)
  it('has all its rounds at once: Random goes on along the order', () => {
    const cycle = new Cycle(setup({ strategy: random, initial }))
    expect(cycle.query()).toBeUndefined()
    expect(cycle.trainings().map(({ labelled }) => labelled)).toEqual(
      [2, 5, 9, 10].map(n => order.slice(0, n).sort())
    )
    for (const { key, labelled } of cycle.trainings()) cycle.measured(key, measured(labelled.length, 0))
    for (const { record } of cycle.points()) expect(record).not.toHaveProperty('querySeconds')
    expect(cycle.points()[1].record!.added).toEqual(order.slice(2, 5))
  })

  it('is shown labels of what is labelled, and of the rest as an oracle only', () => {
    const seen: QueryInput[] = []
    const spy = (change: Partial<Strategy>) =>
      rule({
        needs: () => [],
        query: input => {
          seen.push(input)
          return random.query(input)
        },
        ...change
      })
    new Cycle(setup({ strategy: spy({}), counts: [2, 5] }))
    new Cycle(setup({ strategy: spy({ oracle: true, staged: true }), counts: [2, 5] }))
    const unlabelled = Uint32Array.of(0, 1, 2, 4, 5, 6, 7, 9, 10, 11)
    const said = { k: 3, classes: 3, unlabelled, labelled: Uint32Array.of(3, 8) }
    expect(seen[0]).toMatchObject({ ...said, order, needs: {} })
    expect([...(seen[0].labels as Uint32Array)]).toEqual([0, 2])
    expect(seen[0]).not.toHaveProperty('oracle')
    expect(seen[0]).not.toHaveProperty('stage')
    expect(seen[1].stage).toEqual({ round: 1, rounds: 2 })
    expect([...(seen[1].oracle as Uint32Array)]).toEqual([0, 1, 2, 1, 2, 0, 1, 0, 1, 2])
  })

  it('draws of every round its own', () => {
    const streams: string[] = []
    const drawing = rule({
      needs: () => [],
      query: input => {
        streams.push(String(input.stream.key))
        return balancedRandom.query({ ...input, oracle: new Uint8Array(input.unlabelled.length) })
      }
    })
    for (const seed of [5, 6]) new Cycle(setup({ strategy: drawing, seed }))
    const drawn = [5, 6].flatMap(seed => [2, 5, 9].map(n => strategyStream(seed, n, 'rule')))
    expect(streams).toEqual(drawn.map(({ key }) => String(key)))
    expect(new Set(streams).size).toBe(6)
  })

  it('must answer at once', () => {
    const late = rule({ needs: () => [], query: async () => ({ picks: Uint32Array.of(0, 1, 2) }) })
    expect(() => new Cycle(setup({ strategy: late }))).toThrow(TypeError)
  })

  it('goes through thousands of rounds that nobody is asked about', () => {
    const counts = Array.from({ length: 6000 }, (_, i) => i + 1)
    const cycle = new Cycle(
      setup({
        strategy: random,
        counts,
        order: initialOrder(0, 6000),
        initial: initialOrder(0, 6000).subarray(0, 1),
        labels: new Uint8Array(6000),
        trainingKey: labelled => String(labelled.length)
      })
    )
    expect(cycle.trainings()).toHaveLength(6000)
  })
})
