/**
 * Curves of another result behind those of a chart: thin, in the colours of their lines, without markers. So two settings are
 * seen together that are not arms of one experiment (a training mode, another number of cycles).
 */
import { line as lineShape } from 'd3'
import { curveOf, type CurvePoint } from '../core/curves.ts'
import type { Arm } from '../core/result.ts'
import type { ChartOptions, Ghost } from './options.ts'
import type { GroupMark, Mark, Paint } from './scene.ts'

/** A point as it is drawn: its mean. */
export const meanOf = (point: CurvePoint): CurvePoint => ({
  ...point,
  values: [point.mean],
  interval: undefined
})

/** The points of an arm among the ghosts, up to a label count: means alone, no band is drawn of them. */
export const ghostPoints = (ghost: Ghost | undefined, arm: Arm, most: number): CurvePoint[] =>
  ghost ? (curveOf(ghost.curves, arm)?.points ?? []).filter(p => p.labelCount <= most).map(meanOf) : []

const path = lineShape<readonly [number, number]>().digits(2)
const LOOK = { width: 1.3, opacity: 0.7 } as const
/** half of the tick at each place, px */
const TICK = 3.5

/** A thin line through places (px) with a tick at each. */
export function ghostMarks(
  key: string,
  stroke: Paint,
  places: readonly (readonly [number, number])[]
): GroupMark {
  const marks: Mark[] = places.map(([x, y]) => ({
    kind: 'path',
    d: path([
      [x - TICK, y],
      [x + TICK, y]
    ])!,
    stroke,
    ...LOOK
  }))
  if (places.length > 1) marks.unshift({ kind: 'path', d: path(places)!, fill: 'none', stroke, ...LOOK })
  return { kind: 'group', key, marks }
}

/** What thin lines are, where there are some. */
export const ghostNotes = (
  { messages, ghost }: Pick<ChartOptions, 'messages' | 'ghost'>,
  { haunted }: { haunted: boolean }
): string[] => (ghost && haunted ? [messages.ghost(ghost.name)] : [])
