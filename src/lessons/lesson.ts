/** What a lesson is; its texts are in i18n/lessons.*.ts. */
import type { Experiment } from '../core/experiment/table.ts'

export interface LessonStep {
  /** the experiment: rows that differ from their frozen values */
  spec: Partial<Experiment>
  /** the file of its result in results/, made by `npm run lessons` */
  result: string
  /** some of its seeds only: the first, and how many */
  seeds?: readonly [first: number, count: number]
  /** the result whose curves are drawn thin behind */
  beside?: string
  /** how the charts are looked at; the rest as the page begins */
  look?: {
    facet?: 'initial' | 'strategy'
    scale?: 'logError' | 'plain'
    seeds?: boolean
    labelCount?: number
  }
}

/** Built-in digits and the small network: a round takes a fraction of a second, so that whoever doubts can run it again. */
export const onDigits: Partial<Experiment> = { network: 'small', seeds: 10 }

export const fileOf = (name: string) => `${name}.json`
