import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../src/core/curves.ts'
import { decodeLink, encodeLink } from '../../src/core/exchange/link.ts'
import { mergeResults, missingSeeds } from '../../src/core/exchange/merge.ts'
import { readDocument, readText, resultText } from '../../src/core/exchange/schema.ts'
import type { Result } from '../../src/core/result.ts'
import { againstRandom } from '../../src/core/statistics/verdict.ts'
import { simulate, small } from './fixtures.ts'

const whole = simulate(small)
/** what --shard i/n gives: the whole experiment, the runs of some seeds */
const shard = (index: number, of: number): Result => ({
  ...whole,
  runs: whole.runs.filter(run => run.seed % of === index),
  ceiling: index === 0 ? whole.ceiling : []
})

describe('merging', () => {
  it('puts shards together again, in any order and number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.gen(), (of, gen) => {
        const shards = Array.from({ length: of }, (_, i) => shard(i, of))
        const order = gen(fc.shuffledSubarray, shards, { minLength: of, maxLength: of })
        expect(mergeResults(order)).toEqual(whole)
      })
    )
    expect(mergeResults([whole, shard(1, 2), whole])).toEqual(whole)
    expect(readText(resultText(mergeResults([shard(0, 2), shard(1, 2)])))).toEqual({ result: whole })
  })

  it('says that it is incomplete as long as something is missing', () => {
    const cut = { ...shard(0, 2), incomplete: 'stopped' }
    cut.runs = cut.runs.map((run, i) => (i ? run : { ...run, points: run.points.slice(0, 1) }))
    expect(readText(resultText(cut))).toEqual({ result: cut })
    expect(mergeResults([cut, shard(1, 2)]).incomplete).toBe('stopped')
    // somebody has computed the rest meanwhile
    expect(mergeResults([cut, shard(1, 2), shard(0, 2)])).toEqual(whole)
    // what other numerics have measured of another arm is not what is missing
    const elsewhere = simulate(small, {
      numericsId: 'webgpu-f00',
      measured: strategy => strategy === 'margin'
    })
    expect(cut.runs[0].arm.strategy).toBe('random')
    expect(mergeResults([cut, shard(1, 2), elsewhere]).incomplete).toBe('stopped')
    const theSame = simulate(small, { numericsId: 'webgpu-f00', measured: strategy => strategy === 'random' })
    expect(mergeResults([cut, shard(1, 2), theSame]).incomplete).toBeUndefined()
  })

  it('takes the smallest range of seeds that holds all, and says which of them nobody has', () => {
    const later = simulate({ ...small, firstSeed: 5, seeds: 2 })
    const merged = mergeResults([later, whole])
    expect(merged.experiment).toMatchObject({ firstSeed: 0, seeds: 7 })
    expect(missingSeeds(merged)).toBe('3\u20134')
    expect(missingSeeds(whole)).toBe('')
    const sparse = { ...merged, runs: merged.runs.filter(run => ![0, 5].includes(run.seed)) }
    expect(missingSeeds(sparse)).toBe('0, 3\u20135')
    expect(merged.runs.length).toBe(whole.runs.length + later.runs.length)
    expect(merged.ceiling.map(c => c.seed)).toEqual([0, 5])
    const still = { ...sparse, runs: [...sparse.runs, { ...whole.runs[0], seed: 0, points: [] }] }
    expect(missingSeeds(still)).toBe('0, 3\u20135')
    const [third, fifth] = [3, 5].map(firstSeed => simulate({ ...small, firstSeed, seeds: 2 }))
    expect(mergeResults([fifth, third]).experiment).toMatchObject({ firstSeed: 3, seeds: 4 })
    const far = simulate({ ...small, firstSeed: 100, seeds: 1 })
    expect(() => mergeResults([whole, far])).toThrow(
      expect.objectContaining({ code: 'seedsApart', parameters: { seeds: 101, limit: 100 } })
    )
  })

  it('joins what two have measured of one run, and keeps records where one has them', () => {
    const half = simulate(small, { measured: (_s, _i, _seed, n) => n <= 50 })
    const bare = simulate(small, { records: false })
    expect(mergeResults([half, bare]).runs.map(r => r.points.map(p => p.correct))).toEqual(
      whole.runs.map(r => r.points.map(p => p.correct))
    )
    expect(mergeResults([bare, whole]).runs).toEqual(whole.runs)
    expect(mergeResults([half, whole]).runs).toEqual(whole.runs)
    const rest = simulate(small, { measured: (_s, _i, _seed, n) => n > 50 })
    expect(mergeResults([rest, half]).runs).toEqual(whole.runs)
  })

  it('names ten of those that disagree, and how many there are', () => {
    const other = (changes: number) => {
      const bare = simulate(small, { records: false })
      for (const run of bare.runs.slice(0, changes)) run.points[0].correct ^= 1
      return bare
    }
    const refusal = (changes: number) => {
      try {
        mergeResults([simulate(small, { records: false }), other(changes)])
      } catch (error) {
        return (error as { parameters: { list: string; count: number } }).parameters
      }
      throw new Error('merged')
    }
    const [ten, eleven] = [refusal(10), refusal(11)]
    expect([ten.count, eleven.count]).toEqual([10, 11])
    expect(ten.list.split(', ')).toHaveLength(10)
    expect(ten.list).not.toContain('...')
    expect(eleven.list).toBe(`${ten.list}, ...`)
  })

  it('refuses other images, also where only their number differs', () => {
    for (const dataset of [
      { ...whole.dataset, fingerprint: 'ab'.repeat(32) },
      { ...whole.dataset, testSize: whole.dataset.testSize + 1 }
    ])
      expect(() => mergeResults([whole, { ...whole, dataset }])).toThrow(
        expect.objectContaining({ code: 'differentData' })
      )
  })

  it('knows the majority class where one of them tells it', () => {
    const told = { ...whole, dataset: { ...whole.dataset, majority: 17 } }
    for (const parts of [
      [whole, told],
      [told, whole]
    ])
      expect(mergeResults(parts).dataset).toEqual(told.dataset)
    expect(mergeResults([whole, whole]).dataset).toEqual(whole.dataset)
  })

  it('keeps runs of other numerics apart', () => {
    const other = simulate(small, { numericsId: 'webgpu-f00' })
    const merged = mergeResults([whole, other])
    expect(merged.numerics.map(n => n.id)).toEqual([whole.numerics[0].id, 'webgpu-f00'])
    expect(merged.runs.length).toBe(2 * whole.runs.length)
  })

  it('does not mind what the data set is called', () => {
    const stored = (name: string) => {
      const source = { kind: 'stored' as const, fingerprint: 'ab'.repeat(32), name }
      return { ...whole, experiment: { ...small, source } }
    }
    expect(mergeResults([stored('mine'), stored('yours')]).experiment.source).toMatchObject({ name: 'mine' })
  })

  it('refuses what is not the same experiment, and names the row', () => {
    for (const [row, value] of [
      ['epochs', 31],
      ['strategies', ['margin', 'random', 'kCenter']],
      ['dataSeed', 1]
    ] as const) {
      const other = { ...whole, experiment: { ...small, [row]: value } }
      expect(() => mergeResults([whole, other])).toThrow(
        expect.objectContaining({ code: 'differentExperiment', field: row, parameters: { more: 0 } })
      )
    }
    // the first of several, and how many more there are
    const apart = { ...whole, experiment: { ...small, epochs: 31, dataSeed: 1, budget: small.budget + 10 } }
    expect(() => mergeResults([whole, apart])).toThrow(
      expect.objectContaining({ code: 'differentExperiment', parameters: { more: 2 } })
    )
    const dataset = { ...whole.dataset, fingerprint: '00'.repeat(32) }
    expect(() => mergeResults([whole, { ...whole, dataset }])).toThrow(
      expect.objectContaining({ code: 'differentData' })
    )
    expect(() => mergeResults([whole, { ...whole, unknown: ['x'] }])).toThrow(
      expect.objectContaining({ code: 'laterVersion' })
    )
    expect(() => mergeResults([])).toThrow(expect.objectContaining({ code: 'nothingToMerge' }))
  })

  it('refuses results that disagree about one run, and lists where', () => {
    const other = simulate(small, { records: false })
    other.runs[0].points[1].correct++
    other.runs[4].points[0].correct--
    expect(() => mergeResults([whole, other])).toThrow(
      expect.objectContaining({
        code: 'disagreement',
        field: 'runs',
        parameters: { count: 2, list: 'random@20 seed 0 at 50, margin@20 seed 1 at 20' }
      })
    )
    const ceiling = [{ ...whole.ceiling[0], correct: 1 }]
    expect(() => mergeResults([whole, { ...whole, ceiling }])).toThrow(
      expect.objectContaining({ code: 'disagreement', field: 'ceiling' })
    )
  })

  it('refuses the same counts with other images', () => {
    const other = simulate(small)
    const { measurement } = other.runs[0].points[0].record!
    const i = measurement.correct.findIndex(byte => byte !== 0 && byte !== 255)
    const byte = measurement.correct[i]
    const turned = ((byte << 1) | (byte >> 7)) & 255
    expect(turned).not.toBe(byte)
    measurement.correct[i] = turned
    expect(() => mergeResults([whole, other])).toThrow(expect.objectContaining({ code: 'disagreement' }))
  })

  it('never joins sums of one machine with counts of another', async () => {
    const linked = async (numericsId: string) => {
      const decoded = await decodeLink(await encodeLink({ result: simulate(small, { numericsId }) }))
      return (decoded as { result: Result }).result
    }
    const [a, b] = [await linked('wasm-a'), await linked('webgpu-b')]
    const verdicts = (result: Result) => againstRandom(fold(result), 20, 120)
    const merged = mergeResults([a, b])
    expect(fold(merged).numerics.used).toBe('wasm-a')
    expect(verdicts(merged)).toEqual(verdicts(a))
    // through a file and a link too
    expect(verdicts((readText(resultText(merged)) as { result: Result }).result)).toEqual(verdicts(a))
    const again = (await decodeLink(await encodeLink({ result: merged }))) as { result: Result }
    expect(verdicts(again.result)).toEqual(verdicts(a))
    // sums of an earlier version do not say whose they are: where they fit both, nobody can say
    const file = JSON.parse(resultText(merged))
    for (const d of file.discordances) delete d.numericsId
    const old = (readDocument(file) as { result: Result }).result
    verdicts(old).forEach(({ comparison }, i) =>
      expect([undefined, verdicts(a)[i].comparison]).toContainEqual(comparison)
    )
  })

  it('keeps in a link what a verdict stands on, beside records of a few rounds', async () => {
    const whole = simulate(small)
    const link = (await decodeLink(await encodeLink({ result: whole }))) as { result: Result }
    const stopped = { ...whole, runs: whole.runs.map(r => ({ ...r, points: r.points.slice(0, 1) })) }
    const merged = mergeResults([link.result, stopped])
    const again = (await decodeLink(await encodeLink({ result: merged }))) as { result: Result }
    for (const size of small.initialSizes)
      for (const n of [120, 100, 50]) {
        const expected = againstRandom(fold(whole), size, n)
        expect(againstRandom(fold(merged), size, n)).toEqual(expected)
        expect(againstRandom(fold(again.result), size, n)).toEqual(expected)
      }
  })

  it('refuses results that disagree about a training that arms share, or about what was labelled', () => {
    const whole = simulate(small)
    const part = (strategy: string) => {
      const runs = whole.runs.filter(r => r.arm.strategy === strategy)
      return structuredClone({ ...whole, runs })
    }
    const [a, b] = [part('random'), part('margin')]
    expect(mergeResults([a, b]).runs).toHaveLength(a.runs.length + b.runs.length)
    // round 0 is one training for both; another bit, the same count
    const { measurement } = b.runs[0].points[0].record!
    const i = measurement.correct.findIndex(byte => byte !== 0 && byte !== 255)
    const byte = measurement.correct[i]
    measurement.correct[i] = ((byte << 1) | (byte >> 7)) & 255
    expect(() => mergeResults([a, b])).toThrow(expect.objectContaining({ code: 'disagreement' }))
    const other = structuredClone(whole)
    other.runs[0].points[1].record!.added.reverse()
    expect(() => mergeResults([whole, other])).toThrow(expect.objectContaining({ code: 'disagreement' }))
  })

  it('keeps sums only where their seeds are all there are', () => {
    const arm = { strategy: 'margin', initialSize: 20 }
    const counts = simulate(small, { records: false })
    const numericsId = counts.runs[0].numericsId
    const rightOf = (strategy: string) =>
      counts.runs
        .filter(r => r.arm.strategy === strategy && r.arm.initialSize === 20)
        .map(r => r.points.find(p => p.labelCount === 50)!.correct)
    const [margin, random] = [rightOf('margin'), rightOf('random')]
    // the least that cells can be, and images of the same parity
    const cells = margin.reduce((sum, right, i) => sum + Math.abs(right - random[i]), 0)
    const d = { arm, labelCount: 50, numericsId, seeds: [0, 1, 2], images: cells, cells }
    const bare = { ...counts, discordances: [d] }
    expect(mergeResults([bare]).discordances).toEqual([d])
    const later = simulate({ ...small, firstSeed: 3, seeds: 2 }, { records: false })
    expect(mergeResults([bare, later]).discordances).toBeUndefined()
    // whoever says otherwise is not taken at their word because they came last
    expect(mergeResults([bare, bare]).discordances).toEqual([d])
    const more = { ...d, images: d.images + 2 }
    for (const pair of [
      [d, more],
      [more, { ...more, cells: d.cells + 2 }]
    ])
      expect(() => mergeResults(pair.map(one => ({ ...bare, discordances: [one] })))).toThrow(
        expect.objectContaining({ code: 'disagreement', field: 'discordances' })
      )
  })
})
