/**
 * How a pretraining goes: share of right nearest neighbours and spread of the features over epochs, 0 to 1 upwards. A small
 * chart that grows while it is looked at: the epochs' axis has its full length from the start.
 */
import { line } from 'd3'
import type { EpochReport } from '../core/pretraining/settings.ts'
import { marker } from './markers.ts'
import type { Mark, Scene } from './scene.ts'

export interface NeighbourWords {
  knn: string
  spread: string
  epoch: string
  percent(share: number): string
  number(n: number): string
}

const SIZE = 13
const MARGIN = { top: 10, right: 12, bottom: 34, left: 44 }

export function neighbourScene(
  reports: readonly EpochReport[],
  epochs: number,
  width: number,
  height: number,
  words: NeighbourWords
): Scene {
  const [left, right] = [MARGIN.left, width - MARGIN.right]
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom]
  const last = Math.max(epochs, ...reports.map(r => r.epoch), 1)
  const x = (epoch: number) => left + ((right - left) * epoch) / last
  const y = (share: number) => bottom - (bottom - top) * share
  const marks: Mark[] = []
  for (const share of [0, 0.5, 1]) {
    marks.push({ kind: 'path', d: `M${left},${y(share)}H${right}`, stroke: 'hairline', width: 1 })
    const text = words.percent(share)
    marks.push({
      kind: 'text',
      x: left - 6,
      y: y(share) + SIZE * 0.35,
      text,
      size: SIZE,
      fill: 'inkSoft',
      anchor: 'end'
    })
  }
  const below = (place: number, text: string, anchor: 'start' | 'middle' | 'end'): Mark => ({
    kind: 'text',
    x: place,
    y: bottom + SIZE + 6,
    text,
    size: SIZE,
    fill: 'inkSoft',
    anchor
  })
  marks.push(
    below(left, words.number(0), 'middle'),
    below((left + right) / 2, words.epoch, 'middle'),
    below(right, words.number(last), 'end')
  )
  const path = (of: (r: EpochReport) => number) =>
    line<EpochReport>()
      .x(r => x(r.epoch))
      .y(r => y(of(r)))
      .digits(2)([...reports])!
  if (reports.length > 1) {
    marks.push({ kind: 'path', d: path(r => r.spread), stroke: 'inkSoft', width: 1.6, dash: '2 4' })
    marks.push({ kind: 'path', d: path(r => r.knn), stroke: 'accent', width: 2.2 })
  }
  const end = reports.at(-1)
  if (end) {
    marks.push(marker('circle', x(end.epoch), y(end.knn), 4, 'accent'))
    marks.push(marker('circle', x(end.epoch), y(end.spread), 3, 'inkSoft', true))
  }
  return { width, height, marks }
}
