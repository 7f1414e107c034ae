/**
 * Jobs that a worker trains together: one recipe, one label count. Which jobs they are decides nothing but time: the law
 * makes each training's bits its own.
 */
import { recipeKey } from '../core/keys.ts'
import type { Recipe } from '../core/recipe.ts'
import type { JobTask } from './protocol.ts'

/** Compared lexicographically, smaller first. The first component is the urgency class: only it may suspend what runs. */
export type Priority = readonly number[]

export function before(a: Priority, b: Priority): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i]
  return false
}

export interface Job {
  readonly task: JobTask
  priority: Priority
  /** nobody waits for it any more: it is not started, and suspended when all of its cohort are so */
  wanted: boolean
  step: number
  steps: number
  /** starts that ended neither well nor by the loss of a GPU */
  attempts: number
  /** it was in a cohort that failed */
  alone: boolean
  /** where it is, unless it is queued */
  cohort?: Cohort
}

export class Cohort {
  constructor(
    /** of its start: what a worker says of an earlier one is not heard */
    readonly ticket: number,
    /** those that are not done */
    readonly jobs: Job[]
  ) {
    for (const job of jobs) job.cohort = this
  }

  has(job: Job): boolean {
    return job.cohort === this
  }

  get wanted(): boolean {
    return this.jobs.some(job => job.wanted)
  }

  /** Of those that are waited for (of all, if nobody waits). */
  private priorities(): Priority[] {
    const waited = this.jobs.filter(job => job.wanted)
    return (waited.length ? waited : this.jobs).map(job => job.priority)
  }

  /** That of its most urgent training. */
  get priority(): Priority {
    return this.priorities().reduce((best, each) => (before(each, best) ? each : best))
  }

  /** Whether it should wait for something that urgent: some of it is of a lesser class, and nothing of it comes before. */
  yieldsTo(urgent: Priority): boolean {
    return before(urgent, this.priority) && this.priorities().some(([urgency]) => urgency > urgent[0])
  }

  leave(job: Job): void {
    job.cohort = undefined
    this.jobs.splice(this.jobs.indexOf(job), 1)
  }

  /** All leave, as if they had never started. */
  disband(): Job[] {
    const jobs = this.jobs.splice(0)
    for (const job of jobs) Object.assign(job, { cohort: undefined, step: 0 })
    return jobs
  }
}

/** Names how many trainings of a recipe belong together on a view. */
export const sizeKey = (view: string | undefined, recipe: Recipe): string => `${view}/${recipeKey(recipe)}`

/** Jobs of one kind may train together. */
export const kindOf = ({ task }: Job): string => `${recipeKey(task.recipe)}/${task.labelled.length}`
