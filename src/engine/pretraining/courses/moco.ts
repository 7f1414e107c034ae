import { infoNce } from '../../../core/pretraining/losses.ts'
import { methods } from '../../../core/pretraining/methods/index.ts'
import { MOMENTUM, queueLength } from '../../../core/pretraining/methods/moco.ts'
import { unitRows } from '../../../core/numeric/unit.ts'
import { derive, Purpose, rootKey, Stream } from '../../../core/random.ts'
import type { Follower, Onlooker } from '../learner.ts'
import { isPlace, isRow } from '../../../core/pretraining/snapshot.ts'
import { descend, distorted, projections, type Course, type Desk } from './course.ts'

/** Unit rows in random directions, [count, size]: what queues begin with. */
export function randomRows(count: number, size: number, seed: number): Float64Array {
  const stream = new Stream(derive(rootKey(seed, Purpose.pretraining), 5))
  return unitRows(
    Float64Array.from({ length: count * size }, () => stream.bell()),
    size
  ).rows
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** The key encoder follows before it encodes; the keys enter the queue after the loss, over the oldest. */
export function moco<T>(desk: Desk<T>): Course {
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
    async begin(_rest, from) {
      follower = await learner.follower(from?.follower as Float32Array | undefined)
      if (!from) return
      queue.set(from.queue as Float64Array)
      oldest = from.oldest as number
    },
    fits: kept =>
      isRow(kept.follower, Float32Array, laid.net.size) &&
      isRow(kept.queue, Float64Array, queue.length) &&
      isPlace(kept.oldest, length),
    kept: async () => ({ follower: await follower!.weights(), queue: queue.slice(), oldest }),
    async look(ids, epoch) {
      const queries = await project(learner, ids, epoch, 0)
      tell(ids, queries, await project(follower!, ids, epoch, 1))
    },
    async step(step) {
      const { ids, epoch } = step
      await follower!.blend(MOMENTUM)
      const keys = await project(follower!, ids, epoch, 1)
      let queries: Float32Array
      const loss = await descend(desk, step, 1, distorted, outputs => {
        queries = outputs
        return infoNce(outputs, keys, queue, size, temperature)
      })
      // a GPU is on its way back by then
      tell(ids, unitRows(queries!, size).rows, keys)
      for (let i = 0; i < ids.length; i++) {
        queue.set(keys.subarray(i * size, (i + 1) * size), oldest * size)
        oldest = (oldest + 1) % length
      }
      return loss
    }
  }
}
