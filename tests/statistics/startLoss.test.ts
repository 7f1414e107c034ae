/** What each initial size loses at most. */
import { describe, expect, it } from 'vitest'
import { fold, pointAt, type Curves } from '../../src/core/curves.ts'
import { decodeLink, encodeLink } from '../../src/core/exchange/link.ts'
import { derive, rootKey, Stream } from '../../src/core/random.ts'
import type { Result } from '../../src/core/result.ts'
import { discordances, sizeDiscordances } from '../../src/core/statistics/discordances.ts'
import { paid } from '../../src/core/statistics/looks.ts'
import { pairedT } from '../../src/core/statistics/paired.ts'
import { startLosses, worstLosses } from '../../src/core/statistics/startLoss.ts'
import { tTwoSided } from '../../src/core/statistics/student.ts'
import { fixture, withoutRecords } from '../charts/fixture.ts'

const N = 300
const sizes = [20, 100, 200]
const result = fixture({ initialSizes: sizes, strategies: ['random', 'margin', 'consistency'] })
const curves = fold(result)
const losses = startLosses(curves, N)

/** The x at which a falling function is y. */
function solve(f: (x: number) => number, y: number, low: number, high: number): number {
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (f(middle) > y) low = middle
    else high = middle
  }
  return low
}

/** Curves of plain accuracies [seeds, lines x sizes], compared by the seeds alone. */
function plainCurves(values: number[][], lines: number, count: number): Curves {
  const initialSizes = Array.from({ length: count }, (_, i) => 10 * (i + 1))
  const column = (strategy: string, size: number) =>
    values.map(row => row[Number(strategy) * count + initialSizes.indexOf(size)])
  const strategies = Array.from({ length: lines }, (_, i) => String(i))
  const made = {
    strategies,
    initialSizes,
    curves: strategies.flatMap(strategy =>
      initialSizes.map(initialSize => {
        const correct = column(strategy, initialSize)
        const mean = correct.reduce((a, b) => a + b, 0) / correct.length
        const point = { labelCount: N, seeds: correct.map((_, s) => s), correct, mean }
        return { arm: { strategy, initialSize }, points: [point] }
      })
    ),
    compare: (a: { strategy: string; initialSize: number }, b: { strategy: string; initialSize: number }) => {
      const [x, y] = [column(a.strategy, a.initialSize), column(b.strategy, b.initialSize)]
      return pairedT(x.map((v, i) => v - y[i]))
    }
  }
  return made as unknown as Curves
}

describe('what a start loses at most', () => {
  it('is the largest of the one-sided limits against the other sizes, of so many statements, paid for looking again', () => {
    expect(losses.map(l => [l.strategy, l.initialSize])).toEqual(
      ['margin', 'consistency'].flatMap(line => sizes.map(size => [line, size]))
    )
    for (const { strategy, initialSize, limit } of losses) {
      const limits = sizes
        .filter(size => size !== initialSize)
        .map(size => {
          const { difference, interval, p, seeds, errors } = curves.compare(
            { strategy, initialSize: size },
            { strategy, initialSize },
            N
          )!
          // two lines with two statements each: one in eighty to either side, so that the price of a look is one in forty
          const chance = (t: number) =>
            paid(Math.max(...errors.map(e => tTwoSided(t / Math.sqrt(e.variance), e.df))), seeds)
          const reach = solve(chance, 0.1 / 4, 0, 1)
          expect(reach).toBeGreaterThan(interval.high - difference)
          // those errors are the ones that p goes by
          const own = errors.map(e => tTwoSided(difference / Math.sqrt(e.variance), e.df))
          expect(Math.max(...own)).toBeCloseTo(p, 12)
          return difference + reach
        })
      expect(limit).toBeCloseTo(Math.max(0, ...limits), 9)
    }
  })

  it('is exceeded by none of the true losses but once in twenty, however often one looks from five seeds on', () => {
    const stream = new Stream(derive(rootKey(1, 97)))
    for (const [count, lines, slope] of [
      [2, 1, 0],
      [4, 2, 0],
      [5, 3, 0.4]
    ]) {
      let missed = 0
      const courses = 300
      for (let course = 0; course < courses; course++) {
        const truth = Array.from({ length: lines * count }, (_, i) => -slope * (i % count))
        const made = Array.from({ length: 16 }, () => {
          const seed = stream.bell()
          return truth.map(value => value + seed + stream.bell())
        })
        // what a size loses: the best one of its line is the first
        const lost = (l: { initialSize: number }) => slope * (l.initialSize / 10 - 1)
        const ever = made.some((_, s) =>
          startLosses(plainCurves(made.slice(0, s + 1), lines, count), N).some(l => lost(l) > l.limit)
        )
        if (ever) missed++
      }
      expect(missed / courses).toBeLessThan(0.07)
    }
  })

  it('is nothing from a size that is the best beyond doubt', () => {
    const stream = new Stream(derive(rootKey(1, 96)))
    const made = Array.from({ length: 10 }, () => [50 + stream.bell(), stream.bell(), stream.bell()])
    const [first, ...others] = startLosses(plainCurves(made, 1, 3), N)
    expect(first.limit).toBe(0)
    for (const { limit } of others) expect(limit).toBeGreaterThan(50)
  })

  it('is not said of fewer than five seeds, of one size, of the size that is N, or of Random, which is flat', () => {
    const of = (options: object) =>
      startLosses(fold(fixture({ strategies: ['random', 'margin'], ...options })), N)
    expect(of({ seeds: 4 })).toEqual([])
    expect(of({ seeds: 5 }).length).toBeGreaterThan(0)
    expect(of({ initialSizes: [50] })).toEqual([])
    expect(of({ strategies: ['random'] })).toEqual([])
    expect(startLosses(curves, 200).map(l => l.initialSize)).toEqual([20, 100, 20, 100])
  })

  it('is not said of some lines while others cannot be compared', () => {
    for (const seeds of [0, 1, 4]) {
      const runs = result.runs.filter(
        r => !(r.arm.strategy === 'margin' && r.arm.initialSize === 100 && r.seed >= seeds)
      )
      expect(startLosses(fold({ ...result, runs }), N)).toEqual([])
    }
  })

  it('does not take a line for flat where one seed has equal counts by chance', () => {
    const two = fixture({ initialSizes: [20, 100], strategies: ['random', 'margin'] })
    const at = (size: number) =>
      two.runs.find(r => r.arm.strategy === 'margin' && r.arm.initialSize === size && r.seed === 0)!
    const runs = two.runs.flatMap(run => {
      if (run.arm.strategy !== 'margin' || run.arm.initialSize !== 100) return [run]
      return run.seed ? [] : [{ ...at(20), arm: run.arm }]
    })
    expect(startLosses(fold({ ...two, runs }), N)).toEqual([])
  })

  it('is nothing between sizes of the same training', () => {
    // Random from chosen initial sets that are the same from both sizes
    const one = fixture({
      initialSizes: [20, 100],
      strategies: ['random', 'margin'],
      selectors: ['random', 'kMeans:pixels']
    })
    const chosen = (strategy: string, initialSize: number, seed: number) =>
      one.runs.find(
        r =>
          r.arm.strategy === strategy &&
          r.arm.selector &&
          r.arm.initialSize === initialSize &&
          r.seed === seed
      )!
    const runs = one.runs.map(run =>
      run.arm.selector && run.arm.initialSize === 100
        ? { ...run, points: chosen(run.arm.strategy, 20, run.seed).points.filter(p => p.labelCount >= 100) }
        : run
    )
    const lines = startLosses(fold({ ...one, runs }), N).map(l => l.strategy)
    expect(new Set(lines)).toEqual(new Set(['margin']))
  })

  it('is not said of more sizes than can all be compared', () => {
    const of = (count: number) =>
      fold(
        fixture({
          initialSizes: [20, 40, 60, 80, 100, 120, 140].slice(0, count),
          strategies: ['random', 'margin'],
          seeds: 5
        })
      )
    expect(startLosses(of(6), N)).toHaveLength(6)
    expect(startLosses(of(7), N)).toEqual([])
  })

  it('is the same of a result without records that has its sums, and of a link at its largest label count', async () => {
    const bare: Result = {
      ...withoutRecords(result),
      discordances: [...discordances(result), ...sizeDiscordances(result)]
    }
    for (const n of [250, N]) expect(startLosses(fold(bare), n)).toEqual(startLosses(curves, n))
    const document = await decodeLink(await encodeLink({ result: bare }))
    if (!('result' in document)) throw new Error('no result')
    expect(startLosses(fold(document.result), N)).toEqual(losses)
    // a link that was made before, without comparisons of two sizes that are not the best
    const meanOf = (strategy: string, initialSize: number) =>
      pointAt(curves, { strategy, initialSize }, N)!.mean
    const best = new Map(
      ['margin', 'consistency'].map(line => [
        line,
        sizes.reduce((a, b) => (meanOf(line, b) > meanOf(line, a) ? b : a))
      ])
    )
    const earlier = bare.discordances!.filter(
      d =>
        d.againstSize === undefined || [d.arm.initialSize, d.againstSize].includes(best.get(d.arm.strategy)!)
    )
    expect(earlier.length).toBeLessThan(bare.discordances!.length)
    expect(startLosses(fold({ ...bare, discordances: earlier }), N)).toEqual([])
  })
})

it('of several lines the worst counts, and the safest size stands first', () => {
  const made = [
    { strategy: 'margin', initialSize: 20, limit: 0.03 },
    { strategy: 'margin', initialSize: 50, limit: 0.01 },
    { strategy: 'margin', initialSize: 100, limit: 0.02 },
    { strategy: 'entropy', initialSize: 20, limit: 0.01 },
    { strategy: 'entropy', initialSize: 50, limit: 0.02 },
    { strategy: 'entropy', initialSize: 100, limit: 0.04 }
  ]
  expect(worstLosses(made)).toEqual([
    { initialSize: 50, limit: 0.02 },
    { initialSize: 20, limit: 0.03 },
    { initialSize: 100, limit: 0.04 }
  ])
})
