/** What a map says of each class, as numbers for people, and of each image, as numbers for programs. */
import { mapCsv, type CsvColumn } from '../../charts/mapFiles.ts'
import type { Table } from '../../charts/table.ts'
import type { Format, Messages } from '../../i18n/index.ts'
import type { ImageMap } from '../../runtime/client/types.ts'
import type { roundsOf } from './rounds.ts'

export type Rounds = ReturnType<typeof roundsOf>

/** Mean of the numbers there are. */
export function mean(values: ArrayLike<number>): number {
  const given = Array.from(values).filter(v => !Number.isNaN(v))
  return given.reduce((a, b) => a + b, 0) / Math.max(1, given.length)
}

/** Confidence, variability and correctness of an image of the dataset map. */
export const mapped = ({ positions, correct }: ImageMap, i: number): [number, number, number] => [
  positions[2 * i + 1],
  positions[2 * i],
  correct?.[i] ?? 0
]

/**
 * A row for each class that the map shows; `purity` [classes]: share of the ten nearest points that are of the class; `rounds`: of
 * the arm whose labels are counted.
 */
export function byClass(
  map: ImageMap,
  purity: ArrayLike<number>,
  rounds: Rounds | undefined,
  m: Messages,
  format: Format
): Table {
  const { columns } = m.maps
  const dynamics = map.basis === 'dynamics'
  const rows = map.classNames.flatMap((name, c) => {
    const members = Array.from(map.labels.keys()).filter(i => map.labels[i] === c)
    if (!members.length) return []
    const known = rounds
      ? [0, 1].map(all =>
          format.number(members.filter(i => (all ? rounds.group[i] >= 0 : rounds.group[i] === 0)).length)
        )
      : []
    const values = dynamics
      ? [0, 1, 2].map(v => format.fixed(mean(members.map(i => mapped(map, i)[v])), 2))
      : [format.percent(purity[c])]
    return [[name, format.number(members.length), ...known, ...values]]
  })
  const names = [
    columns.class,
    columns.images,
    ...(rounds ? [columns.initial, columns.labelled] : []),
    ...(dynamics ? [columns.confidence, columns.variability, columns.correct] : [columns.purity])
  ]
  return { columns: names, numeric: names.map((_, i) => i > 0), rows }
}

/** A line for each image: its row in the pool, its class, where it lies, and at how many labels an arm had it labelled. */
export function pointsCsv(map: ImageMap, positions: Float32Array, rounds: Rounds | undefined): string {
  const numbers: CsvColumn[] =
    map.basis === 'dynamics'
      ? ['confidence', 'variability', 'correctness'].map((name, v) => ({ name, of: i => mapped(map, i)[v] }))
      : ['x', 'y'].map((name, axis) => ({ name, of: i => positions[2 * i + axis] }))
  const columns: CsvColumn[] = [
    { name: 'image', of: i => map.rows[i] },
    { name: 'class', of: i => map.classNames[map.labels[i]] },
    ...numbers
  ]
  // by an unlabelled image's group of -1: none
  if (rounds) columns.push({ name: 'labelled_at', of: i => rounds.labelCounts[rounds.group[i]] })
  return mapCsv(map.rows.length, columns)
}
