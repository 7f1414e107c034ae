/** How many images should the initial set hold? The sample itself. */
import type { LessonStep } from './lesson.ts'
import { SAMPLE, sampleSpec } from './sample.ts'

export const sizes: { steps: LessonStep[] } = {
  steps: [
    { spec: sampleSpec, result: SAMPLE },
    { spec: sampleSpec, result: SAMPLE, look: { facet: 'strategy' } }
  ]
}
