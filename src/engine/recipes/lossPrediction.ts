/**
 * Loss prediction (Yoo and Kweon, CVPR 2019): beside the network a small module reads the output of every block (mean over
 * the image, a dense layer of 128 with ReLU each, and one dense layer over all of them) and learns to rank images by their
 * loss (core/recipes/ranking.ts), which is a constant to it. Its gradient also reaches the network's blocks, until a share of
 * the steps is over. The last layer has no bias: a ranking cannot tell one. Predicted is the cross-entropy without class weights.
 */
import type { Architecture } from '../../core/network.ts'
import type { LossPrediction } from '../../core/recipe.ts'
import { crossEntropies, rankingLoss } from '../../core/recipes/ranking.ts'
import type { Kernels } from '../kernels.ts'
import type { Addition, AdditionKind, Desk, Step } from './addition.ts'

/** The paper's. */
const WIDTH = 128

/** Parameters of a block's part: weight, bias, its share of the last layer. */
const PARTS = 3

const firstName = 'loss1.weight'

export const lossPrediction: AdditionKind = {
  wanted: recipe => recipe.lossPrediction !== undefined,
  parameters: (_recipe, { channels }) =>
    channels.flatMap((inputs, i) => [
      { name: `loss${i + 1}.weight`, shape: [inputs, WIDTH], fanIn: inputs },
      { name: `loss${i + 1}.bias`, shape: [WIDTH], fanIn: inputs },
      { name: `loss${i + 1}.out`, shape: [WIDTH, 1], fanIn: WIDTH * channels.length }
    ]),
  begin: (desk, first) => new Module(desk, desk.recipe.lossPrediction!, first)
}

interface Prediction<T> {
  /** of each block: [batch, channels], [batch, WIDTH] */
  means: T[]
  hidden: T[]
  /** [batch, 1] */
  losses: T
}

/** The module on the outputs of the blocks. `own`: its parameters. */
function predict<T>(
  k: Kernels<T>,
  net: Architecture,
  own: readonly T[],
  block: (i: number) => T
): Prediction<T> {
  const means = net.channels.map((_, i) => k.means(block(i), net.maps[i + 1]))
  const hidden = means.map((mean, i) => k.dense(mean, own[PARTS * i], own[PARTS * i + 1], true))
  const nothing = k.matrix(1, 1, (to, start) => to.fill(0, start, start + 1))
  const parts = hidden.map((h, i) => k.dense(h, own[PARTS * i + 2], nothing, false))
  return { means, hidden, losses: parts.reduce((a, b) => k.add(a, b)) }
}

/**
 * Predicted losses of images in evaluation mode, [batch, 1], from their blocks' outputs; for use within a scope. Throws
 * RangeError for a network that was trained without the module.
 */
export function predictedLosses<T>(
  k: Kernels<T>,
  net: Architecture,
  parameters: readonly T[],
  blocks: readonly { pooled: T }[]
): T {
  const first = net.parameters.findIndex(({ name }) => name === firstName)
  if (first < 0) throw new RangeError('the training has learned to predict no losses')
  return predict(k, net, parameters.slice(first), i => blocks[i].pooled).losses
}

class Module<T> implements Addition<T> {
  constructor(
    private readonly desk: Desk<T>,
    private readonly settings: LossPrediction,
    private readonly first: number
  ) {}

  add({ batch, labelled, parameters, t, give }: Step<T>): void {
    const { first } = this
    const { k, net, steps } = this.desk
    const { weight, margin, detachAfter } = this.settings
    const own = parameters.slice(first)
    const { means, hidden, losses } = predict(k, net, own, i => labelled.block(i))
    const true_ = crossEntropies(labelled.outputs(), batch.labels, net.classes)
    const { gradient } = rankingLoss(true_, k.values(losses), margin)
    const d = k.matrix(gradient.length, 1, (to, start) =>
      gradient.forEach((g, i) => (to[start + i] = weight * g))
    )
    hidden.forEach((h, i) => {
      const at = PARTS * i
      const last = k.denseGradients(h, own[at + 2], d)
      const dense = k.denseGradients(means[i], own[at], k.reluGradient(last.input, h))
      give(first + at, dense.weight)
      give(first + at + 1, dense.bias)
      give(first + at + 2, last.weight)
      if (t <= detachAfter * steps)
        labelled.pullBlock(i, k.meansGradient(dense.input, labelled.block(i), net.maps[i + 1]))
    })
  }
}
