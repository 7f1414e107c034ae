/**
 * The network in plain float64 TypeScript, written from the definitions alone: dense loops, no tricks, nothing shared
 * with the engine but the law. It says what every backend must compute. Gradients are checked against finite
 * differences in reference.test.ts.
 */
import {
  augmentation,
  Batches,
  dropoutKey,
  initialWeights,
  trainingMask,
  type Variation
} from '../../src/core/law.ts'
import type { Architecture, ImageShape } from '../../src/core/network.ts'
import { ADAM, trainingSteps, type Recipe } from '../../src/core/recipe.ts'
import type { Normalisation } from '../../src/core/view.ts'

export type Matrix = Float64Array<ArrayBuffer>

/** One image as the network sees it: moved, mirrored, then normalised. */
export function pixel(
  images: Uint8Array,
  shape: ImageShape,
  norm: Normalisation,
  id: number,
  v: Variation,
  y: number,
  x: number,
  c: number
): number {
  const column = v.mirror ? shape.width - 1 - x : x
  const [fromY, fromX] = [y - v.dy, column - v.dx]
  const inside = fromY >= 0 && fromY < shape.height && fromX >= 0 && fromX < shape.width
  const byte = inside ? images[((id * shape.height + fromY) * shape.width + fromX) * shape.channels + c] : 0
  return (byte / 255 - norm.mean[c]) / norm.deviation[c]
}

export function inputs(
  images: Uint8Array,
  shape: ImageShape,
  norm: Normalisation,
  ids: ArrayLike<number>,
  variation: (id: number) => Variation
): Matrix {
  const { height, width, channels } = shape
  const out = new Float64Array(ids.length * height * width * channels)
  let at = 0
  for (let i = 0; i < ids.length; i++) {
    const v = variation(ids[i])
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) out[at++] = pixel(images, shape, norm, ids[i], v, y, x, c)
      }
    }
  }
  return out
}

/** conv 3x3 'same' + bias: x [batch, h, w, in], weight [3, 3, in, out]. */
export function conv(
  x: Matrix,
  weight: Matrix,
  bias: Matrix,
  batch: number,
  map: ImageShape,
  out: number
): Matrix {
  const { height, width, channels } = map
  const y = new Float64Array(batch * height * width * out)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let o = 0; o < out; o++) {
          let sum = bias[o]
          for (let ky = 0; ky < 3; ky++) {
            for (let kx = 0; kx < 3; kx++) {
              const [u, v] = [i + ky - 1, j + kx - 1]
              if (u < 0 || v < 0 || u >= height || v >= width) continue
              for (let c = 0; c < channels; c++) {
                sum +=
                  x[((b * height + u) * width + v) * channels + c] *
                  weight[((ky * 3 + kx) * channels + c) * out + o]
              }
            }
          }
          y[((b * height + i) * width + j) * out + o] = sum
        }
      }
    }
  }
  return y
}

export interface BlockResult {
  pooled: Matrix
  /** index into the conv output of each pooled value's pixel; -1 where ReLU is silent */
  winners: Int32Array
}

/** ReLU and 2x2 max-pool of y [batch, h, w, out]; the first of equal maxima wins. */
export function reluPool(y: Matrix, batch: number, height: number, width: number, out: number): BlockResult {
  const [h, w] = [height >> 1, width >> 1]
  const pooled = new Float64Array(batch * h * w * out)
  const winners = new Int32Array(pooled.length)
  let at = 0
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < h; i++) {
      for (let j = 0; j < w; j++) {
        for (let o = 0; o < out; o++, at++) {
          winners[at] = -1
          for (const [di, dj] of [
            [0, 0],
            [0, 1],
            [1, 0],
            [1, 1]
          ]) {
            const from = ((b * height + 2 * i + di) * width + 2 * j + dj) * out + o
            if (y[from] > pooled[at]) {
              pooled[at] = y[from]
              winners[at] = from
            }
          }
        }
      }
    }
  }
  return { pooled, winners }
}

/** Gradients of conv + ReLU + pool from dPooled. */
export function blockGradients(
  x: Matrix,
  weight: Matrix,
  winners: Int32Array,
  dPooled: Matrix,
  batch: number,
  map: ImageShape,
  out: number
): { weight: Matrix; bias: Matrix; input: Matrix } {
  const { height, width, channels } = map
  const dY = new Float64Array(batch * height * width * out)
  winners.forEach((to, at) => {
    if (to >= 0) dY[to] += dPooled[at]
  })
  const gradients = {
    weight: new Float64Array(weight.length),
    bias: new Float64Array(out),
    input: new Float64Array(x.length)
  }
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let o = 0; o < out; o++) {
          const d = dY[((b * height + i) * width + j) * out + o]
          gradients.bias[o] += d
          for (let ky = 0; ky < 3; ky++) {
            for (let kx = 0; kx < 3; kx++) {
              const [u, v] = [i + ky - 1, j + kx - 1]
              if (u < 0 || v < 0 || u >= height || v >= width) continue
              for (let c = 0; c < channels; c++) {
                const at = ((b * height + u) * width + v) * channels + c
                const by = ((ky * 3 + kx) * channels + c) * out + o
                gradients.weight[by] += d * x[at]
                gradients.input[at] += d * weight[by]
              }
            }
          }
        }
      }
    }
  }
  return gradients
}

export function dense(x: Matrix, weight: Matrix, bias: Matrix, batch: number, relu: boolean): Matrix {
  const [n, m] = [weight.length / bias.length, bias.length]
  return Float64Array.from({ length: batch * m }, (_, at) => {
    const [b, j] = [Math.floor(at / m), at % m]
    let sum = bias[j]
    for (let i = 0; i < n; i++) sum += x[b * n + i] * weight[i * m + j]
    return relu ? Math.max(sum, 0) : sum
  })
}

export function denseGradients(x: Matrix, weight: Matrix, dY: Matrix, batch: number) {
  const m = dY.length / batch
  const n = x.length / batch
  const gradients = {
    weight: new Float64Array(n * m),
    bias: new Float64Array(m),
    input: new Float64Array(batch * n)
  }
  for (let b = 0; b < batch; b++) {
    for (let j = 0; j < m; j++) {
      gradients.bias[j] += dY[b * m + j]
      for (let i = 0; i < n; i++) {
        gradients.weight[i * m + j] += x[b * n + i] * dY[b * m + j]
        gradients.input[b * n + i] += dY[b * m + j] * weight[i * m + j]
      }
    }
  }
  return gradients
}

export function softmax(logits: Matrix, classes: number): Matrix {
  const out = new Float64Array(logits.length)
  for (let r = 0; r < logits.length; r += classes) {
    const row = logits.subarray(r, r + classes)
    const top = Math.max(...row)
    const sum = row.reduce((total, v) => total + Math.exp(v - top), 0)
    row.forEach((v, c) => (out[r + c] = Math.exp(v - top) / sum))
  }
  return out
}

/** Splits flat parameters by name order of the layout. */
export function split(net: Architecture, flat: ArrayLike<number>): Matrix[] {
  return net.parameters.map(p => Float64Array.from({ length: p.size }, (_, i) => flat[p.offset + i]))
}

export interface Forward {
  xs: Matrix[]
  blocks: BlockResult[]
  /** trunk features before dropout */
  features: Matrix
  dropped: Matrix
  hidden: Matrix
  logits: Matrix
}

/** mask: [batch, features] or one row for all images; null for none. */
export function forward(
  net: Architecture,
  parameters: Matrix[],
  images: Matrix,
  batch: number,
  mask: Matrix | null
): Forward {
  const xs: Matrix[] = []
  const blocks: BlockResult[] = []
  let x = images
  net.channels.forEach((out, l) => {
    const map = net.maps[l]
    const y = conv(x, parameters[2 * l], parameters[2 * l + 1], batch, map, out)
    xs.push(x)
    blocks.push(reluPool(y, batch, map.height, map.width, out))
    x = blocks[l].pooled
  })
  const dropped = mask ? x.map((v, i) => v * mask[i % mask.length]) : x
  const at = 2 * net.channels.length
  const hidden = dense(dropped, parameters[at], parameters[at + 1], batch, true)
  const logits = dense(hidden, parameters[at + 2], parameters[at + 3], batch, false)
  return { xs, blocks, features: x, dropped, hidden, logits }
}

/** Mean cross-entropy of a batch and the gradient of every parameter. */
export function lossAndGradients(
  net: Architecture,
  parameters: Matrix[],
  images: Matrix,
  labels: ArrayLike<number>,
  mask: Matrix | null,
  /** what each image's loss counts, [batch] */
  weights: ArrayLike<number> = Array.from(labels, () => 1)
): { loss: number; gradients: Matrix[] } {
  const batch = labels.length
  const f = forward(net, parameters, images, batch, mask)
  const p = softmax(f.logits, net.classes)
  let loss = 0
  const dLogits = p.map((v, i) => {
    const [b, c] = [Math.floor(i / net.classes), i % net.classes]
    if (c === labels[b]) loss -= (weights[b] * Math.log(v)) / batch
    return (weights[b] * (v - (c === labels[b] ? 1 : 0))) / batch
  })
  const last = net.channels.length
  const out = denseGradients(f.hidden, parameters[2 * last + 2], dLogits, batch)
  const dHidden = out.input.map((d, i) => (f.hidden[i] > 0 ? d : 0))
  const first = denseGradients(f.dropped, parameters[2 * last], dHidden, batch)
  let d = mask ? first.input.map((v, i) => v * mask[i % mask.length]) : first.input
  const gradients: Matrix[] = [first.weight, first.bias, out.weight, out.bias]
  for (let l = last - 1; l >= 0; l--) {
    const g = blockGradients(
      f.xs[l],
      parameters[2 * l],
      f.blocks[l].winners,
      d,
      batch,
      net.maps[l],
      net.channels[l]
    )
    gradients.unshift(g.weight, g.bias)
    d = g.input
  }
  return { loss, gradients }
}

/** A whole training by the law; returns the parameters and the mean loss of every step. */
export function train(
  net: Architecture,
  recipe: Omit<Recipe, 'network'>,
  images: Uint8Array,
  labels: ArrayLike<number>,
  norm: Normalisation,
  seed: number,
  labelled: Uint32Array,
  before?: ArrayLike<number>
): { parameters: Matrix[]; losses: number[]; sizes: number[] } {
  const n = labelled.length
  const parameters = split(net, before ?? initialWeights(net, seed, n))
  // a class with c of n images, one of p classes: n / (p c)
  const classOf = Array.from(labelled, row => labels[row])
  const weightOf = (c: number) =>
    recipe.classWeights ? n / (new Set(classOf).size * classOf.filter(other => other === c).length) : 1
  const first = parameters.map(p => new Float64Array(p.length))
  const second = parameters.map(p => new Float64Array(p.length))
  const batches = new Batches(seed, labelled, recipe)
  const losses: number[] = []
  const sizes: number[] = []
  for (let step = 0; step < trainingSteps(recipe, n); step++) {
    const ids = batches.at(step)
    const x = inputs(images, net.input, norm, ids, id => augmentation(recipe.augmentation, seed, n, step, id))
    let mask: Matrix | null = null
    if (recipe.dropout > 0) {
      mask = new Float64Array(ids.length * net.features)
      const row = new Float32Array(net.features)
      ids.forEach((id, i) => {
        trainingMask(row, dropoutKey(seed, n, step), id, recipe.dropout)
        mask!.set(row, i * net.features)
      })
    }
    const { loss, gradients } = lossAndGradients(
      net,
      parameters,
      x,
      Array.from(ids, id => labels[id]),
      mask,
      Array.from(ids, id => weightOf(labels[id]))
    )
    losses.push(loss)
    sizes.push(ids.length)
    gradients.forEach((g, k) =>
      g.forEach((d, i) => {
        const m = (first[k][i] = ADAM.beta1 * first[k][i] + (1 - ADAM.beta1) * d)
        const v = (second[k][i] = ADAM.beta2 * second[k][i] + (1 - ADAM.beta2) * d * d)
        const corrected = Math.sqrt(v / (1 - ADAM.beta2 ** (step + 1)))
        parameters[k][i] -=
          (recipe.learningRate * (m / (1 - ADAM.beta1 ** (step + 1)))) / (corrected + ADAM.epsilon)
      })
    )
  }
  return { parameters, losses, sizes }
}
