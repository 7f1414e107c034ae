/**
 * The micro-run: a backend is right only if it trains a tiny network right. The same 20 steps, on images and weights
 * that the law makes the same everywhere, give the losses to compare with a float64 computation, the hash of the
 * final weights and predictions that names the backend's arithmetic (numericsId), and the time of a step.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { BackendDescription, BackendName } from '../core/engine.ts'
import { augmentation, Batches, dropoutKey, initialWeights, UNVARIED, type Variation } from '../core/law.ts'
import { architecture } from '../core/network.ts'
import { bits, derive, Purpose, rootKey } from '../core/random.ts'
import { normalisation } from '../core/view.ts'
import type { Opened } from './backends/opened.ts'
import { EngineError } from './errors.ts'
import { probabilities } from './inference.ts'
import type { Kernels } from './kernels.ts'
import { trainStep } from './network.ts'
import { Pixels } from './pixels.ts'

export const MICRO = {
  seed: 1,
  steps: 20,
  count: 22,
  batchSize: 8,
  learningRate: 0.003,
  dropout: 0.25,
  augmentation: 'flip',
  net: architecture({ channels: [8, 12], hidden: 16 }, { height: 15, width: 14, channels: 1 }, 5)
} as const

/** The micro-run's images, u8 [count, 15, 14, 1], and labels: noise with a bright bar whose place tells the class. */
export function microData(): { images: Uint8Array; labels: Uint16Array } {
  const { count, net } = MICRO
  const { height, width } = net.input
  const key = derive(rootKey(MICRO.seed, Purpose.synthetic), 0xca11)
  const labels = Uint16Array.from({ length: count }, (_, i) => i % net.classes)
  const images = new Uint8Array(count * height * width)
  images.forEach((_, at) => {
    const label = labels[Math.floor(at / (height * width))]
    const row = Math.floor(at / width) % height
    const noise = bits(key, at) & 0xff
    images[at] = Math.floor(row / 3) === label ? 128 + (noise >> 1) : noise >> 1
  })
  return { images, labels }
}

/** Cross-entropy of each of the 20 steps, mean over its batch, computed once in float64 (tests/engine/reference.ts). */
export const MICRO_LOSSES: readonly number[] = [
  1.69075663, 1.59265667, 1.65785183, 1.65666279, 1.54414244, 1.59740765, 1.55881046, 1.63738704, 1.49374981,
  1.51566814, 1.51151902, 1.52339206, 1.50007403, 1.47658871, 1.33148829, 1.42416699, 1.39208994, 1.24021998,
  1.25616114, 1.40499116
]

/** What a backend whose kernels reduce passes and views themselves is asked besides. */
export const MICRO_PASSES = 3
export const MICRO_VIEWS: readonly Variation[] = [UNVARIED, { dy: 1, dx: -2, mirror: true }]

/**
 * Of the trained network, as means over the images: entropy over the passes; variance over passes, and over views, summed
 * over classes. In float64 like the losses.
 */
export const MICRO_ANSWERS = { entropy: 1.47471358, passVariance: 0.00124525, viewVariance: 0.00180442 }

const TOLERANCE = 1e-3
/** of answers: variances are differences of numbers that are almost equal */
const ANSWER_TOLERANCE = 0.02

export interface MicroRun {
  losses: number[]
  weights: Float32Array
  predictions: Float32Array
  stepMilliseconds: number
}

/** The first steps compile what they need; the time is taken over the others. */
const WARM_UP = 10

/** Trains the tiny network. Losses are read without waiting for them, so that the time is that of training. */
export async function microRun<T>(k: Kernels<T>): Promise<MicroRun> {
  const { net, count, steps, seed } = MICRO
  const { images, labels } = microData()
  const pixels = new Pixels(images, net.input, normalisation(images, 1))
  const labelled = Uint32Array.from({ length: count }, (_, i) => i)
  const batches = new Batches(seed, labelled, MICRO)
  const state = k.createState(net, initialWeights(net, seed, count), true)
  const reads: Promise<number>[] = []
  let start = 0
  try {
    for (let step = 0; step < steps; step++) {
      if (step === WARM_UP) {
        await Promise.all(reads)
        start = performance.now()
      }
      const ids = batches.at(step)
      const batch = {
        ids,
        labels: Int32Array.from(ids, id => labels[id]),
        variation: (id: number) => augmentation(MICRO.augmentation, seed, count, step, id),
        dropout: { key: dropoutKey(seed, count, step), rate: MICRO.dropout }
      }
      k.resetLoss(state)
      trainStep(k, net, state, pixels, batch, MICRO.learningRate, step + 1)
      reads.push(k.readLoss(state).then(loss => loss / ids.length))
      const settling = k.settle?.()
      if (settling) await settling
    }
    const losses = await Promise.all(reads)
    const stepMilliseconds = (performance.now() - start) / (steps - WARM_UP)
    const weights = await k.readWeights(state)
    const model = { net, weights, seed, labelCount: count, dropout: MICRO.dropout, rest: () => {} }
    return { losses, weights, predictions: await probabilities(k, model, pixels, labelled), stepMilliseconds }
  } finally {
    k.freeState(state)
  }
}

/** Throws EngineError 'wrongNumbers' if the losses of a micro-run are off by more than a thousandth. */
export function checkLosses(backend: BackendName, losses: readonly number[]): void {
  MICRO_LOSSES.forEach((expected, step) => {
    const got = losses[step]
    if (!(Math.abs(got - expected) <= TOLERANCE * expected)) {
      throw new EngineError(
        'wrongNumbers',
        `${backend} trains wrongly: loss ${got} instead of ${expected} in step ${step + 1}`
      )
    }
  })
}

/** The same of the answers: `got` holds what MICRO_ANSWERS means, not yet divided by the number of images. */
export function checkAnswers(
  backend: BackendName,
  got: Record<keyof typeof MICRO_ANSWERS, Float32Array>
): void {
  for (const [name, expected] of Object.entries(MICRO_ANSWERS)) {
    const sum = got[name as keyof typeof MICRO_ANSWERS].reduce((a, b) => a + b)
    const mean = sum / MICRO.count
    if (!(Math.abs(mean - expected) <= ANSWER_TOLERANCE * expected)) {
      throw new EngineError(
        'wrongNumbers',
        `${backend} answers wrongly: ${name} ${mean} instead of ${expected}`
      )
    }
  }
}

/** Probes an opened backend. Throws EngineError 'wrongNumbers' if it trains wrongly. */
export async function probe(opened: Opened): Promise<BackendDescription> {
  const { kernels, detail, fallback } = opened
  const run = await microRun(kernels)
  checkLosses(kernels.backend, run.losses)
  return {
    backend: kernels.backend,
    numericsId: numericsIdOf(kernels, run),
    detail,
    stepMilliseconds: run.stepMilliseconds,
    fallback
  }
}

/**
 * Backend, kernel variant if there is a choice, and a hash of what it computed: weights and predictions; `more`, where
 * other kernels answer other questions; and the id of whatever computes the rest.
 */
export function numericsIdOf(
  k: Pick<Kernels<unknown>, 'backend' | 'variant'>,
  { weights, predictions }: Pick<MicroRun, 'weights' | 'predictions'>,
  more: readonly Float32Array[] = [],
  rest = ''
): string {
  const hash = sha256.create()
  hash.update(littleEndian(weights, predictions, ...more)).update(new TextEncoder().encode(rest))
  return [k.backend, k.variant, bytesToHex(hash.digest()).slice(0, 12)].filter(Boolean).join('-')
}

function littleEndian(...arrays: Float32Array[]): Uint8Array {
  const bytes = new Uint8Array(arrays.reduce((n, a) => n + a.length * 4, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const array of arrays) for (const value of array) view.setFloat32((at += 4) - 4, value, true)
  return bytes
}
