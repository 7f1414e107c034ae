/**
 * What a person sees of a data set before using it: a contact sheet (a row for each class, examples side by side),
 * how many images each class has, and how many bytes it takes. Pixels only; whoever has a canvas paints them.
 */
import type { ImageShape } from '../core/network.ts'
import type { Picture } from '../core/storedDataset.ts'
import { valuesOf, type Dataset, type ImageSet, type View } from '../core/view.ts'

export type Sheet = Picture

const blank = (width: number, height: number): Picture => ({
  width,
  height,
  pixels: new Uint8ClampedArray(4 * width * height)
})

/**
 * Paints one image at (left, top). Grey images become grey RGBA; of more than three channels the first three are shown;
 * of two, only the first.
 */
function paint(
  picture: Picture,
  left: number,
  top: number,
  images: Uint8Array,
  i: number,
  shape: ImageShape
): void {
  const { height, width, channels } = shape
  const [green, blue] = channels >= 3 ? [1, 2] : [0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((i * height + y) * width + x) * channels
      const to = 4 * ((top + y) * picture.width + left + x)
      picture.pixels[to] = images[from]
      picture.pixels[to + 1] = images[from + green]
      picture.pixels[to + 2] = images[from + blue]
      picture.pixels[to + 3] = 255
    }
  }
}

/** One image of several. */
export function pictureOf({ images, shape }: { images: Uint8Array; shape: ImageShape }, i: number): Picture {
  const picture = blank(shape.width, shape.height)
  paint(picture, 0, 0, images, i, shape)
  return picture
}

/** Some images of several side by side, each with a transparent pixel after it. */
export function stripOf(
  { images, shape }: { images: Uint8Array; shape: ImageShape },
  chosen: readonly number[]
): Picture {
  const { height, width } = shape
  const picture = blank(chosen.length * (width + 1), height)
  chosen.forEach((i, place) => paint(picture, place * (width + 1), 0, images, i, shape))
  return picture
}

/** A contact sheet: row c holds the first `columns` images of class c, `gap` transparent pixels between images. */
export function contactSheet(
  set: ImageSet,
  shape: ImageShape,
  classes: number,
  columns = 10,
  gap = 1
): Sheet {
  const { height, width } = shape
  const sheet = blank(columns * (width + gap) - gap, classes * (height + gap) - gap)
  const shown = new Uint32Array(classes)
  for (let i = 0; i < set.labels.length; i++) {
    const row = set.labels[i]
    if (row >= classes || shown[row] === columns) continue
    paint(sheet, shown[row]++ * (width + gap), row * (height + gap), set.images, i, shape)
  }
  return sheet
}

/** Images in a thumbnail. */
const THUMBNAIL = 5

/** A few images of as many classes as possible, side by side. Undefined if there are none. */
export function thumbnailOf(set: ImageSet, shape: ImageShape): Picture | undefined {
  const seen = new Set<number>()
  const rows: number[] = []
  for (let i = 0; i < set.labels.length && rows.length < THUMBNAIL; i++) {
    if (seen.has(set.labels[i])) continue
    seen.add(set.labels[i])
    rows.push(i)
  }
  for (let i = 0; i < set.labels.length && rows.length < THUMBNAIL; i++) if (!rows.includes(i)) rows.push(i)
  if (!rows.length) return undefined
  const { height, width } = shape
  const picture = blank(rows.length * (width + 1) - 1, height)
  rows.forEach((row, i) => paint(picture, i * (width + 1), 0, set.images, row, shape))
  return picture
}

/** Images of each class, [classes]. */
export function classHistogram(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return counts
}

/** Bytes a data set takes in memory and, uncompressed, on disk. */
export function datasetBytes({ pool, test }: Pick<Dataset, 'pool' | 'test'>): number {
  return [pool, test].reduce((sum, set) => sum + valuesOf(set).byteLength + set.labels.byteLength, 0)
}

/** A look at images before they are stored or run. */
export interface Preview {
  name: string
  shape: ImageShape
  classNames: string[]
  poolSize: number
  testSize: number
  /** images of each class in the pool, by the labels a training would see [classes] */
  histogram: number[]
  /** bytes of images and labels */
  bytes: number
  /** of the pool; features have none */
  sheet?: Sheet
  /** names of all classes of the data set, where some take no part in the view */
  allClassNames?: string[]
}

const EXAMPLES = 12

/** Of a data set or a view. With label noise the rows of a view's sheet show what the training is told: wrong images stand in them. */
export function previewDataset(data: Omit<Dataset | View, 'fingerprint'>): Preview {
  const { name, shape, classNames, pool, test } = data
  return {
    name,
    shape,
    classNames,
    poolSize: pool.labels.length,
    testSize: test.labels.length,
    histogram: classHistogram(pool.labels, classNames.length),
    bytes: datasetBytes(data),
    sheet: pool.features ? undefined : contactSheet(pool, shape, classNames.length, EXAMPLES)
  }
}
