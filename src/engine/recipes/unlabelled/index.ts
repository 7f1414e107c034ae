/** The semi-supervised methods by name, as what they add to a training. What they weigh: core/recipes/methods.ts. */
import type { Recipe } from '../../../core/recipe.ts'
import type { UnlabelledKind } from '../../../core/recipes/methods.ts'
import type { AdditionKind } from '../addition.ts'
import { consistency } from './consistency.ts'
import { meanTeacher } from './meanTeacher.ts'
import type { UnlabelledMethod } from './method.ts'
import { Stream } from './stream.ts'
import { temporal } from './temporal.ts'

const methods: Readonly<Record<UnlabelledKind, UnlabelledMethod>> = { meanTeacher, consistency, temporal }

export const unlabelled: AdditionKind = {
  wanted: (recipe: Recipe) => recipe.unlabelled !== undefined,
  begin(desk) {
    const own = desk.recipe.unlabelled!
    return desk.unlabelled.length ? new Stream(desk, own, methods[own.kind]) : {}
  }
}
