/**
 * Learning curves as small multiples on one accuracy scale: one panel for each initial size with the strategies in it,
 * or one for each strategy with the initial sizes in it. The part of the label axis that the initial set takes is
 * shaded, so that the price of a large start is seen.
 */
import { scaleLinear } from 'd3'
import { curveOf, type CurvePoint, type Curves } from '../core/curves.ts'
import { verdictOf } from '../core/statistics/verdict.ts'
import { baselineOf, type Arm } from '../core/result.ts'
import { accuracyAxis } from './accuracy.ts'
import { count } from './format.ts'
import { gutterFor, labelMarks } from './labels.ts'
import { panelGrid, sizesFor, type Frame, type Sizes } from './layout.ts'
import { noteMarks, type Note } from './notes.ts'
import type { ChartOptions, Facet } from './options.ts'
import {
  ceilingMarks,
  cutMarks,
  gridMarks,
  handleBox,
  labelAxisMarks,
  shadeMark,
  titleMarks
} from './panel.ts'
import type { Mark, Scene } from './scene.ts'
import { bandMarks, lineMarks, seedMarks, type Series } from './series.ts'
import { colourOf, sizeStyles, styleOf } from './styles.ts'
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
    const random = baselineOf(strategy)
    const baseline =
      random === undefined ? undefined : { strategy: random, initialSize: curves.initialSizes[0] }
    return {
      id: strategy,
      title: strategyName(strategy),
      strategy,
      arms: [
        ...(baseline && has(baseline) ? [{ arm: baseline, baseline: true }] : []),
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
  x: (labelCount: number) => number,
  y: (accuracy: number) => number
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
        y: y(point.mean)
      }))
    }
  })
}

function notesOf(panels: readonly Panel[], { messages, n, locale }: LearningOptions): Note[] {
  const all = panels.flatMap(p => p.series)
  const notes: Note[] = []
  if (all.some(s => s.below)) notes.push({ sign: 'below', text: messages.belowRandomAt(count(n, locale)) })
  if (all.some(s => s.points.some(p => p.point.provisional)))
    notes.push({ sign: 'hollow', text: messages.provisional })
  return notes
}

export function learningScene(options: LearningOptions): LearningScene {
  const { curves, width, theme, n, locale, messages, showSeeds } = options
  const sizes = sizesFor(width)
  const plans = plansOf(options)
  const points = shownPoints(plans, curves)
  const ticksWidth = Math.ceil(textWidth('99.5%', sizes.text) + 12)
  const unplaced = plans.flatMap(plan =>
    seriesOf(
      plan,
      options,
      () => 0,
      () => 0
    )
  )
  const names = unplaced.map(s => s.label)
  const gutter = gutterFor(
    names,
    sizes,
    unplaced.some(s => s.below)
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
    const series = seriesOf(plan, options, x, axis.y)
    const handle = handleBox(x(n), frame, text, sizes)
    handles.push(handle)
    if (plan.initialSize !== undefined) back.push(shadeMark(frame, x(plan.initialSize)))
    const axisTitle = grid.lastRow[i] && grid.first[i] ? messages.labels : undefined
    back.push(
      ...gridMarks(axis, frame, sizes, locale, grid.first[i]),
      ...labelAxisMarks(curves.budget, frame, handle, sizes, locale, axisTitle),
      ...titleMarks(plan.title, frame, sizes, theme, plan.strategy)
    )
    if (curves.ceiling)
      back.push(...ceilingMarks(curves.ceiling, axis, frame, sizes, locale, i === 0 ? messages : undefined))
    const measured = series.filter(s => !s.baseline)
    bands.push(...measured.map(s => bandMarks(s, axis.y)))
    if (showSeeds) lines.push(...measured.map(s => seedMarks(s, axis.y)))
    lines.push(...series.map(s => lineMarks(s, sizes.text * 0.26)))
    front.push(...cutMarks(x(n), frame, handle, text, sizes))
    front.push(...labelMarks(series, frame, sizes, theme, grid.labelled[i]))
    return { ...plan, frame, x, labelsAt: px => scale.invert(px), series }
  })
  const end = grid.height + sizes.text + 4
  const notes = notesOf(panels, options)
  const noted = noteMarks(notes, ticksWidth, width, end + 12, sizes.text)
  return {
    width,
    height: Math.ceil(notes.length ? noted.bottom : end),
    marks: [...back, ...bands, ...lines, ...front, ...noted.marks],
    panels,
    sizes,
    handles
  }
}
