/** What the special marks of a chart mean: said under it, where there are any. */
import { belowPath, marker } from './markers.ts'
import type { Mark, Paint } from './scene.ts'
import type { MarkerShape } from './styles.ts'
import { shortened, textWidth } from './text.ts'

export type Note =
  | { sign: 'below' | 'hollow' | 'none'; text: string }
  | { sign: 'line'; text: string; shape: MarkerShape; colour: Paint }

/** The notes from `left` to `right`, in as many rows as they need; `y` is the middle of the first. */
export function noteMarks(
  notes: readonly Note[],
  left: number,
  right: number,
  y: number,
  size: number
): { marks: Mark[]; bottom: number } {
  const marks: Mark[] = []
  let x = left
  let row = y
  for (const note of notes) {
    const { sign } = note
    const indent = sign === 'none' ? 0 : 14
    const text = shortened(note.text, size, right - left - indent)
    const width = indent + textWidth(text, size)
    if (x > left && x + width > right) {
      x = left
      row += size + 8
    }
    if (sign === 'below') marks.push({ kind: 'path', d: belowPath(x + 4, row, 4.2), fill: 'inkSoft' })
    if (sign === 'hollow') marks.push(marker('circle', x + 4, row, 3.6, 'inkSoft', true))
    if (sign === 'line') marks.push(marker(note.shape, x + 4, row, 4.2, note.colour))
    marks.push({
      kind: 'text',
      x: x + indent,
      y: row + size * 0.35,
      text,
      size,
      fill: 'inkSoft',
      ...(text === note.text ? {} : { full: note.text })
    })
    x += width + 22
  }
  return { marks, bottom: row + size }
}
