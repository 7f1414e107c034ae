/**
 * A training with additions: the law's labelled batches as they are, and on each step the terms of all additions before one
 * step of one optimiser over all parameters. Without additions it computes what trainReplica computes, bit for bit.
 */
import type { Checkpoint, Replica } from '../../core/engine.ts'
import type { Architecture } from '../../core/network.ts'
import { trainingSteps, type Recipe } from '../../core/recipe.ts'
import { complement } from '../../core/rows.ts'
import type { Kernels } from '../kernels.ts'
import { type Batch } from '../network.ts'
import { startWeights, walk, type Outcome, type TrainingSet, type Walker } from '../training.ts'
import type { Addition, Desk, Step } from './addition.ts'
import { additionsOf } from './index.ts'
import { Pass } from './pass.ts'

/** As trainReplica; `net` with the parameters that the additions bring. */
export function trainWithAdditions<T>(
  k: Kernels<T>,
  net: Architecture,
  recipe: Recipe,
  { pixels, labels }: TrainingSet,
  replica: Replica,
  check: Checkpoint,
  encoder?: Float32Array
): Promise<Outcome> {
  const { seed, labelled } = replica
  const weights = startWeights(net, recipe, replica, encoder)
  return walk(k, net, recipe, weights, labels, replica, check, state => {
    const { before } = recipe.mode?.kind === 'warm' ? replica : {}
    return composed({
      k,
      net,
      recipe,
      state,
      pixels,
      seed,
      labelCount: labelled.length,
      unlabelled: complement(labelled, labels.length),
      steps: trainingSteps(recipe, labelled.length),
      ...(before ? { before } : {})
    })
  })
}

/** Begins the additions, each with its place in the layout. */
function begun<T>(desk: Desk<T>): Addition<T>[] {
  const { net, recipe } = desk
  let first = 2 * net.channels.length + 4
  const additions: Addition<T>[] = []
  try {
    for (const kind of additionsOf(recipe)) {
      additions.push(kind.begin(desk, first))
      first += kind.parameters?.(recipe, net).length ?? 0
    }
    return additions
  } catch (error) {
    for (const addition of additions) addition.end?.()
    throw error
  }
}

function composed<T>(desk: Desk<T>): Walker {
  const { k, net, recipe, state } = desk
  const additions = begun(desk)
  const take = (batch: Batch, t: number) => {
    k.scope(() => k.adam(state, gradientsOf(desk, additions, batch, t), recipe.learningRate, t))
    for (const addition of additions) addition.after?.(batch, t)
  }
  return {
    take,
    async finish(weights) {
      let left = weights
      for (const addition of additions) left = (await addition.finish?.(left)) ?? left
      if (left.length !== net.size)
        throw new RangeError('an addition left other weights than the network has')
      return left
    },
    end: () => additions.forEach(addition => addition.end?.())
  }
}

/** Gradients of all parameters in one step: cross-entropy of the labelled batch, and the terms of the additions. */
function gradientsOf<T>(
  { k, net, pixels, state }: Desk<T>,
  additions: readonly Addition<T>[],
  batch: Batch,
  t: number
): T[] {
  const { ids, dropout, labels, weights } = batch
  const parameters = state.parameters()
  const images = k.input(ids.length, net.input, target => {
    for (let i = 0; i < ids.length; i++) pixels.write(target, i, ids[i], batch.variation(ids[i]))
  })
  const mask = dropout && k.dropoutMask(ids, net.features, dropout.key, dropout.rate)
  const labelled = new Pass(k, net, parameters, images, mask)
  const passes = [labelled]
  const gradients = new Array<T | undefined>(parameters.length).fill(undefined)
  const give = (index: number, gradient: T) => {
    const own = gradients[index]
    gradients[index] = own === undefined ? gradient : k.add(own, gradient)
  }
  const step: Step<T> = {
    t,
    batch,
    parameters,
    labelled,
    give,
    pass(input, dropped) {
      const pass = new Pass(k, net, parameters, input, dropped)
      passes.push(pass)
      return pass
    }
  }
  for (const addition of additions) addition.add?.(step)
  // last of all: some kernels write over the logits
  labelled.pullLogits(k.crossEntropy(labelled.logits, labels, state, weights))
  for (const pass of passes) pass.back()?.forEach((gradient, index) => give(index, gradient))
  return gradients.map((gradient, i) => gradient ?? still(k, net, i))
}

/** The gradient of a parameter that no loss of this step depends on. */
function still<T>(k: Kernels<T>, net: Architecture, index: number): T {
  const { size } = net.parameters[index]
  return k.matrix(1, size, (to, start) => to.fill(0, start, start + size))
}
