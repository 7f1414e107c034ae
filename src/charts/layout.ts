/** Where the panels of small multiples go: in one row if there is room, then in even rows, on a phone one by one. */

export interface Frame {
  left: number
  top: number
  right: number
  bottom: number
}

export interface Sizes {
  /** px of ordinary text, titles and the direct labels */
  text: number
  title: number
}

/** Text grows with the chart: legible in the hand and on the wall. With a height to fill, whoever shows it scales it. */
export function sizesFor(width: number, height?: number): Sizes {
  if (height !== undefined) return { text: 15, title: 18 }
  if (width < 520) return { text: 12.5, title: 15 }
  if (width < 1100) return { text: 13.5, title: 16 }
  return { text: 15, title: 18 }
}

export interface PanelGrid {
  frames: Frame[]
  columns: number
  /** px for a panel's title */
  titleRoom: number
  /** whether the panel has a gutter for labels at its right */
  labelled: boolean[]
  /** first of its row: has the ticks of the accuracy axis */
  first: boolean[]
  /** last row: has the title of the label axis */
  lastRow: boolean[]
  height: number
}

const LEAST_PLOT = 136
/** a plot from which names at its right are worth their room, px */
export const WIDE_PLOT = LEAST_PLOT * 1.45
/** between panels: room for a mark at a line's end */
export const GAP = 36
/** plots grow no taller than this for the labels beside them, px */
const TALLEST = { narrow: 300, wide: 420 }

const isNarrow = (width: number) => width < 520

/** Labels one above the other, px. */
export const labelGap = (sizes: Sizes) => sizes.text * 1.28

/** Whether names fit at the ends of lines: a stack of them beside a plot, without taking too much of the width. */
export function labelsFit(count: number, gutter: number, width: number, sizes: Sizes): boolean {
  const tallest = isNarrow(width) ? TALLEST.narrow : TALLEST.wide
  return count * labelGap(sizes) <= tallest && gutter <= width * (isNarrow(width) ? 0.45 : 0.34)
}

export interface GridOptions {
  count: number
  width: number
  sizes: Sizes
  /** px left of a row, for the ticks of its axis */
  axis: number
  /** px right of plots that have labels, and right of the last in a row */
  gutter: number
  /** labels beside a plot; 0: they stand elsewhere */
  labels: number
  /** px that a panel's title cannot do without */
  titleRoom: number
  /** px above a panel whose title has this room */
  headOf(titleRoom: number): number
}

/**
 * The grid of `count` panels in `width` px. Labels stand beside every panel if that leaves plots wide enough, else
 * beside the last of each row.
 */
export function panelGrid(options: GridOptions): PanelGrid {
  const { count, width, sizes, axis, gutter, labels } = options
  let columns = Math.max(1, count)
  let everywhere = false
  const plotWidth = (c: number, all: boolean) =>
    all ? (width - axis - c * gutter) / c : (width - axis - gutter - (c - 1) * GAP) / c
  const titleRoom = () => plotWidth(columns, everywhere) + GAP - BETWEEN_TITLES
  for (let rows = 1; rows <= Math.max(1, count); rows++) {
    columns = Math.max(1, Math.ceil(count / rows))
    everywhere = labels > 0 && (plotWidth(columns, true) >= WIDE_PLOT || columns === 1)
    if (columns === 1) break
    if (!everywhere && plotWidth(columns, false) < LEAST_PLOT) continue
    if (titleRoom() >= options.titleRoom) break
    everywhere = false
    if (plotWidth(columns, false) >= LEAST_PLOT && titleRoom() >= options.titleRoom) break
  }
  const plot = Math.max(60, plotWidth(columns, everywhere))
  const ordinary = isNarrow(width) ? 210 : Math.min(320, Math.max(250, plot * 0.78))
  const tall = Math.max(ordinary, Math.ceil(labels * labelGap(sizes)))
  // a single column has the whole width for its titles
  const room = columns === 1 ? width - axis - 4 : titleRoom()
  const head = options.headOf(room)
  const foot = sizes.text + 18
  const rows = Math.ceil(count / columns)
  const frames = Array.from({ length: count }, (_, i): Frame => {
    const column = i % columns
    const row = Math.floor(i / columns)
    const left = axis + column * (plot + (everywhere ? gutter : GAP))
    const top = head + row * (head + tall + foot)
    return { left, top, right: left + plot, bottom: top + tall }
  })
  const inRow = (i: number) => i % columns
  return {
    frames,
    columns,
    titleRoom: room,
    labelled: frames.map((_, i) => labels > 0 && (everywhere || inRow(i) === columns - 1 || i === count - 1)),
    first: frames.map((_, i) => inRow(i) === 0),
    lastRow: frames.map((_, i) => Math.floor(i / columns) === rows - 1),
    height: rows * (head + tall + foot)
  }
}

/** px between a title and the next, at least */
export const BETWEEN_TITLES = 12
