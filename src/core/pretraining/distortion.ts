/**
 * How a view of an image is distorted: a crop that is scaled up again, a small turn or a mirror image, contrast, colours
 * (the family of SimCLR, without blur, as its authors do for small images). A sign is the same in any colour; the colours
 * of a picture belong to it and are changed as far as SimCLR's strength 0.5 does for CIFAR-10. What is drawn is a pure function of
 * (seed, epoch, image id, view); only + - x / and sqrt, so it is the same on every machine.
 */
import { derive, Purpose, rootKey, Stream } from '../random.ts'
import type { ImageShape } from '../network.ts'
import type { Likeness } from './settings.ts'

/**
 * Where each pixel of the view comes from: with (u, v) its place from the centre, it shows the place
 * (xx u + xy v + x, yx u + yy v + y) from the centre of the image. Lengths are in pixels.
 */
export interface Affine {
  xx: number
  xy: number
  yx: number
  yy: number
  x: number
  y: number
}

/** Colours, applied in this order to values 0 .. 1; each result is cut to 0 .. 1. */
export interface Colours {
  /** factor */
  brightness: number
  /** factor of the distance from the image's mean luma */
  contrast: number
  /** factor of the distance from the pixel's luma; 0 is grey */
  saturation: number
  /** turn of the hue: cosine and sine */
  hue: readonly [number, number]
}

export interface Distortion {
  place: Affine
  /** absent: as they are */
  colours?: Colours
}

/** Smallest crop, in shares of the area: of views that are to be told, or made alike. */
const SMALLEST: Record<Likeness, number> = { signs: 0.4, pictures: 0.2 }
/** The same of images about which a question is asked: which way up is it, how do its parts lie? */
export const SMALLEST_ASKED = 0.6
/** tan of half the largest turn of a sign: about 10 degrees */
const TURN = 0.0875
/** tan of half the largest turn of a hue: about a tenth of the circle, a quarter of it */
const HUE: Record<Likeness, number> = { signs: 1, pictures: 0.325 }
/** Share of grey views. */
const GREY: Record<Likeness, number> = { signs: 0.3, pictures: 0.2 }

/** Cosine and sine of the angle whose half has tangent t: rational, so portable. */
function turn(t: number): [number, number] {
  return [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)]
}

/** The distortion of view number `view` of an image in one epoch, of at least `smallest` of its area. */
export function drawDistortion(
  likeness: Likeness,
  shape: ImageShape,
  seed: number,
  epoch: number,
  imageId: number,
  view: number,
  smallest = SMALLEST[likeness]
): Distortion {
  const key = derive(rootKey(seed, Purpose.pretraining), 3, epoch, view, imageId)
  const r = new Stream(key)
  return { place: drawPlace(likeness, shape, smallest, r), colours: drawColours(likeness, shape, r) }
}

function drawPlace(likeness: Likeness, { height, width }: ImageShape, smallest: number, r: Stream): Affine {
  const area = r.between(smallest, 1)
  const ratio = r.between(0.75, 1)
  const wide = r.uniform() < 0.5
  const long = Math.min(1, Math.sqrt(area / ratio))
  const short = Math.sqrt(area * ratio)
  const [w, h] = wide ? [long, short] : [short, long]
  const x = (r.uniform() - 0.5) * (1 - w) * width
  const y = (r.uniform() - 0.5) * (1 - h) * height
  const [cos, sin] = likeness === 'signs' ? turn(r.between(-TURN, TURN)) : [1, 0]
  const mirror = likeness === 'pictures' && r.uniform() < 0.5 ? -1 : 1
  return { xx: mirror * w * cos, xy: -w * sin, yx: mirror * h * sin, yy: h * cos, x, y }
}

function drawColours(likeness: Likeness, { channels }: ImageShape, r: Stream): Colours | undefined {
  const jitter = r.uniform() < 0.8
  const [brightness, contrast, saturation] = Array.from({ length: 3 }, () => r.between(0.6, 1.4))
  const hue = turn(r.between(-HUE[likeness], HUE[likeness]))
  const grey = r.uniform() < GREY[likeness]
  if (channels !== 3) return jitter ? { brightness, contrast, saturation: 1, hue: [1, 0] } : undefined
  if (!jitter) return grey ? { brightness: 1, contrast: 1, saturation: 0, hue: [1, 0] } : undefined
  return { brightness, contrast, saturation: grey ? 0 : saturation, hue }
}

/** A quarter turn, `quarters` times; images that are not square are stretched into their frame. */
export function quarterTurn(quarters: number, { height, width }: ImageShape): Affine {
  const [cos, sin] = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1]
  ][quarters % 4]
  return { xx: cos, xy: (-sin * width) / height, yx: (sin * height) / width, yy: cos, x: 0, y: 0 }
}

/** The place that a view of a view shows: `second` is applied to what `first` shows. */
export function composed(first: Affine, second: Affine): Affine {
  return {
    xx: first.xx * second.xx + first.xy * second.yx,
    xy: first.xx * second.xy + first.xy * second.yy,
    yx: first.yx * second.xx + first.yy * second.yx,
    yy: first.yx * second.xy + first.yy * second.yy,
    x: first.xx * second.x + first.xy * second.y + first.x,
    y: first.yx * second.x + first.yy * second.y + first.y
  }
}

/** One of the four quarter turns of an image, distorted before it is turned. */
export function drawTurned(
  quarters: number,
  likeness: Likeness,
  shape: ImageShape,
  seed: number,
  epoch: number,
  imageId: number
): Distortion {
  const drawn = drawDistortion(likeness, shape, seed, epoch, imageId, quarters, SMALLEST_ASKED)
  const { place, colours } = drawn
  return { place: composed(place, quarterTurn(quarters, shape)), colours }
}
