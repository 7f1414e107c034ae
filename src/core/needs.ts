/**
 * Needs: what a strategy may ask of a finished training. A need names rows of the pool and a reduction, so that
 * the engine can leave everything else on its device; it knows needs, no strategy by name. The engine scores
 * pool images un-augmented and in evaluation mode unless the need itself says otherwise.
 */
import type { Variation } from './law.ts'

export type Need =
  /** softmax probabilities of the unlabelled rows */
  | { kind: 'probabilities' }
  /** hidden-layer activations (after ReLU) of the unlabelled and the labelled rows */
  | { kind: 'embeddings' }
  /** Monte Carlo dropout, one mask a pass for all images, only the head is run again: mean probabilities and mean entropy over passes */
  | { kind: 'passes'; passes: number }
  /** summed over classes, the population variance of the probabilities over the views of each unlabelled image (views include the image itself) */
  | { kind: 'viewVariance'; views: readonly Variation[] }

/** What comes back; every array is row-major over the rows in the order they were asked for. */
export interface NeedResults {
  /** [unlabelled, classes] */
  probabilities?: Float32Array
  embeddings?: { size: number; unlabelled: Float32Array; labelled: Float32Array }
  /** meanProbabilities [unlabelled, classes]; meanEntropy [unlabelled] in nats: the mean over passes of each pass's entropy */
  passes?: { passes: number; meanProbabilities: Float32Array; meanEntropy: Float32Array }
  /** [unlabelled] */
  viewVariance?: Float32Array
}

/** Equal needs have equal keys: computed once per training. */
export function needKey(need: Need): string {
  switch (need.kind) {
    case 'passes':
      return `passes:${need.passes}`
    case 'viewVariance':
      return `viewVariance:${need.views.map(v => `${v.dy},${v.dx},${v.mirror ? 1 : 0}`).join(';')}`
    default:
      return need.kind
  }
}
