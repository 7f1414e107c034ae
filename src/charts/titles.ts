/** Titles of panels side by side: all in one size, in two lines where they are long, never into their neighbour. */
import type { Sizes } from './layout.ts'
import { shortened, textWidth, wrap } from './text.ts'

export interface TitleLook {
  /** px */
  size: number
  /** of the tallest */
  lines: number
}

export interface FittedTitle {
  lines: string[]
  /** the whole title, where it was cut short */
  full?: string
}

/** px of a strategy's line and marker before its title */
export const TITLE_INDENT = 34

/** How titles look in `room` px: large if all fit, else as ordinary text, then in two lines. */
export function titleLook(titles: readonly string[], room: number, sizes: Sizes): TitleLook {
  const fit = (size: number) => titles.every(t => textWidth(t, size, true) <= room)
  if (fit(sizes.title)) return { size: sizes.title, lines: 1 }
  return { size: sizes.text, lines: fit(sizes.text) ? 1 : 2 }
}

export const lineHeight = (size: number) => Math.ceil(size * 1.25)

/** A title in the lines that it may take. */
export function fitTitle(title: string, room: number, { size, lines }: TitleLook): FittedTitle {
  if (lines === 1) {
    const text = shortened(title, size, room, true)
    return text === title ? { lines: [title] } : { lines: [text], full: title }
  }
  const [first = '', ...rest] = wrap(title, size, room, true)
  if (!rest.length && textWidth(first, size, true) <= room) return { lines: [first] }
  const head = shortened(first, size, room, true)
  const all = title.slice(title.indexOf(first) + first.length).trimStart()
  const tail = shortened(all, size, room, true)
  const out = tail ? [head, tail] : [head]
  return head === first && tail === all ? { lines: out } : { lines: out, full: title }
}

/** px below which the longest title does not fit into two lines of ordinary text. */
export function leastTitleRoom(titles: readonly string[], sizes: Sizes): number {
  const two = (title: string) => {
    const whole = textWidth(title, sizes.text, true)
    let room = whole / 2
    while (
      room < whole &&
      wrap(title, sizes.text, room, true).some((l, i) => i > 1 || textWidth(l, sizes.text, true) > room)
    )
      room += 8
    return Math.min(room, whole)
  }
  return Math.ceil(Math.max(0, ...titles.map(two)))
}
