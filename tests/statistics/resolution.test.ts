/** Which differences so many seeds can find. */
import { describe, expect, it } from 'vitest'
import { fold } from '../../src/core/curves.ts'
import { decodeLink, encodeLink } from '../../src/core/exchange/link.ts'
import { derive, rootKey, Stream } from '../../src/core/random.ts'
import { paid } from '../../src/core/statistics/looks.ts'
import { compareCrossed, type Components } from '../../src/core/statistics/paired.ts'
import { detectable, resolutionsAt } from '../../src/core/statistics/resolution.ts'
import { fixture, withoutRecords } from '../charts/fixture.ts'
import { discordances } from '../../src/core/statistics/discordances.ts'

const N = 300

/** Two independent normal numbers (Box and Muller). */
function normal(stream: Stream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()))
  return radius * Math.cos(2 * Math.PI * stream.uniform())
}

/** D[s, i] = mean + seed + image + rest, as the integers of a comparison. */
function crossed(stream: Stream, mean: number, { seed, image, rest }: Components, S: number, M: number) {
  const images = Array.from({ length: M }, () => Math.sqrt(image * M) * normal(stream))
  const cells = Array.from({ length: S }, () => {
    const own = Math.sqrt(seed) * normal(stream)
    return images.map(ofImage => mean + own + ofImage + Math.sqrt(rest * M) * normal(stream))
  })
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
  return compareCrossed({
    sums: cells.map(sum),
    images: sum(images.map((_, i) => sum(cells.map(row => row[i])) ** 2)),
    cells: sum(cells.flat().map(d => d * d)),
    testSize: M
  })!
}

describe('the difference that so many seeds can find', () => {
  const stream = new Stream(derive(rootKey(3, 95)))

  const M = 60

  it('is found about four times in five, at the price of a verdict', () => {
    for (const [components, seeds, comparisons] of [
      [{ seed: 1e-4, image: 0, rest: 1e-5 }, 5, 1],
      [{ seed: 1e-4, image: 5e-6, rest: 5e-5 }, 10, 5],
      [{ seed: 2e-5, image: 1e-5, rest: 1e-4 }, 20, 3]
    ] as const) {
      const difference = detectable(components, seeds, M, comparisons)
      const courses = 400
      let found = 0
      for (let i = 0; i < courses; i++) {
        const { p } = crossed(stream, difference, components, seeds, M)
        if (paid(p, seeds) * comparisons < 0.05) found++
      }
      // three standard errors of the simulation
      expect(Math.abs(found / courses - 0.8)).toBeLessThan(0.06)
    }
  })

  it('goes by components that a comparison recovers', () => {
    const truth = { seed: 4e-4, image: 2e-4, rest: 3e-4 }
    const sums = { seed: 0, image: 0, rest: 0 }
    const courses = 200
    for (let i = 0; i < courses; i++) {
      const { components } = crossed(stream, 0.01, truth, 12, 40)
      for (const part of ['seed', 'image', 'rest'] as const) sums[part] += components![part] / courses
    }
    for (const part of ['seed', 'image', 'rest'] as const)
      expect(Math.abs(sums[part] / truth[part] - 1)).toBeLessThan(0.15)
  })

  it('is smaller with more seeds, larger among more comparisons, and has a floor in the test set', () => {
    const components = { seed: 1e-4, image: 1e-6, rest: 1e-4 }
    const bySeeds = [3, 5, 10, 20, 40].map(seeds => detectable(components, seeds, M, 1))
    for (const [i, d] of bySeeds.entries()) if (i) expect(d).toBeLessThan(bySeeds[i - 1])
    expect(detectable(components, 10, M, 5)).toBeGreaterThan(detectable(components, 10, M, 1))
    const alone = { seed: 0, image: 1e-5, rest: 0 }
    expect(detectable(alone, 80, M, 1)).toBeGreaterThan(2 * Math.sqrt(alone.image))
    expect(detectable({ seed: 0, image: 0, rest: 0 }, 10, M, 1)).toBe(0)
  })
})

describe('at a label count', () => {
  const rows = { initialSizes: [50, 100], strategies: ['random', 'margin', 'entropy'] }
  const of = (seeds: number, more = {}) => resolutionsAt(fold(fixture({ ...rows, seeds, ...more })), N)

  it('it is said of the seeds there are and of the next two larger numbers, where something is not decided', () => {
    for (const [seeds, said] of [
      [5, [5, 10, 20]],
      [7, [7, 10, 20]],
      [10, [10, 20, 40]],
      [20, [20, 40, 80]]
    ] as const)
      expect(of(seeds).map(r => r.seeds)).toEqual(said)
  })

  it('it is the one in the middle of the comparisons with the leader, each among as many as it has rivals', () => {
    const curves = fold(fixture({ ...rows, seeds: 10 }))
    // margin and entropy lead: whichever it is, the other one and random are compared with it
    const leads = [50, 100].map(initialSize => {
      const mean = (strategy: string) =>
        curves.curves
          .find(c => c.arm.strategy === strategy && c.arm.initialSize === initialSize)!
          .points.find(p => p.labelCount === N)!.mean
      return mean('margin') >= mean('entropy') ? 'margin' : 'entropy'
    })
    const all = leads.flatMap((leader, i) =>
      rows.strategies
        .filter(line => line !== leader)
        .map(line => {
          const initialSize = [50, 100][i]
          const compared = curves.compare(
            { strategy: leader, initialSize },
            { strategy: line, initialSize },
            N
          )
          return detectable(compared!.components!, 10, curves.testSize, 2)
        })
    )
    const sorted = all.sort((a, b) => a - b)
    expect(resolutionsAt(curves, N)[0].difference).toBeCloseTo((sorted[1] + sorted[2]) / 2, 12)
  })

  it('it is not said of more seeds where the test set is what is too small', () => {
    const curves = fold(fixture({ ...rows, strategies: ['margin', 'entropy'], seeds: 10 }))
    const compare: typeof curves.compare = (...arms) => {
      const compared = curves.compare(...arms)
      return compared && { ...compared, components: { seed: 0, image: 1e-4, rest: 0 } }
    }
    expect(resolutionsAt({ ...curves, compare }, N).map(r => r.seeds)).toEqual([10])
  })

  it('it is not said of four seeds, where nothing is open, or before anything was queried', () => {
    expect(of(4)).toEqual([])
    expect(of(10, { strategies: ['random'] })).toEqual([])
    expect(of(10, { strategies: ['margin', 'consistency'], initialSizes: [20] })).toEqual([])
    expect(resolutionsAt(fold(fixture({ ...rows, seeds: 10, initialSizes: [100] })), 100)).toEqual([])
  })

  it('it is the same in a link', async () => {
    const result = fixture({ ...rows, seeds: 10 })
    const bare = { ...withoutRecords(result), discordances: discordances(result) }
    const document = await decodeLink(await encodeLink({ result: bare }))
    if (!('result' in document)) throw new Error('no result')
    expect(resolutionsAt(fold(document.result), N)).toEqual(resolutionsAt(fold(result), N))
  })
})
