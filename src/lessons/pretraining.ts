/** Does self-supervised pretraining cure the cold start? */
import { fileOf, onDigits, type LessonStep } from './lesson.ts'

const rows = {
  ...onDigits,
  initialSizes: [20, 50, 100],
  strategies: ['random', 'margin', 'entropy', 'kCenter'],
  budget: 200,
  pretrainingBatch: 32
}
const scratch = fileOf('pretraining-scratch')
const linear = fileOf('pretraining-linear')

export const pretraining: { steps: LessonStep[] } = {
  steps: [
    { spec: rows, result: scratch },
    { spec: { ...rows, mode: 'linear' }, result: linear, beside: scratch },
    { spec: { ...rows, mode: 'fineTune' }, result: fileOf('pretraining-fineTune'), beside: linear }
  ]
}
