/**
 * Semi-supervised training: beside the labelled batch each step sees unlabelled images, and their loss is added with a
 * weight that rises. A follower, the moving average of the weights, belongs to all three kinds.
 *
 * Mean teacher (Tarvainen and Valpola, NeurIPS 2017): the squared difference between the predictions of the network and of
 * the follower, each for a variation and a dropout mask of its own. The follower is what is measured and queried.
 * Consistency (the objective of Gao et al., ECCV 2020, in the form of MixMatch, Berthelot et al., NeurIPS 2019): the squared
 * difference between the predictions for two variations and the sharpened mean of both; measured on the follower too.
 * MixMatch's mixing of images is left out: the labelled loss stays that of every other recipe.
 * Temporal output discrepancy (Huang et al., ICCV 2021): the squared difference between the logits of the network and of the
 * follower for the same image. The authors' code has a second linear head between the two; here the outputs themselves are
 * compared, as the paper defines it. Measured is the network. In a warm start, which the authors use, the follower begins as the
 * model of the round before and goes on from there.
 */
import {
  UNVARIED,
  unlabelledBatches,
  unlabelledDropoutKey,
  unlabelledVariation,
  viewLane,
  type Variation
} from '../../core/law.ts'
import type { Recipe, Unlabelled } from '../../core/recipe.ts'
import {
  followerShare,
  outputError,
  predictionError,
  rampUp,
  sharpened,
  softmaxOf,
  type LossAndGradient
} from '../../core/recipes/losses.ts'
import type { State } from '../kernels.ts'
import type { Addition, AdditionKind, Desk, Step } from './addition.ts'
import { logitsOf, type Pass } from './pass.ts'

/** MixMatch's. */
const TEMPERATURE = 0.5

export const unlabelled: AdditionKind = {
  wanted: (recipe: Recipe) => recipe.unlabelled !== undefined,
  begin: desk => (desk.unlabelled.length ? new Stream(desk, desk.recipe.unlabelled!) : {})
}

class Stream<T> implements Addition<T> {
  private readonly follower: State<T>
  private readonly batches

  constructor(
    private readonly desk: Desk<T>,
    private readonly method: Unlabelled
  ) {
    const { k, net, state, seed, labelCount, unlabelled, recipe } = desk
    this.batches = unlabelledBatches(seed, labelCount, unlabelled, method.ratio * recipe.batchSize)
    this.follower = k.createState(net, new Float32Array(net.size), false)
    k.blend(this.follower, state, 0)
  }

  add(step: Step<T>): void {
    const { method, desk } = this
    const { classes } = desk.net
    const t = step.t
    const ids = this.batches.at(t - 1)
    const weight = method.weight * rampUp(t, desk.steps, method.rampUp)
    if (method.kind === 'consistency') {
      const pass = step.pass(this.images(ids, t, [0, 1]), this.masks(ids, t, [0, 1]))
      const outputs = pass.outputs()
      return this.pull(pass, weight, predictionError(outputs, guesses(outputs, classes), classes))
    }
    const pass = step.pass(this.images(ids, t, [0]), this.masks(ids, t, [0]))
    if (method.kind === 'meanTeacher') {
      const taught = this.follow(this.images(ids, t, [1]), this.masks(ids, t, [1]))
      return this.pull(pass, weight, predictionError(pass.outputs(), softmaxOf(taught, classes), classes))
    }
    const baseline = this.follow(this.images(ids, t, [0]), null)
    this.pull(pass, weight, outputError(pass.outputs(), baseline))
  }

  /** The follower's logits for some images. */
  private follow(images: T, mask: T | null): Float32Array {
    const { k, net } = this.desk
    return k.values(logitsOf(k, net, this.follower.parameters(), images, mask))
  }

  after(_batch: unknown, t: number): void {
    const { desk, method } = this
    desk.k.blend(this.follower, desk.state, followerShare(t, method.decay, desk.before !== undefined))
  }

  async finish(weights: Float32Array): Promise<Float32Array> {
    return this.method.kind === 'temporal' ? weights : this.desk.k.readWeights(this.follower)
  }

  end(): void {
    this.desk.k.freeState(this.follower)
  }

  /** Some views of the images, [views x ids]: all in the first one, then all in the next. */
  private images(ids: Uint32Array, t: number, views: readonly number[]): T {
    const { k, net, pixels } = this.desk
    return k.input(ids.length * views.length, net.input, target =>
      views.forEach((view, v) =>
        ids.forEach((id, i) => pixels.write(target, v * ids.length + i, id, this.variation(id, t, view)))
      )
    )
  }

  private variation(id: number, t: number, view: number): Variation {
    const { recipe, seed, labelCount } = this.desk
    const still = this.method.kind === 'temporal' && recipe.augmentation === 'none'
    return still ? UNVARIED : unlabelledVariation(recipe.augmentation, seed, labelCount, t - 1, id, view)
  }

  /** Dropout masks of these views, each image's own in each view. */
  private masks(ids: Uint32Array, t: number, views: readonly number[]): T | null {
    const { k, net, recipe, seed, labelCount } = this.desk
    if (!(recipe.dropout > 0)) return null
    const key = unlabelledDropoutKey(seed, labelCount, t - 1)
    const lanes = Uint32Array.from({ length: ids.length * views.length }, (_, at) =>
      viewLane(ids[at % ids.length], views[Math.floor(at / ids.length)])
    )
    return k.dropoutMask(lanes, net.features, key, recipe.dropout)
  }

  /** Adds a loss at the logits of a pass, times its weight. */
  private pull(pass: Pass<T>, weight: number, { gradient }: LossAndGradient): void {
    const { k, net } = this.desk
    pass.pullLogits(
      k.matrix(gradient.length / net.classes, net.classes, (to, start) => {
        for (let at = 0; at < gradient.length; at++) to[start + at] = weight * gradient[at]
      })
    )
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
