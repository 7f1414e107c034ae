/**
 * Area under the budget curve (AUBC; Zhan et al. 2022, DeepAL+): the accuracy averaged over the labels bought, by the
 * trapezoid rule on the label counts themselves, so that unequal steps weigh what they cost.
 */

interface Measured {
  labelCount: number
  /** and their accuracies */
  seeds: readonly number[]
  values: readonly number[]
}

/**
 * Up to each point (ascending label counts), the mean over the seeds that all points up to there have. Undefined at the first
 * point, where no seed has them all, and from the first one on that is not the next of `grid`, if that is given.
 */
export function areasSoFar(points: readonly Measured[], grid?: readonly number[]): (number | undefined)[] {
  const areas: (number | undefined)[] = points.map(() => undefined)
  /** by seed: its area so far, and its last accuracy */
  let running = new Map(points[0]?.seeds.map((seed, s) => [seed, { area: 0, last: points[0].values[s] }]))
  for (let i = 1; i < points.length; i++) {
    const { labelCount, seeds, values } = points[i]
    if (grid && grid[i] !== labelCount) break
    const step = labelCount - points[i - 1].labelCount
    const next: typeof running = new Map()
    seeds.forEach((seed, s) => {
      const before = running.get(seed)
      if (before)
        next.set(seed, { area: before.area + (step * (before.last + values[s])) / 2, last: values[s] })
    })
    if (!next.size) break
    running = next
    const sum = [...running.values()].reduce((total, { area }) => total + area, 0)
    areas[i] = sum / running.size / (labelCount - points[0].labelCount)
  }
  return areas
}
