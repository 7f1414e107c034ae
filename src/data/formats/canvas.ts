/**
 * Images that the browser opens (JPEG, WebP, GIF, BMP, AVIF), in a worker, turned upright as their EXIF data say. Engines
 * decode JPEG with small differences, and some alter what is read back from a canvas: a data set is therefore known by
 * the fingerprint of its pixels and not of its files.
 */
import type { ImageShape } from '../../core/network.ts'
import { DataError } from '../errors.ts'
import { limits } from './format.ts'
import type { RowSink } from './png.ts'
import type { Bytes } from './source.ts'

/** Pixels that are read back from the canvas at a time. */
const STRIP = 1 << 20

export const browserKinds = ['jpeg', 'webp', 'gif', 'bmp', 'avif'] as const
export type BrowserKind = (typeof browserKinds)[number]

const canDecode = () => typeof createImageBitmap === 'function' && typeof OffscreenCanvas === 'function'

/**
 * As decodePng, for the other kinds; rows have 3 channels. Throws DataError 'needsBrowser', 'damagedImage',
 * 'imageTooLarge'.
 */
export async function decodeWithCanvas(
  file: string,
  bytes: Bytes,
  kind: BrowserKind,
  begin: (shape: ImageShape) => RowSink
): Promise<boolean> {
  if (!canDecode()) throw new DataError('needsBrowser', { file })
  const announced = sizeOf(bytes, kind)
  if (announced) checkSize(file, announced)
  const bitmap = await createImageBitmap(new Blob([bytes], { type: `image/${kind}` }), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    imageOrientation: 'from-image'
  }).catch(() => {
    throw new DataError('damagedImage', { file })
  })
  try {
    const { width, height } = bitmap
    checkSize(file, { width, height })
    const sink = begin({ width, height, channels: 3 })
    const lines = Math.max(Math.min(Math.floor(STRIP / width), height), 1)
    const context = new OffscreenCanvas(width, lines).getContext('2d', { willReadFrequently: true })!
    const row = new Uint8Array(width * 3)
    let transparent = false
    for (let top = 0; top < height; top += lines) {
      const count = Math.min(lines, height - top)
      context.clearRect(0, 0, width, lines)
      context.drawImage(bitmap, 0, -top)
      const { data } = context.getImageData(0, 0, width, count)
      for (let y = 0; y < count; y++) {
        for (let x = 0; x < width; x++) {
          const from = (y * width + x) * 4
          const alpha = data[from + 3]
          if (alpha === 255) {
            for (let c = 0; c < 3; c++) row[x * 3 + c] = data[from + c]
            continue
          }
          transparent = true
          // over white, as PNG's
          for (let c = 0; c < 3; c++)
            row[x * 3 + c] = 255 - Math.floor(((255 - data[from + c]) * alpha * 2 + 255) / 510)
        }
        sink(row, top + y)
      }
    }
    return transparent
  } finally {
    bitmap.close()
  }
}

function checkSize(file: string, { width, height }: { width: number; height: number }): void {
  if (width * height > limits.pixels || Math.max(width, height) > limits.longSide)
    throw new DataError('imageTooLarge', { file, width, height })
}

/** Width and height that the header announces, so that a bomb is not even opened; undefined where it is not known. */
export function sizeOf(bytes: Bytes, kind: BrowserKind): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fits = (length: number) => bytes.length >= length
  switch (kind) {
    case 'gif':
      return fits(10) ? { width: view.getUint16(6, true), height: view.getUint16(8, true) } : undefined
    case 'bmp':
      return fits(26)
        ? { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) }
        : undefined
    case 'webp': {
      if (!fits(30)) return undefined
      const form = String.fromCharCode(...bytes.subarray(12, 16))
      const u24 = (at: number) => view.getUint16(at, true) + (bytes[at + 2] << 16)
      if (form === 'VP8X') return { width: u24(24) + 1, height: u24(27) + 1 }
      if (form === 'VP8L') {
        const packed = view.getUint32(21, true)
        return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
      }
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    }
    case 'jpeg':
      for (let at = 2; fits(at + 9) && bytes[at] === 0xff;) {
        const marker = bytes[at + 1]
        const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
        if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
        at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
      }
      return undefined
    case 'avif':
      return largestExtent(bytes, view)
  }
}

/** The properties of an AVIF's items stand at its beginning. */
const PROPERTIES = 1 << 16

/** The largest of the spatial extents ('ispe', ISO/IEC 23008-12, 6.5.3) of an AVIF's items: of a grid, that of the whole. */
function largestExtent(bytes: Bytes, view: DataView): { width: number; height: number } | undefined {
  let largest: { width: number; height: number } | undefined
  const name = [...'ispe'].map(c => c.charCodeAt(0))
  const end = Math.min(bytes.length - 16, PROPERTIES)
  for (let at = bytes.indexOf(name[0]); at >= 0 && at <= end; at = bytes.indexOf(name[0], at + 1)) {
    if (name.some((code, i) => bytes[at + i] !== code)) continue
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)]
    if (!largest || width * height > largest.width * largest.height) largest = { width, height }
  }
  return largest
}

/** Whether what was drawn is what is read back: some browsers alter it, against tracking. */
export function canvasIsExact(): boolean {
  if (!canDecode()) return true
  const side = 16
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!
  const drawn = new ImageData(side, side)
  drawn.data.forEach((_, i) => (drawn.data[i] = i % 4 === 3 ? 255 : (i * 37 + (i >> 5) * 11) & 255))
  context.putImageData(drawn, 0, 0)
  const read = context.getImageData(0, 0, side, side).data
  return drawn.data.every((value, i) => read[i] === value)
}
