/**
 * Cold-start sensitivity: the initial size against the accuracy at N labels, one line for each strategy. Under each
 * initial size stands who is best there, or that it cannot be told. Ticks only where something was computed, nothing is
 * interpolated; random is flat by construction, the ground that the others stand on.
 */
import { line as lineShape, scaleLog } from 'd3'
import { atLabels, pointAt, type CurvePoint, type StrategyAtLabels } from '../core/curves.ts'
import type { Interval } from '../core/statistics/interval.ts'
import { rankingAt, verdictOf } from '../core/statistics/verdict.ts'
import { accuracyAxis, type AccuracyAxis } from './accuracy.ts'
import { ghostMarks, meanOf } from './ghost.ts'
import { count } from './format.ts'
import { gutterFor, labelMarks } from './labels.ts'
import { labelGap, labelsFit, sizesFor, type Frame, type Sizes } from './layout.ts'
import { legendLeft, legendMarks } from './legend.ts'
import { belowPath, marker } from './markers.ts'
import { noteMarks, type Note } from './notes.ts'
import { shownName, type ChartOptions } from './options.ts'
import { gridMarks } from './panel.ts'
import { line, type GroupMark, type Mark, type Paint, type Scene } from './scene.ts'
import { areMany, bandAt, type PlacedPoint, type Series } from './series.ts'
import { colourOf, styleOf, textColour } from './styles.ts'
import { textWidth } from './text.ts'

export interface SensitivityScene extends Scene {
  frame: Frame
  sizes: Sizes
  series: SizedSeries[]
  /** initial size to px */
  x(initialSize: number): number
  /** whether a ghost is drawn */
  haunted: boolean
  /** which bars are drawn: where they would hide the lines, only those of the line in focus */
  bars: 'all' | 'focused'
  /** whether some interval is of too few seeds for a bar */
  fewSeeds: boolean
  /** bars, and those of them that go on beyond the axis: they end in an arrowhead */
  intervals: number
  cut: { strategy: string; initialSize: number; low: boolean; high: boolean }[]
}

/** A line whose points stand at initial sizes, all at N labels. */
export interface SizedSeries extends Series {
  points: (PlacedPoint & { initialSize: number })[]
}

/** px free at the right where no labels stand there */
const EDGE = 16
/** px between the markers of one initial size, at most */
const MOST_STEP = 8
/** of the room from one initial size to the next, what bars of many lines may fill without hiding these */
const MOST_FILLED = 0.5
/** px of a plot that is to fill a height, at least */
const LEAST_TALL = 60

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
  const { curves, n, messages } = options
  const words = messages.sensitivity
  const fits = (text: string) => textWidth(text, size, true) <= room
  return curves.initialSizes.map((initialSize): SizeVerdict => {
    const measured = curves.strategies.some(strategy => pointAt(curves, { strategy, initialSize }, n))
    if (!measured) return { initialSize, text: words.notMeasured, sign: '–' }
    const ranking = rankingAt(curves, initialSize, n)
    switch (ranking.kind) {
      case 'best': {
        const name = shownName(ranking.strategy, options)
        const whole = words.best(name)
        return { initialSize, text: fits(whole) ? whole : name, best: ranking.strategy, sign: '' }
      }
      case 'undecided': {
        const either = words.either(shownName(ranking.leader, options), shownName(ranking.rivals[0], options))
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

/** Where some bar is longer than this share of the axis, bars would hide the lines: all of them are faint. */
const LONG = 0.5
const FAINT = 0.5

/** A bar of an interval. Where it goes on beyond the axis it ends in an arrowhead. */
function barMarks(
  x: number,
  interval: Interval,
  cut: { low: boolean; high: boolean },
  axis: AccuracyAxis,
  frame: Frame,
  step: number,
  stroke: Paint,
  opacity: number | undefined
): Mark[] {
  const low = cut.low ? frame.bottom : axis.y(interval.low)
  const high = cut.high ? frame.top : axis.y(interval.high)
  const half = Math.max(2, Math.min(4, step * 0.45))
  const head = (tip: number, towards: number): Mark => ({
    kind: 'path',
    d: `${line(x - half, tip + 1.6 * half * towards, x, tip)}L${Math.round((x + half) * 100) / 100},${Math.round((tip + 1.6 * half * towards) * 100) / 100}`,
    fill: 'none',
    stroke,
    width: 1.6
  })
  return [
    { kind: 'path', d: line(x, low, x, high), stroke, width: 1.6, ...(opacity ? { opacity } : {}) },
    ...(cut.high ? [head(frame.top, 1)] : []),
    ...(cut.low ? [head(frame.bottom, -1)] : [])
  ]
}

function strategyMarks(
  at: StrategyAtLabels,
  series: Series,
  x: (e: Entry) => number,
  radius: number,
  axis: AccuracyAxis,
  frame: Frame,
  step: number,
  opacity: number | undefined,
  many: boolean,
  below: (initialSize: number) => boolean
): GroupMark {
  const { y } = axis
  const key = at.strategy
  const marks = lineMarks(series, at.points, x, y)
  for (const e of at.points) {
    if (!e.point) continue
    const { mean, provisional } = e.point
    const px = x(e)
    const bar = bandAt(e.point)
    const cut = bar && axis.cut(bar)
    if (bar && cut) {
      const drawn = barMarks(px, bar, cut, axis, frame, step, series.colour, opacity)
      marks.push(...(many ? [{ kind: 'group', key, whenFocused: true, marks: drawn } as const] : drawn))
    }
    marks.push(marker(series.marker, px, y(mean), radius, series.colour, provisional))
    if (below(e.initialSize))
      marks.push({
        kind: 'path',
        d: belowPath(px, Math.min(frame.bottom - (cut?.low ? 14 : 5), y(bar?.low ?? mean) + 9), 4.2),
        fill: series.colour
      })
  }
  return { kind: 'group', key, marks }
}

export function sensitivityScene(options: ChartOptions): SensitivityScene {
  const { height } = options
  if (height === undefined) return drawn(options)
  let tall = LEAST_TALL
  let scene = drawn(options, tall)
  // what stands under the plot changes once more at most, when the plot is tall enough for names beside it
  for (let i = 0; i < 2; i++) {
    tall = Math.max(LEAST_TALL, tall + height - scene.height)
    scene = drawn(options, tall)
  }
  return scene
}

/** `tall`: px of the plot; else as its width and its labels want it */
function drawn(options: ChartOptions, tall?: number): SensitivityScene {
  const { curves, n, width, theme, hidden, messages, locale, strategyName } = options
  const sizes = sizesFor(width, options.height)
  const rows = atLabels(curves, n).filter(s => !hidden.has(s.strategy))
  const points = rows.flatMap(s => s.points.flatMap(e => (e.point ? [e.point] : [])))
  const { ghost } = options
  /** at N from the same size */
  const ghostAt = (strategy: string, initialSize: number) => {
    const point = ghost && pointAt(ghost.curves, { strategy, initialSize }, n)
    return point && meanOf(point)
  }
  const all = points.concat(
    rows.flatMap(s => s.points.flatMap(e => (e.point && ghostAt(s.strategy, e.initialSize)) || []))
  )
  const names = rows.filter(s => s.points.some(e => e.point)).map(s => strategyName(s.strategy))
  const gutter = gutterFor(names, sizes, false)
  const stacked = names.length * labelGap(sizes)
  const labels = labelsFit(names.length, gutter, width, sizes) && (tall === undefined || stacked <= tall)
  const ordinary = width < 520 ? 240 : Math.min(340, Math.max(260, width * 0.4))
  const [top, bottom] = [12, 12 + (tall ?? Math.ceil(labels ? Math.max(ordinary, stacked) : ordinary))]
  const axisOf = (intervals: 'far' | 'little') =>
    accuracyAxis(all, { testSize: curves.testSize }, options.scale, bottom, top, { intervals })
  const axes = { far: axisOf('far'), little: axisOf('little') }
  const decimals = Math.max(1, axes.far.decimals, axes.little.decimals)
  const left = Math.ceil(textWidth(`99.${'5'.repeat(decimals)}%`, sizes.text) + 12)
  const below = (strategy: string, initialSize: number) =>
    verdictOf(curves, strategy, initialSize, n) === 'belowRandom'
  const flagged = (s: StrategyAtLabels) => s.points.some(e => e.point && below(s.strategy, e.initialSize))
  // half a slot free at both ends, for the dodged markers and the texts under the axis; names begin in that at the right
  const share = 1 / (2 * Math.max(1, curves.initialSizes.length))
  const named = (width - (gutter + (MOST_STEP * rows.length) / 2) - share * left) / (1 - share)
  const right = Math.max(left + 60, Math.min(width - EDGE, labels ? named : Infinity))
  const frame: Frame = { left, top, right, bottom }
  const ends = [curves.initialSizes[0] ?? 1, curves.initialSizes[curves.initialSizes.length - 1] ?? 1]
  const inset = (frame.right - frame.left) * share
  const scale = scaleLog(ends, [frame.left + inset, frame.right - inset])
  const x = (size: number) => (ends[0] === ends[1] ? (frame.left + frame.right) / 2 : scale(size))
  const places = curves.initialSizes.map(x)
  const slots = places.slice(1).map((p, i) => p - places[i])
  const slot = Math.min(2 * inset, ...slots)
  const step = Math.min(MOST_STEP, slot / (rows.length + 2))
  const dodged = (index: number) => (index - (rows.length - 1) / 2) * step
  const barred = rows.filter(s => s.points.some(e => e.point && bandAt(e.point))).length
  const many = areMany(barred) && barred * step > MOST_FILLED * slot
  const axis = many ? axes.little : axes.far

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
                y: axis.y(e.point.mean),
                ghost: ghostAt(s.strategy, e.initialSize)?.mean
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

  let haunted = false
  rows.forEach((s, i) => {
    const places = s.points.flatMap(e => {
      const point = e.point && ghostAt(s.strategy, e.initialSize)
      return point ? [[x(e.initialSize) + dodged(i), axis.y(point.mean)] as const] : []
    })
    if (!places.length) return
    haunted = true
    marks.push(ghostMarks(s.strategy, series[i].colour, places))
  })
  const isLong = (point: CurvePoint) => {
    const bar = bandAt(point)
    return bar && axis.y(bar.low) - axis.y(bar.high) > LONG * (frame.bottom - frame.top)
  }
  const opacity = !many && points.some(isLong) ? FAINT : undefined
  rows.forEach((s, i) =>
    marks.push(
      strategyMarks(
        s,
        series[i],
        e => x(e.initialSize) + dodged(i),
        sizes.text * 0.3,
        axis,
        frame,
        step,
        opacity,
        many,
        size => below(s.strategy, size)
      )
    )
  )
  let end = foot + 2 * lineHeight + sizes.text * 0.5
  if (labels) {
    const spread = dodged(rows.length - 1) - dodged(0)
    // beside the last size that was measured, past the markers of all lines
    const last = Math.max(...series.flatMap(s => s.points.map(p => p.initialSize)), ends[0])
    marks.push(...labelMarks(series, frame, sizes, theme, x(last) + dodged(rows.length - 1), spread + 1))
  } else if (!options.named) {
    const entries = series.filter(s => s.points.length)
    const legend = legendMarks(entries, legendLeft(width, left), width, end + 16, sizes.text)
    marks.push(...legend.marks)
    end = legend.bottom
  }

  const notes: Note[] = []
  const bests = new Set(inWords ? [] : verdicts.flatMap(v => v.best ?? []))
  for (const best of bests)
    notes.push({
      sign: 'line',
      text: messages.sensitivity.best(shownName(best, options)),
      shape: styleOf(best).marker,
      colour: colourOf(best, theme)
    })
  const { undecided, undecidedSign } = messages.sensitivity
  const signs = inWords ? [] : verdicts.filter(v => v.best === undefined)
  for (const sign of new Set(signs.map(v => v.sign))) {
    const reasons = signs.filter(v => v.sign === sign).map(v => (sign === undecidedSign ? undecided : v.text))
    notes.push({ sign: 'none', text: `${sign} ${[...new Set(reasons)].join(' / ')}` })
  }
  if (rows.some(flagged)) notes.push({ sign: 'below', text: messages.belowRandomAt(count(n, locale)) })
  if (points.some(p => p.provisional)) notes.push({ sign: 'hollow', text: messages.provisional })
  const noted = noteMarks(notes, frame.left, width, end + 12, sizes.text)
  marks.push(...noted.marks)
  const intervals = rows.flatMap(({ strategy, points }) =>
    points.flatMap(({ initialSize, point }) => {
      const bar = point && bandAt(point)
      return bar ? [{ strategy, initialSize, ...axis.cut(bar) }] : []
    })
  )
  return {
    width,
    height: Math.ceil(notes.length ? noted.bottom : end),
    marks,
    frame,
    sizes,
    series,
    x,
    bars: many ? 'focused' : 'all',
    fewSeeds: points.some(p => p.interval && !bandAt(p)),
    intervals: intervals.length,
    haunted,
    cut: intervals.filter(i => i.low || i.high)
  }
}
