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
    step: step =>
      descend(desk, step, 2, distorted, outputs => {
        tell(step.ids, outputs)
        return ntXent(outputs, size, temperature)
      }),
    look: async (ids, epoch) =>
      tell(ids, await projections(desk, learner, 2 * ids.length, distorted(desk, ids, epoch)))
  }
}
