/**
 * An initial set is a pure function of (view, selector, seed, size), cached under the hash of these. Selectors that need
 * nothing but the seed's draws and the labels answer at once; the sets of those that stand on features are requested, like
 * the answers to queries.
 */
import { basisKey, featuresOf } from './features.ts'
import { hashKey } from './keys.ts'
import { initialOrder, selectorStream } from './law.ts'
import type { Selector } from './selector.ts'
import type { View } from './view.ts'

export interface SelectionRequest {
  key: string
  selector: string
  seed: number
  size: number
}

/** Whether the set must be requested from somebody who holds the view's features. */
export const takesFeatures = (selector: Selector): boolean => selector.basis !== undefined

/** Seeds share the set of a selector that draws nothing. */
export function selectionKey(view: string, selector: Selector, seed: number, size: number): string {
  const { id, version, fixed, basis } = selector
  return hashKey({
    selection: 1,
    view,
    selector: id,
    version,
    basis: basis && basisKey(basis),
    seed: fixed ? undefined : seed,
    size
  })
}

/** The initial set: pool rows in the order they were chosen [min(size, pool)]. */
export function selectInitial(view: View, selector: Selector, seed: number, size: number): Uint32Array {
  const { labels } = view.pool
  return selector.select({
    size: Math.min(size, labels.length),
    seed,
    classes: view.classNames.length,
    order: initialOrder(seed, labels.length),
    features: selector.basis && featuresOf(view, selector.basis),
    oracle: selector.oracle && labels,
    stream: selectorStream(seed, selector.id)
  })
}
