/**
 * The family of networks: blocks of conv 3x3 'same' + ReLU + 2x2 max-pool, dropout on the flattened features,
 * dense + ReLU, dense to the classes. No batch normalisation: a training must not depend on who shares its batch.
 * All parameters live in one flat float32 array in the order that `layout` gives.
 */

/** Size of the images: rows, columns, channels. */
export interface ImageShape {
  height: number
  width: number
  channels: number
}

export interface Network {
  /** channels of each conv block, e.g. [16, 32, 64] */
  channels: readonly number[]
  /** units of the hidden dense layer: the embedding */
  hidden: number
}

/** The networks one can choose by name. */
export const networks = {
  small: { channels: [8, 16, 32], hidden: 64 },
  reference: { channels: [16, 32, 64], hidden: 64 },
  large: { channels: [32, 64, 128], hidden: 128 }
} as const satisfies Record<string, Network>

export type NetworkName = keyof typeof networks

export interface ParameterSlice {
  name: string
  /** conv weights [3, 3, in, out]; dense weights [in, out]; biases [out] */
  shape: readonly number[]
  offset: number
  size: number
  fanIn: number
}

export interface Architecture extends Network {
  input: ImageShape
  classes: number
  /** the input of each block, then of the flatten: [height, width, channels] */
  maps: readonly ImageShape[]
  /** length of the flattened trunk output (dropout acts on it), index order [row, column, channel] */
  features: number
  parameters: readonly ParameterSlice[]
  /** number of parameters in all */
  size: number
}

/** Lays a network out for one input shape and class count. Throws RangeError if the image is too small for its blocks. */
export function architecture(network: Network, input: ImageShape, classes: number): Architecture {
  const maps: ImageShape[] = [input]
  const parameters: ParameterSlice[] = []
  let offset = 0
  const add = (name: string, shape: number[], fanIn: number) => {
    const size = shape.reduce((a, b) => a * b, 1)
    parameters.push({ name, shape, offset, size, fanIn })
    offset += size
  }
  network.channels.forEach((out, i) => {
    const { height, width, channels } = maps[i]
    const pooled = { height: height >> 1, width: width >> 1, channels: out }
    if (!pooled.height || !pooled.width)
      throw new RangeError(
        `images of ${input.height}x${input.width} are too small for ${network.channels.length} blocks`
      )
    add(`conv${i + 1}.weight`, [3, 3, channels, out], 9 * channels)
    add(`conv${i + 1}.bias`, [out], 9 * channels)
    maps.push(pooled)
  })
  const last = maps[maps.length - 1]
  const features = last.height * last.width * last.channels
  add('hidden.weight', [features, network.hidden], features)
  add('hidden.bias', [network.hidden], features)
  add('out.weight', [network.hidden, classes], network.hidden)
  add('out.bias', [classes], network.hidden)
  return { ...network, input, classes, maps, features, parameters, size: offset }
}

/**
 * The same network with parameters of its own behind: heads that a recipe adds. They are drawn as all others are
 * (core/law.ts's initialWeights), so those of the network stay what they were.
 */
export function withParameters(
  net: Architecture,
  more: readonly Pick<ParameterSlice, 'name' | 'shape' | 'fanIn'>[]
): Architecture {
  const parameters = [...net.parameters]
  let offset = net.size
  for (const p of more) {
    const size = p.shape.reduce((a, b) => a * b, 1)
    parameters.push({ ...p, offset, size })
    offset += size
  }
  return { ...net, parameters, size: offset }
}

/**
 * Softmax regression on vectors of `features` numbers, laid out as a network without blocks whose embedding are the
 * features themselves: weights [features, classes], then biases.
 */
export function linearArchitecture(features: number, classes: number): Architecture {
  const input = { height: 1, width: features, channels: 1 }
  const weight = features * classes
  return {
    channels: [],
    hidden: features,
    input,
    classes,
    maps: [input],
    features,
    parameters: [
      { name: 'out.weight', shape: [features, classes], offset: 0, size: weight, fanIn: features },
      { name: 'out.bias', shape: [classes], offset: weight, size: classes, fanIn: features }
    ],
    size: weight + classes
  }
}
