/** Too few labels, or too few steps? With epochs alone a small labelled set is also trained for fewer steps. */
import { fileOf, onDigits, type LessonStep } from './lesson.ts'

const rows = {
  ...onDigits,
  initialSizes: [20, 50, 100],
  strategies: ['random', 'margin', 'entropy'],
  budget: 200
}
const epochs = fileOf('steps-epochs')

export const steps: { steps: LessonStep[] } = {
  steps: [
    { spec: { ...rows, stepsFloor: 0 }, result: epochs },
    { spec: rows, result: fileOf('steps-floor'), beside: epochs }
  ]
}
