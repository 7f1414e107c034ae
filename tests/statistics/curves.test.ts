import { describe, expect, it } from 'vitest'
import { learningSummary, sensitivitySummary } from '../../src/charts/summary.ts'
import { atLabels, fold, nearestCount, pointAt } from '../../src/core/curves.ts'
import { armKey, type Result } from '../../src/core/result.ts'
import { discordances } from '../../src/core/statistics/discordances.ts'
import { paid } from '../../src/core/statistics/looks.ts'
import { otherSizes } from '../../src/core/statistics/sizes.ts'
import { againstRandom, leaderAt, rankingAt, verdictOf } from '../../src/core/statistics/verdict.ts'
import { charts as en } from '../../src/i18n/charts.en.ts'
import { fixture, nameOf, withoutRecords } from '../charts/fixture.ts'

const whole = fixture()
const curves = fold(whole)

describe('folding a result', () => {
  it('keeps exact label counts, seeds and counts', () => {
    const point = pointAt(curves, { strategy: 'margin', initialSize: 50 }, 300)!
    const runs = whole.runs.filter(r => r.arm.strategy === 'margin' && r.arm.initialSize === 50)
    const correct = runs.map(r => r.points.find(p => p.labelCount === 300)!.correct)
    expect(point.seeds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(point.correct).toEqual(correct)
    expect(point.mean).toBeCloseTo(correct.reduce((a, b) => a + b, 0) / 10 / 500, 12)
    expect(point.provisional).toBe(false)
    expect(curves.strategies).toEqual(whole.experiment.strategies)
    expect(curves.initialSizes).toEqual([20, 50, 100, 200])
    expect(curves.ceiling!.mean).toBeCloseTo(0.984, 12)
  })

  it('does not depend on the order of the runs', () => {
    const turned = fold({ ...whole, runs: [...whole.runs].reverse() })
    expect(JSON.stringify(turned)).toBe(JSON.stringify(curves))
  })

  it('leaves gaps where nobody measured, and marks what fewer seeds stand behind', () => {
    const going = fold(fixture({ measured: 2.5 }))
    const arm = { strategy: 'margin', initialSize: 20 }
    expect(pointAt(going, arm, 50)!.seeds).toEqual([0, 1, 2])
    expect(pointAt(going, arm, 50)!.provisional).toBe(false)
    expect(pointAt(going, arm, 300)!.seeds).toEqual([0, 1])
    expect(pointAt(going, arm, 300)!.provisional).toBe(true)
    expect(pointAt(going, arm, 299)).toBeUndefined()
  })

  it('counts the classes that have a label, as a mean over the seeds whose records say', () => {
    const two = fixture({ seeds: 3 })
    const counts = [[1, 0, 4, 0], [1, 1, 1, 0], undefined]
    const told: Result = {
      ...two,
      runs: two.runs.map(run => ({
        ...run,
        points: run.points.map(({ record, ...point }) => {
          const classCounts = counts[run.seed]
          return classCounts ? { ...point, record: { ...record!, classCounts } } : point
        })
      }))
    }
    const arm = { strategy: 'margin', initialSize: 20 }
    expect(pointAt(fold(told), arm, 50)!.classes).toBe(2.5)
    expect(pointAt(fold(withoutRecords(told)), arm, 50)).not.toHaveProperty('classes')
  })

  it('has the ceiling of the numerics whose curves are shown, over its seeds', () => {
    const ceiling = (numericsId: string, seed: number, correct: number) => ({
      ...{ numericsId, seed, correct, labelCount: 2000 }
    })
    const both = [ceiling('n2', 0, 100), ceiling('n1', 1, 490), ceiling('n1', 0, 480)]
    const { ceiling: folded } = fold({ ...whole, ceiling: both })
    expect(folded).toMatchObject({ labelCount: 2000, seeds: [0, 1], mean: 0.97 })
    // t(.975, 1) times the deviation of .98 and .96, over the root of two: more than there is above
    const half = 12.7062047 * 0.01
    expect([folded!.interval!.low, folded!.interval!.high]).toEqual([expect.closeTo(0.97 - half, 6), 1])
    // and where there are no curves, that of the first
    expect(fold({ ...whole, runs: [], ceiling: both }).ceiling).toMatchObject({ seeds: [0], mean: 0.2 })
    expect(fold({ ...whole, ceiling: [ceiling('n2', 0, 100)] }).ceiling).toBeUndefined()
  })

  it('gives one seed a value and no interval', () => {
    const one = fold(fixture({ measured: 1 }))
    expect(pointAt(one, { strategy: 'margin', initialSize: 20 }, 300)!.interval).toBeUndefined()
  })

  it('never joins two numerics: the one with most runs makes the curves, the other is named', () => {
    const other = fixture({ measured: 2, numericsId: 'n2' })
    const mixed = fold({ ...whole, runs: [...other.runs, ...whole.runs] })
    expect(mixed.numerics).toEqual({
      used: 'n1',
      runs: whole.runs.length,
      others: [{ id: 'n2', runs: other.runs.length }]
    })
    expect(JSON.stringify(mixed.curves)).toBe(JSON.stringify(curves.curves))
  })

  it('of as many runs takes the numerics with more points, and of as many points those that came first', () => {
    const other = fixture({ numericsId: 'n2' })
    const shorter = other.runs.map((run, i) => (i ? run : { ...run, points: run.points.slice(1) }))
    const used = (...runs: Result['runs'][]) => fold({ ...whole, runs: runs.flat() }).numerics.used
    expect(used(shorter, whole.runs)).toBe('n1')
    expect(used(whole.runs, shorter)).toBe('n1')
    expect(used(other.runs, whole.runs)).toBe('n2')
    expect(used(whole.runs, other.runs)).toBe('n1')
    // more runs count before more points
    expect(used(whole.runs, [...shorter, { ...other.runs[0], seed: 99, points: [] }])).toBe('n2')
  })

  it('is level where counts are, however their accuracies add up: then the first leads, and the smaller size is best', () => {
    // 306 of 360 each; added up as accuracies, the second come out larger
    const level = [
      [96, 105, 105],
      [99, 107, 100]
    ]
    const { runs, ...rest } = withoutRecords(
      fixture({
        seeds: 3,
        testSize: 120,
        initialSizes: [20, 50],
        strategies: ['random', 'margin', 'entropy']
      })
    )
    const counts: Record<string, number[]> = {
      'margin@20': level[0],
      'entropy@20': level[1],
      'margin@50': level[1],
      'entropy@50': level[0]
    }
    const tied = fold({
      ...rest,
      runs: runs.map(run => {
        const given = counts[armKey(run.arm)] ?? [90, 90, 90]
        return { ...run, points: run.points.map(p => ({ ...p, correct: given[run.seed] })) }
      })
    })
    expect(pointAt(tied, { strategy: 'margin', initialSize: 20 }, 300)!.mean).toBe(0.85)
    expect(pointAt(tied, { strategy: 'entropy', initialSize: 20 }, 300)!.mean).toBe(0.85)
    expect([20, 50].map(size => leaderAt(tied, size, 300))).toEqual(['margin', 'margin'])
    expect(otherSizes(tied, 'margin', 300)).toEqual([
      { strategy: 'margin', initialSize: 50, best: 20, of: 2 }
    ])
  })

  it('takes an empty result', () => {
    const empty = fold({ ...whole, runs: [], ceiling: [] })
    expect(empty.curves).toEqual([])
    expect(empty.ceiling).toBeUndefined()
    expect(empty.numerics).toEqual({ used: undefined, runs: 0, others: [] })
    expect(empty.seeds).toBe(0)
    expect(empty.budget).toBe(whole.experiment.budget)
  })
})

describe('at N labels', () => {
  it('has a gap for an initial size above N, and random flat over the rest', () => {
    const at = atLabels(curves, 100)
    const random = at.find(s => s.strategy === 'random')!
    expect(random.points.map(p => p.initialSize)).toEqual([20, 50, 100, 200])
    expect(random.points[3].point).toBeUndefined()
    expect(new Set(random.points.slice(0, 3).map(p => p.point!.mean)).size).toBe(1)
  })

  it('knows the measured count that is nearest', () => {
    expect(curves.labelCounts.slice(0, 3)).toEqual([20, 50, 100])
    expect(nearestCount(curves.labelCounts, 26)).toBe(20)
    expect(nearestCount(curves.labelCounts, 36)).toBe(50)
    // as far from both
    expect(nearestCount(curves.labelCounts, 35)).toBe(20)
    expect(nearestCount(curves.labelCounts, 50)).toBe(50)
    expect([1, 9999].map(n => nearestCount(curves.labelCounts, n))).toEqual([20, 300])
    expect(nearestCount([], 26)).toBeUndefined()
  })
})

describe('verdicts', () => {
  it('see what was put in', () => {
    expect(verdictOf(curves, 'margin', 20, 300)).toBe('aboveRandom')
    expect(verdictOf(curves, 'consistency', 20, 300)).toBe('belowRandom')
    expect(verdictOf(curves, 'kCenter', 20, 300)).toBe('undecided')
    expect(verdictOf(curves, 'random', 20, 300)).toBeUndefined()
  })

  it('are silent at the initial size and with one seed', () => {
    expect(verdictOf(curves, 'margin', 50, 50)).toBe('sameTraining')
    expect(rankingAt(curves, 50, 50)).toEqual({ kind: 'sameTraining' })
    const one = fold(fixture({ measured: 1 }))
    expect(new Set(againstRandom(one, 20, 300).map(r => r.verdict))).toEqual(new Set(['noVerdict']))
    expect(rankingAt(one, 20, 300)).toEqual({ kind: 'noVerdict' })
  })

  it('know the same training where the whole pool is labelled, too, and say so', () => {
    const made = fixture({ strategies: ['random', 'margin', 'kCenter'], initialSizes: [20, 50], budget: 300 })
    const last = (seed: number) =>
      made.runs.find(r => r.arm.strategy === 'random' && r.seed === seed)!.points.at(-1)!
    const runs = made.runs.map(run => ({ ...run, points: [...run.points.slice(0, -1), last(run.seed)] }))
    const all = fold({ ...made, runs })
    expect(againstRandom(all, 20, 300).map(r => r.verdict)).toEqual(['sameTraining', 'sameTraining'])
    expect(rankingAt(all, 20, 300)).toEqual({ kind: 'sameTraining' })
    const words = {
      curves: all,
      n: 300,
      messages: en,
      locale: 'en',
      strategyName: nameOf,
      hidden: new Set<string>()
    }
    for (const said of [learningSummary(words), sensitivitySummary(words)])
      expect(said).toContain(en.summary.sameSet('300'))
    // before that they are not
    expect(rankingAt(all, 20, 250).kind).not.toBe('sameTraining')
    // with one of them it is for nobody to say that all are the same
    const one = runs.map(run =>
      run.arm.strategy === 'margin'
        ? made.runs.find(
            r =>
              r.seed === run.seed && r.arm.strategy === 'margin' && r.arm.initialSize === run.arm.initialSize
          )!
        : run
    )
    const apart = againstRandom(fold({ ...made, runs: one }), 20, 300)
    expect(apart.find(r => r.strategy === 'kCenter')!.verdict).toBe('sameTraining')
    expect(apart.find(r => r.strategy === 'margin')!.verdict).not.toBe('sameTraining')
  })

  it('name the best only when every other is behind', () => {
    const ranking = rankingAt(curves, 20, 300)
    expect(ranking.kind).toBe('undecided')
    if (ranking.kind === 'undecided') {
      expect([ranking.leader, ...ranking.rivals]).toEqual(expect.arrayContaining(['margin', 'entropy']))
      expect(ranking.rivals).not.toContain('consistency')
    }
    const clear = fold(fixture({ strategies: ['random', 'margin', 'consistency'] }))
    expect(rankingAt(clear, 20, 300)).toEqual({ kind: 'best', strategy: 'margin' })
  })

  it('go by p-values that are paid for and corrected for those beside them (Holm 1979)', () => {
    const rows = againstRandom(curves, 20, 300)
    expect(rows.map(r => r.strategy)).toEqual(['margin', 'entropy', 'bald', 'kCenter', 'consistency'])
    /** the k-th smallest of m times m - k + 1, never less than one before it */
    const corrected = (ps: number[]) =>
      ps.map(p =>
        Math.max(
          ...ps.filter(q => q <= p).map(q => Math.min(1, q * (ps.length - ps.filter(r => r < q).length)))
        )
      )
    const ps = rows.map(r => r.comparison!.p)
    expect(new Set(ps).size).toBe(ps.length)
    const once = corrected(ps)
    const paidFor = corrected(ps.map(p => paid(p, 10)))
    rows.forEach((row, i) => {
      expect(row.holm).toBeCloseTo(once[i], 12)
      expect(row.adjusted).toBeCloseTo(paidFor[i], 12)
      expect(row.verdict).toBe(
        paidFor[i] >= 0.05 ? 'undecided' : row.comparison!.difference > 0 ? 'aboveRandom' : 'belowRandom'
      )
    })
  })

  it('name nobody alone or where nobody was measured, and count a rival of one seed among those in the running', () => {
    const alone = fold(fixture({ strategies: ['margin'] }))
    expect(rankingAt(alone, 20, 300)).toEqual({ kind: 'noVerdict' })
    expect(rankingAt(curves, 20, 299)).toEqual({ kind: 'noVerdict' })
    const made = fixture({ strategies: ['random', 'margin', 'consistency'] })
    const runs = made.runs.filter(({ arm, seed }) => arm.strategy !== 'random' || seed === 0)
    expect(rankingAt(fold({ ...made, runs }), 20, 300)).toEqual({
      kind: 'undecided',
      leader: 'margin',
      rivals: ['random']
    })
  })

  it('compare different starts of one strategy over their common seeds', () => {
    const a = { strategy: 'random', initialSize: 20 }
    expect(curves.compare(a, { ...a, initialSize: 100 }, 300)!.interval).toEqual({ low: 0, high: 0 })
  })

  it('are the same from a link that carries discordances as from records with bits', () => {
    const link: Result = { ...withoutRecords(whole), discordances: discordances(whole) }
    const linked = fold(link)
    for (const initialSize of curves.initialSizes)
      for (const n of curves.labelCounts) {
        expect(againstRandom(linked, initialSize, n)).toEqual(againstRandom(curves, initialSize, n))
        expect(rankingAt(linked, initialSize, n)).toEqual(rankingAt(curves, initialSize, n))
      }
    expect(discordances(link)).toEqual(link.discordances)
    // records of more seeds come before sums of fewer, and sums of a seed that nobody has measured are none
    const few = discordances(fixture({ measured: 3 }))
    expect(few[0].seeds).toEqual([0, 1, 2])
    const strange = link.discordances!.map(d => ({ ...d, seeds: [...d.seeds, 10] }))
    for (const sums of [few, strange])
      expect(againstRandom(fold({ ...whole, discordances: sums }), 20, 300)).toEqual(
        againstRandom(curves, 20, 300)
      )
    expect(againstRandom(fold(withoutRecords(whole)), 20, 300)[0].verdict).toBe('noVerdict')
  })
})
