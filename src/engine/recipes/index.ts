/** The additions there are, in the order in which they add to a step and lay out their parameters. */
import { withParameters, type Architecture } from '../../core/network.ts'
import type { Recipe } from '../../core/recipe.ts'
import type { AdditionKind } from './addition.ts'
import { discrepancy } from './discrepancy.ts'
import { lossPrediction } from './lossPrediction.ts'
import { unlabelled } from './unlabelled/index.ts'

const kinds: readonly AdditionKind[] = [unlabelled, lossPrediction, discrepancy]

/** The additions that a recipe asks for. */
export const additionsOf = (recipe: Recipe): AdditionKind[] => kinds.filter(kind => kind.wanted(recipe))

/** A network with the parameters that the recipe's additions bring. */
export function withAdditions(net: Architecture, recipe: Recipe): Architecture {
  return additionsOf(recipe).reduce(
    (whole, kind) => (kind.parameters ? withParameters(whole, kind.parameters(recipe, net)) : whole),
    net
  )
}
