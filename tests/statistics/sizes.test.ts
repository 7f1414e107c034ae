/** What the initial size does to a line: its best size against the others. */
import { describe, expect, it } from 'vitest'
import { fold, pointAt } from '../../src/core/curves.ts'
import { readText, resultText } from '../../src/core/exchange/schema.ts'
import { mergeResults } from '../../src/core/exchange/merge.ts'
import { decodeLink, encodeLink } from '../../src/core/exchange/link.ts'
import type { Result } from '../../src/core/result.ts'
import { discordances, sizeDiscordances } from '../../src/core/statistics/discordances.ts'
import { paid } from '../../src/core/statistics/looks.ts'
import { compareCrossed } from '../../src/core/statistics/paired.ts'
import { againstBestSize } from '../../src/core/statistics/sizes.ts'
import { againstRandom } from '../../src/core/statistics/verdict.ts'
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
      return paid(own.p, own.seeds)
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

  it('says the same of a result without records that has its sums, through a file and a merge', () => {
    const sums = [...discordances(result), ...sizeDiscordances(result)]
    const bare: Result = { ...withoutRecords(result), discordances: sums }
    const document = readText(resultText(bare))
    if (!('result' in document)) throw new Error('no result')
    for (const read of [bare, document.result, mergeResults([document.result, bare])])
      expect(againstBestSize(fold(read), N)).toEqual(rows)
  })

  it('says nothing where the sums are missing, as in links, which are no longer for that', async () => {
    const sums = [...discordances(result), ...sizeDiscordances(result)]
    const bare = { ...withoutRecords(result), discordances: sums }
    const link = await encodeLink({ result: bare })
    expect(link).toBe(await encodeLink({ result: { ...bare, discordances: discordances(result) } }))
    const document = await decodeLink(link)
    if (!('result' in document)) throw new Error('no result')
    const read = againstBestSize(fold(document.result), N)
    expect(read.map(r => [r.strategy, r.initialSize])).toEqual(rows.map(r => [r.strategy, r.initialSize]))
    expect(read.some(r => r.comparison || r.below)).toBe(false)
  })
})

describe('lines that have come to the same labelled sets', () => {
  it('have the same training, which is no comparison beside others', () => {
    const all = fixture({ initialSizes: [20], strategies: ['random', 'margin', 'consistency'] })
    const alone = againstRandom(
      fold({ ...all, runs: all.runs.filter(r => r.arm.strategy !== 'consistency') }),
      20,
      N
    )
    // at N, consistency has bought what random has
    const twin = new Map(all.runs.filter(r => r.arm.strategy === 'random').map(r => [r.seed, r.points]))
    const runs = all.runs.map(run =>
      run.arm.strategy !== 'consistency' ? run : { ...run, points: twin.get(run.seed)! }
    )
    const rows = againstRandom(fold({ ...all, runs }), 20, N)
    expect(rows.find(r => r.strategy === 'consistency')).toMatchObject({
      verdict: 'sameTraining',
      comparison: { difference: 0, p: 1 }
    })
    expect(rows.find(r => r.strategy === 'margin')).toEqual(alone.find(r => r.strategy === 'margin'))
  })
})
