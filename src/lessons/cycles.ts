/** Another number of rounds: the same budget in one query, in five, in ten. */
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

export const cycles: { steps: LessonStep[] } = {
  steps: [one, { ...five, beside: one.result }, { ...ten, beside: one.result }]
}
