/**
 * A learner whose trunk is on the GPU, where nearly all of the work is; the heads, some thousand numbers, and the losses stay
 * on the host's kernels. Each step reads features back once and uploads their gradient.
 */
import type { PretrainingNetwork } from '../../core/pretraining/layout.ts'
import type { Gpu } from '../fast/gpu.ts'
import { GpuTrunk } from '../fast/trunk.ts'
import type { Kernels, State } from '../kernels.ts'
import type { Write } from '../pixels.ts'
import { momentsOf, type Learner, type Onlooker, type Start } from './learner.ts'

/** Images that are looked at together, where the device has room. */
const MOST = 512

/** Parameters of the trunk, and after them those of the heads. */
function joined(trunk: Float32Array, heads: Float32Array): Float32Array {
  const all = new Float32Array(trunk.length + heads.length)
  all.set(trunk)
  all.set(heads, trunk.length)
  return all
}

/** Rejects with an EngineError if the GPU has no room or is lost. */
export async function gpuLearner<T>(
  gpu: Gpu,
  k: Kernels<T>,
  laid: PretrainingNetwork,
  start: Start
): Promise<Learner<T>> {
  const { net, encoderSize } = laid
  const { features } = net
  const network = { channels: net.channels, hidden: net.hidden }
  const { weights } = start
  const moments = momentsOf(start)
  const trunk = await GpuTrunk.open(gpu, network, net.input, weights, moments === true ? undefined : moments)
  const chunk = trunk.together(MOST)
  const headNet = {
    ...net,
    parameters: net.parameters.slice(laid.at.projection).map(p => ({ ...p, offset: p.offset - encoderSize })),
    size: net.size - encoderSize
  }
  const heads = k.createState(headNet, weights.subarray(encoderSize), momentsOf(start, encoderSize))
  const put = (values: Float32Array) =>
    k.matrix(values.length / features, features, (to, start) => to.set(values, start))
  const onlooker = (own: GpuTrunk, state: State<T>): Onlooker<T> => ({
    async look(count, write, work) {
      const seen = await own.look(count, write, Math.max(count, chunk))
      return k.scope(() => work(put(seen), state.parameters()))
    }
  })
  return {
    ...onlooker(trunk, heads),
    chunk,
    async step(count, write, t, learningRate, work, next) {
      const pass = await trunk.step(count, write, t, learningRate, next)
      const { loss, gradient } = k.scope(() => {
        const left = work(put(pass.features), heads.parameters())
        k.adam(heads, left.heads, learningRate, t)
        return { loss: left.loss, gradient: k.values(left.features) }
      })
      pass.descend(gradient)
      return loss
    },
    async follower(weights) {
      const own = await trunk.follower(weights)
      const state = k.createState(
        headNet,
        weights?.subarray(encoderSize) ?? new Float32Array(headNet.size),
        false
      )
      if (!weights) k.blend(state, heads, 0)
      return {
        ...onlooker(own, state),
        async blend(share) {
          k.blend(state, heads, share)
          await own.blend(trunk, share)
        },
        weights: async () => joined(await own.weights(), await k.readWeights(state)),
        end() {
          own.dispose()
          k.freeState(state)
        }
      }
    },
    heads: work => k.scope(() => work(heads.parameters())),
    async embed(pixels, rows, rest) {
      const out = new Float32Array(rows.length * features)
      for (let start = 0; start < rows.length; start += chunk) {
        await rest()
        const own = rows.subarray(start, start + chunk)
        const write: Write = (target, slot) => pixels.write(target, slot, own[slot])
        const values = await trunk.look(own.length, write, chunk)
        out.set(values, start * features)
      }
      return out
    },
    weights: () => trunk.weights(),
    async learned() {
      const weights = joined(await trunk.weights(), await k.readWeights(heads))
      const [first, second] = [await trunk.moments(), await k.readMoments(heads)]
      return {
        weights,
        moments: joined(first.moments, second.moments),
        squares: joined(first.squares, second.squares)
      }
    },
    end() {
      trunk.dispose()
      k.freeState(heads)
    }
  }
}
