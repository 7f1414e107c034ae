/**
 * Needs: what a strategy may ask of a finished training. A need names rows of the pool and a reduction, so that
 * the engine can leave everything else on its device; it knows needs, no strategy by name. The engine scores
 * pool images un-augmented and in evaluation mode unless the need itself says otherwise. Features of a basis belong to
 * the view and not to a training: whoever holds the view answers them (core/features.ts), never the engine.
 */
import type { Basis, FeatureSet } from './features.ts'
import type { Variation } from './law.ts'

/** What an engine answers. */
export type EngineNeed =
  /** softmax probabilities of the unlabelled rows */
  | { kind: 'probabilities' }
  /** hidden-layer activations (after ReLU) of the unlabelled and the labelled rows */
  | { kind: 'embeddings' }
  /** weights and biases of the last layer: logits = embedding x weight + bias */
  | { kind: 'head' }
  /**
   * Monte Carlo dropout, one mask a pass for all images, only the head is run again; reduced over passes to mean
   * probabilities, mean entropy, votes and variances
   */
  | { kind: 'passes'; passes: number }
  /** summed over classes, the population variance of the probabilities over the views of each unlabelled image (views include the image itself) */
  | { kind: 'viewVariance'; views: readonly Variation[] }
  /** the loss that a recipe's lossPrediction predicts for the unlabelled rows */
  | { kind: 'predictedLoss' }
  /** softmax probabilities of the unlabelled rows by each head that a recipe's discrepancy adds */
  | { kind: 'heads' }

export type Need =
  | EngineNeed
  /** one vector for every row of the pool, known before any training */
  | { kind: 'features'; basis: Basis }
  /**
   * softmax probabilities of the unlabelled rows under the weights that the run's previous training ended with; in the first
   * round, under those that this training began with
   */
  | { kind: 'before' }

/** Whether an engine answers it; the others are seen to by whoever holds the view and knows the run. */
export const isOfEngine = (need: Need): need is EngineNeed =>
  need.kind !== 'features' && need.kind !== 'before'

/** What comes back; every array is row-major over the rows in the order they were asked for. */
export interface NeedResults {
  /** [unlabelled, classes] */
  probabilities?: Float32Array
  /** probabilities [unlabelled, classes]; `untrained`: of the weights that the run's first training began with */
  before?: { probabilities: Float32Array; untrained: boolean }
  embeddings?: { size: number; unlabelled: Float32Array; labelled: Float32Array }
  /** weight [size, classes] row-major, bias [classes] */
  head?: { weight: Float32Array; bias: Float32Array }
  passes?: {
    passes: number
    /** [unlabelled, classes] */
    meanProbabilities: Float32Array
    /** [unlabelled] in nats: the mean over passes of each pass's entropy */
    meanEntropy: Float32Array
    /** [unlabelled, classes]: in how many passes the class was the most probable one, ties to the lowest class */
    votes: Float32Array
    /** [unlabelled, classes]: population variance (ddof 0) of the probability over passes */
    variance: Float32Array
  }
  /** [unlabelled] */
  viewVariance?: Float32Array
  /** [unlabelled] */
  predictedLoss?: Float32Array
  /** of each head [unlabelled, classes] */
  heads?: Float32Array[]
  /** of all rows of the pool, by basis */
  features?: FeatureSet
}

/** Equal needs have equal keys: computed once per training. */
export function needKey(need: Need): string {
  switch (need.kind) {
    case 'passes':
      return `passes:${need.passes}`
    case 'viewVariance':
      return `viewVariance:${need.views.map(v => `${v.dy},${v.dx},${v.mirror ? 1 : 0}`).join(';')}`
    case 'features':
      return `features:${need.basis}`
    default:
      return need.kind
  }
}
