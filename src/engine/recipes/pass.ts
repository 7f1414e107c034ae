/**
 * One pass of images through the network that is being trained, kept for the way back. Several losses may look at it;
 * each adds its gradient at the logits, the hidden layer or a block, and all of them go back together, once.
 */
import type { Architecture } from '../../core/network.ts'
import type { Kernels } from '../kernels.ts'
import { hiddenActivations, trunk, trunkFeatures, trunkGradients, type Trunk } from '../network.ts'

export class Pass<T> {
  private readonly trunk: Trunk<T>
  /** features after dropout, what the hidden layer sees */
  private readonly dropped: T
  /** hidden activations after ReLU, [batch, hidden] */
  readonly hidden: T
  /** [batch, classes]; the step's cross-entropy may write over them, so losses ask for `outputs` */
  readonly logits: T
  private read: Float32Array | undefined
  private atLogits: T | undefined
  private readonly atBlocks: (T | undefined)[] = []

  constructor(
    private readonly k: Kernels<T>,
    private readonly net: Architecture,
    private readonly parameters: readonly T[],
    images: T,
    /** dropout mask of the features [batch, features]; null: none */
    private readonly mask: T | null
  ) {
    this.trunk = trunk(k, net, parameters, images, true)
    const [hiddenWeight, hiddenBias, outWeight, outBias] = parameters.slice(2 * net.channels.length)
    const { features } = this.trunk
    this.dropped = mask ? k.multiply(features, mask) : features
    this.hidden = k.dense(this.dropped, hiddenWeight, hiddenBias, true)
    this.logits = k.dense(this.hidden, outWeight, outBias, false)
  }

  /** Pooled output of block i, a map [batch, height, width, channel] of the size net.maps[i + 1] (the last is flat). */
  block(i: number): T {
    return this.trunk.blocks[i].pooled
  }

  /** The logits on the host, [batch, classes]. To be asked for before the cross-entropy. */
  outputs(): Float32Array {
    return (this.read ??= this.k.values(this.logits))
  }

  /** Adds a loss's gradient at the logits, [batch, classes]. */
  pullLogits(gradient: T): void {
    this.atLogits = this.sum(this.atLogits, gradient)
  }

  /** Adds a loss's gradient at the pooled output of block i, in the form of `block(i)`. */
  pullBlock(i: number, gradient: T): void {
    this.atBlocks[i] = this.sum(this.atBlocks[i], gradient)
  }

  private sum(a: T | undefined, b: T): T {
    return a === undefined ? b : this.k.add(a, b)
  }

  /** Gradients of the network's own parameters, in their order; undefined if no loss pulled. */
  back(): T[] | undefined {
    const { k, net, parameters, mask } = this
    const last = 2 * net.channels.length
    if (this.atLogits === undefined && !this.atBlocks.length) return undefined
    const dLogits = this.atLogits ?? this.zeros()
    const out = k.denseGradients(this.hidden, parameters[last + 2], dLogits)
    const first = k.denseGradients(this.dropped, parameters[last], k.reluGradient(out.input, this.hidden))
    const dFeatures = mask ? k.multiply(first.input, mask) : first.input
    const own = trunkGradients(k, net, parameters, this.trunk, dFeatures, this.atBlocks)
    return [...own, first.weight, first.bias, out.weight, out.bias]
  }

  /** The gradient at logits that no loss looks at. */
  private zeros(): T {
    const { classes } = this.net
    const { length } = this.outputs()
    return this.k.matrix(length / classes, classes, (to, start) => to.fill(0, start, start + length))
  }
}

/** Logits of images under some parameters, with nothing kept for a way back. */
export function logitsOf<T>(
  k: Kernels<T>,
  net: Architecture,
  parameters: readonly T[],
  images: T,
  mask: T | null
): T {
  const features = trunkFeatures(k, net, parameters, images)
  const hidden = hiddenActivations(k, net, parameters, mask ? k.multiply(features, mask) : features)
  const [weight, bias] = parameters.slice(2 * net.channels.length + 2)
  return k.dense(hidden, weight, bias, false)
}
