/** Consistency best from 50, entropy from 100? The claim, at 300 labels, comes from a semi-supervised setting (Gao et al., ECCV 2020). */
import { fileOf, onDigits, type LessonStep } from './lesson.ts'

const rows = {
  ...onDigits,
  initialSizes: [50, 100],
  strategies: ['random', 'entropy', 'consistency']
}
const supervised = fileOf('slide-supervised')

export const slide: { steps: LessonStep[] } = {
  steps: [
    { spec: rows, result: supervised },
    {
      spec: { ...rows, unlabelled: 'consistency' },
      result: fileOf('slide-semi'),
      beside: supervised
    }
  ]
}
