/**
 * Views: a data set with an experiment's knobs applied. All that a view draws comes from its own seed, never from a
 * run's. The test part is only ever cut to size. Order of the knobs: which images (pool size, imbalance), then
 * near-duplicates, then label noise on what is in the pool by then.
 *
 * Nesting: without imbalance a smaller pool is a prefix of a larger one; of one pool, the rows that are noised (or
 * replaced by duplicates) at a smaller share are among those at a larger share, and are changed in the same way.
 */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import { fingerprintOf } from '../core/fingerprint.ts'
import { hashKey } from '../core/keys.ts'
import { derive, hashOrder, Purpose, rootKey, type Key } from '../core/random.ts'
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
  const { imbalanceRatio, ...rest } = knobs
  return hashKey({ view: 1, source, ...rest, ...(knobs.imbalance === 'none' ? {} : { imbalanceRatio }) })
}

/**
 * Applies the knobs. Pool and test part have exactly the sizes asked for, or a DataError says what is missing:
 * 'tooFewImages', 'tooFewOfClass'; 'badKnob' for a knob outside its bounds.
 */
export function buildView(origin: ViewOrigin, knobs: ViewKnobs): View {
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
    fingerprint: fingerprintOf({ shape, classNames, pool, test }),
    shape,
    classNames,
    pool,
    test,
    trueLabels
  }
}

/** Draws as many images of each class as are wanted. */
function drawParts({ id }: { id: keyof typeof syntheticSets }, knobs: ViewKnobs, root: Key): Parts {
  const set = syntheticSets[id]
  const seed = knobs.dataSeed
  let labels = balancedLabels(set, seed, 'pool', knobs.poolSize)
  if (knobs.imbalance !== 'none') {
    const sizes = classSizes(knobs.imbalance, set.classNames.length, knobs.poolSize, knobs.imbalanceRatio)
    const sorted = sizes.flatMap((n, c) => new Array<number>(n).fill(c))
    const order = hashOrder(derive(root, streams.classes), Array.from(sorted.keys()))
    labels = Uint16Array.from(order, i => sorted[i])
  }
  const testLabels = balancedLabels(set, seed, 'test', knobs.testSize)
  return {
    name: id,
    shape: set.shape,
    classNames: [...set.classNames],
    pool: { images: drawImages(set, seed, 'pool', labels), labels },
    test: { images: drawImages(set, seed, 'test', testLabels), labels: testLabels }
  }
}

/** Chooses rows of a stored data set in the hashed order of its rows. */
function cutParts(dataset: Dataset, knobs: ViewKnobs, root: Key): Parts {
  const { name, shape, classNames } = dataset
  const order = shuffled(dataset.pool, derive(root, streams.pool))
  const poolRows = knobs.imbalance === 'none' ? order : thinned(order, dataset, knobs)
  const testRows = shuffled(dataset.test, derive(root, streams.test))
  return {
    name,
    shape,
    classNames: [...classNames],
    pool: gather(dataset.pool, first(poolRows, knobs.poolSize, 'pool'), shape),
    test: gather(dataset.test, first(testRows, knobs.testSize, 'test'), shape)
  }
}

const shuffled = (set: ImageSet, key: Key) => hashOrder(key, Array.from(set.labels.keys()))

function first(rows: Uint32Array, needed: number, part: 'pool' | 'test'): Uint32Array {
  if (needed > rows.length) throw new DataError('tooFewImages', { part, needed, available: rows.length })
  return rows.subarray(0, needed)
}

/** The rows, in order, that are among the first n_c of their class c, where n_c are the wanted class sizes. */
function thinned(order: Uint32Array, { pool, classNames }: Dataset, knobs: ViewKnobs): Uint32Array {
  const available = new Array<number>(classNames.length).fill(0)
  for (const label of pool.labels) available[label]++
  const sizesOf = (total: number) =>
    classSizes(knobs.imbalance, classNames.length, total, knobs.imbalanceRatio)
  const fits = (sizes: number[]) => sizes.every((n, c) => n <= available[c])
  const sizes = sizesOf(knobs.poolSize)
  if (!fits(sizes)) {
    let largest = Math.min(knobs.poolSize, order.length)
    while (largest > 0 && !fits(sizesOf(largest))) largest--
    const c = sizes.findIndex((n, i) => n > available[i])
    throw new DataError('tooFewOfClass', {
      name: classNames[c],
      needed: sizes[c],
      available: available[c],
      largest
    })
  }
  const taken = new Array<number>(classNames.length).fill(0)
  return order.filter(row => taken[pool.labels[row]]++ < sizes[pool.labels[row]])
}

/** Copies rows with their labels. */
function gather(set: ImageSet, rows: Uint32Array, shape: View['shape']): ImageSet {
  return { ...takeRows(set, rows, shape), labels: Uint16Array.from(rows, row => set.labels[row]) }
}
