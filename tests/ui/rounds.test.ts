import { describe, expect, it } from 'vitest'
import type { Result, Run } from '../../src/core/result.ts'
import { mappableRuns, pickedRows, roundsOf } from '../../src/ui/maps/rounds.ts'

/** A run whose rounds have labelled these rows. */
const run = (strategy: string, seed: number, ...rounds: number[][]): Run => {
  let labelCount = 0
  const points = rounds.map(added => ({
    labelCount: (labelCount += added.length),
    correct: 1,
    record: { labelCount, added: Uint32Array.from(added) }
  }))
  return { arm: { strategy, initialSize: rounds[0].length }, seed, numericsId: 'n', points } as unknown as Run
}
const bare: Run = { ...run('entropy', 0, [1]), points: [{ labelCount: 1, correct: 1 }] }
const result = {
  dataset: { fingerprint: 'f' },
  runs: [run('margin', 3, [5, 2], [9]), run('margin', 1, [4, 0], [7]), bare]
} as unknown as Result

describe('what an arm has labelled', () => {
  it('is known of runs with records on the very images of the map, one an arm', () => {
    expect(mappableRuns(result, 'f').map(r => [r.arm.strategy, r.seed])).toEqual([['margin', 1]])
    expect(mappableRuns(result, 'other')).toEqual([])
    expect(mappableRuns(undefined, 'f')).toEqual([])
  })
  it('has a round for each image, none for those without a label', () => {
    const { group, labelCounts } = roundsOf(result.runs[0], Uint32Array.of(0, 2, 5, 9))
    expect([...group]).toEqual([-1, 0, 0, 1])
    expect(labelCounts).toEqual([2, 3])
  })
  it('is shown first, lower seeds before higher', () => {
    expect(pickedRows(result)).toEqual([4, 0, 7, 5, 2, 9])
    expect(pickedRows(undefined)).toEqual([])
  })
})
