/** How each method takes one optimiser step; the losses and their gradients are core/pretraining/losses.ts. */
import { drawDistortion, drawTurned, SMALLEST_ASKED } from '../../core/pretraining/distortion.ts'
import { drawPuzzle, permutations } from '../../core/pretraining/jigsaw.ts'
import type { PretrainingNetwork } from '../../core/pretraining/layout.ts'
import {
  classLoss,
  infoNce,
  instanceLoss,
  negativeCosine,
  ntXent,
  updateBank,
  type LossAndGradient
} from '../../core/pretraining/losses.ts'
import { BANK_MOMENTUM, methods, MOMENTUM, queueLength } from '../../core/pretraining/methods.ts'
import { LEARNING_RATE, type Pretraining } from '../../core/pretraining/settings.ts'
import { unitRows } from '../../core/numeric/unit.ts'
import { derive, Purpose, rootKey, Stream } from '../../core/random.ts'
import type { Kernels, State } from '../kernels.ts'
import { trunkFeatures } from '../network.ts'
import type { PixelTarget } from '../pixels.ts'
import type { Distorter } from './distort.ts'
import { encode, head, type HeadPass } from './pass.ts'

/** A pretraining under way: its parameters, its images. */
export interface Desk<T> {
  k: Kernels<T>
  laid: PretrainingNetwork
  state: State<T>
  distorter: Distorter
  pretraining: Pretraining
  /** images in the pool */
  pool: number
  /** told the unit rows of both views of a step's images [2 ids, size], of methods that tell them from others */
  seen?(ids: Uint32Array, views: Float64Array): void
}

/** Takes one step on images `ids`; `t` counts steps from 1. Returns the mean loss. */
export type Step = (ids: Uint32Array, epoch: number, t: number) => number

/** A method at work. What it keeps besides the parameters goes with `end`. */
export interface Course {
  step: Step
  /** Before the first step; `rest` is asked again and again. */
  begin?(rest: () => void | Promise<void>): Promise<void>
  /** Only looks, and tells `seen`; of methods that have something to tell. */
  look?(ids: Uint32Array, epoch: number): void
  end(): void
}

export function courseOf<T>(desk: Desk<T>): Course {
  switch (desk.pretraining.method) {
    case 'rotation':
      return rotation(desk)
    case 'jigsaw':
      return jigsaw(desk)
    case 'instance':
      return instance(desk)
    case 'simclr':
      return simclr(desk)
    case 'moco':
    case 'mocoV2':
      return moco(desk)
    case 'simsiam':
      return simsiam(desk)
  }
}

const nothing = () => {}

function images<T>({ k, laid }: Desk<T>, count: number, write: (target: PixelTarget, slot: number) => void) {
  return k.input(count, laid.net.input, target => {
    for (let slot = 0; slot < count; slot++) write(target, slot)
  })
}

/** Views 0 .. views - 1 of the images, [views x ids]: all first views, then all second ones. */
function distorted<T>(desk: Desk<T>, ids: Uint32Array, epoch: number, views: number, first = 0): T {
  const { likeness, seed } = desk.pretraining
  return images(desk, ids.length * views, (target, slot) => {
    const id = ids[slot % ids.length]
    const view = first + Math.floor(slot / ids.length)
    desk.distorter.write(
      target,
      slot,
      id,
      drawDistortion(likeness, desk.distorter.shape, seed, epoch, id, view)
    )
  })
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** What the projection head makes of `batch` images under some weights, [batch, outputs]. */
function projections<T>({ k, laid }: Desk<T>, state: State<T>, input: T, batch: number): Float32Array {
  const parameters = state.parameters()
  const features = trunkFeatures(k, laid.net, parameters, input)
  return k.values(head(k, laid.projection, parameters.slice(laid.at.projection), features, batch, 1).output)
}

/** One step of the optimiser down a loss that sees the projection head's outputs of `batch` images. */
function descend<T>(
  { k, laid, state, pretraining }: Desk<T>,
  input: T,
  batch: number,
  t: number,
  lossOf: (outputs: Float32Array) => LossAndGradient
): number {
  const parameters = state.parameters()
  const encoded = encode(k, laid, parameters, input)
  const projected = head(k, laid.projection, parameters.slice(laid.at.projection), encoded.features, batch, 1)
  const { loss, gradient } = lossOf(k.values(projected.output))
  const back = projected.back(k.matrix(batch, laid.outputs, (to, start) => to.set(gradient, start)))
  k.adam(
    state,
    [...encoded.back(back.input), ...back.parameters],
    pretraining.learningRate ?? LEARNING_RATE,
    t
  )
  return loss
}

/**
 * Four quarter turns of each image, each distorted by itself: which is which? (The authors' code only mirrors and crops;
 * on small images of little variety the task is learned by heart within some epochs, and the features with it.)
 */
function rotation<T>(desk: Desk<T>): Course {
  const { k, distorter } = desk
  const { likeness, seed } = desk.pretraining
  return {
    end: nothing,
    step: (ids, epoch, t) =>
      k.scope(() => {
        const batch = 4 * ids.length
        const input = images(desk, batch, (target, slot) => {
          const id = ids[slot >> 2]
          const view = drawTurned(slot & 3, likeness, distorter.shape, seed, epoch, id)
          distorter.write(target, slot, id, view)
        })
        const labels = Uint8Array.from({ length: batch }, (_, slot) => slot & 3)
        return descend(desk, input, batch, t, outputs => classLoss(outputs, labels, 4))
      })
  }
}

/** One puzzle of each image, distorted before it is cut up, for the reason above. */
function jigsaw<T>(desk: Desk<T>): Course {
  const { k, distorter, pretraining } = desk
  const { likeness, seed } = pretraining
  return {
    end: nothing,
    step: (ids, epoch, t) =>
      k.scope(() => {
        const puzzles = Array.from(ids, id => drawPuzzle(seed, epoch, id))
        const input = images(desk, ids.length, (target, slot) => {
          const id = ids[slot]
          const view = drawDistortion(likeness, distorter.shape, seed, epoch, id, 0, SMALLEST_ASKED)
          distorter.writePuzzle(target, slot, id, view, puzzles[slot])
        })
        const labels = puzzles.map(p => p.label)
        return descend(desk, input, ids.length, t, outputs => classLoss(outputs, labels, permutations.length))
      })
  }
}

function simclr<T>(desk: Desk<T>): Course {
  const { temperature } = methods.simclr
  const { k, laid, state } = desk
  const size = laid.outputs
  const tell = (ids: Uint32Array, outputs: ArrayLike<number>) =>
    desk.seen?.(ids, unitRows(outputs, size).rows)
  return {
    end: nothing,
    step: (ids, epoch, t) =>
      k.scope(() =>
        descend(desk, distorted(desk, ids, epoch, 2), 2 * ids.length, t, outputs => {
          tell(ids, outputs)
          return ntXent(outputs, size, temperature)
        })
      ),
    look: (ids, epoch) =>
      k.scope(() => tell(ids, projections(desk, state, distorted(desk, ids, epoch, 2), 2 * ids.length)))
  }
}

/** Unit rows in random directions, [count, size]: what queues begin with. */
export function randomRows(count: number, size: number, seed: number): Float64Array {
  const stream = new Stream(derive(rootKey(seed, Purpose.pretraining), 5))
  return unitRows(
    Float64Array.from({ length: count * size }, () => stream.bell()),
    size
  ).rows
}

/**
 * The memory bank begins with what the network, as it was drawn, makes of the images. (The authors' begins with noise, and a
 * row is replaced by halves once an epoch: 200 epochs outlive that, but in 20 the network learns first of all to say the same
 * of every image.)
 */
function instance<T>(desk: Desk<T>): Course {
  const { temperature } = methods.instance
  const { k, state, pretraining } = desk
  const size = desk.laid.outputs
  const bank = new Float64Array(desk.pool * size)
  return {
    end: nothing,
    async begin(rest) {
      for (let from = 0; from < desk.pool; from += pretraining.batchSize) {
        await rest()
        const count = Math.min(pretraining.batchSize, desk.pool - from)
        const ids = Uint32Array.from({ length: count }, (_, i) => from + i)
        const outputs = k.scope(() => projections(desk, state, distorted(desk, ids, 0, 1), count))
        bank.set(unitRows(outputs, size).rows, from * size)
      }
    },
    step: (ids, epoch, t) =>
      k.scope(() =>
        descend(desk, distorted(desk, ids, epoch, 1), ids.length, t, outputs => {
          const result = instanceLoss(outputs, ids, bank, size, temperature)
          updateBank(bank, ids, outputs, size, BANK_MOMENTUM)
          return result
        })
      )
  }
}

/** The key encoder follows before it encodes; the keys enter the queue after the loss, over the oldest. */
function moco<T>(desk: Desk<T>): Course {
  const { k, laid, pretraining, state } = desk
  const { temperature } = methods[pretraining.method]
  const size = laid.outputs
  const length = queueLength(desk.pool, pretraining.batchSize)
  const queue = randomRows(length, size, pretraining.seed)
  let oldest = 0
  const follower = k.createState(laid.net, new Float32Array(laid.net.size), false)
  k.blend(follower, state, 0)
  const project = (from: State<T>, ids: Uint32Array, epoch: number, view: number) =>
    k.scope(() => {
      const outputs = projections(desk, from, distorted(desk, ids, epoch, 1, view), ids.length)
      return unitRows(outputs, size).rows
    })
  const tell = (ids: Uint32Array, queries: Float64Array, keys: Float64Array) =>
    desk.seen?.(ids, joined(queries, keys))
  return {
    end: () => k.freeState(follower),
    look: (ids, epoch) => tell(ids, project(state, ids, epoch, 0), project(follower, ids, epoch, 1)),
    step(ids, epoch, t) {
      k.blend(follower, state, MOMENTUM)
      const keys = project(follower, ids, epoch, 1)
      const loss = k.scope(() =>
        descend(desk, distorted(desk, ids, epoch, 1), ids.length, t, outputs => {
          tell(ids, unitRows(outputs, size).rows, keys)
          return infoNce(outputs, keys, queue, size, temperature)
        })
      )
      for (let i = 0; i < ids.length; i++) {
        queue.set(keys.subarray(i * size, (i + 1) * size), oldest * size)
        oldest = (oldest + 1) % length
      }
      return loss
    }
  }
}

/** Both views in one batch; batch normalisation looks at each view alone, as if they came one after the other. */
function simsiam<T>(desk: Desk<T>): Course {
  const { k, laid, state, pretraining } = desk
  const size = laid.outputs
  return {
    end: nothing,
    step: (ids, epoch, t) =>
      k.scope(() => {
        const batch = 2 * ids.length
        const parameters = state.parameters()
        const encoded = encode(k, laid, parameters, distorted(desk, ids, epoch, 2))
        const through = (layers: typeof laid.projection, at: number, x: T): HeadPass<T> =>
          head(k, layers, parameters.slice(at), x, batch, 2)
        const projected = through(laid.projection, laid.at.projection, encoded.features)
        const predicted = through(laid.prediction, laid.at.prediction, projected.output)
        const z = k.values(projected.output)
        const half = z.length / 2
        // each view's prediction against the other view's projection, which is stopped
        const targets = Float32Array.from(z, (_, at) => z[at < half ? at + half : at - half])
        const { loss, gradient } = negativeCosine(k.values(predicted.output), targets, size)
        const dPredicted = k.matrix(batch, size, (to, start) => to.set(gradient, start))
        const prediction = predicted.back(dPredicted)
        const projection = projected.back(prediction.input)
        const gradients = [
          ...encoded.back(projection.input),
          ...projection.parameters,
          ...prediction.parameters
        ]
        k.adam(state, gradients, pretraining.learningRate ?? LEARNING_RATE, t)
        return loss
      })
  }
}
