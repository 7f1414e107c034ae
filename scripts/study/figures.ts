/** The figures of the report: the page's own charts, and a plot of estimates with their intervals in the same look. */
import { scaleLinear } from 'd3'
import { count, decimal, percent, points } from '../../src/charts/format.ts'
import { learningScene } from '../../src/charts/learning.ts'
import { marker } from '../../src/charts/markers.ts'
import { line, type Mark, type Scene } from '../../src/charts/scene.ts'
import { sensitivityScene } from '../../src/charts/sensitivity.ts'
import { learningSummary, sensitivitySummary } from '../../src/charts/summary.ts'
import { textWidth } from '../../src/charts/text.ts'
import { fold, type Curves } from '../../src/core/curves.ts'
import type { Result } from '../../src/core/result.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { lineName } from '../../src/ui/words.ts'
import type { Estimate, Figure, Unit } from './entry.ts'

const LOCALE = 'en'
const WIDTH = 960
const TEXT = 13.5
const ROW = 27

const messages = catalogues[LOCALE]
const words = messages.charts

/** The name of a line of the charts. */
export const nameOf = (id: string, several = false) => lineName(messages, id, several)

export function valueText(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–'
  if (unit === 'points') return points(value, LOCALE)
  if (unit === 'accuracy') return percent(value, LOCALE)
  return Math.abs(value) < 1 ? value.toPrecision(3) : decimal(value, LOCALE)
}

export const unitNames: Record<Unit, string> = {
  points: 'difference in percentage points',
  accuracy: 'share of images',
  number: 'number'
}

/** One row an estimate: its mean, its 95 % interval, and a stroke where the claim draws its line. All of one unit. */
export function estimatesScene(estimates: readonly Estimate[], unit: Unit): Scene {
  const rows = estimates.filter(e => e.unit === unit && Number.isFinite(e.value))
  const left = 16 + Math.max(...rows.map(r => textWidth(r.name, TEXT)))
  const right = WIDTH - 90
  const seen = rows.flatMap(({ value, interval, threshold }) => [
    value,
    ...(interval ? [interval.low, interval.high] : []),
    ...(threshold === undefined ? [] : [threshold])
  ])
  if (unit === 'points') seen.push(0)
  const [low, high] = [Math.min(...seen), Math.max(...seen)]
  const room = (high - low || 1) * 0.04
  const scale = scaleLinear([low - room, high + room], [left, right])
  const bottom = 10 + rows.length * ROW
  const text = (x: number, y: number, said: string, more: Partial<Mark> = {}): Mark =>
    ({ kind: 'text', x, y, text: said, size: TEXT, fill: 'inkSoft', ...more }) as Mark
  const marks: Mark[] = scale.ticks(6).flatMap((v): Mark[] => [
    {
      kind: 'path',
      d: line(scale(v), 8, scale(v), bottom),
      stroke: v === 0 && unit === 'points' ? 'inkSoft' : 'hairline',
      width: 1
    },
    text(scale(v), bottom + 18, valueText(v, unit), { anchor: 'middle' })
  ])
  rows.forEach(({ name, value, interval, threshold }, i) => {
    const y = 10 + (i + 0.5) * ROW
    marks.push(text(left - 10, y + TEXT * 0.35, name, { anchor: 'end', fill: 'ink' }))
    if (threshold !== undefined)
      marks.push({
        kind: 'path',
        d: line(scale(threshold), y - 9, scale(threshold), y + 9),
        stroke: 'accent',
        width: 2.4
      })
    if (interval)
      marks.push({
        kind: 'path',
        d:
          line(scale(interval.low), y, scale(interval.high), y) +
          line(scale(interval.low), y - 4, scale(interval.low), y + 4) +
          line(scale(interval.high), y - 4, scale(interval.high), y + 4),
        stroke: 'ink',
        width: 1.6
      })
    marks.push(marker('circle', scale(value), y, 4, 'ink'))
    marks.push(text(right + 12, y + TEXT * 0.35, valueText(value, unit), { fill: 'ink' }))
  })
  marks.push(text((left + right) / 2, bottom + 38, unitNames[unit], { anchor: 'middle' }))
  return { width: WIDTH, height: bottom + 48, marks }
}

/** A figure for each unit that the estimates have. */
export function figuresOfEstimates(estimates: readonly Estimate[]): Figure[] {
  const units = [...new Set(estimates.filter(e => Number.isFinite(e.value)).map(e => e.unit))]
  return units.map(unit => ({
    title: 'Estimates with 95 % intervals',
    description: estimates
      .filter(e => e.unit === unit)
      .map(e => `${e.name}: ${valueText(e.value, unit)}`)
      .join('; '),
    draw: () => estimatesScene(estimates, unit)
  }))
}

const shared = (curves: Curves, n: number, several: boolean) => ({
  curves,
  n,
  width: WIDTH,
  scale: 'logError' as const,
  hidden: new Set<string>(),
  messages: words,
  locale: LOCALE,
  strategyName: (id: string) => nameOf(id, several)
})

/** Learning curves of a result, read at n labels. */
export function learningFigure(result: Result, n: number): Figure {
  const options = shared(fold(result), n, result.experiment.selectors.length > 1)
  return {
    title: words.learning.title,
    description: learningSummary(options),
    draw: theme => learningScene({ ...options, theme, facet: 'initial', showSeeds: false })
  }
}

/** Accuracy at n labels by initial size. */
export function sensitivityFigure(result: Result, n: number): Figure {
  const options = shared(fold(result), n, result.experiment.selectors.length > 1)
  return {
    title: words.sensitivity.title(count(n, LOCALE)),
    description: sensitivitySummary(options),
    draw: theme => sensitivityScene({ ...options, theme })
  }
}
