/**
 * What one step of each pretraining minimises, as a function of the parameters, in float64 from the definitions: the
 * trunk of reference.ts, heads with batch normalisation, the losses of tests/pretraining/slow.ts. Its finite
 * differences say what the engine's gradients must be.
 */
import type { HeadLayer, PretrainingNetwork } from '../../src/core/pretraining/layout.ts'
import * as slow from '../pretraining/slow.ts'
import * as reference from './reference.ts'

const EPSILON = 1e-5

/** Flattened trunk features of images [batch, features]. */
export function features(
  laid: PretrainingNetwork,
  parameters: reference.Matrix[],
  images: reference.Matrix,
  batch: number
) {
  let x = images
  laid.net.channels.forEach((out, l) => {
    const map = laid.net.maps[l]
    const y = reference.conv(x, parameters[2 * l], parameters[2 * l + 1], batch, map, out)
    x = reference.reluPool(y, batch, map.height, map.width, out).pooled
  })
  return x
}

/** A head on rows; batch normalisation looks at each of `groups` equal parts of the batch alone. */
export function head(
  layers: readonly HeadLayer[],
  parameters: reference.Matrix[],
  input: reference.Matrix,
  batch: number,
  groups: number
) {
  let x = input
  let at = 0
  for (const { outputs, norm, relu } of layers) {
    x = reference.dense(x, parameters[at], parameters[at + 1], batch, false)
    if (norm !== 'none') {
      const rows = batch / groups
      const before = x
      x = before.map((v, i) => {
        const [group, j] = [Math.floor(i / (rows * outputs)), i % outputs]
        const column = Array.from({ length: rows }, (_, r) => before[(group * rows + r) * outputs + j])
        const mean = column.reduce((a, b) => a + b, 0) / rows
        const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows
        const standard = (v - mean) / Math.sqrt(variance + EPSILON)
        return norm === 'affine' ? standard * parameters[at + 2][j] + parameters[at + 3][j] : standard
      })
    }
    if (relu) x = x.map(v => Math.max(v, 0))
    at += norm === 'affine' ? 4 : 2
  }
  return x
}

/** Outputs of the projection head. */
export function project(
  laid: PretrainingNetwork,
  flat: ArrayLike<number>,
  images: reference.Matrix,
  batch: number,
  groups = 1
) {
  const parameters = reference.split(laid.net, flat)
  const own = parameters.slice(laid.at.projection)
  return head(laid.projection, own, features(laid, parameters, images, batch), batch, groups)
}

/** The symmetric SimSiam loss of two views, [first views, second views]; `stopped` are the projections' parameters held still. */
export function simsiam(
  laid: PretrainingNetwork,
  flat: ArrayLike<number>,
  stopped: ArrayLike<number>,
  images: reference.Matrix,
  batch: number
) {
  const parameters = reference.split(laid.net, flat)
  const z = project(laid, flat, images, batch, 2)
  const p = slow.rowsOf(
    head(laid.prediction, parameters.slice(laid.at.prediction), z, batch, 2),
    laid.outputs
  )
  const target = slow.rowsOf(project(laid, stopped, images, batch, 2), laid.outputs)
  const n = batch / 2
  // Chen and He, equation 2, batch mean: D(p1, z2) / 2 + D(p2, z1) / 2
  return (
    slow.negativeCosine(p.slice(0, n), target.slice(n)) / 2 +
    slow.negativeCosine(p.slice(n), target.slice(0, n)) / 2
  )
}
