/** Another number of rounds: the same budget in one query, in five, in ten; and in ten without a last batch of single images. */
import { fileOf, onDigits, type LessonStep } from './lesson.ts'

const rows = {
  ...onDigits,
  // the aligned grid would stop at 250 on its way
  grid: 'literal' as const,
  initialSizes: [50],
  strategies: ['random', 'margin', 'entropy', 'bald', 'kCenter']
}
const at = (querySize: number) => ({ spec: { ...rows, querySize }, result: fileOf(`cycles-${querySize}`) })
const [one, five, ten] = [at(250), at(50), at(25)]
const even = {
  spec: { ...ten.spec, batches: 'even' as const },
  result: fileOf('cycles-25-even'),
  beside: ten.result
}

export const cycles: { steps: LessonStep[] } = {
  steps: [one, { ...five, beside: one.result }, { ...ten, beside: one.result }, even]
}
