/** The semi-supervised methods by name, with what their losses weigh by themselves (an experiment gives multiples of that). */
import type { UnlabelledKind } from '../recipe.ts'

/**
 * The losses are means over images and classes. TOD: the authors' for CIFAR-10. The others: a round number within the decade
 * that did best on the built-in digits (the published 100 of both belongs to hundreds of thousands of steps).
 */
export const ownWeight: Readonly<Record<UnlabelledKind, number>> = {
  meanTeacher: 10,
  consistency: 10,
  temporal: 0.02
}

export const unlabelledKinds = Object.keys(ownWeight) as UnlabelledKind[]
