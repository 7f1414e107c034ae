/** How long trainings take: predicted from those that were timed. */

/** How many timings are looked back on. */
const LAST = 15

/**
 * Predicts how long trainings take, from those that were timed: seconds a step, seconds of the test, seconds of a query,
 * each the median of the last few.
 */
export class Pace {
  private steps: number[] = []
  private tests: number[] = []
  private queries: number[] = []
  /** clears what was learned: another network, data set or backend */
  reset(): void {
    this.steps = []
    this.tests = []
    this.queries = []
  }
  timed(steps: number, trainSeconds: number, testSeconds: number): void {
    remember(this.steps, trainSeconds / steps)
    remember(this.tests, testSeconds)
  }
  asked(querySeconds: number): void {
    remember(this.queries, querySeconds)
  }
  /**
   * Seconds until trainings of so many steps each are done by some workers, of which `done` steps are; undefined when nothing was
   * timed yet. The longest, such as the ceiling's, come last, and then the other workers have nothing to do.
   */
  predict(steps: readonly number[], done: number, workers: number): number | undefined {
    if (!this.steps.length) return undefined
    const beside = median(this.tests) + (this.queries.length ? median(this.queries) : 0)
    const step = median(this.steps)
    const free = new Float64Array(Math.max(1, Math.min(workers, steps.length)))
    for (const count of [...steps].sort((a, b) => a - b)) {
      const first = free.indexOf(Math.min(...free))
      free[first] += count * step + beside
    }
    return Math.max(0, Math.max(...free) - (done * step) / free.length)
  }
}

function remember(list: number[], value: number): void {
  list.push(value)
  if (list.length > LAST) list.shift()
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}
