/**
 * Cold-start sensitivity: the initial size against the accuracy at N labels, one line for each strategy. Under each
 * initial size stands who is best there, or that it cannot be told. Ticks only where something was computed, nothing is
 * interpolated; random is flat by construction, the ground that the others stand on.
 */
import { line as lineShape, scaleLog } from 'd3'
import { atLabels, pointAt, type CurvePoint, type StrategyAtLabels } from '../core/curves.ts'
import { RANDOM } from '../core/result.ts'
import { rankingAt, verdictOf } from '../core/statistics/verdict.ts'
import { accuracyAxis } from './accuracy.ts'
import { count } from './format.ts'
import { gutterFor, labelMarks } from './labels.ts'
import { sizesFor, type Frame, type Sizes } from './layout.ts'
import { marker, markerPath } from './markers.ts'
import { noteMarks, type Note } from './notes.ts'
import type { ChartOptions } from './options.ts'
import { gridMarks } from './panel.ts'
import { line, type GroupMark, type Mark, type Scene } from './scene.ts'
import type { PlacedPoint, Series } from './series.ts'
import { colourOf, styleOf, textColour } from './styles.ts'
import { textWidth } from './text.ts'

export interface SensitivityScene extends Scene {
  frame: Frame
  sizes: Sizes
  series: SizedSeries[]
  /** initial size to px */
  x(initialSize: number): number
}

/** A line whose points stand at initial sizes, all at N labels. */
export interface SizedSeries extends Series {
  points: (PlacedPoint & { initialSize: number })[]
}

interface Entry {
  initialSize: number
  point?: CurvePoint
}

interface SizeVerdict {
  initialSize: number
  text: string
  /** the strategy that is best */
  best?: string
  /** the same in one sign, where there is no room for words */
  sign: string
}

/** What stands under each initial size. */
function verdictsOf(options: ChartOptions, room: number, size: number): SizeVerdict[] {
  const { curves, n, messages, strategyName } = options
  const words = messages.sensitivity
  const fits = (text: string) => textWidth(text, size, true) <= room
  return curves.initialSizes.map((initialSize): SizeVerdict => {
    const measured = curves.strategies.some(strategy => pointAt(curves, { strategy, initialSize }, n))
    if (!measured) return { initialSize, text: words.notMeasured, sign: '–' }
    const ranking = rankingAt(curves, initialSize, n)
    switch (ranking.kind) {
      case 'best': {
        const name = strategyName(ranking.strategy)
        const whole = words.best(name)
        return { initialSize, text: fits(whole) ? whole : name, best: ranking.strategy, sign: '' }
      }
      case 'undecided': {
        const either = words.either(strategyName(ranking.leader), strategyName(ranking.rivals[0]))
        const text = ranking.rivals.length === 1 && fits(either) ? either : words.undecided
        return { initialSize, text, sign: words.undecidedSign }
      }
      default:
        return { initialSize, text: words[ranking.kind], sign: '–' }
    }
  })
}

/** Runs of neighbouring initial sizes that were measured: a line does not cross a gap. */
function lineMarks(
  series: Series,
  entries: Entry[],
  x: (e: Entry) => number,
  y: (v: number) => number
): Mark[] {
  const path = lineShape<Entry>()
    .defined(e => e.point !== undefined)
    .x(x)
    .y(e => y(e.point!.mean))
    .digits(2)
  return [
    {
      kind: 'path',
      d: path(entries) ?? '',
      fill: 'none',
      stroke: series.colour,
      width: 2,
      dash: series.dash || undefined
    }
  ]
}

function strategyMarks(
  at: StrategyAtLabels,
  series: Series,
  x: (e: Entry) => number,
  y: (v: number) => number,
  radius: number,
  lowest: number,
  below: (initialSize: number) => boolean
): GroupMark {
  const marks = lineMarks(series, at.points, x, y)
  for (const e of at.points) {
    if (!e.point) continue
    const { interval, mean, provisional } = e.point
    const px = x(e)
    if (interval)
      marks.push({
        kind: 'path',
        d: line(px, y(interval.low), px, y(interval.high)),
        stroke: series.colour,
        width: 1.6
      })
    marks.push(marker(series.marker, px, y(mean), radius, series.colour, provisional))
    if (below(e.initialSize))
      marks.push({
        kind: 'path',
        d: markerPath('wedge', px, Math.min(lowest, y(interval?.low ?? mean) + 9), 4.2),
        fill: series.colour
      })
  }
  return { kind: 'group', key: at.strategy, marks }
}

export function sensitivityScene(options: ChartOptions): SensitivityScene {
  const { curves, n, width, theme, hidden, messages, locale, strategyName } = options
  const sizes = sizesFor(width)
  const rows = atLabels(curves, n).filter(s => !hidden.has(s.strategy))
  const points = rows.flatMap(s => s.points.flatMap(e => (e.point ? [e.point] : [])))
  const left = Math.ceil(textWidth('99.5%', sizes.text) + 12)
  const below = (strategy: string, initialSize: number) =>
    verdictOf(curves, strategy, initialSize, n) === 'belowRandom'
  const flagged = (s: StrategyAtLabels) => s.points.some(e => e.point && below(s.strategy, e.initialSize))
  const gutter = gutterFor(
    rows.map(s => strategyName(s.strategy)),
    sizes,
    false
  )
  const tall = width < 520 ? 240 : Math.min(340, Math.max(260, width * 0.4))
  const frame: Frame = { left, top: 12, right: Math.max(left + 60, width - gutter), bottom: 12 + tall }
  const axis = accuracyAxis(points, { testSize: curves.testSize }, options.scale, frame.bottom, frame.top)

  // half a slot free at both ends, for the dodged markers and the texts under the axis
  const ends = [curves.initialSizes[0] ?? 1, curves.initialSizes[curves.initialSizes.length - 1] ?? 1]
  const inset = (frame.right - frame.left) / (2 * Math.max(1, curves.initialSizes.length))
  const scale = scaleLog(ends, [frame.left + inset, frame.right - inset])
  const x = (size: number) => (ends[0] === ends[1] ? (frame.left + frame.right) / 2 : scale(size))
  const places = curves.initialSizes.map(x)
  const slots = places.slice(1).map((p, i) => p - places[i])
  const slot = Math.min(2 * inset, ...slots)
  const step = Math.min(8, slot / (rows.length + 2))
  const dodged = (index: number) => (index - (rows.length - 1) / 2) * step

  const series = rows.map((s, i): SizedSeries => {
    const style = styleOf(s.strategy)
    return {
      arm: { strategy: s.strategy, initialSize: ends[0] },
      key: s.strategy,
      label: strategyName(s.strategy),
      colour: colourOf(s.strategy, theme),
      dash: style.dash,
      marker: style.marker,
      points: s.points.flatMap(e =>
        e.point
          ? [
              {
                initialSize: e.initialSize,
                point: e.point,
                x: x(e.initialSize) + dodged(i),
                y: axis.y(e.point.mean)
              }
            ]
          : []
      )
    }
  })

  const marks: Mark[] = []
  marks.push(...gridMarks(axis, frame, sizes, locale, true))
  const lineHeight = sizes.text + 7
  const foot = frame.bottom + lineHeight
  const verdicts = verdictsOf(options, slot - 8, sizes.text)
  const inWords = verdicts.every(v => textWidth(v.text, sizes.text, true) <= slot - 4)
  for (const { initialSize, text, best, sign } of verdicts) {
    const px = x(initialSize)
    const at = { kind: 'text', x: px, size: sizes.text, anchor: 'middle' } as const
    marks.push({ kind: 'path', d: line(px, frame.top, px, frame.bottom + 5), stroke: 'hairline', width: 1 })
    marks.push({ ...at, y: foot, text: count(initialSize, locale), bold: true, fill: 'ink' })
    if (best !== undefined && !inWords)
      marks.push(
        marker(
          styleOf(best).marker,
          px,
          foot + lineHeight - sizes.text * 0.35,
          sizes.text * 0.4,
          colourOf(best, theme)
        )
      )
    else
      marks.push({
        ...at,
        y: foot + lineHeight,
        text: inWords ? text : sign,
        bold: best !== undefined,
        fill: best === undefined ? 'inkSoft' : textColour(colourOf(best, theme), theme)
      })
  }
  marks.push({
    kind: 'text',
    x: (frame.left + frame.right) / 2,
    y: foot + 2 * lineHeight,
    text: messages.initialSize,
    size: sizes.text,
    fill: 'inkSoft',
    anchor: 'middle'
  })

  rows.forEach((s, i) =>
    marks.push(
      strategyMarks(
        s,
        series[i],
        e => x(e.initialSize) + dodged(i),
        axis.y,
        sizes.text * 0.3,
        frame.bottom - 5,
        size => below(s.strategy, size)
      )
    )
  )
  marks.push(...labelMarks(series, frame, sizes, theme, true))

  const notes: Note[] = []
  if (!inWords && verdicts.some(v => v.text === messages.sensitivity.undecided))
    notes.push({
      sign: 'none',
      text: `${messages.sensitivity.undecidedSign} ${messages.sensitivity.undecided}`
    })
  if (rows.some(flagged)) notes.push({ sign: 'below', text: messages.belowRandomAt(count(n, locale)) })
  if (points.some(p => p.provisional)) notes.push({ sign: 'hollow', text: messages.provisional })
  const end = foot + 2 * lineHeight + sizes.text * 0.5
  const noted = noteMarks(notes, frame.left, width, end + 12, sizes.text)
  marks.push(...noted.marks)
  return { width, height: Math.ceil(notes.length ? noted.bottom : end), marks, frame, sizes, series, x }
}

/** Whether random was measured from several initial sizes and gave the same everywhere: worth a word under the chart. */
export function randomIsFlat({ curves, n, hidden }: Pick<ChartOptions, 'curves' | 'n' | 'hidden'>): boolean {
  if (hidden.has(RANDOM)) return false
  const means = atLabels(curves, n)
    .filter(s => s.strategy === RANDOM)
    .flatMap(s => s.points.flatMap(e => (e.point ? [e.point.mean] : [])))
  return means.length > 1 && means.every(m => m === means[0])
}
