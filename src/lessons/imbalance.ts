/** Rare classes: half of the classes have a tenth of the images. */
import { fileOf, onDigits, type LessonStep } from './lesson.ts'

export const imbalance: { steps: LessonStep[] } = {
  steps: [
    {
      spec: {
        ...onDigits,
        imbalance: 'step',
        imbalanceRatio: 0.1,
        initialSizes: [50, 100],
        strategies: ['random', 'margin', 'entropy', 'base', 'cbalEntropy']
      },
      result: fileOf('imbalance')
    }
  ]
}
