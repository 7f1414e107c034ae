/** Below Random: where strategies lose to chance. */
import { fileOf, onDigits, type LessonStep } from './lesson.ts'

export const below: { steps: LessonStep[] } = {
  steps: [
    {
      spec: {
        ...onDigits,
        source: { kind: 'synthetic', id: 'shapes' },
        initialSizes: [20, 100],
        strategies: ['random', 'margin', 'entropy', 'kCenter'],
        budget: 200,
        seeds: 20
      },
      result: fileOf('below'),
      look: { scale: 'plain' }
    }
  ]
}
