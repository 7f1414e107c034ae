import { describe, expect, it } from 'vitest'
import { startExperiment } from '../../src/core/experiment/table.ts'
import { Draft } from '../../src/state/draft.svelte.ts'

describe('the experiment being edited', () => {
  it('takes a right value at once', () => {
    const draft = new Draft()
    expect(draft.set({ budget: 500 })).toBe(true)
    expect(draft.experiment.budget).toBe(500)
    expect(draft.problems).toEqual([])
  })

  it('keeps a wrong value beside its message, and the last right experiment in force', () => {
    const draft = new Draft()
    expect(draft.set({ budget: -3 })).toBe(false)
    expect(draft.entered('budget')).toBe(-3)
    expect(draft.problem('budget')).toMatchObject({ row: 'budget', code: 'tooSmall' })
    expect(draft.experiment).toEqual(startExperiment)
    expect(draft.set({ querySize: NaN })).toBe(false)
    expect(draft.problems.map(p => p.row)).toEqual(['querySize', 'budget'])
  })

  it('comes into force as a whole once everything is mended', () => {
    const draft = new Draft()
    draft.set({ initialSizes: [20, 500] })
    expect(draft.problem('budget')?.code).toBe('budgetBelowInitial')
    expect(draft.experiment.initialSizes).toEqual(startExperiment.initialSizes)
    expect(draft.set({ budget: 500 })).toBe(true)
    expect(draft.experiment).toMatchObject({ initialSizes: [20, 500], budget: 500 })
  })

  it('asks for no budget that the pool cannot fill', () => {
    const draft = new Draft()
    draft.set({ initialSizes: [20, 5000], poolSize: 2000 })
    expect(draft.problems).toEqual([{ row: 'initialSizes', code: 'initialAbovePool', limit: 2000 }])
    expect(draft.set({ poolSize: 5000, budget: 5000 })).toBe(true)
  })

  it('says nothing new when the same experiment is entered again, in whatever order', () => {
    const draft = new Draft()
    draft.set({ initialSizes: [20, 50] })
    expect(draft.set({ initialSizes: [50, 20] })).toBe(false)
  })

  it('forgets what was entered when another experiment is taken up', () => {
    const draft = new Draft()
    draft.set({ budget: -3 })
    draft.replace({ ...startExperiment, seeds: 7 })
    expect(draft.problems).toEqual([])
    expect(draft.entered('budget')).toBe(startExperiment.budget)
    expect(draft.experiment.seeds).toBe(7)
  })
})
