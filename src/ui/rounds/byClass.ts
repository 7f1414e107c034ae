/** What the look inside a round shows: its panels, a row for each class, and how large the images in the rows are. */
import { field } from '../../charts/csv.ts'
import type { Labelled } from '../../core/insideRound.ts'
import { lineOf, RANDOM } from '../../core/result.ts'
import type { PoolSample } from '../../runtime/client/types.ts'

/** Of more classes, a panel shows those that were asked for most. */
export const MOST_ROWS = 12

/** Sides of an image, in pixels of the page. */
const LARGEST = 26
const SMALLEST = 6

export interface ClassRow {
  /** index of the class */
  class: number
  asked: number
  labelled: number
}

/** The panels of a round: its initial set, which is everybody's, once; else one for each strategy whose line the charts show. */
export function panelsOf(round: readonly Labelled[], hidden: ReadonlySet<string>): Labelled[] {
  const initial = round.some(({ arm, labelCount }) => arm.initialSize === labelCount)
  return initial ? round.slice(0, 1) : round.filter(({ arm }) => !hidden.has(lineOf(arm)))
}

/** The rows of a panel in the order of the classes; where there are too many, most asked for first, and how much is left out. */
export function rowsOf({ asked, labelled }: Labelled): {
  rows: ClassRow[]
  others: { classes: number; images: number }
} {
  const all = asked.map((count, c): ClassRow => ({ class: c, asked: count, labelled: labelled[c] }))
  if (all.length <= MOST_ROWS) return { rows: all, others: { classes: 0, images: 0 } }
  const named = all.filter(row => row.asked).sort((a, b) => b.asked - a.asked || a.class - b.class)
  const left = named.slice(MOST_ROWS)
  return {
    rows: named.slice(0, MOST_ROWS),
    others: { classes: left.length, images: left.reduce((sum, row) => sum + row.asked, 0) }
  }
}

/**
 * The width at which an image stands in all panels, so that the longest row of any fits in `width`, and how many fit in a row where even
 * the smallest do not.
 */
export function scaleOf(panels: readonly Labelled[], width: number): { side: number; most: number } {
  const longest = Math.max(1, ...panels.flatMap(({ asked }) => asked))
  const side = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(width / longest)))
  return { side, most: Math.max(1, Math.floor(width / side)) }
}

/** Indices into a sample of the images that were added, by class and in picking order; of what the sample lacks, none. */
export function imagesByClass({ added }: Labelled, { rows, labels }: PoolSample): Map<number, number[]> {
  const places = new Map(Array.from(rows, (row, i) => [row, i]))
  const byClass = new Map<number, number[]>()
  for (const row of added) {
    const i = places.get(row)
    if (i === undefined) continue
    const same = byClass.get(labels[i])
    if (same) same.push(i)
    else byClass.set(labels[i], [i])
  }
  return byClass
}

/** A line for each image that was asked for: by what, after how many labels, which row of the pool, of which class if that is known. */
export function roundCsv(panels: readonly Labelled[], seed: number, sample: PoolSample | undefined): string {
  const classes = new Map(Array.from(sample?.rows ?? [], (row, i) => [row, sample!.labels[i]]))
  const lines = panels.flatMap(({ arm, added, labelCount }) =>
    Array.from(added, (row, i) => {
      const label = classes.get(row)
      const name = label === undefined ? undefined : sample!.classNames[label]
      const { strategy, selector = RANDOM, initialSize } = arm
      return [strategy, selector, initialSize, seed, labelCount - added.length + i + 1, row, name]
        .map(field)
        .join(',')
    })
  )
  return ['strategy,selector,initial_size,seed,label,image,class', ...lines].join('\r\n') + '\r\n'
}
