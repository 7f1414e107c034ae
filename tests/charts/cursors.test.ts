/** Reading charts by keyboard, on lines that were made by hand: gaps, lines that are not read, panels without any. */
import { describe, expect, it } from 'vitest'
import {
  countsOf,
  cursorMarks,
  moveCursor,
  readingsAt,
  readingText,
  type Readable
} from '../../src/charts/cursor.ts'
import type { ChartMessages } from '../../src/charts/messages.ts'
import type { Cursor } from '../../src/charts/options.ts'
import type { PathMark } from '../../src/charts/scene.ts'
import type { SensitivityScene, SizedSeries } from '../../src/charts/sensitivity.ts'
import type { Series } from '../../src/charts/series.ts'
import { moveSizeCursor, readingsAtSize, sizeCursorMarks, sizesOf } from '../../src/charts/sizeCursor.ts'

const frame = { left: 0, right: 400, top: 20, bottom: 220 }
const mean = (labelCount: number, accuracy: number) => ({
  point: { labelCount, seeds: [0], correct: [1], values: [accuracy], mean: accuracy, provisional: false },
  x: labelCount,
  y: 100 * accuracy
})
const look = { colour: 'ink', dash: '', marker: 'circle' } as const
const series = (
  strategy: string,
  initialSize: number,
  points: [number, number][],
  baseline = false
): Series => ({
  ...look,
  arm: { strategy, initialSize },
  key: strategy,
  label: strategy,
  below: false,
  baseline,
  points: points.map(([n, accuracy]) => mean(n, accuracy))
})

const a20 = series('a', 20, [
  [20, 0.5],
  [50, 0.7],
  [100, 0.9]
])
const b20 = series('b', 20, [
  [20, 0.6],
  [50, 0.6]
])
const ground = series(
  'random',
  20,
  [
    [20, 0.99],
    [300, 0.99]
  ],
  true
)
const a50 = series('a', 50, [
  [50, 0.8],
  [100, 0.85]
])
const c50 = series('c', 50, [[50, 0.9]])
const first: Readable = { frame, series: [ground, a20, series('e', 20, []), b20] }
const second: Readable = { frame, series: [a50, series('b', 50, []), c50] }
const empty: Readable = { frame, series: [series('a', 100, []), { ...ground }] }
const panels = [empty, first, second, empty]

describe('a cursor on learning curves', () => {
  const at = (strategy: string, initialSize: number, labelCount: number): Cursor => ({
    strategy,
    initialSize,
    labelCount
  })
  const press = (from: Cursor | undefined, key: string) => moveCursor(panels, from, key)

  it('reads lines from high to low where they were measured, and no baseline', () => {
    expect(readingsAt(first, 20).map(r => r.series)).toEqual([b20, a20])
    expect(readingsAt(first, 50).map(r => r.series)).toEqual([a20, b20])
    expect(readingsAt(first, 100).map(r => [r.series, r.placed.point.mean])).toEqual([[a20, 0.9]])
    expect(readingsAt(first, 300)).toEqual([])
    expect(countsOf([second, first])).toEqual([20, 50, 100, 300])
  })

  it('begins at the highest line, at its own count or the last', () => {
    expect(press(undefined, 'Home')).toEqual(at('a', 20, 100))
    expect(press({ labelCount: 20 }, 'ArrowDown')).toEqual(at('b', 20, 20))
    // a baseline is nothing to stand on, nor is a line that nobody measured
    expect(press(at('random', 20, 20), 'ArrowDown')).toEqual(at('b', 20, 20))
    expect(moveCursor([empty], undefined, 'Home')).toBeUndefined()
  })

  it('goes to the ends of its line', () => {
    expect(press(at('a', 20, 50), 'Home')).toEqual(at('a', 20, 20))
    expect(press(at('a', 20, 20), 'End')).toEqual(at('a', 20, 100))
    expect(press(at('a', 20, 50), 'ArrowRight')).toEqual(at('a', 20, 100))
    expect(press(at('b', 20, 50), 'ArrowRight')).toEqual(at('b', 20, 50))
  })

  it('goes down to lines that were not measured there after those that were, then into the next panel; and up again', () => {
    // of b there is nothing at 100: its nearest count
    expect(press(at('a', 20, 100), 'ArrowDown')).toEqual(at('b', 20, 50))
    expect(press(at('b', 20, 50), 'ArrowDown')).toEqual(at('c', 50, 50))
    expect(press(at('c', 50, 50), 'ArrowDown')).toEqual(at('a', 50, 50))
    expect(press(at('a', 50, 50), 'ArrowDown')).toEqual(at('a', 50, 50))
    expect(press(at('a', 50, 50), 'ArrowUp')).toEqual(at('c', 50, 50))
    expect(press(at('c', 50, 50), 'ArrowUp')).toEqual(at('b', 20, 50))
    expect(press(at('a', 20, 50), 'ArrowUp')).toEqual(at('a', 20, 50))
  })

  it('goes to its like in the next panel, or to the highest there', () => {
    expect(press(at('a', 20, 100), 'PageDown')).toEqual(at('a', 50, 100))
    expect(press(at('a', 50, 100), 'PageUp')).toEqual(at('a', 20, 100))
    // there is a line b, but nothing of it was measured
    expect(press(at('b', 20, 50), 'PageDown')).toEqual(at('c', 50, 50))
    expect(press(at('c', 50, 50), 'PageUp')).toEqual(at('a', 20, 50))
    expect(press(at('c', 50, 50), 'PageDown')).toEqual(at('c', 50, 50))
    expect(press(at('b', 20, 50), 'PageUp')).toEqual(at('b', 20, 50))
  })

  it('is a line through the panel, with a ring around the point', () => {
    const [through, ring] = cursorMarks(first, at('a', 20, 50), 7) as PathMark[]
    expect(through.d.match(/[\d.]+/g)!.map(Number)).toEqual([50, 20, 50, 220])
    // at 50, 70
    expect(ring.d).toMatch(/^M43,70a7,7 /)
    expect(cursorMarks(first, at('c', 50, 50), 7)).toHaveLength(1)
    expect(cursorMarks(first, at('a', 20, 300), 7)).toEqual([])
  })

  it('says what there is, and nothing of what there is not', () => {
    const words = { reading: (w: object) => JSON.stringify(w) } as unknown as ChartMessages
    const said = (placed: object) =>
      JSON.parse(
        readingText({ series: a20, placed: { ...a20.points[1], ...placed } }, words, 'en', id =>
          id.toUpperCase()
        )
      )
    const plain = { strategy: 'A', initialSize: '20', labels: '50', mean: '70.0%', seeds: 1 }
    expect(said({})).toEqual(plain)
    const { point } = a20.points[1]
    expect(
      said({ ghost: 0.5, point: { ...point, interval: { low: 0.651, high: 0.749 }, area: 0.6 } })
    ).toEqual({ ...plain, low: '65.1', high: '74.9%', area: '60.0%', kept: '50.0%' })
  })
})

describe('a cursor on initial sizes', () => {
  const sized = (strategy: string, points: [number, number][]): SizedSeries => ({
    ...series(strategy, 20, []),
    points: points.map(([initialSize, accuracy]) => ({ ...mean(300, accuracy), initialSize, x: initialSize }))
  })
  const a = sized('a', [
    [20, 0.5],
    [50, 0.6],
    [100, 0.9]
  ])
  const b = sized('b', [
    [20, 0.6],
    [100, 0.7]
  ])
  const c = sized('c', [[200, 0.4]])
  const scene = { frame, series: [c, a, b], x: (size: number) => size } as unknown as SensitivityScene
  const at = (strategy: string, initialSize: number): Cursor => ({ labelCount: 300, strategy, initialSize })
  const press = (from: Cursor | undefined, key: string) => moveSizeCursor(scene, from, key, 300)

  it('reads what was measured from a size, highest first', () => {
    expect(sizesOf(scene)).toEqual([20, 50, 100, 200])
    expect(readingsAtSize(scene, 20).map(r => r.series.key)).toEqual(['b', 'a'])
    expect(readingsAtSize(scene, 100).map(r => r.series.key)).toEqual(['a', 'b'])
    expect(readingsAtSize(scene, 70)).toEqual([])
  })

  it('begins at the highest line of its size, or of the smallest', () => {
    expect(press(undefined, 'End')).toEqual(at('b', 20))
    expect(press({ labelCount: 300, initialSize: 100 }, 'End')).toEqual(at('a', 100))
    expect(press(at('unknown', 200), 'End')).toEqual(at('c', 200))
    expect(press(at('a', 70), 'End')).toEqual(at('b', 20))
    expect(moveSizeCursor({ series: [] }, undefined, 'End', 300)).toBeUndefined()
  })

  it('moves along the sizes of its line, and between the lines of its size', () => {
    expect(press(at('b', 20), 'ArrowRight')).toEqual(at('b', 100))
    expect(press(at('b', 100), 'ArrowLeft')).toEqual(at('b', 20))
    expect(press(at('a', 20), 'End')).toEqual(at('a', 100))
    expect(press(at('a', 100), 'Home')).toEqual(at('a', 20))
    expect(press(at('b', 20), 'ArrowDown')).toEqual(at('a', 20))
    expect(press(at('a', 20), 'ArrowDown')).toEqual(at('a', 20))
    expect(press(at('a', 20), 'ArrowUp')).toEqual(at('b', 20))
    expect(press(at('b', 20), 'ArrowUp')).toEqual(at('b', 20))
  })

  it('is drawn at sizes that somebody was measured from', () => {
    const [through, ring] = sizeCursorMarks(scene, at('a', 50), 7) as PathMark[]
    expect(through.d.match(/[\d.]+/g)!.map(Number)).toEqual([50, 20, 50, 220])
    expect(ring.d).toMatch(/^M43,60a7,7 /)
    expect(sizeCursorMarks(scene, at('b', 50), 7)).toHaveLength(1)
    expect(sizeCursorMarks(scene, at('a', 70), 7)).toEqual([])
  })
})
