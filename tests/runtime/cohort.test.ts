/** Who trains with whom, and who makes way for whom: priorities compared, cohorts left and disbanded, wishes kept as runs move. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cycle, QueryRequest, TrainingRequest } from '../../src/core/cycle.ts'
import { recipeOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import type { SelectionRequest } from '../../src/core/selection.ts'
import { before, Cohort, kindOf, sizeKey, type Job, type Priority } from '../../src/runtime/cohort.ts'
import { Wishes, type Run } from '../../src/runtime/wishes.ts'

const recipe = recipeOf(frozenExperiment)
const job = (priority: Priority, change: Partial<Job> = {}, labels = 20): Job => ({
  task: {
    id: String(priority),
    recipe,
    seed: 0,
    labelled: new Uint32Array(labels),
    order: new Uint32Array(0),
    queries: []
  },
  priority,
  wanted: true,
  step: 3,
  steps: 9,
  attempts: 0,
  alone: false,
  ...change
})

describe('priorities', () => {
  it('are compared number by number: the first that differs decides', () => {
    const digits = fc.array(fc.nat(3), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        // as numbers of base four
        const value = (of: number[]) => of.reduce((sum, digit) => 4 * sum + digit, 0)
        expect(before(a, b)).toBe(value(a) < value(b))
      })
    )
  })

  it('of a cohort are its most urgent training’s, of those that are waited for if there are any', () => {
    expect(new Cohort(1, [job([0, 2]), job([-1, 5]), job([-1, 4])]).priority).toEqual([-1, 4])
    const some = new Cohort(1, [job([0, 2]), job([-9, 0], { wanted: false }), job([0, 1])])
    expect([some.wanted, some.priority]).toEqual([true, [0, 1]])
    const none = new Cohort(1, [job([0, 2], { wanted: false }), job([-1, 5], { wanted: false })])
    expect([none.wanted, none.priority]).toEqual([false, [-1, 5]])
  })

  it('a cohort makes way for what is of a more urgent class than some of it and comes before all of it', () => {
    const cohort = new Cohort(1, [job([-1, 3]), job([0, 1])])
    expect(cohort.yieldsTo([-2, 9])).toBe(true)
    // of the class of its most urgent one, and before it
    expect(cohort.yieldsTo([-1, 2])).toBe(true)
    expect(cohort.yieldsTo([-1, 4])).toBe(false)
    expect(cohort.yieldsTo([0, 0])).toBe(false)
    // an earlier place in one and the same class suspends nothing
    const alike = new Cohort(1, [job([0, 5]), job([0, 6])])
    expect(alike.yieldsTo([0, 1])).toBe(false)
    expect(alike.yieldsTo([-1, 9])).toBe(true)
  })
})

describe('a cohort', () => {
  it('has its jobs until they leave; disbanded, they are as if they had never started', () => {
    const [a, b, c] = [job([0, 1]), job([0, 2]), job([0, 3])]
    const cohort = new Cohort(7, [a, b, c])
    expect([a, b, c].map(each => cohort.has(each))).toEqual([true, true, true])
    cohort.leave(b)
    expect([cohort.has(b), b.cohort, b.step, cohort.jobs]).toEqual([false, undefined, 3, [a, c]])
    expect(cohort.disband()).toEqual([a, c])
    expect([cohort.jobs, a.cohort, c.cohort, a.step, c.step]).toEqual([[], undefined, undefined, 0, 0])
  })

  it('is of one recipe and label count, and as large as its worker does on one view', () => {
    const other = recipeOf({ ...frozenExperiment, epochs: 31 })
    const of = (change: Partial<Job['task']>) =>
      kindOf({ ...job([0]), task: { ...job([0]).task, ...change } })
    expect(of({ seed: 5, id: 'x' })).toBe(of({}))
    expect(new Set([of({}), of({ recipe: other }), of({ labelled: new Uint32Array(21) })]).size).toBe(3)
    expect(new Set([sizeKey('v', recipe), sizeKey('w', recipe), sizeKey('v', other)]).size).toBe(3)
  })
})

/** A run that waits for what it is told to wait for. */
interface Waits {
  trainings?: string[]
  query?: [key: string, training: string, k: number]
  selection?: string
}
function runOf(place: number, waits: Waits): Run & { waits: Waits } {
  const training = (key: string): TrainingRequest => ({ key, seed: place, labelled: new Uint32Array(0) })
  const run = {
    waits,
    recipe,
    place,
    cycle: {
      trainings: () => (run.waits.trainings ?? []).map(training),
      query: () => {
        const { query } = run.waits
        return query && ({ key: query[0], training: training(query[1]), k: query[2] } as QueryRequest)
      },
      selection: () => {
        const { selection } = run.waits
        return selection === undefined ? undefined : ({ key: selection, size: 8 } as SelectionRequest)
      }
    } as unknown as Cycle
  }
  return run
}

describe('wishes', () => {
  const keysOf = (wishes: Wishes) => {
    const { trainings, wishes: all } = wishes.takeChanges()
    return [trainings, all.map(({ key, run }) => `${key} of ${run.place}`)]
  }

  it('are what runs wait for: fresh once, changed once, in the order of the runs', () => {
    const [a, b] = [
      runOf(0, { trainings: ['t', 'u'], query: ['q', 'u', 5] }),
      runOf(1, { trainings: ['t'], query: ['p', 't', 3] })
    ]
    const c = runOf(2, { selection: 's' })
    const wishes = new Wishes([b, a, c])
    const fed: Run[] = []
    expect(wishes.feed(run => (fed.push(run), false))).toBe(false)
    expect(fed).toEqual([b, a, c])
    expect(wishes.takeFresh()).toEqual({
      trainings: new Set(['t', 'u']),
      queries: new Map([
        ['q', 5],
        ['p', 3],
        ['s', 8]
      ])
    })
    expect(wishes.takeFresh()).toEqual({ trainings: new Set(), queries: new Map() })
    expect([...wishes.trainings()]).toEqual(['t', 'u'])
    expect(wishes.selections()).toEqual([{ key: 's', size: 8 }])
    expect(wishes.runsOf('t')).toEqual([a, b])
    expect(wishes.runsOf('nobody')).toEqual([])
    expect(keysOf(wishes)).toEqual([
      ['t', 'u'],
      ['t of 0', 'u of 0', 'q of 0', 't of 1', 'p of 1']
    ])
    expect(keysOf(wishes)).toEqual([[], []])
    wishes.touch('u')
    expect(keysOf(wishes)).toEqual([['u'], ['u of 0', 'q of 0']])
  })

  it('an answer moves only those that wait for it, as far as they go', () => {
    const [a, b] = [runOf(0, { trainings: ['t'], query: ['q', 't', 5] }), runOf(1, { trainings: ['t'] })]
    const wishes = new Wishes([a, b])
    wishes.feed(() => false)
    wishes.takeFresh()
    keysOf(wishes)
    wishes.told('q')
    const fed: number[] = []
    const moved = wishes.feed(run => {
      fed.push(run.place)
      if (fed.length === 1) {
        a.waits = { trainings: ['t', 'u'], query: ['r', 'u', 2] }
        return true
      }
      return false
    })
    expect([moved, fed]).toEqual([true, [0, 0]])
    expect(wishes.takeFresh()).toEqual({ trainings: new Set(['u']), queries: new Map([['r', 2]]) })
    // t lost a query, u is new
    expect(keysOf(wishes)).toEqual([
      ['t', 'u'],
      ['t of 0', 'u of 0', 'r of 0', 't of 1']
    ])
    // measured: both are told, and nobody waits for it any more
    wishes.told('t')
    a.waits = { trainings: ['u'], query: ['r', 'u', 2] }
    b.waits = {}
    wishes.feed(run => (fed.push(run.place), false))
    expect(fed.slice(2)).toEqual([0, 1])
    expect([...wishes.trainings()]).toEqual(['u'])
    expect(wishes.runsOf('t')).toEqual([])
    expect(keysOf(wishes)).toEqual([['t'], []])
    wishes.told('t')
    wishes.feed(run => (fed.push(run.place), false))
    expect(fed).toHaveLength(4)
  })

  it('an initial set is waited for until it is told, by all that begin with it', () => {
    const [a, b] = [runOf(0, { selection: 's' }), runOf(1, { selection: 's' })]
    const wishes = new Wishes([a, b])
    wishes.feed(() => false)
    expect(wishes.selections()).toHaveLength(1)
    wishes.told('s')
    expect(wishes.selections()).toEqual([])
    const fed: number[] = []
    wishes.feed(run => {
      fed.push(run.place)
      Object.assign(run, { waits: { trainings: ['t'] } })
      return false
    })
    expect(fed).toEqual([0, 1])
    expect(wishes.runsOf('t')).toHaveLength(2)
  })
})
