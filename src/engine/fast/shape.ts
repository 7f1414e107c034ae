/**
 * How a network lies in the GPU's memory. Channels come in fours (vec4): every channel count is filled up to a multiple
 * of four with weights that are zero and stay zero (their gradients are), so one set of kernels serves any network.
 * Maps are stored channel block by channel block, [batch, channel / 4, row, column] of vec4, with a border of zeros
 * where a 3x3 convolution reads beyond the edge; the features that the dense layer reads have no border.
 * One channel at the input stays one channel; three are stored as four.
 */
import type { Architecture } from '../../core/network.ts'

export interface BlockShape {
  /** input map, without its border */
  height: number
  width: number
  /** channels of the input as stored: 1, or a multiple of 4 */
  in: number
  /** output channels as stored */
  out: number
  /** output channels of the network */
  channels: number
  /** pooled map */
  h: number
  w: number
}

/** One slice of the flat parameters, in floats as stored. */
export interface Slice {
  offset: number
  size: number
}

export interface Shape {
  net: Architecture
  blocks: BlockShape[]
  /** pooled cells of the last block */
  cells: number
  /** features, hidden units and classes as stored */
  features: number
  hidden: number
  classes: number
  /** in the order of net.parameters */
  slices: Slice[]
  /** parameters of one replica in floats as stored */
  size: number
  /** where parameter i of the network lies, [net.size] */
  place: Uint32Array
}

export const fours = (n: number): number => Math.ceil(n / 4) * 4

/** Floats of one image's input as stored, border included. */
export const inputSize = ({ blocks: [first] }: Shape): number =>
  (first.height + 2) * (first.width + 2) * first.in

/** Floats of one image's pooled map of a block as stored: with a border, unless it is the last. */
export function pooledSize(shape: Shape, block: number): number {
  const { h, w, out } = shape.blocks[block]
  return block === shape.blocks.length - 1 ? h * w * out : (h + 2) * (w + 2) * out
}

export function shapeOf(net: Architecture): Shape {
  const blocks: BlockShape[] = net.channels.map((channels, l) => {
    const { height, width, channels: into } = net.maps[l]
    return {
      height,
      width,
      in: l === 0 && into === 1 ? 1 : fours(into),
      out: fours(channels),
      channels,
      h: height >> 1,
      w: width >> 1
    }
  })
  const last = blocks[blocks.length - 1]
  const cells = last.h * last.w
  const [features, hidden, classes] = [cells * last.out, fours(net.hidden), fours(net.classes)]
  const sizes = blocks.flatMap(b => [9 * b.in * b.out, b.out])
  sizes.push(features * hidden, hidden, hidden * classes, classes)
  const slices: Slice[] = []
  let size = 0
  for (const own of sizes) {
    slices.push({ offset: size, size: own })
    size += own
  }
  const shape = { net, blocks, cells, features, hidden, classes, slices, size, place: new Uint32Array(0) }
  return { ...shape, place: places(shape) }
}

/** Feature f (row, column, channel of the last map) as stored. */
export function featurePlace({ blocks, cells }: Pick<Shape, 'blocks' | 'cells'>, f: number): number {
  const { channels } = blocks[blocks.length - 1]
  const [cell, c] = [Math.floor(f / channels), f % channels]
  return ((c >> 2) * cells + cell) * 4 + (c & 3)
}

function places(shape: Shape): Uint32Array {
  const { net, blocks, slices } = shape
  const out = new Uint32Array(net.size)
  const dense = 2 * blocks.length
  net.parameters.forEach((p, k) => {
    const columns = p.shape[p.shape.length - 1]
    const stored = k < dense ? blocks[k >> 1].out : k < dense + 2 ? shape.hidden : shape.classes
    for (let i = 0; i < p.size; i++) {
      let row = Math.floor(i / columns)
      if (k < dense && k % 2 === 0) {
        const into = p.shape[2]
        row = Math.floor(row / into) * blocks[k >> 1].in + (row % into)
      } else if (k === dense) row = featurePlace(shape, row)
      out[p.offset + i] = slices[k].offset + row * stored + (i % columns)
    }
  })
  return out
}

/** The network's flat parameters as stored, [size]. */
export function pack(shape: Shape, weights: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(shape.size)
  for (let i = 0; i < weights.length; i++) out[shape.place[i]] = weights[i]
  return out
}

/** The inverse of `pack`. `from`: where the replica begins. */
export function unpack(shape: Shape, stored: Float32Array, from = 0): Float32Array<ArrayBuffer> {
  const out = new Float32Array(shape.net.size)
  for (let i = 0; i < out.length; i++) out[i] = stored[from + shape.place[i]]
  return out
}

/** Floats of the transposed convolution weights of one replica: all blocks but the first. */
export const transposedSize = ({ blocks }: Shape): number =>
  blocks.slice(1).reduce((sum, b) => sum + 9 * b.in * b.out, 0)

/** The convolution weights of all blocks but the first as [tap, out, in], from the parameters as stored. */
export function transposed(shape: Shape, stored: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(transposedSize(shape))
  let at = 0
  shape.blocks.forEach((b, l) => {
    if (l === 0) return
    const { offset } = shape.slices[2 * l]
    for (let tap = 0; tap < 9; tap++)
      for (let o = 0; o < b.out; o++)
        for (let i = 0; i < b.in; i++) out[at++] = stored[offset + (tap * b.in + i) * b.out + o]
  })
  return out
}
