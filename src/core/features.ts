/**
 * Features: one vector for every row of the pool that is known before anything is labelled. A basis is a kind of
 * feature with a name; strategies and initial selectors that work on a representation name theirs, and so does their arm.
 * Another basis (the features of a self-supervised encoder) is a name here, and a maker where the view is held.
 */
import { pixelFeatures } from './pixelFeatures.ts'
import type { View } from './view.ts'

export const bases = ['pixels'] as const
export type Basis = (typeof bases)[number]

/** Increase when a change of code may change a bit of a basis: part of the key of all that stands on it. */
const versions: Record<Basis, number> = { pixels: 1 }

/** Names a basis in keys. */
export const basisKey = (basis: Basis): string => `${basis}@${versions[basis]}`

export interface Features {
  /** length of a vector */
  size: number
  /** [pool, size] */
  values: Float32Array
}

/** How each basis is made from a view: pure functions, the same bits on every machine. */
const makers: Record<Basis, (view: View) => Features> = { pixels: pixelFeatures }

const made = new WeakMap<View, Map<Basis, Features>>()

/** The features of a view in a basis: made once for each view that is held in memory. */
export function featuresOf(view: View, basis: Basis): Features {
  let known = made.get(view)
  if (!known) made.set(view, (known = new Map()))
  let features = known.get(basis)
  if (!features) known.set(basis, (features = makers[basis](view)))
  return features
}
