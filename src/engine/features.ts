/**
 * The features that linear evaluation works on: an encoder's of all images of a view, or the view's own. Made once and
 * kept as long as the view; standardised by the moments of the pool.
 */
import type { Variation } from '../core/law.ts'
import { architecture } from '../core/network.ts'
import { momentsOf, standardised, type Moments } from '../core/pretraining/monitor.ts'
import type { Recipe } from '../core/recipe.ts'
import { featureLength, type View } from '../core/view.ts'
import { embed } from './embed.ts'
import type { Kernels } from './kernels.ts'
import type { Pixels } from './pixels.ts'

export interface FeatureTable {
  /** length of a vector */
  size: number
  /** standardised [pool, size] */
  pool: Float32Array
  /** standardised by the same moments [test, size] */
  test: Float32Array
  /** of some pool images, varied, [rows, size]. Throws RangeError where there are no images. */
  varied(rows: Uint32Array, variation: Variation, rest: () => void | Promise<void>): Promise<Float32Array>
}

const rowsUpTo = (n: number) => Uint32Array.from({ length: n }, (_, i) => i)

/** The features a data set consists of. */
export function ownFeatures(view: View): FeatureTable {
  const size = featureLength(view)!
  const moments = momentsOf(view.pool.features!, size)
  return {
    size,
    pool: standardised(view.pool.features!, moments),
    test: standardised(view.test.features!, moments),
    varied: () => Promise.reject(new RangeError('features cannot be shifted or mirrored'))
  }
}

/** Features of a view's images under an encoder's weights, for the network of a recipe. */
export async function encodedFeatures<T>(
  k: Kernels<T>,
  recipe: Recipe,
  weights: Float32Array,
  view: View,
  pool: Pixels,
  test: Pixels,
  rest: () => void | Promise<void>
): Promise<FeatureTable> {
  const net = architecture(recipe.network, view.shape, view.classNames.length)
  const all = new Float32Array(net.size)
  all.set(weights)
  const of = async (
    pixels: Pixels,
    rows: Uint32Array,
    rest: () => void | Promise<void>,
    variation?: Variation
  ) => {
    const state = k.createState(net, all, false)
    try {
      return await embed(k, net, state, pixels, rows, rest, variation)
    } finally {
      k.freeState(state)
    }
  }
  const ofPool = await of(pool, rowsUpTo(pool.count), rest)
  const moments: Moments = momentsOf(ofPool, net.features)
  return {
    size: net.features,
    pool: standardised(ofPool, moments),
    test: standardised(await of(test, rowsUpTo(test.count), rest), moments),
    varied: async (rows, variation, rest) => standardised(await of(pool, rows, rest, variation), moments)
  }
}
