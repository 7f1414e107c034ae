/** The registry of synthetic sets: a set is one file and one line here. */
import type { SyntheticId } from '../../core/datasource.ts'
import { digits } from './digits.ts'
import type { SyntheticSet } from './set.ts'
import { shapes } from './shapes.ts'

export const syntheticSets: Readonly<Record<SyntheticId, SyntheticSet>> = { digits, shapes }

export { balancedLabels, drawImages, type Part, type SyntheticSet } from './set.ts'
