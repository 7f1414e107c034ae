/** Can you trust a comparison with one seed? Three single seeds of the sample, each with a story of its own, and all ten. */
import type { LessonStep } from './lesson.ts'
import { SAMPLE, sampleSpec } from './sample.ts'

export const seeds: { steps: LessonStep[] } = {
  steps: [
    { spec: sampleSpec, result: SAMPLE, seeds: [0, 1] },
    { spec: sampleSpec, result: SAMPLE, seeds: [7, 1] },
    { spec: sampleSpec, result: SAMPLE, look: { seeds: true } }
  ]
}
