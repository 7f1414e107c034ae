/**
 * Arrays of NumPy: an npz, several npy, or both. Which array holds images, features or labels, and for which part, is
 * told by their names where these say something (train_images of MedMNIST, x_test of Keras, arr_0 in a file named
 * kmnist-train-imgs) and by their shapes: [n, h, w], [n, h, w, c] and [n, c, h, w] are images; [n] and [n, 1] are labels, and so are rows
 * with a single 1; whole tables [n, d] are flat images if their values are pixels and d makes a square, and features if
 * not. Labels of -1 mean none. Where an array names the classes (class_names), labels are places in it. Several labels for
 * one image and volumes are refused with a reason.
 */
import type { ImageSet } from '../../core/view.ts'
import { DataError, remark, type Remark } from '../errors.ts'
import { readFeatures, readLabels, readPixels, type Layout } from './arrayContents.ts'
import { fitting } from './fitArray.ts'
import {
  limits,
  type FeatureRead,
  type FeatureSet,
  type Format,
  type ImageRead,
  type Read,
  type Reading
} from './format.ts'
import { recognise } from './knownSets.ts'
import { numberLabels, type KnownClasses, type Label } from './labels.ts'
import { isNpy, itemsOf, npyHeader, textsOf, type NpyArray } from './npy.ts'
import { arrangeParts, partOf, type PartName } from './parts.ts'
import { pixelScale, tableKind } from './pixelScale.ts'
import type { Source } from './source.ts'

interface Named {
  array: NpyArray
  /** as the user wrote it */
  key: string
  words: string[]
  part?: PartName
}

const labelWords = ['y', 'label', 'labels', 'lbl', 'lbls', 'target', 'targets', 'class', 'classes']
const classWords = ['names', 'categories', 'classnames']
const wordsOf = (key: string) =>
  key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)

/** The array's own name; where NumPy gave it (arr_0), that of the file around it. */
function keyOf({ path, archive, name }: Source): string {
  const key = (path.split('/').pop() ?? name).replace(/\.npy$/i, '')
  if (!archive || !/^arr_\d+$/.test(key)) return key
  return archive
    .split('/')
    .pop()!
    .replace(/\.npz$/i, '')
}

interface Part {
  part?: PartName
  x: Named
  y?: Named
}

const isLabels = ({ words, array: { shape, kind } }: Named) => {
  if (shape.length === 0 || shape.length > 2) return false
  if (words.some(word => labelWords.includes(word))) return true
  return shape.length === 1 || (shape[1] === 1 && kind !== 'f')
}

/** Pairs images or features with labels, part by part. Throws DataError. */
function pairUp(all: readonly Named[]): Part[] {
  const names = all.filter(({ words }) => words.some(word => classWords.includes(word)))
  const [file, keys] = [
    all[0].array.source.archive ?? all[0].array.source.name,
    all.map(a => a.key).join(', ')
  ]
  const some = all.filter(named => !names.includes(named) && named.array.shape.length > 0)
  const labels = some.filter(isLabels)
  const inputs = some.filter(named => !labels.includes(named) && 'biuf'.includes(named.array.kind))
  if (inputs.length === 0) {
    if (labels.length) throw new DataError('imagesMissing', { file: labels[0].array.source.name })
    throw new DataError('arraysNotFound', { file, keys })
  }
  const pairs: Part[] = []
  for (const part of [undefined, 'train', 'validation', 'test'] as const) {
    const xs = inputs.filter(named => named.part === part)
    const ys = labels.filter(named => named.part === part)
    if (xs.length === 0) continue
    // several inputs: those of images before tables, if that decides
    const images = xs.filter(({ array }) => array.shape.length >= 3)
    const [x, another] = xs.length > 1 && images.length ? images : xs
    // several labels (coarse and fine, text and number): those that fit, the finest and then the numbers first
    const suitable = ys.filter(({ array }) => array.shape[0] === x.array.shape[0])
    const fine = suitable.filter(({ words }) => words.includes('fine'))
    const numbers = suitable.filter(({ array }) => 'biuf'.includes(array.kind))
    const [y = ys[0]] = [...fine, ...numbers, ...suitable]
    if (another) throw new DataError('arraysNotFound', { file, keys })
    pairs.push({ part, x, y })
  }
  return pairs
}

function layoutOf({ source, shape }: NpyArray): Layout {
  const file = source.name
  const refuse = () => new DataError('unsupportedDimensions', { file, dimensions: shape.join('×') })
  const [n, ...item] = shape
  if (n === 0) throw new DataError('noImages', { file })
  if (item.length === 2) return { n, height: item[0], width: item[1], channels: 1, planar: false }
  if (item.length !== 3) throw refuse()
  const isChannels = (count: number) => count === 1 || count === 3 || count === 4
  if (isChannels(item[2])) return { n, height: item[0], width: item[1], channels: item[2], planar: false }
  if (isChannels(item[0])) return { n, height: item[1], width: item[2], channels: item[0], planar: true }
  throw refuse()
}

/** The side of the square, grey or in colour, that a row of d numbers can be. */
const sideOf = (d: number) => [Math.sqrt(d), Math.sqrt(d / 3)].find(s => Number.isInteger(s) && s >= 8)

/** What the tables among the inputs are: images only if all of them can be, since what one part is, the other is. */
async function kindOf(inputs: readonly NpyArray[]): Promise<'pixels' | 'features'> {
  const tables = inputs.filter(({ shape }) => shape.length === 2)
  return tables.every(({ shape: [, d] }) => sideOf(d)) ? tableKind(tables) : 'features'
}

function look(array: NpyArray, tables: 'pixels' | 'features'): Layout | 'features' {
  if (array.shape.length !== 2) return layoutOf(array)
  const [file, [n, d]] = [array.source.name, array.shape]
  if (n === 0) throw new DataError('noImages', { file })
  if (d === 0) throw new DataError('unsupportedDimensions', { file, dimensions: `${n}×${d}` })
  const side = sideOf(d)
  if (tables === 'features' || !side) return 'features'
  return { n, height: side, width: side, channels: d / (side * side), planar: false }
}

async function read(sources: readonly Source[], reading: Reading): Promise<Read> {
  const all: Named[] = []
  for (const source of sources) {
    const key = keyOf(source)
    all.push({ array: await npyHeader(source), key, words: wordsOf(key), part: partOf(key) })
  }
  const pairs = pairUp(all)
  const remarks: Remark[] = []
  const usable = pairs.filter(({ part, y }) => y || !part || part === 'train')
  const dropped = pairs.filter(pair => !usable.includes(pair))
  const count = dropped.reduce((sum, { x }) => sum + x.array.shape[0], 0)
  if (count) remarks.push(remark('unlabelledTestLeftOut', { count }))
  const arranged = arrangeParts(
    usable.map(pair => ({ part: pair.part, thing: pair })),
    ({ x }) => x.array.shape[0]
  )
  const { pool, test } = arranged
  const [first] = pool
  const file = all[0].array.source.archive ?? all[0].array.source.name
  if (!first) throw new DataError('trainingMissing', { file })
  remarks.push(...arranged.remarks)

  const parts = [pool, test]
  const labels: Label[][] = []
  for (const part of parts) labels.push((await Promise.all(part.map(labelsOf))).flat())
  const labelFile = (first.y ?? first.x).array.source.name
  const poolLabels = { file: labelFile, labels: labels[0] }
  const testLabels = test[0] && { file: (test[0].y ?? test[0].x).array.source.name, labels: labels[1] }
  const own = await ownClasses(all, labels.flat())
  const known = recognise(
    sources.map(({ archive, name }) => archive ?? name),
    labels[0],
    labels[1]
  )
  const classes = numberLabels(poolLabels, testLabels, own ?? known)
  const named = own ? undefined : await wordsFor(all, labels.flat(), classes.classNames.length)
  const base = {
    name: (own ? undefined : known?.name) ?? nameOf(file),
    classNames: named ?? classes.classNames,
    remarks: [...remarks, ...classes.remarks],
    labelFile
  }

  const inputs = parts.flat().map(({ x }) => x.array)
  const tables = await kindOf(inputs)
  const layouts = new Map(inputs.map(array => [array, look(array, tables)]))
  const numbered = [classes.pool, classes.test]
  if (layouts.get(first.x.array) === 'features') return features(base, parts, numbered, reading)
  return images(base, layouts, parts, numbered, reading)
}

type Base = Omit<ImageRead, 'kind' | 'shape' | 'pool' | 'test'>
type LabelParts = readonly (Uint16Array<ArrayBuffer> | undefined)[]

async function images(
  base: Base,
  layouts: ReadonlyMap<NpyArray, Layout | 'features'>,
  parts: readonly Part[][],
  labels: LabelParts,
  reading: Reading
): Promise<ImageRead> {
  const [[first]] = parts
  const firstFile = first.x.array.source.name
  const layout = layouts.get(first.x.array) as Layout
  const fit = fitting(firstFile, layout, reading)
  const size = ({ height, width, channels }: Layout) => `${height}×${width}×${channels}`
  const pieces = parts.map(part =>
    part.map(({ x: { array } }) => {
      const own = layouts.get(array)!
      if (own !== 'features' && size(own) === size(layout)) return { array, layout: own }
      const otherSize = own === 'features' ? array.shape.slice(1).join('×') : size(own)
      throw new DataError('sizesDiffer', {
        file: firstFile,
        size: size(layout),
        other: array.source.name,
        otherSize
      })
    })
  )
  const scale = await pixelScale(pieces.flat().map(({ array }) => array))
  const sets: (ImageSet | undefined)[] = []
  for (const [p, part] of pieces.entries())
    if (part.length) sets[p] = { images: await readPixels(part, scale, fit, reading), labels: labels[p]! }
  return {
    ...base,
    kind: 'images',
    shape: fit.shape,
    pool: sets[0]!,
    test: sets[1],
    remarks: [...base.remarks, ...fit.remarks]
  }
}

async function features(
  base: Base,
  parts: readonly Part[][],
  labels: LabelParts,
  reading: Reading
): Promise<FeatureRead> {
  const [[first]] = parts
  const dimension = first.x.array.shape[1]
  const sets: (FeatureSet | undefined)[] = []
  for (const [p, part] of parts.entries()) {
    if (part.length === 0) continue
    for (const { x } of part) {
      if (x.array.shape.length === 2 && x.array.shape[1] === dimension) continue
      const [file, size] = [first.x.array.source.name, String(dimension)]
      const [other, otherSize] = [x.array.source.name, x.array.shape.slice(1).join('×')]
      throw new DataError('sizesDiffer', { file, size, other, otherSize })
    }
    sets[p] = {
      features: await readFeatures(
        part.map(({ x }) => x.array),
        reading
      ),
      labels: labels[p]!
    }
  }
  return { ...base, kind: 'features', dimension, pool: sets[0]!, test: sets[1] }
}

async function labelsOf({ x, y }: Part): Promise<Label[]> {
  const [n] = x.array.shape
  if (!y) return new Array<Label>(n).fill(undefined)
  const labels = await readLabels(y.array)
  if (labels.length !== n) {
    const [file, labelFile] = [x.array.source.name, y.array.source.name]
    throw new DataError('labelsCountMismatch', { file, images: n, labelFile, labels: labels.length })
  }
  return labels
}

const isWordList = ({ array: { kind, shape } }: Named) => 'SU'.includes(kind) && shape.length === 1

/** class_names, target_names, categories, ... */
const saysClassNames = ({ words }: Named) =>
  words.some(word => word === 'classnames' || word === 'categories') ||
  (words.includes('names') && words.some(word => labelWords.includes(word)))

/** Classes that the file itself names, if all labels are places in that list: with those that no image is of. */
async function ownClasses(
  all: readonly Named[],
  labels: readonly Label[]
): Promise<KnownClasses | undefined> {
  const list = all.find(named => isWordList(named) && saysClassNames(named))
  const length = list ? itemsOf(list.array) : 0
  const isPlace = (label: Label) => typeof label === 'number' && label < length
  const there = labels.filter(label => label !== undefined)
  if (!list || length > limits.classes || there.length === 0 || !there.every(isPlace)) return undefined
  return { classNames: await textsOf(list.array) }
}

/** Names for numbered labels: an array of as many words as there are classes. */
async function wordsFor(all: readonly Named[], labels: readonly Label[], classes: number) {
  const fits = ({ array, words }: Named) =>
    itemsOf(array) === classes && words.some(word => [...classWords, ...labelWords].includes(word))
  const found = all.find(named => isWordList(named) && fits(named))
  return found && !labels.some(label => typeof label === 'string') ? textsOf(found.array) : undefined
}

const nameOf = (file: string) =>
  file
    .split('/')
    .pop()!
    .replace(/\.(npz|npy|zip)$/i, '') || 'NumPy'

export const arrays: Format = { id: 'arrays', sniff: isNpy, read }
