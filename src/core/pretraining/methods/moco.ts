/** MoCo's loss looks one way only, as published (its CIFAR demo, with τ = 0.1, is symmetric). */
import { layer, type Method } from './method.ts'

export const moco: Method = {
  family: 'contrast',
  tellsViews: true,
  formula: '−ln exp(q·k/τ) / (exp(q·k/τ) + Σ_n exp(q·n/τ)), θ_k ← m θ_k + (1−m) θ_q',
  source:
    'He, Fan, Wu, Xie, Girshick: Momentum Contrast for Unsupervised Visual Representation Learning, CVPR 2020',
  temperature: 0.07,
  suggested: { images: 40000, batchSize: 32, learningRate: 0.001 },
  heads: (features, width) => ({ projection: [layer(features, width)], prediction: [] })
}

/** Share of the key encoder that a step leaves (the CIFAR demo's 0.99: with .999 the half-life of 693 steps exceeds a short run). */
export const MOMENTUM = 0.99

/** Most keys in the queue. */
const MOST_KEYS = 4096

/** Length of MoCo's queue: a multiple of the batch, about a quarter of the pool, so that few keys are of the image itself. */
export function queueLength(pool: number, batchSize: number): number {
  const wanted = Math.min(MOST_KEYS, Math.floor(pool / 4))
  return Math.max(1, Math.floor(wanted / batchSize)) * batchSize
}
