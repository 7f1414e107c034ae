/**
 * Views: a data set with an experiment's knobs applied. All that a view draws comes from its own seed, never from a
 * run's. The test part is only ever cut: to size, to the classes that take part, to as many images of each. Order of the
 * knobs: which images (classes, pool size, imbalance), then near-duplicates, then label noise on what is in the pool by
 * then.
 *
 * Nesting: without imbalance a smaller pool is a prefix of a larger one; of one pool, the rows that are noised (or
 * replaced by duplicates) at a smaller share are among those at a larger share, and are changed in the same way.
 */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import { fingerprintOf } from '../core/fingerprint.ts'
import { hashKey } from '../core/keys.ts'
import { hashOrder } from '../core/hashOrder.ts'
import { derive, Purpose, rootKey, type Key } from '../core/random.ts'
import { takeRows, type Dataset, type ImageSet, type View } from '../core/view.ts'
import { replaceByDuplicates } from './duplicates.ts'
import { DataError } from './errors.ts'
import { classSizes } from './imbalance.ts'
import { noisyLabels } from './noise.ts'
import { balancedLabels, drawImages, syntheticSets } from './synthetic/index.ts'

/** Where a view's images come from, with the images where they are stored. */
export type ViewOrigin = Extract<DataSource, { kind: 'synthetic' }> | { kind: 'stored'; dataset: Dataset }

/** Streams of a view's seed. Numbers are frozen: they decide which images a link means. */
const streams = { pool: 1, test: 2, classes: 3, duplicates: 4, noise: 5 } as const

type PartName = 'pool' | 'test'

/** What the pool and the test part are made of: rows of a stored data set, or drawn images. */
interface Parts {
  name: string
  shape: View['shape']
  classNames: string[]
  pool: ImageSet
  test: ImageSet
}

/** Throws DataError 'badKnob'. */
function checkKnobs(knobs: ViewKnobs): void {
  const within = (knob: keyof ViewKnobs, low: number, high: number, whole: boolean) => {
    const value = knobs[knob] as number
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      throw new DataError('badKnob', { knob, value })
    }
  }
  within('poolSize', 1, 0xffffffff, true)
  within('testSize', 1, 0xffffffff, true)
  within('dataSeed', 0, 0xffffffff, true)
  within('labelNoise', 0, 0.9, false)
  within('duplicates', 0, 0.9, false)
  if (knobs.imbalance !== 'none') within('imbalanceRatio', Number.MIN_VALUE, 1, false)
}

/** The key of the view that `buildView` would make, without making it. */
export function viewKey(origin: ViewOrigin, knobs: ViewKnobs): string {
  const source =
    origin.kind === 'synthetic'
      ? { synthetic: origin.id, version: syntheticSets[origin.id].version }
      : { fingerprint: origin.dataset.fingerprint }
  const { imbalanceRatio, classes, testBalance, ...rest } = knobs
  return hashKey({
    view: 1,
    source,
    ...rest,
    // what decides nothing is no part of the key
    ...(knobs.imbalance === 'none' ? {} : { imbalanceRatio }),
    ...(origin.kind === 'stored' && testBalance === 'balanced' ? { testBalance } : {}),
    ...(classes.length ? { classes } : {})
  })
}

/**
 * Applies the knobs. Pool and test part have exactly the sizes asked for, or a DataError says what is missing:
 * 'tooFewImages', 'tooFewOfClass'; 'badKnob' for a knob outside its bounds, 'noSuchClass'.
 */
export function buildView(origin: ViewOrigin, knobs: ViewKnobs): View {
  const view = drawView(origin, knobs)
  return { ...view, fingerprint: fingerprintOf(view) }
}

/** The same without its fingerprint, which takes longer than all the rest. */
export function drawView(origin: ViewOrigin, knobs: ViewKnobs): Omit<View, 'fingerprint'> {
  checkKnobs(knobs)
  const root = rootKey(knobs.dataSeed, Purpose.view)
  const parts =
    origin.kind === 'synthetic' ? drawParts(origin, knobs, root) : cutParts(origin.dataset, knobs, root)
  const { shape, classNames, test } = parts
  if (knobs.duplicates > 0) {
    replaceByDuplicates(parts.pool, shape, knobs.duplicates, derive(root, streams.duplicates))
  }
  const trueLabels = parts.pool.labels
  const labels =
    knobs.labelNoise > 0
      ? noisyLabels(trueLabels, classNames.length, knobs.labelNoise, derive(root, streams.noise))
      : trueLabels
  const pool = { ...parts.pool, labels }
  return {
    key: viewKey(origin, knobs),
    name: parts.name,
    shape,
    classNames,
    pool,
    test,
    trueLabels
  }
}

/** Names of all classes of an origin. */
export const classNamesOf = (origin: ViewOrigin): readonly string[] =>
  origin.kind === 'synthetic' ? syntheticSets[origin.id].classNames : origin.dataset.classNames

/** The classes that take part; every label of the view is a place in this list. Throws DataError. */
function classesOf(names: readonly string[], { classes }: ViewKnobs): number[] {
  if (!classes.length) return names.map((_, c) => c)
  const chosen = [...new Set(classes)].sort((a, b) => a - b)
  if (chosen.length < 2) throw new DataError('badKnob', { knob: 'classes', value: chosen.length })
  const strange = chosen.find(c => !(c in names))
  if (strange !== undefined) throw new DataError('noSuchClass', { index: strange, classes: names.length })
  return chosen
}

/** Draws as many images of each class as are wanted. */
function drawParts({ id }: { id: keyof typeof syntheticSets }, knobs: ViewKnobs, root: Key): Parts {
  const set = syntheticSets[id]
  const seed = knobs.dataSeed
  const classes = classesOf(set.classNames, knobs)
  const place = new Map(classes.map((c, i) => [c, i]))
  let labels = balancedLabels(set, seed, 'pool', knobs.poolSize, classes)
  if (knobs.imbalance !== 'none') {
    const sizes = classSizes(knobs.imbalance, classes.length, knobs.poolSize, knobs.imbalanceRatio)
    const sorted = sizes.flatMap((n, c) => new Array<number>(n).fill(classes[c]))
    const order = hashOrder(derive(root, streams.classes), Array.from(sorted.keys()))
    labels = Uint16Array.from(order, i => sorted[i])
  }
  const testLabels = balancedLabels(set, seed, 'test', knobs.testSize, classes)
  const part = (which: 'pool' | 'test', labels: Uint16Array): ImageSet => ({
    images: drawImages(set, seed, which, labels),
    labels: labels.map(c => place.get(c)!)
  })
  return {
    name: id,
    shape: set.shape,
    classNames: classes.map(c => set.classNames[c]),
    pool: part('pool', labels),
    test: part('test', testLabels)
  }
}

/** Chooses rows of a stored data set in the hashed order of its rows. */
function cutParts(dataset: Dataset, knobs: ViewKnobs, root: Key): Parts {
  const { name, shape } = dataset
  const classes = classesOf(dataset.classNames, knobs)
  const place = new Map(classes.map((c, i) => [c, i]))
  const among = (set: ImageSet, key: Key) => {
    const order = shuffled(set, key)
    return knobs.classes.length ? order.filter(row => place.has(set.labels[row])) : order
  }
  const { imbalance, imbalanceRatio, testBalance } = knobs
  /** sizes of the classes in a part of n images; where there are none, images are taken as they come */
  const sizes: Record<PartName, ((n: number) => number[]) | undefined> = {
    pool: imbalance === 'none' ? undefined : n => classSizes(imbalance, classes.length, n, imbalanceRatio),
    test: testBalance === 'asIs' ? undefined : n => classSizes('none', classes.length, n, 1)
  }
  const rowsOf = (name: PartName, total: number): Uint32Array => {
    const order = among(dataset[name], derive(root, streams[name]))
    const sizesOf = sizes[name]
    return sizesOf ? thinned(order, dataset, name, classes, total, sizesOf) : first(order, total, name)
  }
  const part = (set: ImageSet, rows: Uint32Array): ImageSet => ({
    ...takeRows(set, rows, shape),
    labels: Uint16Array.from(rows, row => place.get(set.labels[row])!)
  })
  return {
    name,
    shape,
    classNames: classes.map(c => dataset.classNames[c]),
    pool: part(dataset.pool, rowsOf('pool', knobs.poolSize)),
    test: part(dataset.test, rowsOf('test', knobs.testSize))
  }
}

const shuffled = (set: ImageSet, key: Key) => hashOrder(key, Array.from(set.labels.keys()))

function first(rows: Uint32Array, needed: number, part: PartName): Uint32Array {
  if (needed > rows.length) throw new DataError('tooFewImages', { part, needed, available: rows.length })
  return rows.subarray(0, needed)
}

/**
 * The rows, in order, that are among the first n_c of their class c, where n_c are the sizes of the classes in a part of
 * `total` images: `sizesOf(total)`.
 */
function thinned(
  order: Uint32Array,
  dataset: Dataset,
  part: PartName,
  classes: readonly number[],
  total: number,
  sizesOf: (total: number) => number[]
): Uint32Array {
  const { labels } = dataset[part]
  const available = new Array<number>(dataset.classNames.length).fill(0)
  for (const label of labels) available[label]++
  const fits = (sizes: number[]) => sizes.every((n, i) => n <= available[classes[i]])
  const sizes = sizesOf(total)
  if (!fits(sizes)) {
    let largest = Math.min(total, order.length)
    while (largest > 0 && !fits(sizesOf(largest))) largest--
    const i = sizes.findIndex((n, i) => n > available[classes[i]])
    const c = classes[i]
    throw new DataError('tooFewOfClass', {
      part,
      name: dataset.classNames[c],
      needed: sizes[i],
      available: available[c],
      largest
    })
  }
  const left = new Array<number>(available.length).fill(0)
  classes.forEach((c, i) => (left[c] = sizes[i]))
  return order.filter(row => left[labels[row]]-- > 0)
}
