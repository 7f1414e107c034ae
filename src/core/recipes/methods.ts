/**
 * The semi-supervised methods by name, with what their losses weigh by themselves (an experiment gives multiples of that). What
 * they do: engine/recipes/unlabelled/.
 *
 * The losses are means over images and classes. TOD: the authors' for CIFAR-10. The others: a round number within the decade
 * that did best on the built-in digits (the published 100 of both belongs to hundreds of thousands of steps).
 */
export const ownWeight = {
  /** predictions agree with those that a moving average of the weights makes of another variation */
  meanTeacher: 10,
  /** predictions of two variations agree with their sharpened mean */
  consistency: 10,
  /** outputs stay near those of a moving average of the weights (the loss of TOD) */
  temporal: 0.02
} as const satisfies Record<string, number>

export type UnlabelledKind = keyof typeof ownWeight
export const unlabelledKinds = Object.keys(ownWeight) as UnlabelledKind[]
