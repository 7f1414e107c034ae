/** Reading the sensitivity chart point by point: along the initial sizes and from strategy to strategy. */
import { nearestCount } from '../core/curves.ts'
import { standMarks, type Reading } from './cursor.ts'
import type { Cursor } from './options.ts'
import type { Mark } from './scene.ts'
import type { SensitivityScene, SizedSeries } from './sensitivity.ts'

type Lines = Pick<SensitivityScene, 'series'>

/** What the lines are at an initial size, highest first. */
export function readingsAtSize({ series }: Lines, initialSize: number): Reading[] {
  return series
    .flatMap(s => {
      const placed = s.points.find(p => p.initialSize === initialSize)
      return placed ? [{ series: s, placed }] : []
    })
    .sort((a, b) => b.placed.point.mean - a.placed.point.mean)
}

/** Initial sizes that any strategy was measured from, ascending. */
export function sizesOf({ series }: Lines): number[] {
  return [...new Set(series.flatMap(s => s.points.map(p => p.initialSize)))].sort((a, b) => a - b)
}

/** The point of a cursor that stands on one. */
export function readingOf(lines: Lines, cursor: Cursor | undefined): Reading | undefined {
  if (cursor?.initialSize === undefined) return undefined
  return readingsAtSize(lines, cursor.initialSize).find(r => r.series.key === cursor.strategy)
}

/** Left and right to the next initial size of the line, Home and End to its ends, up and down from line to line. */
export function moveSizeCursor(
  lines: Lines,
  cursor: Cursor | undefined,
  key: string,
  labelCount: number
): Cursor | undefined {
  const sizes = sizesOf(lines)
  if (!sizes.length || !/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(key)) return undefined
  const at = readingOf(lines, cursor)
  if (!at || !cursor) {
    const first = cursor?.initialSize ?? sizes[0]
    const initialSize = sizes.includes(first) ? first : sizes[0]
    return { labelCount, initialSize, strategy: readingsAtSize(lines, initialSize)[0].series.key }
  }
  const own = (at.series as SizedSeries).points.map(p => p.initialSize)
  const index = own.indexOf(nearestCount(own, cursor.initialSize!)!)
  const step = (i: number): Cursor => ({
    labelCount,
    strategy: at.series.key,
    initialSize: own[Math.min(own.length - 1, Math.max(0, i))]
  })
  if (key === 'ArrowLeft') return step(index - 1)
  if (key === 'ArrowRight') return step(index + 1)
  if (key === 'Home') return step(0)
  if (key === 'End') return step(own.length - 1)
  const here = readingsAtSize(lines, cursor.initialSize!)
  const rank = here.findIndex(r => r.series === at.series) + (key === 'ArrowDown' ? 1 : -1)
  const next = here[Math.min(here.length - 1, Math.max(0, rank))]
  return { labelCount, initialSize: cursor.initialSize, strategy: next.series.key }
}

/** A hairline at the initial size, and a ring around the point. */
export function sizeCursorMarks(scene: SensitivityScene, cursor: Cursor, radius: number): Mark[] {
  if (cursor.initialSize === undefined || !sizesOf(scene).includes(cursor.initialSize)) return []
  return standMarks(scene.frame, scene.x(cursor.initialSize), readingOf(scene, cursor)?.placed, radius)
}
