/**
 * Self-supervised pretraining: an encoder learned from the pool's images without a label. What is written here decides its
 * bits together with the images: it is hashed into the encoder's key. What each method is, and where it comes from,
 * stands in methods.ts; how it steps, in engine/pretraining.
 */
import { hashBytes, hashKey } from '../keys.ts'
import type { ImageShape, Network } from '../network.ts'
import type { Features } from '../features.ts'
import type { MethodName } from './methods/index.ts'
import type { Product } from './products.ts'

/**
 * What a picture may be changed into without being another one. 'signs' (digits, letters, outlines): crops, small turns,
 * contrast, any colours, and never a mirror image. 'pictures': smaller crops, mirror images, somewhat other colours.
 */
export type Likeness = 'signs' | 'pictures'

export interface Pretraining {
  method: MethodName
  network: Network
  likeness: Likeness
  epochs: number
  /** images of an optimiser step; each is seen as often as the method asks for */
  batchSize: number
  /** Adam's step length; absent: `LEARNING_RATE` */
  learningRate?: number
  seed: number
}

/** Adam's step length where nothing else is said (leftthomas' SimCLR port: Adam 1e-3, no LARS, no warm-up). */
export const LEARNING_RATE = 1e-3

/** What one epoch left to be seen. */
export interface EpochReport {
  /** counted from 1; 0 is the network as it was drawn */
  epoch: number
  /** mean loss of the epoch's steps; absent for epoch 0 */
  loss?: number
  /** share of pool images whose nearest neighbours have their class (core/pretraining/monitor.ts) */
  knn: number
  /** how far the features spread, or what the loss compares where that is less: 0 when it has collapsed to one direction */
  spread: number
}

/** A finished encoder: the trunk of a network. */
export interface Encoder {
  key: string
  pretraining: Pretraining
  shape: ImageShape
  /** the images it was pretrained on (`imagesName`); absent of those that were kept before it was noted */
  images?: string
  /** convolution weights and biases, block by block, in the order of the network's layout */
  weights: Float32Array
  reports: EpochReport[]
  /** what was recorded of every image on the way (core/pretraining/products.ts), [pool, ...] */
  recorded?: Recorded
  /** what computed it */
  numericsId: string
  seconds: number
}

/** Products that are recorded, not derived from the weights. */
export type Recorded = Partial<Record<Product, Features>>

/** Names the images of a pool by their shape and hash. */
export const imagesName = ({ height, width, channels }: ImageShape, images: Uint8Array): string =>
  `${height}x${width}x${channels} ${hashBytes(images)}`

/** Increase when a change of code may change a bit of an encoder. */
export const ENCODER_VERSION = 2

/** Key of an encoder: the pool's images by their hash, the settings, the arithmetic. `version`: of an earlier one. */
export function encoderKey(
  pretraining: Pretraining,
  images: string,
  numericsId: string,
  version = ENCODER_VERSION
): string {
  return hashKey({ encoder: version, pretraining, images, numerics: numericsId })
}

/** Whether the code of today would make this very encoder. One of earlier code is kept, but a new one is made where it is needed. */
export const isCurrent = ({
  key,
  pretraining,
  images,
  numericsId
}: Pick<Encoder, 'key' | 'pretraining' | 'images' | 'numericsId'>): boolean =>
  images !== undefined && encoderKey(pretraining, images, numericsId) === key
