/**
 * The product 'encoder': what an encoder makes of every image of the pool. Its flattened features are reduced to their first
 * 64 principal components, as many as the pixels have: so the two bases differ in what they know and not in their length,
 * and distances stay cheap. As with the pixels of an image, each component of the features keeps its own variance: equal ones
 * would make those that hardly ever move, most of them noise, as loud as the others (measured: one to four points of kNN).
 */
import type { Features } from '../../core/features.ts'
import { architecture, type Network } from '../../core/network.ts'
import { principalCoordinates } from '../../core/numeric/pca.ts'
import { COMPONENTS } from '../../core/pixelFeatures.ts'
import { Purpose, rootKey } from '../../core/random.ts'
import { normalisation } from '../../core/view.ts'
import { embed } from '../embed.ts'
import type { Kernels } from '../kernels.ts'
import { Pixels } from '../pixels.ts'
import type { PretrainingView } from './pretrain.ts'

/** [pool, min(64, features of the trunk)]. `weights`: the encoder's, in the order of the layout. */
export async function represent<T>(
  k: Kernels<T>,
  { shape, pool }: Pick<PretrainingView, 'shape' | 'pool'>,
  network: Network,
  weights: Float32Array
): Promise<Features> {
  const net = architecture(network, shape, 1)
  const parameters = new Float32Array(net.size)
  parameters.set(weights)
  const pixels = new Pixels(pool.images, shape, normalisation(pool.images, shape.channels))
  const all = Uint32Array.from({ length: pool.labels.length }, (_, i) => i)
  const state = k.createState(net, parameters, false)
  try {
    const rows = await embed(k, net, state, pixels, all, () => {})
    const size = Math.min(COMPONENTS, net.features)
    const scale = new Float64Array(net.features).fill(1)
    return {
      size,
      values: principalCoordinates(
        { values: rows, size: net.features, scale },
        size,
        rootKey(0, Purpose.features)
      )
    }
  } finally {
    k.freeState(state)
  }
}
