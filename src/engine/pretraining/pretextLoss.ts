/**
 * How hard the pretext task is on each image: after a rotation pretraining, the mean cross-entropy over the four quarter
 * turns of the image as it is, undistorted (PT4AL's loss; Yi et al., ECCV 2022).
 */
import { quarterTurn } from '../../core/pretraining/distortion.ts'
import type { PretrainingNetwork } from '../../core/pretraining/layout.ts'
import { classLoss } from '../../core/pretraining/losses.ts'
import type { Kernels, State } from '../kernels.ts'
import { trunkFeatures } from '../network.ts'
import type { Distorter } from './distort.ts'
import { head } from './pass.ts'

const TURNS = [0, 1, 2, 3]

/** (1/4) sum_r CE(r, g(rot_r x)) of images 0 .. count - 1, [count], in nats. `rest` is asked before each chunk. */
export async function rotationLosses<T>(
  k: Kernels<T>,
  laid: PretrainingNetwork,
  state: State<T>,
  distorter: Distorter,
  count: number,
  rest: () => void | Promise<void>
): Promise<Float32Array> {
  const places = TURNS.map(turn => quarterTurn(turn, distorter.shape))
  const losses = new Float32Array(count)
  const size = Math.max(1, k.chunk(laid.net) >> 2)
  for (let start = 0; start < count; start += size) {
    await rest()
    const images = Math.min(size, count - start)
    // images beyond the chunk's own repeat its first, where the kernels want full chunks
    const filled = k.padTail ? size : images
    const outputs = await k.scope(() => {
      const parameters = state.parameters()
      const input = k.input(4 * filled, laid.net.input, target => {
        for (let slot = 0; slot < 4 * filled; slot++) {
          const image = slot >> 2 < images ? slot >> 2 : 0
          distorter.write(target, slot, start + image, { place: places[slot & 3] })
        }
      })
      const features = trunkFeatures(k, laid.net, parameters, input)
      const own = parameters.slice(laid.at.projection)
      const { output } = head(k, laid.projection, own, features, 4 * filled, 1)
      return k.read(output, 4 * images)
    })
    for (let i = 0; i < images; i++)
      losses[start + i] = classLoss(outputs.subarray(16 * i, 16 * (i + 1)), TURNS, TURNS.length).loss
  }
  return losses
}
