/** What the methods' courses share: the desk they work at, the views they write, a step down a loss. */
import { drawDistortion } from '../../../core/pretraining/distortion.ts'
import type { PretrainingNetwork } from '../../../core/pretraining/layout.ts'
import type { LossAndGradient } from '../../../core/pretraining/losses.ts'
import type { Kept } from '../../../core/pretraining/snapshot.ts'
import { LEARNING_RATE, type Pretraining } from '../../../core/pretraining/settings.ts'
import type { Kernels } from '../../kernels.ts'
import type { Write } from '../../pixels.ts'
import type { Distorter } from '../distort.ts'
import type { Descent, Learner, Onlooker } from '../learner.ts'
import { head } from '../pass.ts'

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
  /** Before the first step, or where it goes on with what it kept; `rest` is asked again and again. */
  begin?(rest: () => void | Promise<void>, from?: Kept): Promise<void>
  /** Returns the mean loss. */
  step(step: Step): number | Promise<number>
  /** What it has besides the parameters, for one that goes on from here; and whether that is what it would need. */
  kept?(): Promise<Kept>
  fits?(kept: Kept): boolean
  /** Only looks, and tells `seen`; of methods that have something to tell. */
  look?(ids: Uint32Array, epoch: number): void | Promise<void>
  end?(): void
}

/** Writes views 0 .. views - 1 of the images, [views x ids]: all first views, then all second ones. */
export function distorted<T>(
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

/** What the projection head makes of `count` images under some weights, [count, outputs]. */
export function projections<T>(
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
export function take<T>(
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
export function descend<T>(
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
