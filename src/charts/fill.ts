/**
 * Where panels go in a room of given height, as on a wall: as many as stay legible, in as few rows as that takes. Those that do
 * not fit come on another page.
 */
import {
  BETWEEN_TITLES,
  GAP,
  labelGap,
  WIDE_PLOT,
  type Frame,
  type GridOptions,
  type PanelGrid
} from './layout.ts'

/** a plot is no smaller than this, px, unless a single one is; names at the side take no more of it than leaves that */
const LEAST = { width: 96, named: 116, height: 110 }

/** What is to be placed. */
export interface ToFill {
  /** panels */
  of: number
  /** from 0 */
  page: number
  /** the most lines that one of them has to name at its side; 0: they have their names elsewhere */
  most: number
  /** what a grid of so many is made of, with so many names beside a plot */
  optionsOf(count: number, labels: number): GridOptions
  /** px that panels have above each other, with names beside them or without */
  room(labels: boolean): number
  /** whether panels from `first` on, of which some are labelled, name all their lines */
  named(first: number, labelled: readonly boolean[]): boolean
}

export interface Filled {
  grid: PanelGrid
  labels: boolean
  /** which panels it is of */
  drawn: { first: number; of: number; page: number; pages: number }
}

interface Fit {
  columns: number
  rows: number
}

const footOf = ({ sizes }: GridOptions) => sizes.text + 18

const plotWidth = ({ width, axis, gutter }: GridOptions, columns: number, all: boolean) =>
  (width - axis - (all ? columns : 1) * gutter - (all ? 0 : columns - 1) * GAP) / columns

const titleRoomIn = (options: GridOptions, columns: number) =>
  columns === 1 ? options.width - options.axis - 4 : plotWidth(options, columns, false) + GAP - BETWEEN_TITLES

const plotHeight = (options: GridOptions, height: number, { columns, rows }: Fit) =>
  height / rows - options.headOf(titleRoomIn(options, columns)) - footOf(options)

/** How many panels there is room for at once. */
function fitOf(options: GridOptions, height: number): Fit {
  const { count, labels } = options
  const least = labels ? LEAST.named : LEAST.width
  let most = 1
  while (most < count && plotWidth(options, most + 1, false) >= least) most++
  const needed = Math.max(1, Math.ceil(count / most))
  let rows = 1
  while (rows < needed && plotHeight(options, height, { columns: most, rows: rows + 1 }) >= LEAST.height)
    rows++
  return { columns: rows < needed ? most : Math.max(1, Math.ceil(count / rows)), rows }
}

/** The grid of `count` panels, no more than fit, in `height` px. */
function gridOf(options: GridOptions, height: number, { columns, rows }: Fit): PanelGrid {
  const { count, axis, gutter, labels } = options
  const everywhere = labels > 0 && (columns === 1 || plotWidth(options, columns, true) >= WIDE_PLOT)
  const plot = Math.max(60, plotWidth(options, columns, everywhere))
  const titleRoom = everywhere && columns > 1 ? plot + GAP - BETWEEN_TITLES : titleRoomIn(options, columns)
  const head = options.headOf(titleRoom)
  const foot = footOf(options)
  const tall = Math.max(40, height / rows - head - foot)
  const frames = Array.from({ length: count }, (_, i): Frame => {
    const left = axis + (i % columns) * (plot + (everywhere ? gutter : GAP))
    const top = head + Math.floor(i / columns) * (head + tall + foot)
    return { left, top, right: left + plot, bottom: top + tall }
  })
  const isLast = (i: number) => i % columns === columns - 1 || i === count - 1
  return {
    frames,
    columns,
    titleRoom,
    labelled: frames.map((_, i) => labels > 0 && (everywhere || isLast(i))),
    first: frames.map((_, i) => i % columns === 0),
    lastRow: frames.map((_, i) => Math.floor(i / columns) === Math.ceil(count / columns) - 1),
    height
  }
}

/** A page of panels. Names stand beside them where that costs no panel and no row, and the plots are tall enough for all of them. */
export function fillPanels({ of, page: asked, most, optionsOf, room, named }: ToFill): Filled {
  const fit = fitOf(optionsOf(of, 0), room(false))
  const atOnce = fit.columns * fit.rows
  const pages = Math.max(1, Math.ceil(of / atOnce))
  const page = Math.max(0, Math.min(asked, pages - 1))
  const first = page * atOnce
  const count = Math.min(atOnce, of - first)
  const drawn = { first, of, page, pages }
  const beside = fitOf(optionsOf(of, most), room(true))
  if (most && beside.columns >= fit.columns && beside.rows === fit.rows) {
    const options = optionsOf(count, most)
    const grid = gridOf(options, room(true), beside)
    const [frame] = grid.frames
    const tall = !frame || frame.bottom - frame.top >= most * labelGap(options.sizes)
    if (tall && named(first, grid.labelled)) return { grid, labels: true, drawn }
  }
  return { grid: gridOf(optionsOf(count, 0), room(false), fit), labels: false, drawn }
}
