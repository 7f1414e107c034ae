import { ntXent } from '../../../core/pretraining/losses.ts'
import { simclr as method } from '../../../core/pretraining/methods/simclr.ts'
import { unitRows } from '../../../core/numeric/unit.ts'
import { descend, distorted, projections, type Course, type Desk } from './course.ts'

export function simclr<T>(desk: Desk<T>): Course {
  const { temperature } = method
  const { laid, learner } = desk
  const size = laid.outputs
  const tell = (ids: Uint32Array, outputs: ArrayLike<number>) =>
    desk.seen?.(ids, unitRows(outputs, size).rows)
  return {
    step(step) {
      let seen: Float32Array
      const loss = descend(desk, step, 2, distorted, outputs => {
        seen = outputs
        return ntXent(outputs, size, temperature)
      })
      // a GPU is on its way back by then
      const told = (loss: number) => {
        tell(step.ids, seen)
        return loss
      }
      return typeof loss === 'number' ? told(loss) : loss.then(told)
    },
    look: async (ids, epoch) =>
      tell(ids, await projections(desk, learner, 2 * ids.length, distorted(desk, ids, epoch)))
  }
}
