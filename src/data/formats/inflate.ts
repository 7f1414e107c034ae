/**
 * Deflate (RFC 1951) into an array of known length, at once. The platform's DecompressionStream is for what is large; it
 * takes a third of a millisecond to begin, which ten thousand small images cannot afford. The usual libraries grow their
 * output or write past its end for as long as a bomb asks them to; this stops as soon as the output is full.
 */

/** Codes up to this length are looked up, longer ones (rare) are followed bit by bit. */
const ROOT = 10
const LONGEST = 15

interface Huffman {
  /** [1 << ROOT] symbol << 4 | length, 0 where the code is longer or there is none */
  table: Uint16Array
  /** [LONGEST + 1] codes of each length */
  counts: Uint16Array
  /** symbols in the order of their codes */
  symbols: Uint16Array
}

const huffman = (symbols: number): Huffman => ({
  table: new Uint16Array(1 << ROOT),
  counts: new Uint16Array(LONGEST + 1),
  symbols: new Uint16Array(symbols)
})

// used again from block to block: ten thousand small images are not to leave ten thousand arrays behind
const starts = new Uint16Array(LONGEST + 2)
const codes = new Uint16Array(LONGEST + 2)
/** of a dynamic block: of the code of lengths, and of all symbols */
const lengthLengths = new Uint8Array(19)
const symbolLengths = new Uint8Array(286 + 32)

/** Fills a code from the lengths of its symbols; false if they make none (over-subscribed). */
function build(code: Huffman, lengths: Uint8Array): boolean {
  const { table, counts, symbols } = code
  counts.fill(0)
  table.fill(0)
  for (const length of lengths) counts[length]++
  counts[0] = 0
  starts.fill(0)
  codes.fill(0)
  let left = 1
  for (let length = 1; length <= LONGEST; length++) {
    left = 2 * left - counts[length]
    if (left < 0) return false
    starts[length + 1] = starts[length] + counts[length]
    codes[length + 1] = (codes[length] + counts[length]) << 1
  }
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]
    if (length === 0) continue
    symbols[starts[length]++] = symbol
    const bits = codes[length]++
    if (length > ROOT) continue
    let reversed = 0
    for (let i = 0; i < length; i++) reversed |= ((bits >> i) & 1) << (length - 1 - i)
    for (let i = reversed; i < 1 << ROOT; i += 1 << length) table[i] = (symbol << 4) | length
  }
  return true
}

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99]
LENGTH_BASE.push(115, 131, 163, 195, 227, 258)
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCE_EXTRA = Array.from({ length: 30 }, (_, i) => Math.max((i >> 1) - 1, 0))
const DISTANCE_BASE = DISTANCE_EXTRA.map((extra, i) => (i < 2 ? i + 1 : ((2 + (i & 1)) << extra) + 1))
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

const fixedLengths = Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))
const fixed = { literals: huffman(288), distances: huffman(30) }
build(fixed.literals, fixedLengths)
build(fixed.distances, new Uint8Array(30).fill(5))
const dynamic = { literals: huffman(288), distances: huffman(32), lengths: huffman(19) }

/** Bytes written and bytes of input used; undefined when the data are damaged or longer than `out`. */
export function inflate(data: Uint8Array, out: Uint8Array): { written: number; used: number } | undefined {
  let at = 0
  let bits = 0
  let held = 0
  let written = 0

  /** `count` (at most 16) bits, the first lowest; -1 past the end */
  const take = (count: number): number => {
    while (held < count) {
      if (at >= data.length) return -1
      bits |= data[at++] << held
      held += 8
    }
    const value = bits & ((1 << count) - 1)
    bits >>>= count
    held -= count
    return value
  }

  /** the next symbol; -1 where there is none */
  const symbol = ({ table, counts, symbols }: Huffman): number => {
    while (held < LONGEST && at < data.length) {
      bits |= data[at++] << held
      held += 8
    }
    const entry = table[bits & ((1 << ROOT) - 1)]
    if (entry) {
      const length = entry & 15
      if (length > held) return -1
      bits >>>= length
      held -= length
      return entry >> 4
    }
    let code = 0
    let first = 0
    let index = 0
    for (let length = 1; length <= LONGEST && length <= held; length++) {
      code |= (bits >> (length - 1)) & 1
      const count = counts[length]
      if (code - first < count) {
        bits >>>= length
        held -= length
        return symbols[index + code - first]
      }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    return -1
  }

  function stored(): boolean {
    bits >>>= held & 7
    held -= held & 7
    const length = take(16)
    const complement = take(16)
    if (complement < 0 || length !== (~complement & 0xffff)) return false
    at -= held >> 3
    bits = held = 0
    if (at + length > data.length || written + length > out.length) return false
    out.set(data.subarray(at, at + length), written)
    at += length
    written += length
    return true
  }

  function codes(): typeof fixed | undefined {
    const literals = take(5) + 257
    const distances = take(5) + 1
    const count = take(4) + 4
    if (count < 4 || literals > 286 || distances > 30) return undefined
    lengthLengths.fill(0)
    for (let i = 0; i < count; i++) {
      const length = take(3)
      if (length < 0) return undefined
      lengthLengths[ORDER[i]] = length
    }
    if (!build(dynamic.lengths, lengthLengths)) return undefined
    const all = symbolLengths.subarray(0, literals + distances)
    for (let i = 0; i < all.length;) {
      const next = symbol(dynamic.lengths)
      if (next < 0) return undefined
      if (next < 16) {
        all[i++] = next
        continue
      }
      if (next === 16 && i === 0) return undefined
      const repeated = next === 16 ? all[i - 1] : 0
      const extra = next === 16 ? take(2) : next === 17 ? take(3) : take(7)
      const times = extra + (next === 18 ? 11 : 3)
      if (extra < 0 || i + times > all.length) return undefined
      all.fill(repeated, i, i + times)
      i += times
    }
    const sound =
      build(dynamic.literals, all.subarray(0, literals)) && build(dynamic.distances, all.subarray(literals))
    return sound ? dynamic : undefined
  }

  /** The hot loop: the reader's state in locals. */
  function block({ literals, distances }: typeof fixed): boolean {
    const { table } = literals
    const end = out.length
    for (;;) {
      let b = bits
      let h = held
      let a = at
      let w = written
      // literals that the table knows, as long as they last
      for (;;) {
        while (h < LONGEST && a < data.length) {
          b |= data[a++] << h
          h += 8
        }
        const entry = table[b & ((1 << ROOT) - 1)]
        const length = entry & 15
        if (entry === 0 || entry >= 256 << 4 || length > h || w === end) break
        out[w++] = entry >> 4
        b >>>= length
        h -= length
      }
      bits = b
      held = h
      at = a
      written = w
      const next = symbol(literals)
      if (next < 256) {
        if (next < 0 || written === end) return false
        out[written++] = next
        continue
      }
      if (next === 256) return true
      if (next > 285) return false
      const extra = take(LENGTH_EXTRA[next - 257])
      const near = symbol(distances)
      if (extra < 0 || near < 0 || near > 29) return false
      const more = take(DISTANCE_EXTRA[near])
      const length = LENGTH_BASE[next - 257] + extra
      const from = written - DISTANCE_BASE[near] - more
      if (more < 0 || from < 0 || written + length > end) return false
      for (let i = from; i < from + length; i++) out[written++] = out[i]
    }
  }

  for (;;) {
    const last = take(1)
    const kind = take(2)
    let sound = false
    if (kind === 0) sound = stored()
    else if (kind === 1) sound = block(fixed)
    else if (kind === 2) {
      const own = codes()
      sound = own !== undefined && block(own)
    }
    if (!sound) return undefined
    if (last === 1) return { written, used: at - (held >> 3) }
  }
}
