/**
 * Consistency (the objective of Gao et al., ECCV 2020, in the form of MixMatch, Berthelot et al., NeurIPS 2019): the squared
 * difference between the predictions for two variations and the sharpened mean of both; measured on the follower.
 * MixMatch's mixing of images is left out: the labelled loss stays that of every other recipe.
 */
import { predictionError, sharpened, softmaxOf } from '../../../core/recipes/losses.ts'
import type { UnlabelledMethod } from './method.ts'

/** MixMatch's. */
const TEMPERATURE = 0.5

export const consistency: UnlabelledMethod = {
  measuresFollower: true,
  varies: () => true,
  lossOf(views) {
    const pass = views.pass(0, 1)
    const outputs = pass.outputs()
    return { pass, loss: predictionError(outputs, guesses(outputs, views.classes), views.classes) }
  }
}

/** For both views of each image (all first ones, then all second ones) the sharpened mean of its predictions in them. */
function guesses(logits: Float32Array, classes: number): Float64Array {
  const p = softmaxOf(logits, classes)
  const half = p.length / 2
  const mean = Float64Array.from({ length: half }, (_, at) => (p[at] + p[half + at]) / 2)
  const sharp = sharpened(mean, classes, TEMPERATURE)
  p.set(sharp)
  p.set(sharp, half)
  return p
}
