/**
 * One training: the law of one round (core/law.ts) walked through step by step. Everything it changes belongs to it,
 * so it may be suspended between any two steps while others run on the same kernels.
 */
import type { Checkpoint, Replica } from '../core/engine.ts'
import { augmentation, Batches, classWeights, dropoutKey, initialWeights } from '../core/law.ts'
import type { Architecture } from '../core/network.ts'
import { trainingSteps, type Recipe } from '../core/recipe.ts'
import type { Kernels, State } from './kernels.ts'
import { trainStep, type Batch } from './network.ts'
import type { Pixels } from './pixels.ts'

export interface TrainingSet {
  pixels: Pixels
  /** classes of the pool, [pool] */
  labels: Uint16Array
}

export interface Outcome {
  steps: number
  /** mean loss over the images of the last epoch, in nats (weighted where the recipe weights classes) */
  trainLoss: number
  weights: Float32Array
}

/**
 * Trains one replica of a network. Throws RangeError if `labelled` is empty, not ascending or not in the pool, or if the
 * weights it goes on from do not fit the network. `encoder`: weights of a pretrained trunk, where the recipe names one.
 */
export function trainReplica<T>(
  k: Kernels<T>,
  net: Architecture,
  recipe: Recipe,
  set: TrainingSet,
  replica: Replica,
  check: Checkpoint,
  encoder?: Float32Array
): Promise<Outcome> {
  const weights = startWeights(net, recipe, replica, encoder)
  return walk(k, net, recipe, weights, set.labels, replica, check, state => ({
    take: (batch, t) => trainStep(k, net, state, set.pixels, batch, recipe.learningRate, t)
  }))
}

/** Who makes the steps of a training. */
export interface Walker {
  /** `t` counts steps from 1 */
  take(batch: Batch, t: number): void
  /** what the training leaves behind, given the final weights; absent: these */
  finish?(weights: Float32Array): Promise<Float32Array>
  /** gives back what it holds, however the training ended */
  end?(): void
}

/** The law's steps one after the other, made by a walker on the training's state. Throws RangeError for bad rows. */
export async function walk<T>(
  k: Kernels<T>,
  net: Architecture,
  recipe: Recipe,
  weights: Float32Array,
  labels: Uint16Array,
  { seed, labelled }: Replica,
  check: Checkpoint,
  begin: (state: State<T>) => Walker
): Promise<Outcome> {
  checkRows(labelled, labels.length)
  const labelCount = labelled.length
  const total = trainingSteps(recipe, labelCount)
  const batches = new Batches(seed, labelled, recipe)
  const lastEpoch = Math.floor((total - 1) / batches.perEpoch) * batches.perEpoch
  let seen = 0
  const weightOf =
    recipe.classWeights &&
    classWeights(
      Array.from(labelled, row => labels[row]),
      net.classes
    )
  const state = k.createState(net, weights, true)
  let walker: Walker | undefined
  try {
    walker = begin(state)
    for (let step = 0; step < total; step++) {
      const waiting = check(step, total)
      if (waiting) await waiting
      if (step === lastEpoch) {
        k.resetLoss(state)
        seen = 0
      }
      const ids = batches.at(step)
      seen += ids.length
      const batch = {
        ids,
        labels: Int32Array.from(ids, id => labels[id]),
        weights: weightOf && Float32Array.from(ids, id => weightOf[labels[id]]),
        variation: (id: number) => augmentation(recipe.augmentation, seed, labelCount, step, id),
        dropout: recipe.dropout > 0 ? { key: dropoutKey(seed, labelCount, step), rate: recipe.dropout } : null
      }
      walker.take(batch, step + 1)
      const settling = k.settle?.()
      if (settling) await settling
    }
    const loss = await k.readLoss(state)
    const last = await k.readWeights(state)
    return {
      steps: total,
      trainLoss: seen ? loss / seen : NaN,
      weights: walker.finish ? await walker.finish(last) : last
    }
  } finally {
    walker?.end?.()
    k.freeState(state)
  }
}

/**
 * The weights a training begins with: fresh ones; those of the round before in a warm start; fresh ones behind the
 * trunk of a pretrained encoder.
 */
export function startWeights(
  net: Architecture,
  { mode }: Recipe,
  { seed, labelled, before }: Replica,
  encoder?: Float32Array
): Float32Array {
  if (mode?.kind === 'warm' && before) {
    if (before.length !== net.size)
      throw new RangeError('the weights of the round before do not fit the network')
    return before
  }
  const weights = initialWeights(net, seed, labelled.length)
  if (mode?.kind === 'fineTune') weights.set(encoder!)
  return weights
}

/** Throws RangeError unless the rows ascend and lie in the pool. */
export function checkRows(labelled: Uint32Array, poolSize: number): void {
  if (!labelled.length) throw new RangeError('nothing is labelled')
  for (let i = 1; i < labelled.length; i++) {
    if (labelled[i] <= labelled[i - 1]) throw new RangeError('labelled rows must ascend')
  }
  if (labelled[labelled.length - 1] >= poolSize) throw new RangeError('a labelled row lies outside the pool')
}
