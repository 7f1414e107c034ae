/**
 * Many encoded images (PNG, JPEG, ...) to one array: each is recognised by its content, decoded and fitted; the array is grey
 * until an image has a colour. What cannot be opened is left out, and it is said.
 */
import type { ImageShape } from '../../core/network.ts'
import { DataError, remark, type Remark } from '../errors.ts'
import { browserKinds, canvasIsExact, decodeWithCanvas, type BrowserKind } from './canvas.ts'
import { greyOf, isGrey, threeChannels } from './colour.ts'
import { limits, type Fit, type Reading } from './format.ts'
import { decodePng, isPng, type RowSink } from './png.ts'
import { resampler } from './resample.ts'
import { Rooms, type Room } from './rooms.ts'
import type { Bytes } from './source.ts'

export type ImageKind = 'png' | 'heic' | BrowserKind

/** By the first bytes (32 are enough); undefined for what is no image. */
export function imageKind(head: Uint8Array): ImageKind | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to))
  if (isPng(head)) return 'png'
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a/.test(text(0, 6))) return 'gif'
  // "BM" alone begins many a text: the two reserved numbers are 0, and the size of the next header is small
  if (text(0, 2) === 'BM' && head.subarray(6, 10).every(b => b === 0) && head[15] === 0) return 'bmp'
  if (text(4, 8) !== 'ftyp') return undefined
  return /^avi[fs]$/.test(text(8, 12))
    ? 'avif'
    : /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(text(8, 12))
      ? 'heic'
      : undefined
}

export interface Encoded {
  /** as the user knows it */
  file: string
  bytes: Bytes
}

export interface Decoded {
  /** u8 [kept, height, width, channels] */
  images: Bytes
  shape: ImageShape
  /** which of the images these are, ascending */
  kept: Uint32Array
  remarks: Remark[]
}

/** What images become when they have several sizes, or one outside the limits, and nobody chose a side. */
const USUAL_SIDE = 32
/** Images in work at the same time: the browser decodes beside this thread. */
const AHEAD = 2
/** Between two reports of progress. */
const REPORT = 32

/** Thrown for an image that does not fit among the others as it is. */
const misfit = 'misfit'

interface One {
  pixels: Bytes
  shape: ImageShape
  transparent: boolean
  resized: boolean
}

/** The left-out kinds of trouble: one image of many. */
const bearable: readonly string[] = ['damagedImage', 'unknownImage', 'imageTooLarge']

/**
 * Decodes `count` images. image(i, room) is called in ascending order, one after the other, and once more from 0 when the
 * images turn out to differ in size; its bytes may lie in what `room` gives, and belong to others once they are decoded.
 * Throws DataError 'noImages', 'needsBrowser', 'tooLarge'; what is wrong with the first
 * image when none could be opened; and what image(i) throws.
 */
export async function decodeAll(
  count: number,
  image: (i: number, room: Room) => Promise<Encoded>,
  reading: Reading,
  file: string
): Promise<Decoded> {
  if (count === 0) throw new DataError('noImages', { file })
  const first = await attempt(count, image, reading, file, reading.side)
  return first ?? (await attempt(count, image, reading, file, USUAL_SIDE))!
}

/** undefined when a side has to be chosen. */
async function attempt(
  count: number,
  image: (i: number, room: Room) => Promise<Encoded>,
  reading: Reading,
  file: string,
  side: number | undefined
): Promise<Decoded | undefined> {
  const gallery = new Gallery(count, reading.colour, file)
  const kept: number[] = []
  let failed: { count: number; error: DataError } | undefined
  let [transparent, resized, byBrowser] = [0, false, false]

  const rooms = new Rooms()
  let fetched: Promise<unknown> = Promise.resolve()
  const begin = (i: number): Promise<One | typeof misfit | DataError> => {
    const encoded = fetched.then(() => image(i, rooms.take))
    fetched = encoded
    const decoded = encoded.then(async ({ file: name, bytes }) => {
      const kind = imageKind(bytes)
      byBrowser ||= browserKinds.includes(kind as BrowserKind)
      try {
        return await decodeOne(name, bytes, kind, side, reading.fit, rooms.take)
      } finally {
        rooms.give(bytes)
      }
    })
    return decoded.catch(error => {
      if (error === misfit || (error instanceof DataError && bearable.includes(error.code))) return error
      throw error
    })
  }
  const ahead: ReturnType<typeof begin>[] = []
  try {
    for (let i = 0; i < count; i++) {
      reading.signal?.throwIfAborted()
      while (ahead.length < AHEAD && i + ahead.length < count) ahead.push(begin(i + ahead.length))
      const one = await ahead.shift()!
      if (typeof one === 'string') return undefined
      if (one instanceof DataError) {
        failed ??= { count: 0, error: one }
        failed.count++
        continue
      }
      if (!gallery.add(one)) return undefined
      rooms.give(one.pixels)
      resized ||= one.resized
      transparent += Number(one.transparent)
      kept.push(i)
      if (i % REPORT === 0) reading.progress({ file, done: i, total: count })
    }
  } finally {
    // what is still in work ends by itself
    for (const rest of ahead) rest.catch(() => undefined)
  }
  if (kept.length === 0) throw failed!.error
  const remarks: Remark[] = []
  if (resized) remarks.push(remark('fitted', { side: side! }))
  if (failed) {
    remarks.push(remark('imagesLeftOut', { count: failed.count, file: String(failed.error.parameters.file) }))
  }
  if (transparent) remarks.push(remark('transparency', { count: transparent }))
  if (byBrowser && !canvasIsExact()) remarks.push(remark('canvasAltered', {}))
  return { ...gallery.finish(), kept: Uint32Array.from(kept), remarks }
}

/** Throws `misfit` when the image is outside the limits and no side is given. */
async function decodeOne(
  file: string,
  bytes: Bytes,
  kind: ImageKind | undefined,
  side: number | undefined,
  fit: Fit,
  room: Room
): Promise<One> {
  if (!kind || kind === 'heic') throw new DataError('unknownImage', { file })
  let result: (() => Bytes) | undefined
  let shape!: ImageShape
  let resized = false
  const begin = (found: ImageShape): RowSink => {
    const { height, width, channels } = found
    const { leastSide, mostSide } = limits
    if (side === undefined && (Math.min(height, width) < leastSide || Math.max(height, width) > mostSide)) {
      throw misfit
    }
    if (side === undefined || (side === height && side === width)) {
      const pixels = room(height * width * channels)
      shape = found
      result = () => pixels
      return (row, y) => pixels.set(row, y * width * channels)
    }
    const work = resampler(found, side, fit)
    shape = { height: side, width: side, channels }
    resized = true
    result = work.result
    return work.sink
  }
  const transparent =
    kind === 'png' ? await decodePng(file, bytes, begin) : await decodeWithCanvas(file, bytes, kind, begin)
  return { pixels: result!(), shape, transparent, resized }
}

/** Collects images of one size; one channel until there is a colour. */
class Gallery {
  private images?: Bytes
  private shape?: ImageShape
  private filled = 0

  constructor(
    private readonly count: number,
    private readonly colour: Reading['colour'],
    private readonly file: string
  ) {}

  /** False when the image has another size than the first. */
  add({ pixels, shape: { height, width, channels } }: One): boolean {
    if (this.shape && (height !== this.shape.height || width !== this.shape.width)) return false
    const colourless = channels === 1 || this.colour === 'grey' || (this.colour === 'asIs' && isGrey(pixels))
    const wanted = this.colour === 'colour' || !colourless ? 3 : 1
    if (!this.images || this.shape!.channels < wanted) this.widen({ height, width, channels: wanted })
    const size = height * width * this.shape!.channels
    const out = this.images!.subarray(this.filled * size, (this.filled + 1) * size)
    if (this.shape!.channels === channels) out.set(pixels)
    else if (channels === 1) threeChannels(pixels, out)
    else greyOf(pixels, out)
    this.filled++
    return true
  }

  private widen(shape: ImageShape): void {
    const size = shape.height * shape.width * shape.channels
    if (this.count * size > limits.bytes) {
      const [megabytes, limit] = [(this.count * size) / 1e6, limits.bytes / 1e6].map(Math.ceil)
      throw new DataError('tooLarge', { file: this.file, megabytes, limit })
    }
    const images = new Uint8Array(this.count * size)
    if (this.images) threeChannels(this.images.subarray(0, this.filled * (size / 3)), images)
    this.images = images
    this.shape = shape
  }

  finish(): { images: Bytes; shape: ImageShape } {
    const { height, width, channels } = this.shape!
    const bytes = this.filled * height * width * channels
    const images = this.images!
    return { images: bytes === images.length ? images : images.slice(0, bytes), shape: this.shape! }
  }
}
