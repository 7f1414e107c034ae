/**
 * Semi-supervised training: beside the labelled batch each step sees unlabelled images, and the loss that the method
 * has of them is added with a weight that rises. A follower, the moving average of the weights, belongs to all methods.
 */
import {
  UNVARIED,
  unlabelledBatches,
  unlabelledDropoutKey,
  unlabelledVariation,
  viewLane
} from '../../../core/law.ts'
import type { Unlabelled } from '../../../core/recipe.ts'
import { followerShare, rampUp } from '../../../core/recipes/losses.ts'
import type { State } from '../../kernels.ts'
import type { Addition, Desk, Step } from '../addition.ts'
import { logitsOf } from '../pass.ts'
import type { UnlabelledMethod } from './method.ts'

export class Stream<T> implements Addition<T> {
  private readonly follower: State<T>
  private readonly batches

  constructor(
    private readonly desk: Desk<T>,
    private readonly settings: Unlabelled,
    private readonly method: UnlabelledMethod
  ) {
    const { k, net, state, seed, labelCount, unlabelled, recipe } = desk
    this.batches = unlabelledBatches(seed, labelCount, unlabelled, settings.ratio * recipe.batchSize)
    this.follower = k.createState(net, new Float32Array(net.size), false)
    k.blend(this.follower, state, 0)
  }

  add(step: Step<T>): void {
    const { settings, method, desk } = this
    const { k, net } = desk
    const { t } = step
    const { classes } = net
    const ids = this.batches.at(t - 1)
    const { pass, loss } = method.lossOf<T>({
      classes,
      pass: (...views) => step.pass(this.images(ids, t, views), this.masks(ids, t, views)),
      follow: (view, drop) => {
        const mask = drop ? this.masks(ids, t, [view]) : null
        return k.values(logitsOf(k, net, this.follower.parameters(), this.images(ids, t, [view]), mask))
      }
    })
    const weight = settings.weight * rampUp(t, desk.steps, settings.rampUp)
    const { gradient } = loss
    pass.pullLogits(
      k.matrix(gradient.length / classes, classes, (to, start) => {
        for (let at = 0; at < gradient.length; at++) to[start + at] = weight * gradient[at]
      })
    )
  }

  after(_batch: unknown, t: number): void {
    const { desk, settings } = this
    desk.k.blend(this.follower, desk.state, followerShare(t, settings.decay, desk.before !== undefined))
  }

  async finish(weights: Float32Array): Promise<Float32Array> {
    return this.method.measuresFollower ? this.desk.k.readWeights(this.follower) : weights
  }

  end(): void {
    this.desk.k.freeState(this.follower)
  }

  /** Some views of the images, [views x ids]: all in the first one, then all in the next. */
  private images(ids: Uint32Array, t: number, views: readonly number[]): T {
    const { k, net, pixels, recipe, seed, labelCount } = this.desk
    const varies = this.method.varies(recipe)
    const variation = (id: number, view: number) =>
      varies ? unlabelledVariation(recipe.augmentation, seed, labelCount, t - 1, id, view) : UNVARIED
    return k.input(ids.length * views.length, net.input, target =>
      views.forEach((view, v) =>
        ids.forEach((id, i) => pixels.write(target, v * ids.length + i, id, variation(id, view)))
      )
    )
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
}
