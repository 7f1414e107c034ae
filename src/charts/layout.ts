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

/** Text grows with the chart: legible in the hand and on the wall. */
export function sizesFor(width: number): Sizes {
  if (width < 520) return { text: 12.5, title: 15 }
  if (width < 1100) return { text: 13.5, title: 16 }
  return { text: 15, title: 18 }
}

export interface PanelGrid {
  frames: Frame[]
  columns: number
  /** whether the panel has a gutter for labels at its right */
  labelled: boolean[]
  /** first of its row: has the ticks of the accuracy axis */
  first: boolean[]
  /** last row: has the title of the label axis */
  lastRow: boolean[]
  height: number
}

const LEAST_PLOT = 136
/** between panels: room for a mark at a line's end */
const GAP = 36

/**
 * The grid of `count` panels in `width` px. Labels stand beside every panel if that leaves plots wide enough, else
 * beside the last of each row.
 */
export function panelGrid(
  count: number,
  width: number,
  sizes: Sizes,
  axis: number,
  gutter: number
): PanelGrid {
  let columns = Math.max(1, count)
  let everywhere = false
  const plotWidth = (c: number, all: boolean) =>
    all ? (width - axis - c * gutter) / c : (width - axis - gutter - (c - 1) * GAP) / c
  for (let rows = 1; rows <= Math.max(1, count); rows++) {
    columns = Math.max(1, Math.ceil(count / rows))
    everywhere = plotWidth(columns, true) >= LEAST_PLOT * 1.45 || columns === 1
    if (everywhere || plotWidth(columns, false) >= LEAST_PLOT) break
  }
  const plot = Math.max(60, plotWidth(columns, everywhere))
  const tall = width < 520 ? 210 : Math.min(320, Math.max(250, plot * 0.78))
  const head = sizes.title + 14
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
    labelled: frames.map((_, i) => everywhere || inRow(i) === columns - 1 || i === count - 1),
    first: frames.map((_, i) => inRow(i) === 0),
    lastRow: frames.map((_, i) => Math.floor(i / columns) === rows - 1),
    height: rows * (head + tall + foot)
  }
}
