import { instanceLoss, updateBank } from '../../../core/pretraining/losses.ts'
import { BANK_MOMENTUM, instance as method } from '../../../core/pretraining/methods/instance.ts'
import { unitRows } from '../../../core/numeric/unit.ts'
import { isRow } from '../../../core/pretraining/snapshot.ts'
import { descend, distorted, projections, type Course, type Desk } from './course.ts'

/**
 * The memory bank begins with what the network, as it was drawn, makes of the images. (The authors' begins with noise, and a
 * row is replaced by halves once an epoch: 200 epochs outlive that, but in 20 the network learns first of all to say the same
 * of every image.)
 */
export function instance<T>(desk: Desk<T>): Course {
  const { temperature } = method
  const { learner, pretraining } = desk
  const size = desk.laid.outputs
  const bank = new Float64Array(desk.pool * size)
  return {
    async begin(rest, from) {
      if (from) return bank.set(from.bank as Float64Array)
      for (let from = 0; from < desk.pool; from += pretraining.batchSize) {
        await rest()
        const count = Math.min(pretraining.batchSize, desk.pool - from)
        const ids = Uint32Array.from({ length: count }, (_, i) => from + i)
        const outputs = await projections(desk, learner, count, distorted(desk, ids, 0))
        bank.set(unitRows(outputs, size).rows, from * size)
      }
    },
    kept: async () => ({ bank: bank.slice() }),
    fits: kept => isRow(kept.bank, Float64Array, bank.length),
    step: step =>
      descend(desk, step, 1, distorted, outputs => {
        const result = instanceLoss(outputs, step.ids, bank, size, temperature)
        updateBank(bank, step.ids, outputs, size, BANK_MOMENTUM)
        return result
      })
  }
}
