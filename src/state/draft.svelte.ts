/**
 * The experiment being edited. Controls write here what the user entered, right or wrong; wrong values carry their
 * message until they are mended, and the last right experiment stays in force meanwhile.
 */
import { checkTogether, checkValue, sameExperiment, tidy, type Problem } from '../core/experiment/read.ts'
import { rowNames, startExperiment, type Experiment, type RowName } from '../core/experiment/table.ts'

export class Draft {
  /** what stands in the controls, row by row */
  #entered = $state.raw<Record<RowName, unknown>>(startExperiment)
  /** the last experiment without a problem: what is run, shared, compared */
  experiment = $state.raw<Experiment>(startExperiment)
  readonly problems: readonly Problem[] = $derived(problemsOf(this.#entered))

  /** What the control of a row shows. */
  entered<R extends RowName>(row: R): Experiment[R] {
    return this.#entered[row] as Experiment[R]
  }

  problem(row: RowName): Problem | undefined {
    return this.problems.find(p => p.row === row)
  }

  /** What stands in the controls and is not in force, since not all of it is right. */
  get waiting(): Partial<Record<RowName, unknown>> {
    if (!this.problems.length) return {}
    return Object.fromEntries(
      rowNames
        .filter(row => JSON.stringify(this.#entered[row]) !== JSON.stringify(this.experiment[row]))
        .map(row => [row, this.#entered[row]])
    )
  }

  /** Enters values; says whether another experiment is in force now. */
  set(values: Partial<Record<RowName, unknown>>): boolean {
    this.#entered = { ...this.#entered, ...values }
    if (this.problems.length) return false
    const next = tidy(this.#entered as Experiment)
    if (sameExperiment(next, this.experiment)) return false
    this.experiment = next
    return true
  }

  /** Another experiment altogether: the demo, a link's, a file's. It must be a right one. */
  replace(experiment: Experiment): void {
    this.experiment = tidy(experiment)
    this.#entered = this.experiment
  }
}

function problemsOf(entered: Record<RowName, unknown>): Problem[] {
  const alone = rowNames.map(row => checkValue(row, entered[row])).filter(p => p !== undefined)
  return alone.length ? alone : checkTogether(entered as Experiment)
}
