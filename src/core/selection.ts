/**
 * An initial set is a pure function of (view, selector, seed, size, and the run's length for a staged one), cached under the hash of these. Selectors that need
 * nothing but the seed's draws and the labels answer at once; the sets of those that stand on features are requested, like
 * the answers to queries.
 */
import { basisKeys, featureSet, type BasisKeys } from './features.ts'
import { hashKey } from './keys.ts'
import { initialOrder, selectorStream } from './law.ts'
import type { Origins } from './pretraining/products.ts'
import type { Selector } from './selector.ts'
import type { View } from './view.ts'

export interface SelectionRequest {
  key: string
  selector: string
  seed: number
  size: number
  /** keys of the features it stands on */
  bases: BasisKeys
  /** for a staged selector: how many rounds the run has */
  rounds?: number
}

/** Whether the set must be requested from somebody who holds the view's features. */
export const takesFeatures = (selector: Selector): boolean => selector.bases !== undefined

/** The request for an initial set. Seeds share the set of a selector that draws nothing. */
export function selectionOf(
  view: string,
  selector: Selector,
  seed: number,
  size: number,
  rounds: number,
  origins?: Origins
): SelectionRequest {
  const { id, version, fixed, staged } = selector
  const bases = basisKeys(selector.bases ?? [], origins)
  const keys = Object.values(bases)
  const key = hashKey({
    selection: 1,
    view,
    selector: id,
    version,
    // one basis stood here alone before there were selectors of two
    basis: keys.length > 1 ? keys : keys[0],
    seed: fixed ? undefined : seed,
    size,
    rounds: staged && rounds
  })
  return { key, selector: id, seed, size, bases, ...(staged && { rounds }) }
}

/** The initial set: pool rows in the order they were chosen [min(size, pool)]. `order`: the seed's, of whoever has it already. */
export function selectInitial(
  view: View,
  selector: Selector,
  { seed, size, bases, rounds }: Omit<SelectionRequest, 'key' | 'selector'>,
  order = initialOrder(seed, view.pool.labels.length)
): Uint32Array {
  const { labels } = view.pool
  return selector.select({
    size: Math.min(size, labels.length),
    seed,
    classes: view.classNames.length,
    order,
    features: featureSet(view, bases),
    oracle: selector.oracle && labels,
    stage: rounds === undefined ? undefined : { round: 0, rounds },
    stream: selectorStream(seed, selector.id)
  })
}
