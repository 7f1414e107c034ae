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
import type { Kernels } from '../kernels.ts'
import type { Write } from '../pixels.ts'
import type { Distorter } from './distort.ts'
import type { Descent, Follower, Learner, Onlooker } from './learner.ts'
import { head, type HeadPass } from './pass.ts'

/** A pretraining under way: its parameters, its images. */
export interface Desk<T> {
  /** of the heads */
  k: Kernels<T>
  laid: PretrainingNetwork
  learner: Learner<T>
  distorter: Distorter
  pretraining: Pretraining
  /** images in the pool */
  pool: number
  /** told the unit rows of both views of a step's images [2 ids, size], of methods that tell them from others */
  seen?(ids: Uint32Array, views: Float64Array): void
}

/** One step of the optimiser, on images `ids`; `t` counts from 1. */
export interface Step {
  ids: Uint32Array
  epoch: number
  t: number
  /** images of the step after it, where that is in the same epoch */
  next?: Uint32Array
}

/** A method at work. What it keeps besides the parameters goes with `end`. */
export interface Course {
  /** Returns the mean loss. */
  step(step: Step): number | Promise<number>
  /** Before the first step; `rest` is asked again and again. */
  begin?(rest: () => void | Promise<void>): Promise<void>
  /** Only looks, and tells `seen`; of methods that have something to tell. */
  look?(ids: Uint32Array, epoch: number): void | Promise<void>
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

/** Writes views 0 .. views - 1 of the images, [views x ids]: all first views, then all second ones. */
function distorted<T>(
  { pretraining, distorter }: Desk<T>,
  ids: Uint32Array,
  epoch: number,
  first = 0
): Write {
  const { likeness, seed } = pretraining
  return (target, slot) => {
    const id = ids[slot % ids.length]
    const view = first + Math.floor(slot / ids.length)
    distorter.write(target, slot, id, drawDistortion(likeness, distorter.shape, seed, epoch, id, view))
  }
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** What the projection head makes of `count` images under some weights, [count, outputs]. */
function projections<T>(
  { k, laid }: Desk<T>,
  of: Onlooker<T>,
  count: number,
  write: Write
): Float32Array | Promise<Float32Array> {
  return of.look(count, write, (features, heads) =>
    k.values(head(k, laid.projection, heads, features, count, 1).output)
  )
}

/** Takes a step on what `views` writes of its images, `each` of every image. */
function take<T>(
  desk: Desk<T>,
  { ids, epoch, t, next }: Step,
  each: number,
  views: (desk: Desk<T>, ids: Uint32Array, epoch: number) => Write,
  work: (features: T, heads: readonly T[]) => Descent<T>
): number | Promise<number> {
  const { learner, pretraining } = desk
  const { learningRate = LEARNING_RATE } = pretraining
  const write = (images: Uint32Array) => views(desk, images, epoch)
  return learner.step(each * ids.length, write(ids), t, learningRate, work, next && write(next))
}

/** Takes a step down a loss that sees the projection head's outputs. */
function descend<T>(
  desk: Desk<T>,
  step: Step,
  each: number,
  views: (desk: Desk<T>, ids: Uint32Array, epoch: number) => Write,
  lossOf: (outputs: Float32Array) => LossAndGradient
): number | Promise<number> {
  const { k, laid } = desk
  const count = each * step.ids.length
  return take(desk, step, each, views, (features, heads) => {
    const projected = head(k, laid.projection, heads, features, count, 1)
    const { loss, gradient } = lossOf(k.values(projected.output))
    const back = projected.back(k.matrix(count, laid.outputs, (to, start) => to.set(gradient, start)))
    return { loss, features: back.input, heads: back.parameters }
  })
}

/**
 * Four quarter turns of each image, each distorted by itself: which is which? (The authors' code only mirrors and crops;
 * on small images of little variety the task is learned by heart within some epochs, and the features with it.)
 */
function rotation<T>(desk: Desk<T>): Course {
  return {
    end: nothing,
    step(step) {
      const labels = Uint8Array.from({ length: 4 * step.ids.length }, (_, slot) => slot & 3)
      return descend(desk, step, 4, turned, outputs => classLoss(outputs, labels, 4))
    }
  }
}

function turned<T>({ pretraining, distorter }: Desk<T>, ids: Uint32Array, epoch: number): Write {
  const { likeness, seed } = pretraining
  return (target, slot) => {
    const id = ids[slot >> 2]
    const view = drawTurned(slot & 3, likeness, distorter.shape, seed, epoch, id)
    distorter.write(target, slot, id, view)
  }
}

/** One puzzle of each image, distorted before it is cut up, for the reason above. */
function jigsaw<T>(desk: Desk<T>): Course {
  const { seed } = desk.pretraining
  return {
    end: nothing,
    step(step) {
      const labels = Array.from(step.ids, id => drawPuzzle(seed, step.epoch, id).label)
      return descend(desk, step, 1, cutUp, outputs => classLoss(outputs, labels, permutations.length))
    }
  }
}

function cutUp<T>({ pretraining, distorter }: Desk<T>, ids: Uint32Array, epoch: number): Write {
  const { likeness, seed } = pretraining
  return (target, slot) => {
    const id = ids[slot]
    const view = drawDistortion(likeness, distorter.shape, seed, epoch, id, 0, SMALLEST_ASKED)
    distorter.writePuzzle(target, slot, id, view, drawPuzzle(seed, epoch, id))
  }
}

function simclr<T>(desk: Desk<T>): Course {
  const { temperature } = methods.simclr
  const { laid, learner } = desk
  const size = laid.outputs
  const tell = (ids: Uint32Array, outputs: ArrayLike<number>) =>
    desk.seen?.(ids, unitRows(outputs, size).rows)
  return {
    end: nothing,
    step: step =>
      descend(desk, step, 2, distorted, outputs => {
        tell(step.ids, outputs)
        return ntXent(outputs, size, temperature)
      }),
    look: async (ids, epoch) =>
      tell(ids, await projections(desk, learner, 2 * ids.length, distorted(desk, ids, epoch)))
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
  const { learner, pretraining } = desk
  const size = desk.laid.outputs
  const bank = new Float64Array(desk.pool * size)
  return {
    end: nothing,
    async begin(rest) {
      for (let from = 0; from < desk.pool; from += pretraining.batchSize) {
        await rest()
        const count = Math.min(pretraining.batchSize, desk.pool - from)
        const ids = Uint32Array.from({ length: count }, (_, i) => from + i)
        const outputs = await projections(desk, learner, count, distorted(desk, ids, 0))
        bank.set(unitRows(outputs, size).rows, from * size)
      }
    },
    step: step =>
      descend(desk, step, 1, distorted, outputs => {
        const result = instanceLoss(outputs, step.ids, bank, size, temperature)
        updateBank(bank, step.ids, outputs, size, BANK_MOMENTUM)
        return result
      })
  }
}

/** The key encoder follows before it encodes; the keys enter the queue after the loss, over the oldest. */
function moco<T>(desk: Desk<T>): Course {
  const { laid, learner, pretraining } = desk
  const { temperature } = methods[pretraining.method]
  const size = laid.outputs
  const length = queueLength(desk.pool, pretraining.batchSize)
  const queue = randomRows(length, size, pretraining.seed)
  let oldest = 0
  let follower: Follower<T> | undefined
  const project = async (from: Onlooker<T>, ids: Uint32Array, epoch: number, view: number) => {
    const outputs = await projections(desk, from, ids.length, distorted(desk, ids, epoch, view))
    return unitRows(outputs, size).rows
  }
  const tell = (ids: Uint32Array, queries: Float64Array, keys: Float64Array) =>
    desk.seen?.(ids, joined(queries, keys))
  return {
    end: () => follower?.end(),
    async begin() {
      follower = await learner.follower()
    },
    async look(ids, epoch) {
      const queries = await project(learner, ids, epoch, 0)
      tell(ids, queries, await project(follower!, ids, epoch, 1))
    },
    async step(step) {
      const { ids, epoch } = step
      await follower!.blend(MOMENTUM)
      const keys = await project(follower!, ids, epoch, 1)
      const loss = await descend(desk, step, 1, distorted, outputs => {
        tell(ids, unitRows(outputs, size).rows, keys)
        return infoNce(outputs, keys, queue, size, temperature)
      })
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
  const { k, laid } = desk
  const size = laid.outputs
  return {
    end: nothing,
    step(step) {
      const count = 2 * step.ids.length
      return take(desk, step, 2, distorted, (features, heads) => {
        const through = (layers: typeof laid.projection, own: readonly T[], x: T): HeadPass<T> =>
          head(k, layers, own, x, count, 2)
        const projected = through(laid.projection, heads, features)
        const others = heads.slice(laid.at.prediction - laid.at.projection)
        const predicted = through(laid.prediction, others, projected.output)
        const z = k.values(projected.output)
        const half = z.length / 2
        // each view's prediction against the other view's projection, which is stopped
        const targets = Float32Array.from(z, (_, at) => z[at < half ? at + half : at - half])
        const { loss, gradient } = negativeCosine(k.values(predicted.output), targets, size)
        const dPredicted = k.matrix(count, size, (to, start) => to.set(gradient, start))
        const prediction = predicted.back(dPredicted)
        const projection = projected.back(prediction.input)
        return {
          loss,
          features: projection.input,
          heads: [...projection.parameters, ...prediction.parameters]
        }
      })
    }
  }
}
