/**
 * Learning curves as small multiples on one accuracy scale: one panel for each initial size with the strategies in it,
 * or one for each strategy with the initial sizes in it. The part of the label axis that the initial set takes is
 * shaded, so that the price of a large start is seen.
 */
import { scaleLinear } from 'd3'
import { curveOf, type CurvePoint, type Curves } from '../core/curves.ts'
import { BASELINE, verdictOf } from '../core/statistics/verdict.ts'
import type { Arm } from '../core/result.ts'
import { accuracyAxis, type AccuracyAxis } from './accuracy.ts'
import { count, percent, tickPercent } from './format.ts'
import { gutterFor, labelMarks } from './labels.ts'
import { panelGrid, sizesFor, type Frame, type Sizes } from './layout.ts'
import { markerPath } from './markers.ts'
import type { ChartOptions, Facet } from './options.ts'
import { box, line, pill, type Mark, type Scene } from './scene.ts'
import { bandMarks, lineMarks, seedMarks, type Series } from './series.ts'
import { colourOf, sizeStyles, styleOf, textColour } from './styles.ts'
import { textWidth } from './text.ts'

export interface LearningOptions extends ChartOptions {
  facet: Facet
  showSeeds: boolean
}

export interface Panel {
  id: string
  title: string
  /** of the initial set, with one panel for each initial size */
  initialSize?: number
  strategy?: string
  frame: Frame
  /** label count to px, and back */
  x(labelCount: number): number
  labelsAt(x: number): number
  series: Series[]
}

export interface LearningScene extends Scene {
  panels: Panel[]
  sizes: Sizes
  /** the box of the handle of the line at N, in each panel */
  handles: Frame[]
}

interface Plan {
  id: string
  title: string
  initialSize?: number
  strategy?: string
  arms: { arm: Arm; baseline?: boolean }[]
}

function plansOf({ curves, facet, hidden, messages, strategyName, locale }: LearningOptions): Plan[] {
  const strategies = curves.strategies.filter(s => !hidden.has(s))
  const has = (arm: Arm) => curveOf(curves, arm) !== undefined
  if (facet === 'initial')
    return curves.initialSizes.map(initialSize => ({
      id: String(initialSize),
      title: messages.from(count(initialSize, locale)),
      initialSize,
      arms: strategies.map(strategy => ({ arm: { strategy, initialSize } })).filter(a => has(a.arm))
    }))
  return strategies.map(strategy => {
    const arms = curves.initialSizes.map(initialSize => ({ strategy, initialSize })).filter(has)
    const baseline = { strategy: BASELINE, initialSize: curves.initialSizes[0] }
    return {
      id: strategy,
      title: strategyName(strategy),
      strategy,
      arms: [
        ...(strategy !== BASELINE && has(baseline) ? [{ arm: baseline, baseline: true }] : []),
        ...arms.map(arm => ({ arm }))
      ]
    }
  })
}

/** Everything that has to be seen on the one accuracy scale. */
function shownPoints(plans: readonly Plan[], curves: Curves): CurvePoint[] {
  return plans.flatMap(plan => plan.arms.flatMap(({ arm }) => curveOf(curves, arm)!.points))
}

function seriesOf(
  plan: Plan,
  options: LearningOptions,
  axis: AccuracyAxis,
  x: (n: number) => number
): Series[] {
  const { curves, facet, theme, messages, strategyName, locale, n } = options
  const sizeLooks = sizeStyles(curves.initialSizes.length, theme)
  return plan.arms.map(({ arm, baseline }): Series => {
    const byStrategy = facet === 'initial' || baseline
    const style = styleOf(arm.strategy)
    const look = sizeLooks[curves.initialSizes.indexOf(arm.initialSize)]
    return {
      arm,
      baseline,
      key: byStrategy ? arm.strategy : String(arm.initialSize),
      label: byStrategy ? strategyName(arm.strategy) : messages.from(count(arm.initialSize, locale)),
      colour: byStrategy ? colourOf(arm.strategy, theme) : look.colour,
      dash: byStrategy ? style.dash : '',
      marker: byStrategy ? style.marker : look.marker,
      below: !baseline && verdictOf(curves, arm.strategy, arm.initialSize, n) === 'belowRandom',
      points: curveOf(curves, arm)!.points.map(point => ({
        point,
        x: x(point.labelCount),
        y: axis.y(point.mean)
      }))
    }
  })
}

/** Shade, grid, ticks, title, ceiling: what lies behind the lines. */
function backMarks(
  plan: Plan,
  frame: Frame,
  axis: AccuracyAxis,
  options: LearningOptions,
  sizes: Sizes,
  place: { x: (n: number) => number; first: boolean; corner: boolean; axisTitle: boolean; handle: Frame }
): Mark[] {
  const { curves, theme, locale, messages } = options
  const { left, right, top, bottom } = frame
  const marks: Mark[] = []
  if (plan.initialSize !== undefined)
    marks.push({ kind: 'path', d: box(left, top, place.x(plan.initialSize), bottom), fill: 'shade' })
  for (const v of axis.ticks) {
    const y = axis.y(v)
    marks.push({ kind: 'path', d: line(left, y, right, y), stroke: 'hairline', width: 1 })
    if (place.first)
      marks.push({
        kind: 'text',
        x: left - 8,
        y: y + sizes.text * 0.35,
        text: tickPercent(v, locale, axis.decimals),
        size: sizes.text,
        fill: 'inkSoft',
        anchor: 'end'
      })
  }
  const baseline = bottom + sizes.text + 7
  const ticks = scaleLinear([0, curves.budget], [left, right]).ticks(
    Math.max(2, Math.floor((right - left) / 64))
  )
  for (const v of ticks) {
    const text = count(v, locale)
    const half = textWidth(text, sizes.text) / 2
    const x = place.x(v)
    marks.push({ kind: 'path', d: line(x, bottom, x, bottom + 4), stroke: 'hairline', width: 1 })
    if (x + half + 2 > place.handle.left && x - half - 2 < place.handle.right) continue
    marks.push({ kind: 'text', x, y: baseline, text, size: sizes.text, fill: 'inkSoft', anchor: 'middle' })
  }
  if (place.axisTitle)
    marks.push({
      kind: 'text',
      x: (left + right) / 2,
      y: baseline + sizes.text + 5,
      text: messages.labels,
      size: sizes.text,
      fill: 'inkSoft',
      anchor: 'middle'
    })
  const strategy = plan.strategy
  if (strategy !== undefined) {
    const colour = colourOf(strategy, theme)
    const style = styleOf(strategy)
    const y = top - 12 - sizes.title * 0.35
    marks.push({
      kind: 'path',
      d: line(left, y, left + 26, y),
      stroke: colour,
      width: 2.4,
      dash: style.dash || undefined
    })
    const stroked = style.marker === 'plus' || style.marker === 'cross'
    marks.push({
      kind: 'path',
      d: markerPath(style.marker, left + 13, y, 4.4),
      fill: stroked ? 'none' : colour,
      stroke: stroked ? colour : 'surface',
      width: stroked ? 2.2 : 1
    })
  }
  marks.push({
    kind: 'text',
    x: left + (strategy === undefined ? 0 : 34),
    y: top - 12,
    text: plan.title,
    size: sizes.title,
    bold: true,
    fill: strategy === undefined ? 'ink' : textColour(colourOf(strategy, theme), theme)
  })
  if (curves.ceiling) {
    const y = axis.y(curves.ceiling.mean)
    marks.push({ kind: 'path', d: line(left, y, right, y), stroke: 'inkSoft', width: 1.4, dash: '1 4' })
    if (place.corner)
      marks.push({
        kind: 'text',
        x: right - 4,
        y: y - 6,
        text: messages.ceiling(
          count(curves.ceiling.labelCount, locale),
          percent(curves.ceiling.mean, locale)
        ),
        size: sizes.text,
        fill: 'inkSoft',
        anchor: 'end',
        halo: true
      })
  }
  return marks
}

/** The handle of the line at N, on the label axis. */
function handleBox(x: number, frame: Frame, text: string, sizes: Sizes): Frame {
  const half = textWidth(text, sizes.text, true) / 2 + 9
  const top = frame.bottom + 3
  return { left: x - half, right: x + half, top, bottom: top + sizes.text + 8 }
}

function cutMarks(x: number, frame: Frame, handle: Frame, text: string, sizes: Sizes): Mark[] {
  return [
    { kind: 'path', d: line(x, frame.top, x, handle.top), stroke: 'accent', width: 2 },
    { kind: 'path', d: pill(handle.left, handle.top, handle.right, handle.bottom), fill: 'accent' },
    {
      kind: 'text',
      x,
      y: (handle.top + handle.bottom) / 2 + sizes.text * 0.36,
      text,
      size: sizes.text,
      bold: true,
      fill: 'onAccent',
      anchor: 'middle'
    }
  ]
}

/** What the special marks mean, where there are any. */
function noteMarks(
  panels: readonly Panel[],
  options: LearningOptions,
  sizes: Sizes,
  left: number,
  y: number
): Mark[] {
  const { messages, n, locale } = options
  const all = panels.flatMap(p => p.series)
  const marks: Mark[] = []
  let x = left
  const note = (mark: Mark, text: string) => {
    marks.push(mark, {
      kind: 'text',
      x: x + 13,
      y: y + sizes.text * 0.35,
      text,
      size: sizes.text,
      fill: 'inkSoft'
    })
    x += textWidth(text, sizes.text) + 38
  }
  if (all.some(s => s.below))
    note(
      { kind: 'path', d: markerPath('wedge', x + 4, y, 4.2), fill: 'inkSoft' },
      messages.belowRandomAt(count(n, locale))
    )
  if (all.some(s => s.points.some(p => p.point.provisional)))
    note(
      {
        kind: 'path',
        d: markerPath('circle', x + 4, y, 3.6),
        fill: 'surface',
        stroke: 'inkSoft',
        width: 1.5
      },
      messages.provisional
    )
  return marks
}

export function learningScene(options: LearningOptions): LearningScene {
  const { curves, width, theme, n, locale, showSeeds } = options
  const sizes = sizesFor(width)
  const plans = plansOf(options)
  const points = shownPoints(plans, curves)
  const ticksWidth = Math.ceil(textWidth('99.5%', sizes.text) + 12)
  const names = plans.flatMap(plan =>
    seriesOf(plan, options, { y: () => 0, ticks: [], decimals: 0 }, () => 0)
  )
  const gutter = gutterFor(
    names.map(s => s.label),
    sizes,
    names.some(s => s.below)
  )
  const grid = panelGrid(plans.length, width, sizes, ticksWidth, gutter)
  const text = count(n, locale)
  const back: Mark[] = []
  const bands: Mark[] = []
  const lines: Mark[] = []
  const front: Mark[] = []
  const handles: Frame[] = []
  const panels = plans.map((plan, i): Panel => {
    const frame = grid.frames[i]
    const scale = scaleLinear([0, curves.budget], [frame.left, frame.right])
    const x = (v: number) => scale(v)
    const axis = accuracyAxis(points, curves, options.scale, frame.bottom, frame.top, {
      headroom: sizes.text + 10,
      seeds: showSeeds
    })
    const series = seriesOf(plan, options, axis, x)
    const handle = handleBox(x(n), frame, text, sizes)
    handles.push(handle)
    back.push(
      ...backMarks(plan, frame, axis, options, sizes, {
        x,
        first: grid.first[i],
        corner: i === 0,
        axisTitle: grid.lastRow[i] && grid.first[i],
        handle
      })
    )
    for (const s of series) {
      if (!s.baseline) bands.push(bandMarks(s, axis.y))
      if (showSeeds && !s.baseline) lines.push(seedMarks(s, axis.y))
    }
    lines.push(...series.map(s => lineMarks(s, sizes.text * 0.26)))
    front.push(...cutMarks(x(n), frame, handle, text, sizes))
    front.push(...labelMarks(series, frame, sizes, theme, grid.labelled[i]))
    return { ...plan, frame, x, labelsAt: px => scale.invert(px), series }
  })
  const notesAt = grid.height + sizes.text + 16
  const notes = noteMarks(panels, options, sizes, ticksWidth, notesAt)
  return {
    width,
    height: Math.ceil(notes.length ? notesAt + sizes.text : grid.height + sizes.text + 4),
    marks: [...back, ...bands, ...lines, ...front, ...notes],
    panels,
    sizes,
    handles
  }
}
