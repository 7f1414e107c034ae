/** The arithmetic of the initial-size dial: a logarithmic track, stops to snap to, steps for the keyboard. */

export interface DialScale {
  /** 0 .. 1 along the track */
  position(size: number): number
  /** the stop nearest to a place on the track, in the logarithm */
  nearestStop(position: number): number
}

/** A track that holds all stops and all sizes. */
export function dialScale(stops: readonly number[], sizes: readonly number[]): DialScale {
  const all = [...stops, ...sizes].map(Math.log)
  const low = Math.min(...all)
  const span = Math.max(...all) - low || 1
  const position = (size: number) => (Math.log(size) - low) / span
  return {
    position,
    nearestStop: at =>
      stops.reduce((best, stop) =>
        Math.abs(position(stop) - at) < Math.abs(position(best) - at) ? stop : best
      )
  }
}

/** The next stop in a direction that no other handle holds; the size itself when there is none. */
export function nextStop(
  stops: readonly number[],
  size: number,
  direction: 1 | -1,
  taken: ReadonlySet<number>
): number {
  const ahead = stops.filter(stop => (stop - size) * direction > 0 && !taken.has(stop))
  return ahead.length ? (direction > 0 ? Math.min(...ahead) : Math.max(...ahead)) : size
}

/** The next whole number in a direction that no other handle holds, within bounds. */
export function nextWhole(
  size: number,
  direction: 1 | -1,
  taken: ReadonlySet<number>,
  [min, max]: readonly [number, number]
): number {
  let next = size + direction
  while (taken.has(next)) next += direction
  return next < min || next > max ? size : next
}

/** Sizes with one moved elsewhere; a move onto another one leaves them as they are. */
export function moved(sizes: readonly number[], from: number, to: number): number[] {
  return from !== to && sizes.includes(to) ? [...sizes] : sizes.map(size => (size === from ? to : size))
}

/** px of a digit of a handle's number, of what stands between digits, and how far the last number may stand out beyond the track */
const [DIGIT, BETWEEN, SLACK] = [12, 5, 27]

export interface NumberPlace {
  /** 0 is the lowest: numbers that would touch are stacked */
  row: number
  /** px from the handle to the middle of its number, so that it stays on the page */
  shift: number
}

/** Where handles at `at` (px along a track of `width`, ascending) have their numbers. */
export function numberPlaces(at: readonly number[], texts: readonly string[], width: number): NumberPlace[] {
  const labels = at.map((middle, i) => {
    const digits = texts[i].replace(/\D/g, '').length
    const own = DIGIT * digits + BETWEEN * (texts[i].length - digits)
    return { at: Math.min(middle, width + SLACK - own / 2), width: own }
  })
  const rows = labelRows(labels)
  return at.map((middle, i) => ({ row: rows[i], shift: labels[i].at - middle }))
}

/**
 * Rows (0 is the lowest) in which labels do not touch each other: each in the first where it is clear of those to its left.
 * `at`: their middles in px, ascending; `width`: theirs.
 */
export function labelRows(labels: readonly { at: number; width: number }[], gap = 4): number[] {
  const ends: number[] = []
  return labels.map(({ at, width }) => {
    const free = ends.findIndex(end => at - width / 2 >= end + gap)
    const row = free < 0 ? ends.length : free
    ends[row] = at + width / 2
    return row
  })
}

/** px that a stop's number and what is pressed around it take */
const stopWidth = (stop: number) => Math.max(28, 9 * String(stop).length + 10)

/** The stops that stand clear of each other on a track of `width` px, those that are sizes first, then the lower ones. */
export function clearStops(
  stops: readonly number[],
  sizes: readonly number[],
  { position }: DialScale,
  width: number
): number[] {
  const kept: number[] = []
  const byRank = [...stops.filter(s => sizes.includes(s)), ...stops.filter(s => !sizes.includes(s))]
  for (const stop of byRank) {
    const clear = kept.every(
      other =>
        Math.abs(position(stop) - position(other)) * width >= (stopWidth(stop) + stopWidth(other)) / 2 ||
        sizes.includes(stop)
    )
    if (clear) kept.push(stop)
  }
  return stops.filter(stop => kept.includes(stop))
}
