/** What lies behind and across the lines of a learning-curve panel: shade, grid, axis, title, ceiling, the line at N. */
import { scaleLinear } from 'd3'
import type { Ceiling } from '../core/curves.ts'
import type { AccuracyAxis } from './accuracy.ts'
import { count, percent, tickPercent } from './format.ts'
import type { Frame, Sizes } from './layout.ts'
import { marker } from './markers.ts'
import type { ChartMessages } from './messages.ts'
import type { Theme } from './options.ts'
import { box, line, pill, type Mark } from './scene.ts'
import { colourOf, styleOf, textColour } from './styles.ts'
import { textWidth } from './text.ts'
import { fitTitle, lineHeight, TITLE_INDENT, type TitleLook } from './titles.ts'

/** The part of the label axis that the initial set takes. */
export const shadeMark = (frame: Frame, until: number): Mark => ({
  kind: 'path',
  d: box(frame.left, frame.top, until, frame.bottom),
  fill: 'shade'
})

/** Grid lines of the accuracy axis; numbers where `named`. */
export function gridMarks(
  axis: AccuracyAxis,
  frame: Frame,
  sizes: Sizes,
  locale: string,
  named: boolean
): Mark[] {
  return axis.ticks.flatMap((v): Mark[] => {
    const y = axis.y(v)
    const grid: Mark = { kind: 'path', d: line(frame.left, y, frame.right, y), stroke: 'hairline', width: 1 }
    if (!named) return [grid]
    return [
      grid,
      {
        kind: 'text',
        x: frame.left - 8,
        y: y + sizes.text * 0.35,
        text: tickPercent(v, locale, axis.decimals),
        size: sizes.text,
        fill: 'inkSoft',
        anchor: 'end'
      }
    ]
  })
}

/** Ticks of the label axis from 0 to `last`, less those that the handle covers or would touch; the axis title where given. */
export function labelAxisMarks(
  last: number,
  frame: Frame,
  handle: Frame,
  sizes: Sizes,
  locale: string,
  title?: string
): Mark[] {
  const { left, right, bottom } = frame
  const scale = scaleLinear([0, last], [left, right])
  const baseline = bottom + sizes.text + 7
  const text = (x: number, y: number, text: string): Mark => ({
    kind: 'text',
    x,
    y,
    text,
    size: sizes.text,
    fill: 'inkSoft',
    anchor: 'middle'
  })
  const whole = scale.ticks(Math.max(2, Math.floor((right - left) / 64))).filter(Number.isInteger)
  const marks = whole.flatMap((v): Mark[] => {
    const x = scale(v)
    const half = textWidth(count(v, locale), sizes.text) / 2 + sizes.text * 0.4
    const tick: Mark = { kind: 'path', d: line(x, bottom, x, bottom + 4), stroke: 'hairline', width: 1 }
    const covered = x + half > handle.left && x - half < handle.right
    return covered ? [tick] : [tick, text(x, baseline, count(v, locale))]
  })
  if (title !== undefined) marks.push(text((left + right) / 2, baseline + sizes.text + 5, title))
  return marks
}

/** The panel's title, in the room there is; a strategy's comes with its line and marker. */
export function titleMarks(
  title: string,
  frame: Frame,
  look: TitleLook,
  room: number,
  theme: Theme,
  strategy?: string
): Mark[] {
  const fitted = fitTitle(title, room - (strategy === undefined ? 0 : TITLE_INDENT), look)
  const step = lineHeight(look.size)
  // a title of one line among longer ones stands next to its panel
  const first = frame.top - 12 - (fitted.lines.length - 1) * step
  const x = frame.left + (strategy === undefined ? 0 : TITLE_INDENT)
  const texts = fitted.lines.map((text, i): Mark => ({
    kind: 'text',
    x,
    y: first + i * step,
    text,
    size: look.size,
    bold: true,
    fill: strategy === undefined ? 'ink' : textColour(colourOf(strategy, theme), theme),
    ...(fitted.full === undefined ? {} : { full: fitted.full })
  }))
  if (strategy === undefined) return texts
  const { dash, marker: shape } = styleOf(strategy)
  const stroke = colourOf(strategy, theme)
  const middle = first - look.size * 0.35
  return [
    {
      kind: 'path',
      d: line(frame.left, middle, frame.left + 26, middle),
      stroke,
      width: 2.4,
      dash: dash || undefined
    },
    marker(shape, frame.left + 13, middle, 4.4, stroke),
    ...texts
  ]
}

/** The accuracy of the whole pool. */
export const ceilingLine = (ceiling: Ceiling, axis: AccuracyAxis, frame: Frame): Mark => ({
  kind: 'path',
  d: line(frame.left, axis.y(ceiling.mean), frame.right, axis.y(ceiling.mean)),
  stroke: 'inkSoft',
  width: 1.4,
  dash: '1 4'
})

type Place = readonly [x: number, y: number]

/** How much of polylines lies in a box: samples a few px apart. */
function crossings(lines: readonly (readonly Place[])[], box: Frame): number {
  let inside = 0
  for (const places of lines)
    for (let i = 1; i < places.length; i++) {
      const [[x0, y0], [x1, y1]] = [places[i - 1], places[i]]
      const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 6))
      for (let k = 0; k <= steps; k++) {
        const x = x0 + ((x1 - x0) * k) / steps
        const y = y0 + ((y1 - y0) * k) / steps
        if (x > box.left && x < box.right && y > box.top && y < box.bottom) inside++
      }
    }
  return inside
}

/**
 * What that line is, in front of all that crosses it and where least does: at its right end or its left, above it or
 * below. In short where the panel is narrow. `lines`: the panel's curves, px.
 */
export function ceilingLabel(
  ceiling: Ceiling,
  axis: AccuracyAxis,
  frame: Frame,
  sizes: Sizes,
  locale: string,
  messages: ChartMessages,
  lines: readonly (readonly Place[])[]
): Mark {
  const accuracy = percent(ceiling.mean, locale)
  const whole = messages.ceiling(count(ceiling.labelCount, locale), accuracy)
  const room = frame.right - frame.left - 8
  const text = textWidth(whole, sizes.text) <= room ? whole : messages.ceilingShort(accuracy)
  const width = textWidth(text, sizes.text)
  const level = axis.y(ceiling.mean)
  const [above, below] = [level - 6, level + sizes.text + 3]
  const spots = [above, below]
    .filter(y => y + sizes.text * 0.3 <= frame.bottom)
    .flatMap(y => [
      { y, x: frame.right - 4, anchor: 'end' as const, left: frame.right - 4 - width },
      { y, x: frame.left + 4, anchor: 'start' as const, left: frame.left + 4 }
    ])
    // rather into the gap beside the panel than over its axis
    .filter(({ anchor }) => width <= room || anchor === 'start')
    .map(spot => {
      const box = { left: spot.left, right: spot.left + width, top: spot.y - sizes.text, bottom: spot.y + 3 }
      return { spot, crossed: crossings(lines, box) }
    })
  const { x, y, anchor } = spots.reduce((best, s) => (s.crossed < best.crossed ? s : best), spots[0]).spot
  return { kind: 'text', x, y, text, size: sizes.text, fill: 'inkSoft', anchor, halo: true }
}

/** The handle of the line at N, on the label axis. */
export function handleBox(x: number, frame: Frame, text: string, sizes: Sizes): Frame {
  const half = textWidth(text, sizes.text, true) / 2 + 9
  const top = frame.bottom + 3
  return { left: x - half, right: x + half, top, bottom: top + sizes.text + 8 }
}

/** The line at N with its handle. */
export function cutMarks(x: number, frame: Frame, handle: Frame, text: string, sizes: Sizes): Mark[] {
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
