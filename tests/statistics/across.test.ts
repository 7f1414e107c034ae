/** An arm in two results on the same images. */
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/result.ts'
import { fold } from '../../src/core/curves.ts'
import { across as between, relationOf } from '../../src/core/statistics/across.ts'
import { compareCrossed } from '../../src/core/statistics/paired.ts'
import { fixture, withoutRecords } from '../charts/fixture.ts'

const one = fixture({ seeds: 5, initialSizes: [20, 50], strategies: ['random', 'margin'] })
/** the same, from other seeds' bits: another setting, whose query size has other label counts */
const other: Result = {
  ...one,
  experiment: { ...one.experiment, mode: 'warm', seeds: 4 },
  runs: fixture({
    seeds: 4,
    initialSizes: [20, 50],
    strategies: ['random', 'consistency', 'margin']
  }).runs.map(run => ({ ...run, points: run.points.filter(p => p.labelCount !== 150) }))
}
// margin of the other result answers as consistency did
const consistency = new Map(
  other.runs
    .filter(r => r.arm.strategy === 'consistency')
    .map(r => [`${r.arm.initialSize} ${r.seed}`, r.points])
)
other.runs = other.runs
  .filter(r => r.arm.strategy !== 'consistency')
  .map(r =>
    r.arm.strategy === 'margin' ? { ...r, points: consistency.get(`${r.arm.initialSize} ${r.seed}`)! } : r
  )

const across = (a: Result, b: Result) => {
  const [mine, its] = [fold(a), fold(b)]
  return (arm: { strategy: string; initialSize: number }, labelCount: number) =>
    between(mine, its, arm, labelCount)
}

const bitsAt = (result: Result, seed: number, labelCount: number) => {
  const run = result.runs.find(
    r => r.arm.strategy === 'margin' && r.arm.initialSize === 50 && r.seed === seed
  )!
  const { correct, testSize } = run.points.find(p => p.labelCount === labelCount)!.record!.measurement
  return Array.from({ length: testSize }, (_, i) => (correct[i >> 3] >> (i & 7)) & 1)
}

describe('across two results', () => {
  const compare = across(one, other)
  const arm = { strategy: 'margin', initialSize: 50 }

  it('an arm is paired by the seeds that both have, image by image', () => {
    const d = [0, 1, 2, 3].map(seed => {
      const [a, b] = [bitsAt(one, seed, 300), bitsAt(other, seed, 300)]
      return a.map((right, i) => right - b[i])
    })
    const sum = (values: number[]) => values.reduce((x, y) => x + y, 0)
    expect(compare(arm, 300)).toEqual(
      compareCrossed({
        sums: d.map(sum),
        images: sum(d[0].map((_, i) => sum(d.map(row => row[i])) ** 2)),
        cells: sum(d.flat().map(v => v * v)),
        testSize: d[0].length
      })
    )
    expect(compare(arm, 300)!.seeds).toBe(4)
    expect(compare(arm, 300)!.difference).toBeGreaterThan(0)
    expect(across(other, one)(arm, 300)!.difference).toBeCloseTo(-compare(arm, 300)!.difference, 12)
  })

  it('nothing is said where only one was measured, without answers to single images, or of other images', () => {
    expect(compare(arm, 150)).toBeUndefined()
    expect(compare({ strategy: 'bald', initialSize: 50 }, 300)).toBeUndefined()
    expect(across(withoutRecords(one), other)(arm, 300)).toBeUndefined()
    const bare = {
      ...one,
      runs: one.runs.map(r => ({ ...r, points: r.points.filter(p => p.labelCount !== 300) }))
    }
    expect(across(bare, other)(arm, 300)).toBeUndefined()
  })

  it('are told apart from the same experiment, other images, and what has no arm in common', () => {
    const elsewhere = { ...other, dataset: { ...other.dataset, fingerprint: 'b'.repeat(64) } }
    const apart = { ...other, runs: other.runs.map(r => ({ ...r, arm: { ...r.arm, initialSize: 100 } })) }
    const partly = { ...other, runs: [apart.runs[0], ...other.runs.slice(1)] }
    const fewer = { ...other, dataset: { ...other.dataset, testSize: other.dataset.testSize - 1 } }
    // the same rows of other images
    const images = { ...elsewhere.dataset, name: 'other' }
    const moved: Result = {
      ...{ ...one, dataset: images },
      experiment: {
        ...one.experiment,
        source: { kind: 'stored', fingerprint: images.fingerprint, name: 'other' }
      }
    }
    const kinds = [one, other, partly, elsewhere, moved, fewer, apart].map(result => relationOf(one, result))
    expect(kinds).toEqual(['same', 'common', 'common', 'otherImages', 'otherImages', 'otherImages', 'apart'])
    // the name of a data set is nothing, a row of a later version may be anything
    const stored = (name: string, unknown?: string[]): Result => {
      const source = { kind: 'stored' as const, fingerprint: 'c'.repeat(64), name }
      return { ...one, experiment: { ...one.experiment, source }, ...(unknown && { unknown }) }
    }
    expect(relationOf(stored('old'), stored('new'))).toBe('same')
    expect(relationOf(stored('old'), stored('old', ['rowOfTomorrow']))).toBe('common')
  })
})
