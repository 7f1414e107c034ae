import { describe, expect, it } from 'vitest'
import { agreementOf } from '../../src/core/agreement.ts'
import { decodeLink, encodeLink } from '../../src/core/exchange/link.ts'
import type { Result } from '../../src/core/result.ts'
import { simulate, small } from './fixtures.ts'

const said = simulate(small)
const points = said.runs.flatMap(run => run.points).length
const changed = (change: (result: Result) => void): Result => {
  const result = structuredClone(said)
  change(result)
  return result
}

describe('a result that was computed again', () => {
  const all = { said: points, again: points, unlike: [], whole: true, sameData: true, sameCeiling: true }

  it('is the same to the last image, and of a link by its counts', async () => {
    expect(
      agreementOf(
        said,
        changed(() => {})
      )
    ).toEqual(all)
    const link = (await decodeLink(await encodeLink({ result: said }))) as { result: Result }
    expect(agreementOf(said, link.result)).toEqual({ ...all, whole: false })
    expect(agreementOf(link.result, said)).toEqual({ ...all, whole: false })
  })

  it('is compared as far as it came, and however many seeds either has', () => {
    const part = changed(r => (r.runs = r.runs.slice(0, 2)))
    const again = said.runs.slice(0, 2).flatMap(run => run.points).length
    expect(agreementOf(part, said)).toEqual({ ...all, again })
    expect(agreementOf(said, part)).toEqual({ ...all, said: again, again })
    expect(agreementOf(simulate({ ...small, seeds: 5 }), said)).toEqual(all)
    // a single point
    const single = changed(
      r => (r.runs = r.runs.slice(0, 1).map(run => ({ ...run, points: run.points.slice(0, 1) })))
    )
    expect(agreementOf(single, said)).toEqual({ ...all, again: 1 })
    // nothing of it yet: then nothing is the same to the last image
    const [one, another] = [0, 1].map(seed =>
      changed(r => (r.runs = r.runs.filter(run => run.seed === seed)))
    )
    expect(agreementOf(one, another)).toEqual({
      ...all,
      said: another.runs.flatMap(run => run.points).length,
      again: 0,
      whole: false
    })
    expect(
      agreementOf(
        changed(r => (r.runs = [])),
        said
      )
    ).toBeUndefined()
  })

  it('tells which points are not what was said: counts, images, picks, arms', () => {
    const at = ({ arm, seed, points }: Result['runs'][number], i: number) => ({
      arm,
      seed,
      labelCount: points[i].labelCount
    })
    const unlike = (change: (result: Result) => void) => agreementOf(said, changed(change))!.unlike
    expect(unlike(r => r.runs[1].points[2].correct++)).toEqual([at(said.runs[1], 2)])
    expect(unlike(r => (r.runs[3].points[1].record!.measurement.correct[0] ^= 3)).length).toBeGreaterThan(0)
    expect(unlike(r => r.runs[4].points[1].record!.added.reverse())).toEqual([at(said.runs[4], 1)])
    // as far as they go they are the same
    const shorter = (list: Uint32Array) => list.slice(0, -1)
    expect(
      unlike(r => (r.runs[4].points[1].record!.added = shorter(said.runs[4].points[1].record!.added)))
    ).toEqual([at(said.runs[4], 1)])
    const other = changed(
      r => (r.runs[4].points[1].record!.added = shorter(r.runs[4].points[1].record!.added))
    )
    expect(agreementOf(other, said)!.unlike).toEqual([at(said.runs[4], 1)])
    const swapped = unlike(r => {
      const other: Record<string, string> = { random: 'margin', margin: 'random' }
      for (const run of r.runs) run.arm.strategy = other[run.arm.strategy] ?? run.arm.strategy
    })
    expect(swapped.length).toBeGreaterThan(points / 3)
  })

  it('tells another ceiling among several, and none that was not computed again', () => {
    const ceiling = (...correct: number[]) =>
      changed(r => (r.ceiling = correct.map((c, seed) => ({ ...said.ceiling[0], seed, correct: c }))))
    expect(agreementOf(ceiling(90, 91), ceiling(90, 92))!.sameCeiling).toBe(false)
    expect(agreementOf(ceiling(90, 91), ceiling(90, 91))!.sameCeiling).toBe(true)
    expect(agreementOf(ceiling(), ceiling(90, 91))!.sameCeiling).toBe(true)
  })

  it('tells other data and another ceiling', () => {
    const data = changed(r => (r.dataset.fingerprint = '0'.repeat(64)))
    expect(agreementOf(said, data)).toEqual({ ...all, sameData: false })
    const ceiling = changed(r => r.ceiling[0].correct--)
    expect(agreementOf(said, ceiling)).toEqual({ ...all, sameCeiling: false })
  })

  it('is of one experiment and one arithmetic', () => {
    expect(
      agreementOf(
        said,
        changed(r => (r.experiment.epochs = 100))
      )
    ).toBeUndefined()
    expect(agreementOf(simulate(small, { numericsId: 'webgpu-b' }), said)).toBeUndefined()
    expect(agreementOf(said, { ...said, unknown: ['later'] })).toBeUndefined()
  })
})
