/** Sizes that a data set has no room for, and what comes back with a larger one. */
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { checkTogether, checkValue } from '../../src/core/experiment/read.ts'
import { rowNames, startExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { lowered, toBuiltIn, toStored } from '../../src/state/datasetRows.ts'
import type { StoredDataset } from '../../src/runtime/client/types.ts'
import { openApp, preview } from './fakes.ts'

const set = (n: number, poolSize: number, testSize: number): StoredDataset => ({
  ...preview,
  fingerprint: String(n).repeat(64),
  storedAt: 0,
  poolSize,
  testSize
})

const sizes = ({ poolSize, testSize, budget, querySize, initialSizes }: Experiment) => [
  poolSize,
  testSize,
  budget,
  querySize,
  initialSizes
]

describe('sizes', () => {
  const wished = { ...startExperiment, initialSizes: [20, 50, 100, 200], querySize: 50, budget: 300 }

  it('are lowered to what a set has; half of its pool at most is bought, in rounds', () => {
    const left = (poolSize: number, testSize: number) =>
      sizes({ ...wished, ...lowered(wished, { poolSize, testSize }) })
    expect(left(5000, 1000)).toEqual([2000, 1000, 300, 50, [20, 50, 100, 200]])
    expect(left(600, 100)).toEqual([600, 100, 300, 50, [20, 50, 100, 200]])
    expect(left(360, 72)).toEqual([360, 72, 180, 20, [20, 50, 100]])
    expect(left(132, 28)).toEqual([132, 28, 60, 10, [20, 50]])
    expect(left(20, 4)).toEqual([20, 4, 10, 2, [2, 4]])
    expect(left(2, 2)).toEqual([2, 2, 2, 1, [1]])
  })

  it('make an experiment that can be run, whatever the set', () => {
    const size = fc.integer({ min: 2, max: 60000 })
    const wishes = fc.record({
      poolSize: size,
      testSize: fc.integer({ min: 2, max: 20000 }),
      querySize: fc.integer({ min: 1, max: 5000 }),
      initialSizes: fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 12 })
    })
    fc.assert(
      fc.property(wishes, size, size, (rows, poolSize, testSize) => {
        const budget = Math.max(2, ...rows.initialSizes)
        fc.pre(budget <= rows.poolSize)
        const before = { ...startExperiment, ...rows, budget }
        const e = { ...before, ...lowered(before, { poolSize, testSize }) }
        expect(rowNames.map(row => checkValue(row, e[row])).filter(Boolean)).toEqual([])
        expect(checkTogether(e)).toEqual([])
        expect(e.poolSize <= poolSize && e.testSize <= testSize).toBe(true)
        expect(Math.min(...e.initialSizes)).toBeLessThanOrEqual(e.budget)
      })
    )
  })

  it('are as they were wished again with a set that has room', async () => {
    const { app } = await openApp()
    app.edit({ initialSizes: [20, 100], querySize: 50, testSize: 500 })
    const before = sizes(app.draft.experiment)
    app.datasets.take(set(1, 20, 4))
    expect(sizes(app.draft.experiment)).toEqual([20, 4, 10, 2, [2, 4]])
    app.datasets.take(set(2, 360, 72))
    expect(sizes(app.draft.experiment)).toEqual([360, 72, 180, 20, [20, 100]])
    app.datasets.take(set(2, 360, 72))
    app.datasets.takeBuiltIn('shapes')
    expect(sizes(app.draft.experiment)).toEqual(before)
  })

  it('that the user has set stay', async () => {
    const { app } = await openApp()
    app.datasets.take(set(2, 360, 72))
    app.edit({ budget: 100, initialSizes: [30] })
    app.datasets.takeBuiltIn('digits')
    expect(sizes(app.draft.experiment)).toEqual([2000, 1000, 100, 20, [30]])
  })

  it('come back after a reload too, as far as they are the usual ones', () => {
    const small = set(1, 20, 4)
    const after = toStored(startExperiment, small, [small]).rows
    const e = { ...startExperiment, ...after }
    expect(sizes({ ...e, ...toBuiltIn(e, 'digits', [small]) })).toEqual(sizes(startExperiment))
  })

  it('can be taken whatever was edited in between, and come back with changes that were put aside', async () => {
    const { app, laboratory } = await openApp()
    app.run()
    laboratory.phase('cancelled')
    app.edit({ initialSizes: [20, 200], budget: 500, querySize: 50 })
    const before = sizes(app.draft.experiment)
    app.datasets.take(set(1, 120, 20))
    app.runExperiment({ ...startExperiment, seeds: 2 })
    expect(app.aside).toBe(true)
    laboratory.phase('cancelled')
    app.bringBack()
    app.datasets.takeBuiltIn('shapes')
    expect(sizes(app.draft.experiment)).toEqual(before)
    // edits that stand alone
    const edit = fc.record(
      {
        budget: fc.integer({ min: 2, max: 60 }),
        querySize: fc.integer({ min: 1, max: 60 }),
        initialSizes: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
        poolSize: fc.integer({ min: 20, max: 120 })
      },
      { requiredKeys: [] }
    )
    fc.assert(
      fc.property(edit, rows => {
        app.datasets.takeBuiltIn('digits')
        app.edit(startExperiment)
        app.datasets.take(set(1, 120, 20))
        app.edit(rows)
        fc.pre(app.draft.problems.length === 0)
        for (const next of [set(2, 5000, 900), set(3, 30, 4)]) {
          app.datasets.take(next)
          expect([app.draft.problems, app.draft.experiment.source]).toMatchObject([
            [],
            { fingerprint: next.fingerprint }
          ])
        }
      })
    )
  })
})
