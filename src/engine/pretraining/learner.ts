/**
 * An encoder that is learning, with the heads on it: who holds the parameters and takes the steps. The methods
 * (courses/) see features and heads alone, so where the trunk is computed is no business of theirs: on the kernels
 * that compute the heads as well (here), or on the GPU (gpuLearner.ts).
 */
import type { PretrainingNetwork } from '../../core/pretraining/layout.ts'
import type { Learned } from '../../core/pretraining/snapshot.ts'
import { embed } from '../embed.ts'
import type { Kernels, Moments, State } from '../kernels.ts'
import { trunkFeatures } from '../network.ts'
import type { Pixels, Write } from '../pixels.ts'
import { encode } from './pass.ts'

/** What a loss leaves: its mean, and gradients at the features and at the heads' parameters, in their order. */
export interface Descent<T> {
  loss: number
  features: T
  heads: readonly T[]
}

/** Looks at images without learning. `work` gets the flattened features [count, features] and the heads' parameters, within a scope. */
export interface Onlooker<T> {
  look<R>(count: number, write: Write, work: (features: T, heads: readonly T[]) => R): R | Promise<R>
}

export interface Learner<T> extends Onlooker<T> {
  /** images that are looked at together, where one has the choice */
  readonly chunk: number
  /**
   * One step of Adam down what `work` makes of `count` images; `t` counts steps from 1. `next` writes the images of step
   * t + 1, as many of them: a learner that has to wait may use the time. Returns the loss.
   */
  step(
    count: number,
    write: Write,
    t: number,
    learningRate: number,
    work: (features: T, heads: readonly T[]) => Descent<T>,
    next?: Write
  ): number | Promise<number>
  /** One that has these weights now, or those of an earlier one, and then what `blend` makes of them. */
  follower(weights?: Float32Array): Promise<Follower<T>>
  /** What the heads make of features that were computed before; within a scope. */
  heads<R>(work: (heads: readonly T[]) => R): R
  /** features of images as they are, [rows, features] */
  embed(pixels: Pixels, rows: Uint32Array, rest: () => void | Promise<void>): Promise<Float32Array>
  /** the encoder's parameters, in the order of the layout */
  weights(): Promise<Float32Array>
  /** what a learner that is to go on from here is made with */
  learned(): Promise<Learned>
  /** between steps: lets a queue drain */
  settle?(): void | Promise<void>
  end(): void
}

export interface Follower<T> extends Onlooker<T> {
  /** The weights become share x own + (1 - share) x the learner's. */
  blend(share: number): void | Promise<void>
  /** of the whole network, in the order of the layout */
  weights(): Promise<Float32Array>
  end(): void
}

/** A network as it was drawn, or that of a learner that goes on. */
export type Start = Pick<Learned, 'weights'> & Partial<Learned>

/** Adam's moments of a start, in the form of `createState`; of the parameters from `from` on. */
export function momentsOf({ moments, squares }: Start, from = 0): true | Moments {
  return moments && squares ? { moments: moments.subarray(from), squares: squares.subarray(from) } : true
}

/** Trunk and heads on the same kernels. */
export function hostLearner<T>(k: Kernels<T>, laid: PretrainingNetwork, start: Start): Learner<T> {
  const { net } = laid
  const state = k.createState(net, start.weights, momentsOf(start))
  const put = (count: number, write: Write) =>
    k.input(count, net.input, target => {
      for (let slot = 0; slot < count; slot++) write(target, slot)
    })
  const onlooker = (own: State<T>): Onlooker<T> => ({
    look: (count, write, work) =>
      k.scope(() => {
        const parameters = own.parameters()
        const features = trunkFeatures(k, net, parameters, put(count, write))
        return work(features, parameters.slice(laid.at.projection))
      })
  })
  return {
    ...onlooker(state),
    chunk: k.chunk(net),
    step: (count, write, t, learningRate, work) =>
      k.scope(() => {
        const parameters = state.parameters()
        const encoded = encode(k, laid, parameters, put(count, write))
        const { loss, features, heads } = work(encoded.features, parameters.slice(laid.at.projection))
        k.adam(state, [...encoded.back(features), ...heads], learningRate, t)
        return loss
      }),
    async follower(weights) {
      const own = k.createState(net, weights ?? new Float32Array(net.size), false)
      if (!weights) k.blend(own, state, 0)
      return {
        ...onlooker(own),
        blend: share => k.blend(own, state, share),
        weights: () => k.readWeights(own),
        end: () => k.freeState(own)
      }
    },
    heads: work => k.scope(() => work(state.parameters().slice(laid.at.projection))),
    embed: (pixels, rows, rest) => embed(k, net, state, pixels, rows, rest),
    weights: async () => (await k.readWeights(state)).slice(0, laid.encoderSize),
    learned: async () => ({ weights: await k.readWeights(state), ...(await k.readMoments(state)) }),
    settle: () => k.settle?.(),
    end: () => k.freeState(state)
  }
}
