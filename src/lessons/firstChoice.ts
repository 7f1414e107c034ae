/** Does a clever or a balanced first choice cure the cold start? */
import { fileOf, onDigits, type LessonStep } from './lesson.ts'

const spec = {
  ...onDigits,
  initialSizes: [20, 50],
  strategies: ['random', 'margin'],
  selectors: ['random', 'balanced', 'kCenter:pixels', 'typiClust:encoder'],
  budget: 200,
  pretrainingBatch: 32
}
const result = fileOf('firstChoice')

export const firstChoice: { steps: LessonStep[] } = {
  steps: [
    { spec, result, look: { labelCount: 20 } },
    { spec, result, look: { labelCount: 200 } }
  ]
}
