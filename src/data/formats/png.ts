/**
 * PNG (ISO/IEC 15948), decoded to exactly the values in the file: canvases may not be asked, since some browsers alter what
 * is read back from one, and colour management differs between all of them. Every colour type, bit depth, filter and the
 * interlacing; chunks are checked by their sums. Sixteen bits are rounded to eight, fewer are spread over 0..255,
 * transparent parts are laid over white. Gamma and colour profiles are left out: the numbers in the file are the pixels.
 *
 * Rows come one by one, so that a large image need never be held as a whole, and what is inflated is bounded by what the
 * header announces.
 */
import { joined } from '../../core/bytes.ts'
import type { ImageShape } from '../../core/network.ts'
import { DataError } from '../errors.ts'
import { crc32 } from '../../core/digest.ts'
import { limits } from './format.ts'
import { inflate } from './inflate.ts'
import { pngRow, type PngLayout } from './pngRow.ts'
import { unpacked } from './source.ts'

/** Receives the rows of an image, from the top: u8 [width, channels], valid until the next one. */
export type RowSink = (row: Uint8Array, y: number) => void

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
export const isPng = (head: Uint8Array) => SIGNATURE.every((byte, i) => head[i] === byte)

/** Bytes of filtered rows that are inflated at once; more are streamed. */
const AT_ONCE = 4 << 20
/** Adam7's passes: first column and row, steps */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2]
]
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16]
}

interface Png extends PngLayout {
  width: number
  height: number
  interlaced: boolean
  /** zlib data, piece by piece */
  data: Uint8Array[]
}

/**
 * Decodes `bytes`; `begin` is told the shape (1 or 3 channels) and gives the sink. True if anything was transparent.
 * Throws DataError 'damagedImage', 'imageTooLarge'.
 */
export async function decodePng(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  begin: (shape: ImageShape) => RowSink
): Promise<boolean> {
  const png = parse(file, bytes)
  const { width, height, channels } = png
  const sink = begin({ height, width, channels })
  if (png.interlaced) return interlaced(file, png, sink)
  const rowBytes = bytesOfRow(png, width)
  const expand = pngRow(png, width)
  const unfilter = filters(rowBytes, stepOf(png))
  let y = 0
  const row: FilteredRow = (bytes, at) => {
    const line = unfilter(bytes, at)
    if (!line) throw new DataError('damagedImage', { file })
    sink(expand.row(line), y++)
  }
  await filteredRows(file, png, height * (rowBytes + 1), () => rowBytes + 1, row)
  return expand.transparent()
}

const stepOf = ({ samples, depth }: PngLayout) => Math.max((samples * depth) >> 3, 1)
const bytesOfRow = ({ samples, depth }: PngLayout, width: number) => Math.ceil((width * samples * depth) / 8)

/** Header, palette, transparency and data. */
function parse(file: string, bytes: Uint8Array<ArrayBuffer>): Png {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const damaged = () => new DataError('damagedImage', { file })
  let png: Png | undefined
  let at = SIGNATURE.length
  for (;;) {
    if (at + 12 > bytes.length) throw damaged()
    const length = view.getUint32(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (at + 12 + length > bytes.length) throw damaged()
    const needed = type === 'IHDR' || type === 'PLTE' || type === 'IDAT' || type === 'tRNS'
    if (needed && crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw damaged()
    }
    const content = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') {
      if (png || length !== 13) throw damaged()
      png = header(file, content)
    } else if (!png) throw damaged()
    else if (type === 'PLTE') {
      if (length % 3 !== 0 || length > 768) throw damaged()
      png.palette = content
    } else if (type === 'tRNS') png.transparency = content
    else if (type === 'IDAT') png.data.push(content)
    else if (type === 'IEND') break
    at += 12 + length
  }
  if (png.data.length === 0 || (png.colourType === 3 && !png.palette)) throw damaged()
  return png
}

function header(file: string, content: Uint8Array): Png {
  const view = new DataView(content.buffer, content.byteOffset)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, colourType, compression, filter, interlace] = content.subarray(8)
  const sound = DEPTHS[colourType]?.includes(depth) && compression === 0 && filter === 0 && interlace <= 1
  if (!sound || width === 0 || height === 0) throw new DataError('damagedImage', { file })
  // an interlaced image is held as a whole
  const most = interlace ? limits.pixels >> 2 : limits.pixels
  if (width * height > most || Math.max(width, height) > limits.longSide)
    throw new DataError('imageTooLarge', { file, width, height })
  const [samples, channels] = [SAMPLES[colourType], colourType === 0 || colourType === 4 ? 1 : 3]
  return { width, height, depth, colourType, samples, channels, interlaced: interlace === 1, data: [] }
}

/** Takes a filtered row, which begins at `at`: rows of small images are too many for an array object each. */
type FilteredRow = (bytes: Uint8Array, at: number) => void

/** Of one image at a time: ten thousand small ones are not to leave ten thousand arrays behind. */
let scratch = new Uint8Array(0)

/**
 * Inflates `total` bytes and cuts them into rows of next() bytes. What follows is passed over if there is little of it, as
 * other programs do.
 */
async function filteredRows(
  file: string,
  { data }: Png,
  total: number,
  next: () => number,
  row: FilteredRow
): Promise<void> {
  const damaged = () => new DataError('damagedImage', { file })
  if (total <= AT_ONCE) {
    const all = data.length === 1 ? data[0] : joined(data)
    const zlib = (all[0] & 15) === 8 && ((all[0] << 8) | all[1]) % 31 === 0 && !(all[1] & 32)
    if (scratch.length < total) scratch = new Uint8Array(total)
    const out = scratch.subarray(0, total)
    if (!zlib || inflate(all.subarray(2), out)?.written !== total) throw damaged()
    for (let at = 0; at < total;) {
      row(out, at)
      at += next()
    }
    return
  }
  let done = 0
  let line = new Uint8Array(next())
  let filled = 0
  for await (const chunk of unpacked(file, data, 'deflate', 'damagedImage')) {
    for (let at = 0; at < chunk.length;) {
      if (done + filled === total) throw damaged()
      const taken = Math.min(line.length - filled, chunk.length - at)
      line.set(chunk.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled < line.length) continue
      row(line, 0)
      done += filled
      filled = 0
      if (done < total) {
        const length = next()
        if (length !== line.length) line = new Uint8Array(length)
      }
    }
  }
  if (done !== total) throw damaged()
}

/** Undoes the filters of an image's rows, one after the other; undefined where a row names none. */
function filters(rowBytes: number, step: number): (bytes: Uint8Array, at: number) => Uint8Array | undefined {
  let above = new Uint8Array(rowBytes)
  let line = new Uint8Array(rowBytes)
  return (bytes, at) => {
    const kind = bytes[at]
    const first = at + 1
    const [up, now] = [above, line]
    switch (kind) {
      case 0:
        for (let i = 0; i < rowBytes; i++) now[i] = bytes[first + i]
        break
      case 1:
        for (let i = 0; i < rowBytes; i++) now[i] = bytes[first + i] + (i < step ? 0 : now[i - step])
        break
      case 2:
        for (let i = 0; i < rowBytes; i++) now[i] = bytes[first + i] + up[i]
        break
      case 3:
        for (let i = 0; i < rowBytes; i++)
          now[i] = bytes[first + i] + (((i < step ? 0 : now[i - step]) + up[i]) >> 1)
        break
      case 4:
        for (let i = 0; i < rowBytes; i++) {
          const a = i < step ? 0 : now[i - step]
          const c = i < step ? 0 : up[i - step]
          now[i] = bytes[first + i] + paeth(a, up[i], c)
        }
        break
      default:
        return undefined
    }
    above = now
    line = up
    return now
  }
}

function paeth(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c)
  const pb = Math.abs(a - c)
  const pc = Math.abs(a + b - c - c)
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

/** The seven passes, put together into one image and handed on row by row. */
async function interlaced(file: string, png: Png, sink: RowSink): Promise<boolean> {
  const { width, height, channels } = png
  const image = new Uint8Array(width * height * channels)
  const sizes = passes.map(([x0, y0, dx, dy]) => ({
    columns: Math.max(Math.ceil((width - x0) / dx), 0),
    rows: Math.max(Math.ceil((height - y0) / dy), 0),
    place: [x0, y0, dx, dy]
  }))
  const used = sizes.filter(pass => pass.columns > 0 && pass.rows > 0)
  const plan = used.flatMap(({ columns, rows, place: [x0, y0, dx, dy] }) => {
    const rowBytes = bytesOfRow(png, columns)
    const [unfilter, expand] = [filters(rowBytes, stepOf(png)), pngRow(png, columns)]
    return Array.from({ length: rows }, (_, r) => ({ rowBytes, unfilter, expand, y: y0 + r * dy, x0, dx }))
  })
  let [asked, done] = [0, 0]
  const total = plan.reduce((sum, { rowBytes }) => sum + rowBytes + 1, 0)
  await filteredRows(
    file,
    png,
    total,
    () => plan[asked++].rowBytes + 1,
    (bytes, at) => {
      const { unfilter, expand, y, x0, dx } = plan[done++]
      const line = unfilter(bytes, at)
      if (!line) throw new DataError('damagedImage', { file })
      const row = expand.row(line)
      for (let i = 0, x = x0; x < width; i++, x += dx)
        for (let c = 0; c < channels; c++) image[(y * width + x) * channels + c] = row[i * channels + c]
    }
  )
  for (let y = 0; y < height; y++) sink(image.subarray(y * width * channels, (y + 1) * width * channels), y)
  return plan.some(({ expand }) => expand.transparent())
}
