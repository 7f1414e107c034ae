/**
 * Features: one vector for every row of the pool that is known before anything is labelled. A basis is a kind of
 * feature with a name; strategies and initial selectors that work on a representation name theirs, and so does their arm.
 * The pixels' features are made where the view is held; products of a pretraining are made where it was and given to
 * whoever holds the view. Another basis is a name here, and a maker or a product.
 */
import { pixelFeatures } from './pixelFeatures.ts'
import { products, type Origins } from './pretraining/products.ts'
import type { View } from './view.ts'

export const bases = ['pixels', ...products] as const
export type Basis = (typeof bases)[number]

/** Increase when a change of code may change a bit of a basis: part of the key of all that stands on it. */
const versions: Record<Basis, number> = { pixels: 1, encoder: 2, dynamics: 1, pretextLoss: 1 }

/** The keys of the bases that something stands on. */
export type BasisKeys = Partial<Record<Basis, string>>

/** Names a basis in keys; a product of a pretraining with the key of its encoder. */
export function basisKey(basis: Basis, origins: Origins = {}): string {
  const name = `${basis}@${versions[basis]}`
  if (basis === 'pixels') return name
  const origin = origins[basis]
  if (origin === undefined) throw new RangeError(`no pretraining has given '${basis}'`)
  return `${name}:${origin}`
}

export const basisKeys = (bases: readonly Basis[], origins?: Origins): BasisKeys =>
  Object.fromEntries(bases.map(basis => [basis, basisKey(basis, origins)]))

export interface Features {
  /** length of a vector */
  size: number
  /** [pool, size] */
  values: Float32Array
}

/** Features by their basis. */
export type FeatureSet = Partial<Record<Basis, Features>>

/** Features under the key of their basis, on their way to who holds the view. */
export interface GivenFeatures {
  key: string
  features: Features
}

/** By view and key of the basis. */
const known = new WeakMap<View, Map<string, Features>>()

function knownOf(view: View): Map<string, Features> {
  let of = known.get(view)
  if (!of) known.set(view, (of = new Map()))
  return of
}

/** Hands over features that are not made where the view is held; they are known as long as the view. */
export function giveFeatures(view: View, { key, features }: GivenFeatures): void {
  knownOf(view).set(key, features)
}

/** Forgets features that were given. */
export function forgetFeatures(view: View, keys: readonly string[]): void {
  for (const key of keys) known.get(view)?.delete(key)
}

/**
 * The features of a view under the key of a basis: the same bits on every machine, made once for each view that is held in
 * memory. Throws RangeError when they should have been given and were not.
 */
export function featuresOf(view: View, basis: Basis, key = basisKey(basis)): Features {
  const of = knownOf(view)
  let features = of.get(key)
  if (!features) {
    if (basis !== 'pixels') throw new RangeError(`the features '${key}' were not given`)
    of.set(key, (features = pixelFeatures(view)))
  }
  return features
}

/** The features under several keys. */
export const featureSet = (view: View, keys: BasisKeys): FeatureSet =>
  Object.fromEntries(
    Object.entries(keys).map(([basis, key]) => [basis, featuresOf(view, basis as Basis, key)])
  )
