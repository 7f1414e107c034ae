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

/** Ticks of the label axis from 0 to `last`, less those that the handle covers; the axis title where given. */
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
  const marks = scale.ticks(Math.max(2, Math.floor((right - left) / 64))).flatMap((v): Mark[] => {
    const x = scale(v)
    const half = textWidth(count(v, locale), sizes.text) / 2 + 2
    const tick: Mark = { kind: 'path', d: line(x, bottom, x, bottom + 4), stroke: 'hairline', width: 1 }
    const covered = x + half > handle.left && x - half < handle.right
    return covered ? [tick] : [tick, text(x, baseline, count(v, locale))]
  })
  if (title !== undefined) marks.push(text((left + right) / 2, baseline + sizes.text + 5, title))
  return marks
}

/** The panel's title; a strategy's comes with its line and marker. */
export function titleMarks(
  title: string,
  frame: Frame,
  sizes: Sizes,
  theme: Theme,
  strategy?: string
): Mark[] {
  const y = frame.top - 12
  const text = (x: number): Mark => ({
    kind: 'text',
    x,
    y,
    text: title,
    size: sizes.title,
    bold: true,
    fill: strategy === undefined ? 'ink' : textColour(colourOf(strategy, theme), theme)
  })
  if (strategy === undefined) return [text(frame.left)]
  const { dash, marker: shape } = styleOf(strategy)
  const stroke = colourOf(strategy, theme)
  const middle = y - sizes.title * 0.35
  return [
    {
      kind: 'path',
      d: line(frame.left, middle, frame.left + 26, middle),
      stroke,
      width: 2.4,
      dash: dash || undefined
    },
    marker(shape, frame.left + 13, middle, 4.4, stroke),
    text(frame.left + 34)
  ]
}

/** The accuracy of the whole pool, labelled where `messages` are given, in short where the panel is narrow. */
export function ceilingMarks(
  ceiling: Ceiling,
  axis: AccuracyAxis,
  frame: Frame,
  sizes: Sizes,
  locale: string,
  messages?: ChartMessages
): Mark[] {
  const y = axis.y(ceiling.mean)
  const marks: Mark[] = [
    { kind: 'path', d: line(frame.left, y, frame.right, y), stroke: 'inkSoft', width: 1.4, dash: '1 4' }
  ]
  if (messages) {
    const accuracy = percent(ceiling.mean, locale)
    const whole = messages.ceiling(count(ceiling.labelCount, locale), accuracy)
    const fits = textWidth(whole, sizes.text) <= frame.right - frame.left - 8
    marks.push({
      kind: 'text',
      x: frame.right - 4,
      y: y - 6,
      text: fits ? whole : messages.ceilingShort(accuracy),
      size: sizes.text,
      fill: 'inkSoft',
      anchor: 'end',
      halo: true
    })
  }
  return marks
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
