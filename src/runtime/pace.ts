/**
 * How long trainings take: predicted from those that were timed. Seconds a step, seconds of the test, seconds of a query, each the
 * median of the last few.
 */
import { median } from '../core/numeric/median.ts'

/** How many timings are looked back on. */
const LAST = 15

export class Pace {
  private steps: number[] = []
  private tests: number[] = []
  private queries: number[] = []

  /** Clears what was learned: another network, data set or backend */
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
   * Seconds until trainings, so many of so many steps each, are done by some workers, of which `done` steps are; undefined when
   * nothing was timed yet. The longest, such as the ceiling's, come last, and then the other workers have nothing to do.
   */
  predict(
    trainings: readonly { steps: number; count: number }[],
    done: number,
    workers: number
  ): number | undefined {
    if (!this.steps.length) return undefined
    const beside = median(this.tests) + (this.queries.length ? median(this.queries) : 0)
    const step = median(this.steps)
    const all = trainings.reduce((sum, { count }) => sum + count, 0)
    const free = new Float64Array(Math.max(1, Math.min(workers, all)))
    for (const { steps, count } of [...trainings].sort((a, b) => a.steps - b.steps)) {
      const seconds = steps * step + beside
      // no worker is ahead of another by more than a training that is not longer: of as many each takes one
      const rounds = Math.floor(count / free.length)
      for (let i = 0; i < free.length; i++) free[i] += rounds * seconds
      for (let rest = count % free.length; rest > 0; rest--) free[free.indexOf(Math.min(...free))] += seconds
    }
    return Math.max(0, Math.max(...free) - (done * step) / free.length)
  }
}

function remember(list: number[], value: number): void {
  list.push(value)
  if (list.length > LAST) list.shift()
}
