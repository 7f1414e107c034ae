/** Several initial selectors in one result: lines, what each is measured against, and that links keep the verdicts. */
import { describe, expect, it } from 'vitest'
import { fold, pointAt } from '../../src/core/curves.ts'
import { decodeLink, encodeLink } from '../../src/core/exchange/link.ts'
import { mergeResults } from '../../src/core/exchange/merge.ts'
import { readText, resultText } from '../../src/core/exchange/schema.ts'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { armsOf, linesOf } from '../../src/core/experiment/parts.ts'
import { readExperiment } from '../../src/core/experiment/read.ts'
import { armKey, baselineOf, lineOf, readLine, type Result } from '../../src/core/result.ts'
import { againstRandom, rankingAt } from '../../src/core/statistics/verdict.ts'
import { coverage } from '../../src/state/coverage.ts'
import { simulate } from '../exchange/fixtures.ts'

const experiment: Experiment = {
  ...frozenExperiment,
  poolSize: 400,
  testSize: 200,
  initialSizes: [20, 50],
  querySize: 50,
  budget: 120,
  selectors: ['random', 'kMeans:pixels'],
  strategies: ['random', 'margin', 'kCenter'],
  seeds: 4,
  network: 'small'
}

/** The result with the arms of one selector better at every count: so many more test images right. */
function lifted(selector: string, by: number): Result {
  const result = simulate(experiment)
  for (const run of result.runs) {
    if (run.arm.selector !== selector) continue
    for (const point of run.points) {
      const correct = point.record!.measurement.correct.slice()
      let left = by
      for (let i = 0; i < 200 && left; i++)
        if (!(correct[i >> 3] & (1 << (i & 7)))) {
          correct[i >> 3] |= 1 << (i & 7)
          left--
        }
      point.correct += by - left
      point.record = { ...point.record!, measurement: { ...point.record!.measurement, correct } }
    }
  }
  return result
}

describe('lines', () => {
  it('are strategies, with their selector where it is not random', () => {
    expect(linesOf(experiment)).toEqual([
      'random',
      'margin',
      'kCenter',
      'random+kMeans:pixels',
      'margin+kMeans:pixels',
      'kCenter+kMeans:pixels'
    ])
    for (const arm of armsOf(experiment)) {
      expect({ ...readLine(lineOf(arm)), initialSize: arm.initialSize }).toEqual(arm)
      expect(armKey(arm)).toBe(`${lineOf(arm)}@${arm.initialSize}`)
    }
  })
  it('with random initial sets alone are named as before there were selectors', () => {
    const arms = armsOf({ ...experiment, selectors: ['random'] })
    expect(arms[0]).toEqual({ strategy: 'random', initialSize: 20 })
    expect(armKey(arms[1])).toBe('margin@20')
  })
  it('are measured against random from the same initial sets, and that against random from random ones', () => {
    expect(baselineOf('margin+kMeans:pixels')).toBe('random+kMeans:pixels')
    expect(baselineOf('random+kMeans:pixels')).toBe('random')
    expect(baselineOf('margin')).toBe('random')
    expect(baselineOf('random')).toBeUndefined()
  })
})

describe('curves of several selectors', () => {
  const result = simulate(experiment)
  const curves = fold(result)
  it('hold every line', () => {
    expect(curves.strategies).toEqual(linesOf(experiment))
    expect(curves.curves).toHaveLength(12)
    const run = result.runs.find(r => r.arm.selector === 'kMeans:pixels' && r.arm.strategy === 'margin')!
    const point = pointAt(curves, { strategy: 'margin+kMeans:pixels', initialSize: 20 }, 20)!
    expect(point.correct[0]).toBe(run.points[0].correct)
    expect(point.classes).toBe(10)
  })
  it('compare selectors where the labels begin, and strategies of one selector not there', () => {
    const rows = againstRandom(curves, 20, 20)
    expect(rows.find(r => r.strategy === 'margin')!.verdict).toBe('sameTraining')
    expect(rows.find(r => r.strategy === 'margin+kMeans:pixels')!.verdict).toBe('sameTraining')
    expect(rows.find(r => r.strategy === 'random+kMeans:pixels')!.comparison).toBeDefined()
    expect(rows.some(r => r.strategy === 'random')).toBe(false)
    expect(rankingAt(curves, 20, 20).kind).toBe('undecided')
  })
  it('say which first choice is best where it is', () => {
    const better = fold(lifted('kMeans:pixels', 120))
    expect(rankingAt(better, 20, 20)).toEqual({ kind: 'best', strategy: 'random+kMeans:pixels' })
    const verdict = againstRandom(better, 20, 20).find(r => r.strategy === 'random+kMeans:pixels')!
    expect(verdict.verdict).toBe('aboveRandom')
  })
  it('with one selector that is not random have no rival to random itself', () => {
    const one = fold(simulate({ ...experiment, selectors: ['balanced'] }))
    expect(rankingAt(one, 20, 20)).toEqual({ kind: 'sameTraining' })
    expect(againstRandom(one, 20, 120).map(r => r.strategy)).toEqual(['margin+balanced', 'kCenter+balanced'])
  })
})

describe('what is exchanged', () => {
  const result = lifted('kMeans:pixels', 120)
  const sayings = (r: Result) => {
    const curves = fold(r)
    return curves.initialSizes.flatMap(size =>
      curves.labelCounts.map(n => [
        rankingAt(curves, size, n),
        againstRandom(curves, size, n).map(row => [row.strategy, row.verdict, row.comparison?.p.toFixed(9)])
      ])
    )
  }
  it('links give the verdicts that the records give', async () => {
    const read = await decodeLink(await encodeLink({ result }))
    expect(sayings((read as { result: Result }).result)).toEqual(sayings(result))
  })
  it('files keep the arms', () => {
    const read = readText(resultText(result)) as { result: Result }
    expect(read.result.runs.map(r => r.arm)).toEqual(result.runs.map(r => r.arm))
    // the first selector goes without saying
    expect(JSON.parse(resultText(result)).runs[0].arm).toEqual({ strategy: 'random', initialSize: 20 })
  })
  it('shards are merged arm by arm', () => {
    const shard = (from: number, to: number) => ({
      ...result,
      experiment: { ...experiment, firstSeed: from, seeds: to - from },
      runs: result.runs.filter(r => r.seed >= from && r.seed < to),
      ceiling: []
    })
    const merged = mergeResults([shard(2, 4), shard(0, 2)])
    expect(merged.runs.map(r => [armKey(r.arm), r.seed])).toEqual(
      result.runs.map(r => [armKey(r.arm), r.seed])
    )
  })
  it('initialDraw of earlier specs', () => {
    expect(readExperiment({ initialDraw: 'balanced' }).experiment!.selectors).toEqual(['balanced'])
    expect(readExperiment({ initialDraw: 'pool' }).experiment!.selectors).toEqual(['random'])
    expect(readExperiment({ initialDraw: 'other' }).unknown).toEqual(['initialDraw'])
    expect(readExperiment({ selectors: ['ofTheFuture'] }).unknown).toEqual(['ofTheFuture'])
  })
  it('what is there of an experiment counts arms of all its selectors', () => {
    const half = { ...result, runs: result.runs.filter(r => r.arm.selector === undefined) }
    expect(coverage(experiment, half).get(20)).toBe(0.5)
    expect(coverage({ ...experiment, selectors: ['random'] }, half).get(20)).toBe(1)
  })
})
