/** The texts of a lesson, if the catalogue has them (a test sees to it that it does). */
import type { Messages } from '../../i18n/index.ts'

export type LessonText = Messages['lessons']['each'][keyof Messages['lessons']['each']]

export function lessonText(m: Messages, lesson: string): LessonText | undefined {
  const { each } = m.lessons
  return Object.hasOwn(each, lesson) ? each[lesson as keyof typeof each] : undefined
}
