/**
 * Two more heads for maximum classifier discrepancy (MCDAL; Cho et al., TNNLS 2022): linear like the network's own and on the
 * same embedding, which they take as it is, so that the network learns exactly what it learns without them. Each step they
 * learn the labelled batch once before the network has moved; then, with the network as it is afterwards, the labelled batch again
 * while they draw apart from each other and from the network's head on a batch of unlabelled images. One optimiser of their own
 * takes both steps. The authors' code sees the pool's images in training mode and so do the heads here (dropout, augmentation).
 */
import {
  initialWeights,
  UNVARIED,
  unlabelledBatches,
  unlabelledDropoutKey,
  unlabelledVariation,
  viewLane
} from '../../core/law.ts'
import type { Architecture } from '../../core/network.ts'
import type { HeadDiscrepancy } from '../../core/recipe.ts'
import { discrepancyOf } from '../../core/recipes/discrepancy.ts'
import type { Kernels, State } from '../kernels.ts'
import { hiddenActivations, trunkFeatures, type Batch } from '../network.ts'
import type { Addition, AdditionKind, Desk, Step } from './addition.ts'

/** How many there are. */
export const HEADS = 2

const each = [0, 1]

const firstName = 'head1.weight'

export const discrepancy: AdditionKind = {
  wanted: recipe => recipe.discrepancy !== undefined,
  parameters: (_recipe, { hidden, classes }) =>
    each.flatMap(h => [
      { name: `head${h + 1}.weight`, shape: [hidden, classes], fanIn: hidden },
      { name: `head${h + 1}.bias`, shape: [classes], fanIn: hidden }
    ]),
  begin: (desk, first) => new Heads(desk, desk.recipe.discrepancy!, first)
}

/**
 * Logits of the two heads on embeddings [batch, hidden], each [batch, classes]; for use within a scope. Throws RangeError for
 * a network that was trained without them.
 */
export function headLogits<T>(k: Kernels<T>, net: Architecture, parameters: readonly T[], hidden: T): T[] {
  const first = net.parameters.findIndex(({ name }) => name === firstName)
  if (first < 0) throw new RangeError('the training has no heads but its own')
  return each.map(h => k.dense(hidden, parameters[first + 2 * h], parameters[first + 2 * h + 1], false))
}

/** The heads alone, laid out as a network's parameters are. */
function headsOf(net: Architecture, first: number): { net: Architecture; offset: number } {
  const { offset } = net.parameters[first]
  const parameters = net.parameters
    .slice(first, first + 2 * HEADS)
    .map(p => ({ ...p, offset: p.offset - offset }))
  const size = parameters.reduce((sum, p) => sum + p.size, 0)
  return { net: { ...net, parameters, size }, offset }
}

class Heads<T> implements Addition<T> {
  private readonly state: State<T>
  /** where they lie among the network's parameters */
  private readonly offset: number
  private readonly batches

  constructor(
    private readonly desk: Desk<T>,
    private readonly settings: HeadDiscrepancy,
    first: number
  ) {
    const { k, net, seed, labelCount, unlabelled, recipe, before } = desk
    const heads = headsOf(net, first)
    this.offset = heads.offset
    const start = before ?? initialWeights(net, seed, labelCount)
    this.state = k.createState(heads.net, start.slice(this.offset, this.offset + heads.net.size), true)
    this.batches = unlabelled.length
      ? unlabelledBatches(seed, labelCount, unlabelled, recipe.batchSize)
      : undefined
  }

  /** Cross-entropy of the labelled batch, on the embedding from before the network moves. */
  add({ batch, labelled, t }: Step<T>): void {
    const { k } = this.desk
    k.adam(this.state, this.supervised(labelled.hidden, batch), this.desk.recipe.learningRate, 2 * t - 1)
  }

  /** Cross-entropy again, less the discrepancy on unlabelled images. */
  after(batch: Batch, t: number): void {
    const { k, recipe } = this.desk
    k.scope(() => {
      const gradients = this.supervised(this.embedded(batch), batch)
      const apart = this.batches && this.drawnApart(this.batches.at(t - 1), t)
      const all = apart ? gradients.map((g, i) => k.add(g, apart[i])) : gradients
      k.adam(this.state, all, recipe.learningRate, 2 * t)
    })
  }

  async finish(weights: Float32Array): Promise<Float32Array> {
    const left = weights.slice()
    left.set(await this.desk.k.readWeights(this.state), this.offset)
    return left
  }

  end(): void {
    this.desk.k.freeState(this.state)
  }

  /** Gradients of the heads from the cross-entropy of each. */
  private supervised(hidden: T, { labels, weights }: Batch): T[] {
    const { k } = this.desk
    const own = this.state.parameters()
    return each.flatMap(h => {
      const logits = k.dense(hidden, own[2 * h], own[2 * h + 1], false)
      const g = k.denseGradients(hidden, own[2 * h], k.crossEntropy(logits, labels, this.state, weights))
      return [g.weight, g.bias]
    })
  }

  /** Gradients of the heads from minus the weighted discrepancy on some unlabelled images. */
  private drawnApart(ids: Uint32Array, t: number): T[] {
    const { k, net, recipe, seed, labelCount } = this.desk
    const key = unlabelledDropoutKey(seed, labelCount, t - 1)
    const lanes = ids.map(id => viewLane(id, 0))
    const hidden = this.hidden(
      ids,
      id =>
        recipe.augmentation === 'none'
          ? UNVARIED
          : unlabelledVariation(recipe.augmentation, seed, labelCount, t - 1, id, 0),
      recipe.dropout > 0 ? k.dropoutMask(lanes, net.features, key, recipe.dropout) : null
    )
    const own = this.state.parameters()
    const at = 2 * net.channels.length + 2
    const network = this.desk.state.parameters()
    const logits = [
      k.dense(hidden, network[at], network[at + 1], false),
      ...each.map(h => k.dense(hidden, own[2 * h], own[2 * h + 1], false))
    ].map(z => k.values(z))
    const { gradients } = discrepancyOf(logits[0], logits[1], logits[2], net.classes)
    return gradients.flatMap((gradient, h) => {
      const d = k.matrix(ids.length, net.classes, (to, start) =>
        gradient.forEach((g, i) => (to[start + i] = -this.settings.weight * g))
      )
      const g = k.denseGradients(hidden, own[2 * h], d)
      return [g.weight, g.bias]
    })
  }

  /** The labelled batch under the weights as they are now, [batch, hidden]. */
  private embedded({ ids, variation, dropout }: Batch): T {
    const { k, net } = this.desk
    return this.hidden(ids, variation, dropout && k.dropoutMask(ids, net.features, dropout.key, dropout.rate))
  }

  private hidden(ids: Uint32Array, variation: Batch['variation'], mask: T | null): T {
    const { k, net, pixels, state } = this.desk
    const parameters = state.parameters()
    const images = k.input(ids.length, net.input, target =>
      ids.forEach((id, i) => pixels.write(target, i, id, variation(id)))
    )
    const features = trunkFeatures(k, net, parameters, images)
    return hiddenActivations(k, net, parameters, mask ? k.multiply(features, mask) : features)
  }
}
