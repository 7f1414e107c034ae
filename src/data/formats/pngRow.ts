/** From the samples of a PNG's row, packed as its header says, to bytes of one (grey) or three channels. */

export interface PngLayout {
  /** bits of a sample */
  depth: number
  /** 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha */
  colourType: number
  /** in a pixel of the file */
  samples: number
  /** in a pixel of the result */
  channels: number
  /** [entries, 3] */
  palette?: Uint8Array
  /** the tRNS chunk: alphas of the palette, or the one colour that is transparent */
  transparency?: Uint8Array
}

export interface RowExpander {
  /** u8 [width, channels], valid until the next row */
  row(line: Uint8Array): Uint8Array
  /** whether any pixel so far was not opaque */
  transparent(): boolean
}

/** A value of `depth` bits as a byte, rounded. */
const asByte = (value: number, depth: number) =>
  depth === 16 ? (value * 255 + 32895) >> 16 : value * (255 / ((1 << depth) - 1))

/** Over white: exactly round(value * alpha + 255 * (1 - alpha)), alpha in 255ths. */
const overWhite = (value: number, alpha: number) => 255 - Math.floor(((255 - value) * alpha * 2 + 255) / 510)

export function pngRow(layout: PngLayout, width: number): RowExpander {
  const { depth, colourType, samples, channels, palette, transparency } = layout
  const out = new Uint8Array(width * channels)
  let seen = false

  // the usual case: bytes, all opaque
  if (depth === 8 && (colourType === 0 || colourType === 2) && !transparency) {
    return { row: line => line, transparent: () => false }
  }

  const sample = (line: Uint8Array, i: number) => {
    if (depth === 8) return line[i]
    if (depth === 16) return (line[2 * i] << 8) | line[2 * i + 1]
    const bit = i * depth
    return (line[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
  }

  function indexed(line: Uint8Array): Uint8Array {
    for (let x = 0; x < width; x++) {
      const entry = sample(line, x)
      const alpha = transparency && entry < transparency.length ? transparency[entry] : 255
      if (alpha < 255) seen = true
      // an index past the palette is black, as in other programs
      for (let c = 0; c < 3; c++) out[3 * x + c] = overWhite(palette![3 * entry + c] ?? 0, alpha)
    }
    return out
  }

  const key =
    transparency && (colourType === 0 || colourType === 2) && transparency.length >= 2 * samples
      ? Array.from({ length: samples }, (_, c) => (transparency[2 * c] << 8) | transparency[2 * c + 1])
      : undefined
  const hasAlpha = colourType >= 4

  function direct(line: Uint8Array): Uint8Array {
    for (let x = 0; x < width; x++) {
      const at = x * samples
      let alpha = hasAlpha ? asByte(sample(line, at + channels), depth) : 255
      if (key?.every((value, c) => sample(line, at + c) === value)) alpha = 0
      if (alpha < 255) seen = true
      for (let c = 0; c < channels; c++) {
        out[x * channels + c] = overWhite(asByte(sample(line, at + c), depth), alpha)
      }
    }
    return out
  }

  return { row: colourType === 3 ? indexed : direct, transparent: () => seen }
}
