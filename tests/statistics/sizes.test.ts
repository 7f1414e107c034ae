/** What the initial size does to a line: its best size against the others. */
import { describe, expect, it } from 'vitest'
import { fold, pointAt, type Curves } from '../../src/core/curves.ts'
import { readText, resultText } from '../../src/core/exchange/schema.ts'
import { mergeResults } from '../../src/core/exchange/merge.ts'
import { decodeLink, encodeLink } from '../../src/core/exchange/link.ts'
import { derive, rootKey, Stream } from '../../src/core/random.ts'
import { writeLinkResult } from '../../src/core/exchange/linkResult.ts'
import type { Result } from '../../src/core/result.ts'
import { discordances, sizeDiscordances } from '../../src/core/statistics/discordances.ts'
import { paid } from '../../src/core/statistics/looks.ts'
import { compareCrossed, pairedT } from '../../src/core/statistics/paired.ts'
import { againstBestSize } from '../../src/core/statistics/sizes.ts'
import { fixture, withoutRecords } from '../charts/fixture.ts'

const N = 300
const result = fixture({ initialSizes: [20, 100, 200], strategies: ['random', 'margin', 'consistency'] })
const curves = fold(result)

/** Right answers of an arm at N by seed, image by image, out of the records. */
function answers(of: Result, strategy: string, initialSize: number): Map<number, boolean[]> {
  const found = new Map<number, boolean[]>()
  for (const { arm, seed, points } of of.runs) {
    if (arm.strategy !== strategy || arm.initialSize !== initialSize) continue
    const { correct, testSize } = points.find(p => p.labelCount === N)!.record!.measurement
    found.set(
      seed,
      Array.from({ length: testSize }, (_, i) => Boolean((correct[i >> 3] >> (i & 7)) & 1))
    )
  }
  return found
}

/** What `againstBestSize` would say of plain accuracies [seeds, lines x sizes]: through curves that answer with the seeds' t-test. */
function isFound(values: number[][], lines: number, sizes: number): boolean {
  const initialSizes = Array.from({ length: sizes }, (_, i) => 10 * (i + 1))
  const column = (strategy: string, size: number) =>
    values.map(row => row[Number(strategy) * sizes + initialSizes.indexOf(size)])
  const made = {
    strategies: Array.from({ length: lines }, (_, i) => String(i)),
    initialSizes,
    curves: Array.from({ length: lines }, (_, i) =>
      initialSizes.map(initialSize => {
        const own = column(String(i), initialSize)
        const mean = own.reduce((a, b) => a + b, 0) / own.length
        const point = { labelCount: N, seeds: own.map((_, s) => s), correct: own, mean }
        return { arm: { strategy: String(i), initialSize }, points: [point] }
      })
    ).flat(),
    compare: (a: { strategy: string; initialSize: number }, b: { strategy: string; initialSize: number }) => {
      const [x, y] = [column(a.strategy, a.initialSize), column(b.strategy, b.initialSize)]
      return pairedT(x.map((v, i) => v - y[i]))
    }
  }
  return againstBestSize(made as unknown as Curves, N).some(row => row.below)
}

describe('a line from its sizes', () => {
  const rows = againstBestSize(curves, N)

  it('has all sizes but its best against that; Random, the same training from all of them, none', () => {
    expect(rows.map(r => r.strategy)).toEqual(['margin', 'margin', 'consistency', 'consistency'])
    for (const { strategy, initialSize, best } of rows) {
      const mean = (size: number) => pointAt(curves, { strategy, initialSize: size }, N)!.mean
      expect(initialSize).not.toBe(best)
      expect(mean(best)).toBe(Math.max(...[20, 100, 200].map(mean)))
    }
  })

  it('is compared by seed and image, and corrected for all of these together and for looking again', () => {
    const ps = rows.map(({ strategy, initialSize, best, comparison }) => {
      const [a, b] = [answers(result, strategy, initialSize), answers(result, strategy, best)]
      const seeds = [...a.keys()]
      const d = seeds.map(s => a.get(s)!.map((right, i) => Number(right) - Number(b.get(s)![i])))
      const sum = (values: number[]) => values.reduce((x, y) => x + y, 0)
      const images = sum(d[0].map((_, i) => sum(d.map(row => row[i])) ** 2))
      const cells = sum(d.flat().map(v => v * v))
      const own = compareCrossed({ sums: d.map(sum), images, cells, testSize: d[0].length })!
      expect(comparison).toEqual(own)
      // the best of three sizes: one of three pairs, of which two are compared
      return (paid(own.p, own.seeds) * 3) / 2
    })
    // Holm: the k-th smallest of m times m - k + 1, never less than one before it
    const order = ps.map((_, i) => i).sort((i, j) => ps[i] - ps[j])
    let least = 0
    order.forEach((i, k) => {
      least = Math.max(least, Math.min(1, ps[i] * (ps.length - k)))
      expect(rows[i].adjusted).toBeCloseTo(least, 12)
      expect(rows[i].below).toBe(least < 0.05 && rows[i].comparison!.difference < 0)
    })
    expect(rows.some(r => r.below)).toBe(true)
    expect(rows.every(r => r.below)).toBe(false)
  })

  it('leaves out the size that is N: nothing was queried there, it is Random', () => {
    const at200 = againstBestSize(curves, 200)
    expect(at200.map(r => r.strategy)).toEqual(['margin', 'consistency'])
    expect(at200.every(r => r.initialSize !== 200 && r.best !== 200)).toBe(true)
  })

  it('has none of Random while seeds are missing from one of its sizes', () => {
    const runs = result.runs.filter(
      r => !(r.arm.strategy === 'random' && r.arm.initialSize === 100 && r.seed > 5)
    )
    expect(againstBestSize(fold({ ...result, runs }), N)).toEqual(rows)
  })

  it('finds a difference where there is none at most once in twenty, however many sizes the best one is the best of', () => {
    const stream = new Stream(derive(rootKey(1, 98)))
    for (const [sizes, lines] of [
      [2, 1],
      [5, 2],
      [10, 3]
    ]) {
      let found = 0
      const courses = 400
      for (let course = 0; course < courses; course++) {
        // accuracies of seeds 0 .. 19 by line and size, with an effect of the seed; looked at after each seed from the second on
        const made = Array.from({ length: 20 }, () => {
          const seed = stream.bell()
          return Array.from({ length: lines * sizes }, () => seed + stream.bell())
        })
        const ever = made.some((_, s) => s > 0 && isFound(made.slice(0, s + 1), lines, sizes))
        if (ever) found++
      }
      expect(found / courses).toBeLessThan(0.07)
    }
  })

  const withSums = (whole: Result): Result => ({
    ...withoutRecords(whole),
    discordances: [...discordances(whole), ...sizeDiscordances(whole)]
  })

  it('says the same of a result without records that has its sums, through a file and a merge', () => {
    const bare = withSums(result)
    const document = readText(resultText(bare))
    if (!('result' in document)) throw new Error('no result')
    for (const read of [bare, document.result, mergeResults([document.result, bare])])
      expect(againstBestSize(fold(read), N)).toEqual(rows)
  })

  it('says the same in a link at its largest label count, and nothing at the others, whose sums it lacks', async () => {
    const document = await decodeLink(await encodeLink({ result: withSums(result) }))
    if (!('result' in document)) throw new Error('no result')
    const linked = fold(document.result)
    expect(linked.labelCounts.at(-1)).toBe(N)
    expect(againstBestSize(linked, N)).toEqual(rows)
    const earlier = againstBestSize(linked, linked.labelCounts.at(-2)!)
    expect(earlier.length).toBeGreaterThan(0)
    expect(earlier.some(row => row.comparison || row.below)).toBe(false)
  })

  it('costs a link of usual comparisons nothing but their sums', () => {
    const usual = withSums(result)
    expect(writeLinkResult(usual).y![0]).toBe('')
    const isFirst = usual.discordances!.findIndex(d => d.againstSize !== undefined && d.labelCount === N)
    const odd = usual.discordances!.filter((_, i) => i !== isFirst)
    expect(writeLinkResult({ ...usual, discordances: odd }).y![0]).not.toBe('')
  })
})
