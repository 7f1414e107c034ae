/** How much is the luck of the draw? Fifty initial sets of one pool. */
import { fileOf, onDigits, type LessonStep } from './lesson.ts'

const spec = { ...onDigits, initialSizes: [20], strategies: ['random', 'margin'], seeds: 50 }
const result = fileOf('luck')

export const luck: { steps: LessonStep[] } = {
  steps: [
    { spec, result, look: { facet: 'strategy', seeds: true, labelCount: 20 } },
    { spec, result, look: { seeds: true, labelCount: 300 } }
  ]
}
