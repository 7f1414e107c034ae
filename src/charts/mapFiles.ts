/**
 * A map as a file: the scene under its heading with the groups listed below it, since there is no page around it that would say
 * which colour is what; and its points as CSV, a line for each image.
 */
import { headed, type Heading } from './heading.ts'
import { paintOf, type MapGroup } from './imageMap.ts'
import { markerPath } from './markers.ts'
import { shift, type Mark, type Scene } from './scene.ts'
import { field } from './csv.ts'
import { textWidth } from './text.ts'

const SIZE = 13
const ROW = 20
const SWATCH = 18
const GAP = 16

/** The scene with its heading above and the groups' names, in columns, below. */
export function mapFile(scene: Scene, groups: readonly MapGroup[], heading: Heading): Scene {
  const column = SWATCH + GAP + Math.max(0, ...groups.map(({ name }) => textWidth(name, SIZE)))
  const columns = Math.max(1, Math.min(groups.length, Math.floor((scene.width + GAP) / column)))
  const top = scene.height + ROW
  const legend = groups.flatMap((group, i): Mark[] => {
    const x = (i % columns) * column
    const y = top + Math.floor(i / columns) * ROW
    return [
      { kind: 'path', d: markerPath(group.marker, x + 5, y, 4.4), ...paintOf(group) },
      { kind: 'text', x: x + SWATCH, y: y + SIZE * 0.35, text: group.name, size: SIZE, fill: 'ink' }
    ]
  })
  const height = top + Math.ceil(groups.length / columns) * ROW
  const whole = { width: Math.max(scene.width, column), height, marks: [shift(scene.marks, 0, 0), ...legend] }
  return headed(whole, heading)
}

/** Columns of numbers with a name each; undefined where an image has none. */
export interface CsvColumn {
  name: string
  of(i: number): number | string | undefined
}

/** One header line and a line for each of `count` images (RFC 4180). */
export function mapCsv(count: number, columns: readonly CsvColumn[]): string {
  const lines = Array.from({ length: count }, (_, i) => columns.map(({ of }) => field(of(i))).join(','))
  return [columns.map(({ name }) => name).join(','), ...lines].join('\r\n') + '\r\n'
}
