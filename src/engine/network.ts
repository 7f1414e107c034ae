/**
 * The network's forward and backward pass, written out once for every backend: there is no tape and no graph, so
 * each step of the computation, and the order of every sum, is what stands here.
 */
import type { Variation } from '../core/law.ts'
import type { Architecture } from '../core/network.ts'
import type { Key } from '../core/random.ts'
import type { Block, Kernels, State } from './kernels.ts'
import type { Pixels } from './pixels.ts'

/** One batch of a training. */
export interface Batch {
  /** pool rows, [batch] */
  ids: Uint32Array
  /** classes, [batch] */
  labels: Int32Array
  /** what each image's loss is multiplied by, [batch]; absent: 1 */
  weights?: Float32Array
  variation(id: number): Variation
  /** key of the step's dropout masks; null without dropout */
  dropout: { key: Key; rate: number } | null
}

/** Parameters of one layer: weight and bias are neighbours in the layout. */
function layer<T>(parameters: readonly T[], index: number): [T, T] {
  return [parameters[2 * index], parameters[2 * index + 1]]
}

/** A pass through the trunk: what its gradients need, and the flattened features [batch, features]. */
export interface Trunk<T> {
  inputs: readonly T[]
  blocks: readonly Block<T>[]
  features: T
}

/** The trunk: [batch, height, width, channel] to flattened features [batch, features]; blocks keep their tapes in training. */
export function trunk<T>(
  k: Kernels<T>,
  net: Architecture,
  parameters: readonly T[],
  images: T,
  training: boolean
): Trunk<T> {
  const inputs: T[] = []
  const blocks: Block<T>[] = []
  let x = images
  net.channels.forEach((channels, i) => {
    const [weight, bias] = layer(parameters, i)
    const block = k.block(x, weight, bias, net.maps[i], channels, i === net.channels.length - 1, training)
    inputs.push(x)
    blocks.push(block)
    x = block.pooled
  })
  return { inputs, blocks, features: x }
}

/**
 * Gradients of the trunk's weights and biases, block by block, from that of its features [batch, features]. `more`:
 * gradients that other losses have at the blocks' pooled outputs.
 */
export function trunkGradients<T>(
  k: Kernels<T>,
  net: Architecture,
  parameters: readonly T[],
  { inputs, blocks }: Trunk<T>,
  dFeatures: T,
  more: readonly (T | undefined)[] = []
): T[] {
  const gradients: T[] = []
  let d = dFeatures
  for (let i = net.channels.length - 1; i >= 0; i--) {
    const other = more[i]
    if (other) d = k.add(d, other)
    const g = k.blockGradients(
      inputs[i],
      parameters[2 * i],
      blocks[i],
      d,
      net.maps[i],
      net.channels[i],
      i > 0
    )
    gradients.unshift(g.weight, g.bias)
    if (g.input) d = g.input
  }
  return gradients
}

/** One optimiser step (t counts from 1) on one batch. */
export function trainStep<T>(
  k: Kernels<T>,
  net: Architecture,
  state: State<T>,
  pixels: Pixels,
  batch: Batch,
  learningRate: number,
  t: number
): void {
  k.scope(() => {
    const n = batch.ids.length
    const blocksCount = net.channels.length
    const parameters = state.parameters()
    const [hiddenWeight, hiddenBias] = layer(parameters, blocksCount)
    const [outWeight, outBias] = layer(parameters, blocksCount + 1)

    const images = k.input(n, net.input, target => {
      for (let i = 0; i < n; i++) pixels.write(target, i, batch.ids[i], batch.variation(batch.ids[i]))
    })
    const passed = trunk(k, net, parameters, images, true)
    const { features } = passed
    const { dropout } = batch
    const mask = dropout && k.dropoutMask(batch.ids, net.features, dropout.key, dropout.rate)
    const dropped = mask ? k.multiply(features, mask) : features
    const hidden = k.dense(dropped, hiddenWeight, hiddenBias, true)
    const logits = k.dense(hidden, outWeight, outBias, false)

    const dLogits = k.crossEntropy(logits, batch.labels, state, batch.weights)
    const out = k.denseGradients(hidden, outWeight, dLogits)
    const first = k.denseGradients(dropped, hiddenWeight, k.reluGradient(out.input, hidden))
    const d = mask ? k.multiply(first.input, mask) : first.input
    const gradients = trunkGradients(k, net, parameters, passed, d)
    k.adam(state, [...gradients, first.weight, first.bias, out.weight, out.bias], learningRate, t)
  })
}

/** Flattened trunk features of images in evaluation mode, [batch, features]; for use within a scope. */
export function trunkFeatures<T>(k: Kernels<T>, net: Architecture, parameters: readonly T[], images: T): T {
  return trunk(k, net, parameters, images, false).features
}

/** Hidden activations after ReLU: the embedding, [batch, hidden]. `weight` replaces the hidden weights (dropout folded in). */
export function hiddenActivations<T>(
  k: Kernels<T>,
  net: Architecture,
  parameters: readonly T[],
  features: T,
  weight?: T
): T {
  const [own, bias] = layer(parameters, net.channels.length)
  return k.dense(features, weight ?? own, bias, true)
}

/** Softmax probabilities from hidden activations, [batch, classes]. */
export function classProbabilities<T>(
  k: Kernels<T>,
  net: Architecture,
  parameters: readonly T[],
  hidden: T
): T {
  const [weight, bias] = layer(parameters, net.channels.length + 1)
  return k.softmax(k.dense(hidden, weight, bias, false))
}
