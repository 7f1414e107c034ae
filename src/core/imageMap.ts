/**
 * A map shows the images of a pool as points in a plane, to be looked at and for nothing else: no key and no choice stands on
 * one. The embedding map arranges them by features (first principal components, or UMAP); the dataset map by what a contrastive
 * pretraining has found easy and hard.
 */
import type { ImageShape } from './network.ts'
import { hashOrder } from './hashOrder.ts'
import { derive, Purpose, rootKey } from './random.ts'

/** What a map arranges images by. */
export const mapBases = ['pixels', 'encoder', 'dynamics'] as const
export type MapBasis = (typeof mapBases)[number]

/** Images shown at most. */
export const MOST_POINTS = 3000

/** Images of a pool with all that can be told of them. */
export interface PoolSample {
  /** rows of the pool; a map's ascend */
  rows: Uint32Array
  /** [rows] */
  labels: Uint16Array
  classNames: string[]
  shape: ImageShape
  /** u8 [rows, height, width, channels]; empty where there are features */
  images: Uint8Array
  poolSize: number
  /** of the view */
  fingerprint: string
}

export interface ImageMap extends PoolSample {
  basis: MapBasis
  /** [rows, 2]: the first two components; of dynamics, variability and confidence */
  positions: Float32Array
  /** of dynamics: how often an image's second view was the nearest of all, 0 .. 1 [rows] */
  correct?: Float32Array
  /** what UMAP works on, [rows, size]; not of dynamics */
  features?: { size: number; values: Float32Array }
}

/** Ascending rows of a pool: all, or `first` as far as there is room and then a fixed sample of the others. */
export function sampledRows(pool: number, first: ArrayLike<number>, most = MOST_POINTS): Uint32Array {
  const rows = Uint32Array.from({ length: pool }, (_, i) => i)
  if (pool <= most) return rows
  const order = hashOrder(derive(rootKey(0, Purpose.features), 2), rows)
  const taken = new Set<number>()
  for (const list of [Array.from(first), order])
    for (const row of list) if (taken.size < most && row < pool) taken.add(row)
  return Uint32Array.from(taken).sort()
}
