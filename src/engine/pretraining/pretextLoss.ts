/**
 * How hard the pretext task is on each image: after a rotation pretraining, the mean cross-entropy over the four quarter
 * turns of the image as it is, undistorted (PT4AL's loss; Yi et al., ECCV 2022).
 */
import { quarterTurn } from '../../core/pretraining/distortion.ts'
import type { PretrainingNetwork } from '../../core/pretraining/layout.ts'
import { classLoss } from '../../core/pretraining/losses.ts'
import type { Kernels } from '../kernels.ts'
import type { Write } from '../pixels.ts'
import type { Distorter } from './distort.ts'
import type { Learner } from './learner.ts'
import { head } from './pass.ts'

const TURNS = [0, 1, 2, 3]

/** (1/4) sum_r CE(r, g(rot_r x)) of images 0 .. count - 1, [count], in nats. `rest` is asked before each chunk. */
export async function rotationLosses<T>(
  k: Kernels<T>,
  laid: PretrainingNetwork,
  learner: Learner<T>,
  distorter: Distorter,
  count: number,
  rest: () => void | Promise<void>
): Promise<Float32Array> {
  const places = TURNS.map(turn => quarterTurn(turn, distorter.shape))
  const losses = new Float32Array(count)
  const size = Math.max(1, learner.chunk >> 2)
  for (let start = 0; start < count; start += size) {
    await rest()
    const images = Math.min(size, count - start)
    const write: Write = (target, slot) =>
      distorter.write(target, slot, start + (slot >> 2), { place: places[slot & 3] })
    const outputs = await learner.look(4 * images, write, (features, heads) =>
      k.values(head(k, laid.projection, heads, features, 4 * images, 1).output)
    )
    for (let i = 0; i < images; i++)
      losses[start + i] = classLoss(outputs.subarray(16 * i, 16 * (i + 1)), TURNS, TURNS.length).loss
  }
  return losses
}
