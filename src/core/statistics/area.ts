/**
 * Area under the budget curve (AUBC; Zhan et al. 2022, DeepAL+): the accuracy averaged over the labels bought, by the
 * trapezoid rule on the label counts themselves, so that unequal steps weigh what they cost.
 */

/** `counts` ascending, `values` their accuracies; undefined for fewer than two points. */
export function areaUnderBudgetCurve(
  counts: readonly number[],
  values: readonly number[]
): number | undefined {
  if (counts.length < 2) return undefined
  let area = 0
  for (let i = 1; i < counts.length; i++)
    area += ((values[i] + values[i - 1]) / 2) * (counts[i] - counts[i - 1])
  return area / (counts[counts.length - 1] - counts[0])
}
