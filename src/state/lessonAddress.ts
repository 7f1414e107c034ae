/**
 * The address of a lesson's step (#lesson=cycles.2): so a teacher can send it, and the browser's back button works.
 */
export interface Place {
  lesson: string
  /** from 0 */
  step: number
}

export const claimsLesson = (fragment: string) => /^#?lesson=/.test(fragment)

/** Where an address leads: #lesson=name, or #lesson=name.2 for its second step; also with what follows it in a text. */
export function readPlace(fragment: string): Place | undefined {
  const match = /^#?lesson=([A-Za-z]{1,40})(?:\.([1-9]\d?))?\W*$/.exec(fragment)
  return match ? { lesson: match[1], step: Number(match[2] ?? 1) - 1 } : undefined
}

/** The fragment that leads there, with its #. */
export const placeFragment = ({ lesson, step }: Place) => `#lesson=${lesson}${step ? `.${step + 1}` : ''}`
