/**
 * Labels that would overlap move apart as little as possible: the places that minimise the sum of squared moves under
 * a minimal distance, by pooling adjacent violators (isotonic regression on the places less their rank's share).
 */

/** New places, in the order given, at least `gap` apart and within [low, high] as long as they all fit. */
export function dodge(places: readonly number[], gap: number, low: number, high: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b] || a - b)
  // subtracting rank * gap turns "at least gap apart" into "not descending"
  const blocks: { sum: number; size: number }[] = []
  order.forEach((index, rank) => {
    blocks.push({ sum: places[index] - rank * gap, size: 1 })
    while (blocks.length > 1) {
      const last = blocks[blocks.length - 1]
      const before = blocks[blocks.length - 2]
      if (before.sum / before.size <= last.sum / last.size) break
      blocks.pop()
      before.sum += last.sum
      before.size += last.size
    }
  })
  const room = Math.max(low, high - (places.length - 1) * gap)
  const out = new Array<number>(places.length)
  let rank = 0
  for (const { sum, size } of blocks) {
    const start = Math.min(room, Math.max(low, sum / size))
    for (let i = 0; i < size; i++, rank++) out[order[rank]] = start + rank * gap
  }
  return out
}
