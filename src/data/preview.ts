/**
 * What a person sees of a data set before using it: a contact sheet (a row for each class, examples side by side),
 * how many images each class has, and how many bytes it takes. Pixels only; whoever has a canvas paints them.
 */
import type { ImageShape } from '../core/network.ts'
import { valuesOf, type Dataset, type ImageSet, type View } from '../core/view.ts'
import type { Remark } from './errors.ts'

/** RGBA pixels, ready for ImageData. */
export interface Sheet {
  width: number
  height: number
  pixels: Uint8ClampedArray<ArrayBuffer>
}

/**
 * A contact sheet: row c holds the first `columns` images of class c, `gap` transparent pixels between images.
 * Grey images become grey RGBA; of more than three channels the first three are shown; of two, only the first.
 */
export function contactSheet(
  set: ImageSet,
  shape: ImageShape,
  classes: number,
  columns = 10,
  gap = 1
): Sheet {
  const { height, width, channels } = shape
  const sheet: Sheet = {
    width: columns * (width + gap) - gap,
    height: classes * (height + gap) - gap,
    pixels: new Uint8ClampedArray(4 * (columns * (width + gap) - gap) * (classes * (height + gap) - gap))
  }
  const shown = new Uint32Array(classes)
  const [green, blue] = channels >= 3 ? [1, 2] : [0, 0]
  for (let i = 0; i < set.labels.length; i++) {
    const row = set.labels[i]
    if (row >= classes || shown[row] === columns) continue
    const left = shown[row]++ * (width + gap)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = ((i * height + y) * width + x) * channels
        const to = 4 * ((row * (height + gap) + y) * sheet.width + left + x)
        sheet.pixels[to] = set.images[from]
        sheet.pixels[to + 1] = set.images[from + green]
        sheet.pixels[to + 2] = set.images[from + blue]
        sheet.pixels[to + 3] = 255
      }
    }
  }
  return sheet
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
  remarks: Remark[]
}

const EXAMPLES = 12

/** Of a data set or a view. With label noise the rows of a view's sheet show what the training is told: wrong images stand in them. */
export function previewDataset(data: Dataset | View, remarks: Remark[] = []): Preview {
  const { name, shape, classNames, pool, test } = data
  return {
    name,
    shape,
    classNames,
    poolSize: pool.labels.length,
    testSize: test.labels.length,
    histogram: classHistogram(pool.labels, classNames.length),
    bytes: datasetBytes(data),
    sheet: pool.features ? undefined : contactSheet(pool, shape, classNames.length, EXAMPLES),
    remarks
  }
}
