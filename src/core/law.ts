/**
 * The law of one round: what a seed decides, and how. Every draw of a training is a pure function of
 * (seed, label count, epoch or step, image id); see core/random.ts for the generator. All of it is portable:
 * every machine starts from the same weights and sees the same batches, masks and shifts.
 */
import { hashOrder } from './hashOrder.ts'
import {
  bits,
  derive,
  nameNumber,
  Purpose,
  rootKey,
  Stream,
  threefry,
  uniform,
  word,
  type Key
} from './random.ts'
import type { Architecture } from './network.ts'
import type { Augmentation, Recipe } from './recipe.ts'

/** The pool's order of initial draws: nested initial sets are prefixes of it, Random goes on along it. */
export function initialOrder(seed: number, poolSize: number): Uint32Array {
  return hashOrder(
    rootKey(seed, Purpose.order),
    Uint32Array.from({ length: poolSize }, (_, i) => i)
  )
}

/**
 * The same, class by class in turn: every prefix is balanced up to one image a class, as long as the classes last.
 * An oracle: it looks at labels (CBAL's protocol starts this way). `labels` [pool]; `order`: the seed's, of whoever has it
 * already; the first `count` of it.
 */
export function balancedOrder(
  seed: number,
  labels: ArrayLike<number>,
  classes: number,
  order = initialOrder(seed, labels.length),
  count = labels.length
): Uint32Array {
  const queues: number[][] = Array.from({ length: classes }, () => [])
  for (const id of order) queues[labels[id]].push(id)
  return inTurns(queues, rootKey(seed, Purpose.order), count)
}

/** The first `count` of what queues give in turns, in an order drawn for each turn; a queue that is used up is passed over. */
export function inTurns(queues: readonly (readonly number[])[], key: Key, count: number): Uint32Array {
  const out: number[] = []
  for (let turn = 0; out.length < count; turn++) {
    const present = queues.flatMap((queue, q) => (queue.length > turn ? [q] : []))
    if (!present.length) break
    for (const q of hashOrder(derive(key, turn), present)) out.push(queues[q][turn])
  }
  return Uint32Array.from(out.slice(0, count))
}

/**
 * Initial weights: every weight and bias uniform in ±1/sqrt(fan-in) (PyTorch's default for conv and linear layers),
 * drawn by (seed, label count). Returns the flat float32 parameters [architecture.size].
 */
export function initialWeights(net: Architecture, seed: number, labelCount: number): Float32Array {
  const key = derive(rootKey(seed, Purpose.weights), labelCount)
  const out = new Float32Array(net.size)
  for (const p of net.parameters) {
    const bound = 1 / Math.sqrt(p.fanIn)
    for (let i = 0; i < p.size; i++) out[p.offset + i] = (2 * uniform(key, p.offset + i) - 1) * bound
  }
  return out
}

/**
 * The batches of one training: an endless walk over shuffled epochs, each image once an epoch. Batches are filled, the last
 * partial one used as it is; 'even': as many, as large as each other up to one image. `labelled` must be ascending (the order
 * it was picked in must not matter). With a `key` of its own it is another walk, over whatever rows.
 */
export class Batches {
  private order: Uint32Array = new Uint32Array(0)
  private epochOfOrder = -1
  readonly perEpoch: number
  constructor(
    seed: number,
    private readonly labelled: Uint32Array,
    private readonly recipe: Pick<Recipe, 'batchSize' | 'batches'>,
    private readonly key: Key = derive(rootKey(seed, Purpose.batchOrder), labelled.length)
  ) {
    this.perEpoch = Math.ceil(labelled.length / recipe.batchSize)
  }
  /** Where batch `b` of an epoch begins; where the epoch ends for b = perEpoch. */
  private begin(b: number): number {
    const { length } = this.labelled
    if (this.recipe.batches === 'even') return Math.floor((b * length) / this.perEpoch)
    return Math.min(b * this.recipe.batchSize, length)
  }
  /** Images of a step (0-based), 1 .. batchSize. */
  count(step: number): number {
    const b = step % this.perEpoch
    return this.begin(b + 1) - this.begin(b)
  }
  /** Image ids of a step, [count]; a view that the next epoch overwrites. */
  at(step: number): Uint32Array {
    const epoch = Math.floor(step / this.perEpoch)
    if (epoch !== this.epochOfOrder) {
      this.order = hashOrder(derive(this.key, epoch), this.labelled)
      this.epochOfOrder = epoch
    }
    const b = step % this.perEpoch
    return this.order.subarray(this.begin(b), this.begin(b + 1))
  }
}

/**
 * Weights of the classes in a balanced loss, [classes]: a class with c of the n labelled images weighs n / (p c), where p
 * is the number of classes present, so that all of them weigh the same together and the images' mean weight is 1. 0 for a
 * class that is absent. `labels` are those of the labelled images.
 */
export function classWeights(labels: ArrayLike<number>, classes: number): Float32Array {
  const counts = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  const present = counts.filter(c => c > 0).length
  return Float32Array.from(counts, c => (c > 0 ? labels.length / (present * c) : 0))
}

/** Dropout keeps a feature when its 16-bit draw is at or above this: the rate is exact to 1 / 65,536. */
export function dropoutThreshold(rate: number): number {
  return Math.round(rate * 65536)
}

/**
 * Fills `mask` [features] with 0 or 1/(1 - rate). Each Threefry block serves four features: the low and high halves of
 * its two words, in that order; feature f uses block f >> 2 with the counter (block, lane).
 */
function fillMask(mask: Float32Array, key: Key, lane: number, rate: number): void {
  const threshold = dropoutThreshold(rate)
  const keep = 1 / (1 - rate)
  const [k0, k1] = key
  for (let f = 0; f < mask.length; f += 4) {
    threefry(k0, k1, f >>> 2, lane)
    const a = word[0]
    const b = word[1]
    mask[f] = (a & 0xffff) >= threshold ? keep : 0
    if (f + 1 < mask.length) mask[f + 1] = a >>> 16 >= threshold ? keep : 0
    if (f + 2 < mask.length) mask[f + 2] = (b & 0xffff) >= threshold ? keep : 0
    if (f + 3 < mask.length) mask[f + 3] = b >>> 16 >= threshold ? keep : 0
  }
}

/** The key from which a training's dropout keys derive, one for each step. */
export function dropoutKeys(seed: number, labelCount: number): Key {
  return derive(rootKey(seed, Purpose.dropout), labelCount)
}

/** Key of the training dropout of one step: the mask of image `id` is `trainingMask(mask, key, id, rate)`. */
export function dropoutKey(seed: number, labelCount: number, step: number): Key {
  return derive(dropoutKeys(seed, labelCount), step)
}

/** The training dropout mask of one image in one step, [features], values 0 or 1/(1 - rate). */
export function trainingMask(mask: Float32Array, stepKey: Key, imageId: number, rate: number): void {
  fillMask(mask, stepKey, imageId, rate)
}

/** The mask of one Monte Carlo pass: one for all images, [features], values 0 or 1/(1 - rate). */
export function passMask(
  features: number,
  seed: number,
  labelCount: number,
  pass: number,
  rate: number
): Float32Array {
  const mask = new Float32Array(features)
  fillMask(mask, derive(rootKey(seed, Purpose.passMask), labelCount, pass), 0, rate)
  return mask
}

/** A geometric variation of an image: moved by (dy, dx) pixels with zeros (before normalisation) coming in, then mirrored. */
export interface Variation {
  dy: number
  dx: number
  mirror: boolean
}

export const UNVARIED: Variation = { dy: 0, dx: 0, mirror: false }

/** The key from which a training's augmentation keys derive, one for each step. */
export function augmentationKeys(seed: number, labelCount: number): Key {
  return derive(rootKey(seed, Purpose.augmentation), labelCount)
}

/** Key of the augmentation of one step: the variation of image `id` is drawn from its word number `id`. */
export function augmentationKey(seed: number, labelCount: number, step: number): Key {
  return derive(augmentationKeys(seed, labelCount), step)
}

/** The variation of one image in one step of a training. */
export function augmentation(
  kind: Augmentation,
  seed: number,
  labelCount: number,
  step: number,
  imageId: number
): Variation {
  if (kind === 'none') return UNVARIED
  return variationOf(kind, bits(augmentationKey(seed, labelCount, step), imageId))
}

function variationOf(kind: Exclude<Augmentation, 'none'>, r: number): Variation {
  return {
    dy: ((r & 0xff) % 5) - 2,
    dx: (((r >>> 8) & 0xff) % 5) - 2,
    mirror: kind === 'flip' && ((r >>> 16) & 1) === 1
  }
}

/** What is drawn for the unlabelled images of a semi-supervised training. Numbers are frozen like those of `Purpose`. */
const Unlabelled = { order: 1, variation: 2, dropout: 3 } as const

const unlabelledKey = (seed: number, labelCount: number, ...path: number[]): Key =>
  derive(rootKey(seed, Purpose.unlabelled), labelCount, ...path)

/** The batches of unlabelled images of one training; `unlabelled` ascending rows. */
export function unlabelledBatches(
  seed: number,
  labelCount: number,
  unlabelled: Uint32Array,
  batchSize: number
): Batches {
  return new Batches(seed, unlabelled, { batchSize }, unlabelledKey(seed, labelCount, Unlabelled.order))
}

/**
 * Variation number `view` of an unlabelled image in one step. Where training images are not varied these are moved all
 * the same: agreement between variations needs some.
 */
export function unlabelledVariation(
  kind: Augmentation,
  seed: number,
  labelCount: number,
  step: number,
  imageId: number,
  view: number
): Variation {
  const r = bits(unlabelledKey(seed, labelCount, Unlabelled.variation, step), imageId, view)
  return variationOf(kind === 'none' ? 'shift' : kind, r)
}

/** Key of the dropout masks of unlabelled images in one step, as `dropoutKey` of labelled ones; the lane is `viewLane`. */
export function unlabelledDropoutKey(seed: number, labelCount: number, step: number): Key {
  return unlabelledKey(seed, labelCount, Unlabelled.dropout, step)
}

/** What stands in an image id's place where each view of an image has a draw of its own (fewer than 2^26 images). */
export const viewLane = (imageId: number, view: number) => imageId + view * 0x4000000

/** The selectors' own randomness. */
export function selectorStream(seed: number, selector: string): Stream {
  return new Stream(derive(rootKey(seed, Purpose.selector), nameNumber(selector)))
}

/** The strategies' own randomness. */
export function strategyStream(seed: number, labelCount: number, strategy: string): Stream {
  return new Stream(derive(rootKey(seed, Purpose.strategy), labelCount, nameNumber(strategy)))
}
