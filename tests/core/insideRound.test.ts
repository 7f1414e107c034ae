import { describe, expect, it } from 'vitest'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { roundsFrom, startsOf } from '../../src/core/insideRound.ts'
import type { RoundRecord } from '../../src/core/record.ts'
import type { Arm, Result, Run } from '../../src/core/result.ts'

/** Rounds that label these images, whose class is their number modulo 3; one more test image is right for each label. */
function run(arm: Arm, seed: number, rounds: number[][], numericsId = 'n'): Run {
  const labelled: number[] = []
  const points = rounds.map(added => {
    labelled.push(...added)
    const classCounts = [0, 1, 2].map(c => labelled.filter(row => row % 3 === c).length)
    const record = { labelCount: labelled.length, added: Uint32Array.from(added), classCounts } as RoundRecord
    return { labelCount: labelled.length, correct: 10 + labelled.length, record }
  })
  return { arm, seed, numericsId, points }
}

const arm = (strategy: string, initialSize = 2, selector?: string): Arm => ({
  strategy,
  initialSize,
  ...(selector && { selector })
})
const resultOf = (runs: Run[]): Result => ({
  experiment: {
    ...frozenExperiment,
    strategies: ['random', 'entropy', 'margin'],
    selectors: ['kmeans', 'random']
  },
  dataset: { name: '', fingerprint: '', shape: { height: 1, width: 1, channels: 1 } } as Result['dataset'],
  numerics: [],
  runs,
  ceiling: []
})
const bare = (r: Run): Run => ({ ...r, points: r.points.map(({ record: _, ...point }) => point) })

describe('the starts of a result', () => {
  it('are those with a round whose picks are known', () => {
    const runs = [
      run(arm('margin', 9), 3, [[0, 1, 2, 3, 4, 5, 6, 7, 8]]),
      run(arm('margin'), 1, [[0, 1]]),
      run(arm('margin', 2, 'kmeans'), 1, [[2, 3]]),
      bare(run(arm('margin', 1), 7, [[0]]))
    ]
    // of one, a single round is known
    const [first, ...later] = run(arm('margin', 4), 5, [[0, 1, 2, 3], [4]]).points
    runs.push({
      ...run(arm('margin', 4), 5, []),
      points: [first, ...later.map(p => ({ ...p, record: undefined }))]
    })
    expect(startsOf(resultOf(runs))).toEqual({
      initialSizes: [2, 4, 9],
      selectors: ['kmeans', 'random'],
      seeds: [1, 3, 5]
    })
    expect(startsOf(resultOf(runs.map(bare)))).toEqual({ initialSizes: [], selectors: [], seeds: [] })
  })
})

describe('the rounds from a start', () => {
  const start = { initialSize: 2, seed: 1 }
  it('say what each strategy asked for, of which classes, and what came of it', () => {
    const result = resultOf([
      run(arm('margin'), 1, [[0, 1], [5, 2, 8], [3]]),
      run(arm('entropy'), 1, [
        [0, 1],
        [3, 6, 4]
      ]),
      run(arm('entropy'), 2, [[7, 8]]),
      run(arm('entropy', 3), 1, [[7, 8, 1], [0], [2]]),
      run(arm('entropy', 2, 'kmeans'), 1, [[4, 5]])
    ])
    const rounds = roundsFrom(result, start)
    expect([...rounds.keys()]).toEqual([2, 5, 6])
    expect(rounds.get(2)!.map(({ arm, before }) => [arm.strategy, before])).toEqual([
      ['entropy', undefined],
      ['margin', undefined]
    ])
    expect(rounds.get(2)![0]).toMatchObject({ asked: [1, 1, 0], labelled: [1, 1, 0], after: 12 })
    const [entropy, margin] = rounds.get(5)!
    expect(entropy).toMatchObject({ asked: [2, 1, 0], labelled: [3, 2, 0], before: 12, after: 15 })
    expect(margin).toMatchObject({ asked: [0, 0, 3], labelled: [1, 1, 3] })
    expect([...margin.added]).toEqual([5, 2, 8])
    expect(rounds.get(6)!.map(({ arm }) => arm.strategy)).toEqual(['margin'])
    expect([...roundsFrom(result, { ...start, selector: 'kmeans' }).keys()]).toEqual([2])
    expect([...roundsFrom(result, { ...start, selector: 'random' }).keys()]).toEqual([2, 5, 6])
    expect(roundsFrom(result, { ...start, seed: 8 }).size).toBe(0)
  })
  it('leave out a round whose picks do not join those before it', () => {
    const whole = run(arm('margin'), 1, [[0, 1], [2, 3], [4, 5], [6]])
    const points = whole.points.map((point, i) => (i === 1 ? { ...point, record: undefined } : point))
    const rounds = roundsFrom(resultOf([{ ...whole, points }]), start)
    expect([...rounds.keys()]).toEqual([2, 7])
    // as many as there should be, but a class has lost one
    const strange = run(arm('margin'), 1, [[0, 1], [2, 3], [5]])
    strange.points[1].record!.classCounts = [0, 2, 2]
    expect([...roundsFrom(resultOf([strange]), start).keys()]).toEqual([2])
  })
  it('come by label count, whoever was measured there first', () => {
    const first = run(arm('random'), 1, [[0, 1], [2, 3], [4]])
    first.points[0].record = undefined
    const rounds = roundsFrom(resultOf([first, run(arm('margin'), 1, [[0, 1], [3], [5]])]), start)
    expect([...rounds.keys()]).toEqual([2, 3, 4, 5])
  })
  it('are of the numerics that came further', () => {
    const short = run(arm('margin'), 1, [[0, 1]], 'wasm')
    const long = run(
      arm('margin'),
      1,
      [
        [0, 1],
        [4, 5]
      ],
      'webgpu'
    )
    for (const runs of [
      [short, long],
      [long, short]
    ])
      expect([...roundsFrom(resultOf(runs), start).keys()]).toEqual([2, 4])
  })
})
