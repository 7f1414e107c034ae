/**
 * The network of a pretraining: a classifier's trunk, which is the encoder, and the method's heads on its flattened
 * features. What is kept is what lies before the head (SimCLR: the head's own layers forget what their loss does not
 * ask for). The encoder's parameters come first, as they do in a classifier.
 */
import { architecture, type Architecture, type ImageShape, type Network } from '../network.ts'
import { initialWeights } from '../law.ts'
import { methods, type HeadLayer } from './methods/index.ts'
import type { Pretraining } from './settings.ts'

export interface PretrainingNetwork {
  /** parameters of the encoder, the projection head, the predictor; `hidden` and `classes` mean nothing here */
  net: Architecture
  /** parameters that make the encoder */
  encoderSize: number
  projection: readonly HeadLayer[]
  /** SimSiam's predictor */
  prediction: readonly HeadLayer[]
  /** index of the first parameter of each head */
  at: { projection: number; prediction: number }
  /** length of what the loss sees */
  outputs: number
}

/** Number of parameters of the trunk. */
export function encoderSize(network: Network, shape: ImageShape): number {
  const { parameters, channels } = architecture(network, shape, 1)
  return parameters[2 * channels.length].offset
}

/** Lays the network out. Throws RangeError if the image is too small for the network's blocks. */
export function pretrainingNetwork(
  { method, network }: Pick<Pretraining, 'method' | 'network'>,
  shape: ImageShape
): PretrainingNetwork {
  const classifier = architecture(network, shape, 1)
  const parameters = classifier.parameters.slice(0, 2 * classifier.channels.length)
  let offset = encoderSize(network, shape)
  const size = offset
  const add = (name: string, shape: number[], fanIn: number) => {
    const length = shape.reduce((a, b) => a * b, 1)
    parameters.push({ name, shape, offset, size: length, fanIn })
    offset += length
  }
  const { projection, prediction } = methods[method].heads(classifier.features, network.hidden)
  const addHead = (name: string, head: HeadLayer[]) => {
    const first = parameters.length
    head.forEach(({ inputs, outputs, norm }, i) => {
      add(`${name}${i + 1}.weight`, [inputs, outputs], inputs)
      add(`${name}${i + 1}.bias`, [outputs], inputs)
      if (norm === 'affine') {
        add(`${name}${i + 1}.scale`, [outputs], inputs)
        add(`${name}${i + 1}.shift`, [outputs], inputs)
      }
    })
    return first
  }
  const at = { projection: addHead('projection', projection), prediction: addHead('prediction', prediction) }
  const net = { ...classifier, parameters, size: offset }
  return {
    net,
    encoderSize: size,
    projection,
    prediction,
    at,
    outputs: projection[projection.length - 1].outputs
  }
}

/** Initial parameters: the law's uniform draw with label count 0; scales 1, shifts 0. */
export function pretrainingWeights({ net }: PretrainingNetwork, seed: number): Float32Array {
  const weights = initialWeights(net, seed, 0)
  for (const p of net.parameters) {
    if (p.name.endsWith('.scale')) weights.fill(1, p.offset, p.offset + p.size)
    if (p.name.endsWith('.shift')) weights.fill(0, p.offset, p.offset + p.size)
  }
  return weights
}
