/** The representations that strategies work on: the network's own embedding, or features that need no training. */
import type { Basis } from '../features.ts'
import type { Need } from '../needs.ts'
import type { Points } from '../numeric/farthest.ts'
import type { QueryInput } from '../strategy.ts'

export type Representation = 'embedding' | Basis

export const needOf = (representation: Representation): Need =>
  representation === 'embedding' ? { kind: 'embeddings' } : { kind: 'features', basis: representation }

/** The candidates and the labelled rows as points. */
export function pointsOf(
  representation: Representation,
  input: Pick<QueryInput, 'needs' | 'unlabelled' | 'labelled'>
): Points {
  if (representation === 'embedding') {
    const { size, unlabelled, labelled } = input.needs.embeddings!
    return { size, unlabelled: Float64Array.from(unlabelled), labelled: Float64Array.from(labelled) }
  }
  const { size, values } = input.needs.features![representation]!
  const rows = (which: Uint32Array) => gather(values, size, which)
  return { size, unlabelled: rows(input.unlabelled), labelled: rows(input.labelled) }
}

/** Some rows of a matrix [rows, size]. */
export function gather(values: ArrayLike<number>, size: number, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows.length * size)
  for (let i = 0; i < rows.length; i++)
    for (let d = 0; d < size; d++) out[i * size + d] = values[rows[i] * size + d]
  return out
}
