/**
 * Learning curves as small multiples on one accuracy scale: one panel for each initial size with the strategies in it,
 * or one for each strategy with the initial sizes in it. The part of the label axis that the initial set takes is
 * shaded, so that the price of a large start is seen.
 */
import { scaleLinear } from 'd3'
import { curveOf, pointAt, type CurvePoint, type Curves } from '../core/curves.ts'
import { verdictOf } from '../core/statistics/verdict.ts'
import { baselineOf, type Arm } from '../core/result.ts'
import { accuracyAxis } from './accuracy.ts'
import { ghostMarks, ghostNotes, ghostPoints } from './ghost.ts'
import { count } from './format.ts'
import type { Filled, fillPanels } from './fill.ts'
import { belowMarks, gutterFor, labelMarks } from './labels.ts'
import { labelsFit, panelGrid, sizesFor, type Frame, type GridOptions, type Sizes } from './layout.ts'
import { legendLeft, legendMarks, type LegendEntry } from './legend.ts'
import { noteMarks, type Note } from './notes.ts'
import type { ChartOptions, Facet, Ghost } from './options.ts'
import {
  ceilingLabel,
  ceilingLine,
  cutMarks,
  gridMarks,
  handleBox,
  labelAxisMarks,
  shadeMark,
  titleMarks
} from './panel.ts'
import type { Mark, Scene } from './scene.ts'
import { BAND_SEEDS, bandAt, bandMarks, isCrowded, lineMarks, seedMarks, type Series } from './series.ts'
import { colourOf, sizeStyles, styleOf } from './styles.ts'
import { textWidth } from './text.ts'
import { leastTitleRoom, lineHeight, TITLE_INDENT, titleLook, type TitleLook } from './titles.ts'

export interface LearningOptions extends ChartOptions {
  facet: Facet
  showSeeds: boolean
  /** how panels are placed where there is a height to fill (fill.ts, loaded with what needs it), and which page of them */
  fill?: typeof fillPanels
  page?: number
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
  /** those that are drawn: all, but where a height is to be filled and there are too many */
  panels: Panel[]
  /** which are drawn, of how many */
  drawn: Filled['drawn']
  sizes: Sizes
  /** the box of the handle of the line at N, in each panel */
  handles: Frame[]
  /** which bands are drawn: where they would hide the lines, only that of the line in focus */
  bands: 'all' | 'focused'
  /** whether some interval goes on beyond the axis, where its band is cut */
  cutBands: boolean
  /** whether some interval is of too few seeds for a band */
  fewSeeds: boolean
  /** whether a ghost is drawn */
  haunted: boolean
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
function shownPoints(plans: readonly Plan[], curves: Curves, ghost?: Ghost): CurvePoint[] {
  const arms = plans.flatMap(plan => plan.arms)
  return arms.flatMap(({ arm }) => [
    ...curveOf(curves, arm)!.points,
    ...ghostPoints(ghost, arm, curves.budget)
  ])
}

const seriesKey = (plan: Plan, arm: Arm, baseline = false) =>
  plan.initialSize !== undefined || baseline ? arm.strategy : String(arm.initialSize)

function seriesOf(
  plan: Plan,
  options: LearningOptions,
  x: (labelCount: number) => number,
  y: (accuracy: number) => number
): Series[] {
  const { curves, facet, theme, messages, strategyName, locale, n, ghost } = options
  const sizeLooks = sizeStyles(curves.initialSizes.length, theme)
  return plan.arms.map(({ arm, baseline }): Series => {
    const byStrategy = facet === 'initial' || baseline
    const style = styleOf(arm.strategy)
    const look = sizeLooks[curves.initialSizes.indexOf(arm.initialSize)]
    return {
      arm,
      baseline,
      key: seriesKey(plan, arm, baseline),
      label: byStrategy ? strategyName(arm.strategy) : messages.from(count(arm.initialSize, locale)),
      colour: byStrategy ? colourOf(arm.strategy, theme) : look.colour,
      dash: byStrategy ? style.dash : '',
      marker: byStrategy ? style.marker : look.marker,
      below: !baseline && verdictOf(curves, arm.strategy, arm.initialSize, n) === 'belowRandom',
      points: curveOf(curves, arm)!.points.map(point => ({
        point,
        x: x(point.labelCount),
        y: y(point.mean),
        ghost: ghost && pointAt(ghost.curves, arm, point.labelCount)?.mean
      }))
    }
  })
}

function notesOf(all: readonly Series[], { messages, n, locale }: LearningOptions): Note[] {
  const notes: Note[] = []
  if (all.some(s => s.below)) notes.push({ sign: 'below', text: messages.belowRandomAt(count(n, locale)) })
  if (all.some(s => s.points.some(p => p.point.provisional)))
    notes.push({ sign: 'hollow', text: messages.provisional })
  return notes
}

/** px that the handle of the line at N, or a mark at a line's end, takes beyond a plot. */
function endRoom(budget: number, locale: string, sizes: Sizes): number {
  const handle = handleBox(0, { left: 0, top: 0, right: 0, bottom: 0 }, count(budget, locale), sizes)
  return Math.ceil(Math.max(handle.right + 2, 28))
}

const hasBand = (s: Series) => !s.baseline && s.points.filter(p => bandAt(p.point)).length > 1

/** Whether the panels that have labels name every line of the others. */
function allNamed(plans: readonly Plan[], labelled: readonly boolean[]): boolean {
  const keys = (plan: Plan) => plan.arms.map(({ arm, baseline }) => seriesKey(plan, arm, baseline))
  const named = new Set(plans.flatMap((plan, i) => (labelled[i] ? keys(plan) : [])))
  return plans.every(plan => keys(plan).every(key => named.has(key)))
}

/** What stands under the panels from `top` on: a legend unless lines have their names elsewhere, and notes. */
function footMarks(
  top: number,
  left: number,
  series: readonly Series[],
  sizes: Sizes,
  options: LearningOptions,
  labels: boolean
): { marks: Mark[]; bottom: number } {
  const { width, named, facet } = options
  const marks: Mark[] = []
  let bottom = top
  if (!labels && !(named && facet === 'initial')) {
    const legend = legendMarks(entriesOf(series), legendLeft(width, left), width, top + 16, sizes.text)
    marks.push(...legend.marks)
    bottom = legend.bottom
  }
  const notes = notesOf(series, options)
  if (!notes.length) return { marks, bottom }
  const noted = noteMarks(notes, left, width, bottom + 12, sizes.text)
  return { marks: [...marks, ...noted.marks], bottom: noted.bottom }
}

interface Arranged extends Filled {
  /** px for the ticks of the accuracy axis */
  axis: number
  look: TitleLook
  /** those that have a panel */
  plans: readonly Plan[]
}

/** Where the panels stand, and whether names stand at the lines' ends. */
function arrange(
  plans: readonly Plan[],
  unplaced: readonly Series[],
  sizes: Sizes,
  options: LearningOptions
): Arranged {
  const { curves, width, locale } = options
  const points = shownPoints(plans, curves, options.ghost)
  // the taller the panel, the more ticks: no panel is taller than this
  const { decimals } = accuracyAxis(points, curves, options.scale, 450, 0, { seeds: options.showSeeds })
  const axis = Math.ceil(textWidth(`99.${'5'.repeat(Math.max(1, decimals))}%`, sizes.text) + 12)
  const titles = plans.map(plan => plan.title)
  const swatch = options.facet === 'strategy' ? TITLE_INDENT : 0
  const look = (room: number) => titleLook(titles, room - swatch, sizes)
  const gutter = gutterFor(
    unplaced.map(s => s.label),
    sizes,
    unplaced.some(s => s.below)
  )
  const most = Math.max(0, ...plans.map(plan => plan.arms.length))
  const optionsOf = (count: number, labels: number): GridOptions => ({
    count,
    width,
    sizes,
    axis,
    gutter: labels ? gutter : endRoom(curves.budget, locale, sizes),
    labels,
    titleRoom: swatch + leastTitleRoom(titles, sizes),
    headOf: room => sizes.title + 14 + (look(room).lines - 1) * lineHeight(look(room).size)
  })
  const of = plans.length
  const may = labelsFit(most, gutter, width, sizes)
  if (options.height !== undefined && options.fill) {
    const { height, page = 0 } = options
    const { grid, labels, drawn } = options.fill({
      of,
      page,
      most: may ? most : 0,
      optionsOf,
      room: labels => height - footMarks(axisTitleRoom(sizes), axis, unplaced, sizes, options, labels).bottom,
      named: (first, labelled) => allNamed(plans.slice(first, first + labelled.length), labelled)
    })
    const { first } = drawn
    const shown = plans.slice(first, first + grid.frames.length)
    return { grid, axis, look: look(grid.titleRoom), labels, plans: shown, drawn }
  }
  const beside = panelGrid(optionsOf(of, most))
  const labels = may && allNamed(plans, beside.labelled)
  const grid = labels ? beside : panelGrid(optionsOf(of, 0))
  const drawn = { first: 0, of, page: 0, pages: 1 }
  return { grid, axis, look: look(grid.titleRoom), labels, plans, drawn }
}

/** px that the title of the label axis takes under the panels */
const axisTitleRoom = (sizes: Sizes) => sizes.text + 4

export function learningScene(options: LearningOptions): LearningScene {
  const { curves, width, theme, n, locale, messages, showSeeds } = options
  const sizes = sizesFor(width, options.height)
  const all = plansOf(options)
  const points = shownPoints(all, curves, options.ghost)
  const nowhere = () => 0
  const unplaced = all.map(plan => seriesOf(plan, options, nowhere, nowhere))
  const { grid, axis: ticksWidth, look, labels, plans, drawn } = arrange(all, unplaced.flat(), sizes, options)
  const text = count(n, locale)
  const back: Mark[] = []
  const banded: { measured: Series[]; y: (v: number) => number }[] = []
  const lines: Mark[] = []
  const front: Mark[] = []
  const handles: Frame[] = []
  let cutBands = false
  let haunted = false
  const most = Math.max(0, ...unplaced.map(series => series.filter(hasBand).length))
  const axisIn = (frame: Frame, intervals: 'none' | 'little') =>
    accuracyAxis(points, curves, options.scale, frame.bottom, frame.top, {
      headroom: sizes.text + 10,
      seeds: showSeeds,
      intervals
    })
  const scaleIn = ({ left, right }: Frame) => scaleLinear([0, curves.budget], [left, right])
  const crowded = plans.some((plan, i) => {
    const frame = grid.frames[i]
    const { y } = axisIn(frame, 'little')
    const series = seriesOf(plan, options, scaleIn(frame), y)
    return isCrowded(
      series.filter(s => !s.baseline),
      y,
      frame
    )
  })
  const panels = plans.map((plan, i): Panel => {
    const frame = grid.frames[i]
    const scale = scaleIn(frame)
    const x = (v: number) => scale(v)
    const axis = axisIn(frame, crowded ? 'none' : 'little')
    const series = seriesOf(plan, options, x, axis.y)
    const handle = handleBox(x(n), frame, text, sizes)
    handles.push(handle)
    if (plan.initialSize !== undefined) back.push(shadeMark(frame, x(plan.initialSize)))
    const axisTitle = grid.lastRow[i] && grid.first[i] ? messages.labels : undefined
    back.push(
      ...gridMarks(axis, frame, sizes, locale, grid.first[i]),
      ...labelAxisMarks(curves.budget, frame, handle, sizes, locale, axisTitle),
      ...titleMarks(plan.title, frame, look, grid.titleRoom, theme, plan.strategy)
    )
    if (curves.ceiling) back.push(ceilingLine(curves.ceiling, axis, frame))
    const measured = series.filter(s => !s.baseline)
    banded.push({ measured, y: axis.y })
    cutBands ||= measured.filter(hasBand).some(s =>
      s.points.some(({ point }) => {
        const band = bandAt(point)
        const cut = band && axis.cut(band)
        return cut !== undefined && (cut.low || cut.high)
      })
    )
    const ghosts = measured.map(({ arm, key, colour }) => ({
      key,
      colour,
      places: ghostPoints(options.ghost, arm, curves.budget).map(
        p => [x(p.labelCount), axis.y(p.mean)] as const
      )
    }))
    for (const { key, colour, places } of ghosts)
      if (places.length) lines.push(ghostMarks(key, colour, places))
    haunted ||= ghosts.some(g => g.places.length > 0)
    if (showSeeds) lines.push(...measured.map(s => seedMarks(s, axis.y)))
    lines.push(...series.map(s => lineMarks(s, sizes.text * 0.26)))
    front.push(...cutMarks(x(n), frame, handle, text, sizes))
    if (curves.ceiling && i === 0)
      front.push(
        ceilingLabel(curves.ceiling, axis, frame, sizes, locale, messages, [
          ...series.map(l => l.points.map(p => [p.x, p.y] as const)),
          ...ghosts.map(g => g.places),
          // the line at N too, unless it is the frame's edge
          ...(x(n) < frame.right - 1
            ? [
                [
                  [x(n), frame.top],
                  [x(n), frame.bottom]
                ] as const
              ]
            : [])
        ])
      )
    // a line of one point among longer ones is the start that all share: it has no name yet
    const begun = series.filter(s => s.points.length > 1)
    front.push(
      ...(labels && grid.labelled[i]
        ? labelMarks(begun.length ? begun : series, frame, sizes, theme)
        : belowMarks(series, n, frame, theme))
    )
    return { ...plan, frame, x, labelsAt: px => scale.invert(px), series }
  })
  const bands = banded.flatMap(({ measured, y }) => measured.map(s => bandMarks(s, y, most, crowded)))
  const end = grid.height + axisTitleRoom(sizes)
  const foot = footMarks(end, ticksWidth, unplaced.flat(), sizes, options, labels)
  return {
    width,
    height: Math.ceil(foot.bottom),
    marks: [...back, ...bands, ...lines, ...front, ...foot.marks],
    panels,
    drawn,
    sizes,
    handles,
    bands: crowded ? 'focused' : 'all',
    cutBands,
    haunted,
    fewSeeds: shownPoints(plans, curves).some(p => p.interval && !bandAt(p))
  }
}

/** Every line once, as it looks. */
function entriesOf(series: readonly Series[]): LegendEntry[] {
  const seen = new Map<string, LegendEntry>()
  for (const s of series) if (s.points.length && !seen.has(s.key)) seen.set(s.key, s)
  return [...seen.values()]
}

/** What is said of the bands, under the chart and in its files. */
export function learningNotes(
  { messages, ghost }: Pick<LearningOptions, 'messages' | 'ghost'>,
  { bands, cutBands, fewSeeds, haunted }: Pick<LearningScene, 'bands' | 'cutBands' | 'fewSeeds' | 'haunted'>,
  inFile = false
): string[] {
  const words = messages.learning
  const hidden = bands === 'focused' ? [inFile ? words.noBands : words.focusedBands] : []
  return [
    ...hidden,
    ...(cutBands && !hidden.length ? [words.cutBands] : []),
    ...(fewSeeds ? [words.fewSeeds(BAND_SEEDS)] : []),
    ...ghostNotes({ messages, ghost }, { haunted })
  ]
}
