/** What a semi-supervised method does in one step with the unlabelled images that a stream (stream.ts) brings it. */
import type { Recipe } from '../../../core/recipe.ts'
import type { LossAndGradient } from '../../../core/recipes/losses.ts'
import type { Pass } from '../pass.ts'

/** The images of a step, in views (variations with a dropout mask of their own each), [views x images]. */
export interface Views<T> {
  readonly classes: number
  /** opens a pass of the network through some views */
  pass(...views: number[]): Pass<T>
  /** logits of the follower, the moving average of the weights; `drop`: with dropout, as in training */
  follow(view: number, drop: boolean): Float32Array
}

export interface UnlabelledMethod {
  /** the follower is what is measured and queried, and not the network */
  measuresFollower: boolean
  /** whether views are varied, where the recipe does not vary labelled images */
  varies(recipe: Recipe): boolean
  /** one pass and the loss at its logits, before its weight */
  lossOf<T>(views: Views<T>): { pass: Pass<T>; loss: LossAndGradient }
}
