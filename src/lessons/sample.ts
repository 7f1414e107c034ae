/** What the page opens with, from which two lessons draw. */
import type { Experiment } from '../core/experiment/table.ts'

export const SAMPLE = 'sample.json'
export const sampleSpec: Partial<Experiment> = {
  initialSizes: [20, 50, 100, 200],
  strategies: ['random', 'margin', 'entropy', 'bald', 'kCenter', 'consistency'],
  seeds: 10
}
