/**
 * The passes that every method of pretraining is made of: images to features and back, features through a head and
 * back. Convolutions and dense layers run on the kernels; the heads' batch normalisation, a few thousand numbers, on
 * the host in float64.
 */
import type { PretrainingNetwork } from '../../core/pretraining/layout.ts'
import type { HeadLayer } from '../../core/pretraining/methods/index.ts'
import type { Kernels } from '../kernels.ts'
import { trunk, trunkGradients } from '../network.ts'

export interface EncoderPass<T> {
  /** flattened features of the trunk [batch, features] */
  features: T
  /** gradients of the encoder's parameters, in their order, from that of the features */
  back(dFeatures: T): T[]
}

/** Images [batch, height, width, channel] through the trunk, with what the way back needs. */
export function encode<T>(
  k: Kernels<T>,
  { net }: PretrainingNetwork,
  parameters: readonly T[],
  images: T
): EncoderPass<T> {
  const passed = trunk(k, net, parameters, images, true)
  return { features: passed.features, back: d => trunkGradients(k, net, parameters, passed, d) }
}

export interface HeadPass<T> {
  output: T
  /** gradients of the head's parameters, in their order, and of its input */
  back(dOutput: T): { parameters: T[]; input: T }
}

/** Features [batch, inputs] through a head. `groups`: batch normalisation looks at each of so many equal parts alone. */
export function head<T>(
  k: Kernels<T>,
  layers: readonly HeadLayer[],
  parameters: readonly T[],
  input: T,
  batch: number,
  groups: number
): HeadPass<T> {
  const backs: ((d: T) => { parameters: T[]; input: T })[] = []
  let at = 0
  let x = input
  for (const { outputs, norm, relu } of layers) {
    const [weight, bias] = [parameters[at], parameters[at + 1]]
    const [scale, shift] = norm === 'affine' ? [parameters[at + 2], parameters[at + 3]] : [null, null]
    at += norm === 'affine' ? 4 : 2
    const from = x
    const y = k.dense(from, weight, bias, relu && norm === 'none')
    const normed = norm === 'none' ? null : batchNorm(k, y, scale, shift, batch, outputs, groups, relu)
    x = normed?.output ?? y
    backs.push(d => {
      const own = normed?.back(d)
      const dY = own?.input ?? (relu ? k.reluGradient(d, y) : d)
      const g = k.denseGradients(from, weight, dY)
      return { parameters: [g.weight, g.bias, ...(own?.parameters ?? [])], input: g.input }
    })
  }
  return {
    output: x,
    back(dOutput) {
      const gradients: T[] = []
      let d = dOutput
      for (const back of backs.toReversed()) {
        const own = back(d)
        gradients.unshift(...own.parameters)
        d = own.input
      }
      return { parameters: gradients, input: d }
    }
  }
}

const EPSILON = 1e-5

/** Ioffe and Szegedy 2015, with the batch's own moments (population variance), and a ReLU if asked for. */
function batchNorm<T>(
  k: Kernels<T>,
  tensor: T,
  scale: T | null,
  shift: T | null,
  batch: number,
  size: number,
  groups: number,
  relu: boolean
) {
  const x = k.values(tensor)
  const gamma = scale ? k.values(scale) : new Float32Array(size).fill(1)
  const beta = shift ? k.values(shift) : new Float32Array(size)
  const rows = batch / groups
  const standard = new Float64Array(batch * size)
  const inverse = new Float64Array(groups * size)
  for (let g = 0; g < groups; g++) {
    for (let j = 0; j < size; j++) {
      const first = g * rows * size + j
      const end = first + rows * size
      let mean = 0
      for (let at = first; at < end; at += size) mean += x[at] / rows
      let variance = 0
      for (let at = first; at < end; at += size) variance += ((x[at] - mean) * (x[at] - mean)) / rows
      const s = 1 / Math.sqrt(variance + EPSILON)
      inverse[g * size + j] = s
      for (let at = first; at < end; at += size) standard[at] = (x[at] - mean) * s
    }
  }
  const y = Float32Array.from(standard, (v, at) => {
    const value = gamma[at % size] * v + beta[at % size]
    return relu && value <= 0 ? 0 : value
  })
  const put = (values: Float32Array, rows: number) =>
    k.matrix(rows, values.length / rows, (to, start) => to.set(values, start))
  return {
    output: put(y, batch),
    back(dTensor: T): { parameters: T[]; input: T } {
      const d = k.values(dTensor)
      if (relu) for (let at = 0; at < d.length; at++) if (y[at] <= 0) d[at] = 0
      const [dGamma, dBeta] = [new Float64Array(size), new Float64Array(size)]
      const dX = new Float32Array(d.length)
      for (let g = 0; g < groups; g++) {
        for (let j = 0; j < size; j++) {
          const first = g * rows * size + j
          const end = first + rows * size
          let [sum, along] = [0, 0]
          for (let at = first; at < end; at += size) {
            sum += d[at]
            along += d[at] * standard[at]
          }
          dBeta[j] += sum
          dGamma[j] += along
          const factor = gamma[j] * inverse[g * size + j]
          for (let at = first; at < end; at += size)
            dX[at] = factor * (d[at] - sum / rows - (standard[at] * along) / rows)
        }
      }
      return {
        parameters: scale ? [put(Float32Array.from(dGamma), 1), put(Float32Array.from(dBeta), 1)] : [],
        input: put(dX, batch)
      }
    }
  }
}
