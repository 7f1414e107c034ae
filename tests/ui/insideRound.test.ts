import { describe, expect, it } from 'vitest'
import type { Labelled } from '../../src/core/insideRound.ts'
import type { PoolSample } from '../../src/runtime/client/types.ts'
import { lineOf, type Result } from '../../src/core/result.ts'
import { PoolImages } from '../../src/state/poolImages.svelte.ts'
import { imagesByClass, MOST_ROWS, panelsOf, roundCsv, rowsOf, scaleOf } from '../../src/ui/rounds/byClass.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { resultOf } from './fakes.ts'

const of = (asked: number[], added: number[] = []): Labelled => ({
  arm: { strategy: 'margin', initialSize: 5 },
  labelCount: 10,
  added: Uint32Array.from(added),
  asked,
  labelled: asked.map(n => n + 1),
  after: 0
})
const sample: PoolSample = {
  rows: Uint32Array.of(4, 7, 9),
  labels: Uint16Array.of(1, 0, 1),
  images: new Uint8Array(3),
  classNames: ['cat', '=dog'],
  shape: { height: 1, width: 1, channels: 1 },
  poolSize: 20,
  fingerprint: 'a'.repeat(64)
}

describe('a panel', () => {
  it('has a row for each class, also for those that were not asked for', () => {
    expect(rowsOf(of([3, 0]))).toEqual({
      rows: [
        { class: 0, asked: 3, labelled: 4 },
        { class: 1, asked: 0, labelled: 1 }
      ],
      others: { classes: 0, images: 0 }
    })
  })
  it('shows of many classes those that were asked for most, and says how much is left out', () => {
    const asked = Array.from({ length: 100 }, (_, c) => (c < 50 ? 0 : c === 99 ? 5 : c % 3))
    const { rows, others } = rowsOf(of(asked))
    expect(rows).toHaveLength(MOST_ROWS)
    expect(rows[0]).toMatchObject({ class: 99, asked: 5 })
    expect(rows.map(row => row.asked)).toEqual([5, ...Array(MOST_ROWS - 1).fill(2)])
    const images = (of: readonly { asked: number }[]) => of.reduce((sum, row) => sum + row.asked, 0)
    expect(images(rows) + others.images).toBe(asked.reduce((a, b) => a + b))
    expect(others.classes + MOST_ROWS).toBe(asked.filter(Boolean).length)
  })
  it('has images of one size everywhere, so that the longest row fits', () => {
    expect(scaleOf([of([3, 8]), of([10, 1])], 200)).toEqual({ side: 20, most: 10 })
    // not larger than they are good for, and cut where they would be too small to be seen
    expect(scaleOf([of([1])], 200).side).toBe(26)
    expect(scaleOf([of([100])], 200)).toEqual({ side: 6, most: 33 })
    expect(scaleOf([], 0).most).toBe(1)
  })
  it('has its images in picking order, those that are there', () => {
    expect([...imagesByClass(of([], [9, 2, 7, 4]), sample)]).toEqual([
      [1, [2, 0]],
      [0, [1]]
    ])
  })
  it('as a file names the labels in order, and classes where they are known', () => {
    const lines = roundCsv([of([], [9, 2, 7])], 3, sample).split('\r\n')
    expect(lines).toEqual([
      'strategy,selector,initial_size,seed,label,image,class',
      "margin,random,5,3,8,9,'=dog",
      'margin,random,5,3,9,2,',
      'margin,random,5,3,10,7,cat',
      ''
    ])
    expect(roundCsv([of([], [9])], 3, undefined)).toMatch(/,9,\r\n$/)
  })
})

describe('a round', () => {
  const from = (strategy: string, selector?: string): Labelled => ({
    ...of([1]),
    arm: { strategy, initialSize: 5, ...(selector && { selector }) }
  })
  it('has a panel for each strategy whose line is shown, whichever selector it starts from', () => {
    const strategies = (round: Labelled[], hidden: string[]) =>
      panelsOf(round, new Set(hidden)).map(({ arm }) => arm.strategy)
    const plain = [from('random'), from('margin')]
    const balanced = [from('random', 'balanced'), from('margin', 'balanced')]
    const hidden = lineOf(balanced[1].arm)
    expect(strategies(plain, ['margin'])).toEqual(['random'])
    expect(strategies(balanced, ['margin'])).toEqual(['random', 'margin'])
    expect(strategies(balanced, [hidden])).toEqual(['random'])
    expect(strategies(plain, [hidden])).toEqual(['random', 'margin'])
  })
  it('has one for the initial set, also of a strategy that is hidden', () => {
    const first = ['random', 'margin'].map(strategy => ({ ...from(strategy), labelCount: 5 }))
    expect(panelsOf(first, new Set(['random']))).toEqual([first[0]])
  })
})

describe('images of the pool', () => {
  const result = resultOf({ ...frozenExperiment, poolSize: 20 })
  /** answers with the rows it was asked for */
  function data(fingerprint = sample.fingerprint) {
    const asked: number[][] = []
    const images = async (_: unknown, __: unknown, rows: Uint32Array) => {
      asked.push([...rows])
      return { ...sample, rows, fingerprint }
    }
    return { asked, images }
  }
  it('are asked for with those that may be next, and not again while they are there', async () => {
    const own = new PoolImages()
    const { asked, images } = data()
    own.connect({ images })
    await own.look(result, [4, 7], [7, 9])
    expect([...own.of(result)!.rows]).toEqual([4, 7, 9])
    await own.look(result, [9], [3])
    expect(asked).toEqual([[4, 7, 9]])
    await own.look(result, [3], [])
    expect(asked).toHaveLength(2)
  })
  it('are asked for alone where the others would be much', async () => {
    const own = new PoolImages()
    const { asked, images } = data()
    own.connect({ images })
    const large: Result = {
      ...result,
      dataset: { ...result.dataset, shape: { height: 64, width: 64, channels: 3 } }
    }
    await own.look(large, [4], Array(1000).keys())
    expect(asked).toEqual([[4]])
  })
  it('of another pool are not shown, nor kept for a result of another', async () => {
    const own = new PoolImages()
    const { images } = data('b'.repeat(64))
    own.connect({ images })
    await own.look(result, [4], [])
    expect(own.of(result)).toBeUndefined()
    expect(own.problem).toEqual({ code: 'otherImages' })
    own.connect(data())
    await own.look(result, [4], [])
    expect(own.problem).toBeUndefined()
    const other = { ...result, dataset: { ...result.dataset, fingerprint: 'b'.repeat(64) } }
    expect(own.of(result)).toBeDefined()
    expect(own.of(other)).toBeUndefined()
  })
  it('that cannot be had leave a notice; of two looks the last one counts', async () => {
    const own = new PoolImages()
    own.connect({ images: () => Promise.reject(Object.assign(new Error('x'), { code: 'datasetMissing' })) })
    await own.look(result, [1], [])
    expect(own.problem?.code).toBe('datasetMissing')
    let late: (sample: PoolSample) => void = () => {}
    own.connect({ images: () => new Promise(resolve => (late = resolve)) })
    const first = own.look(result, [1], [])
    own.connect(data())
    await own.look(result, [2], [])
    late({ ...sample, rows: Uint32Array.of(1) })
    await first
    expect([...own.of(result)!.rows]).toEqual([2])
  })
})
