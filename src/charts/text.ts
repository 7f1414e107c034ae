/** How wide a text will be, without a DOM: good enough to leave room for it. System sans-serif, tabular figures. */

const narrow = new Set("iljtfrI.,:;|!'()[]- \u00a0·")
const wide = new Set('CDGHNOQUKRVXwAB+&')
const widest = new Set('mMW%@—')

/** A line of parts that were sentences of their own. */
export const joined = (...parts: readonly (string | undefined)[]): string =>
  parts
    .filter(part => part !== undefined && part !== '')
    .map(part => part!.replace(/[.。]$/, ''))
    .join(' · ')

/** Estimated width in px: full-width characters count one em, others what the widest of system sans-serifs takes. */
export function textWidth(text: string, size: number, bold = false): number {
  const weight = bold ? 1.11 : 1
  let em = 0
  for (const c of text) {
    if (c.codePointAt(0)! > 0x2e7f) em += 1
    else if (narrow.has(c)) em += 0.37 * weight
    else if (wide.has(c)) em += 0.77 * weight
    else if (widest.has(c)) em += 0.96 * weight
    else em += 0.62 * weight
  }
  return em * size
}

/**
 * Breaks a text into lines of at most `room` px, at spaces, or between full-width characters: not inside a word of
 * katakana, nor before what closes a phrase.
 */
export function wrap(text: string, size: number, room: number, bold = false): string[] {
  const pieces =
    text.match(
      /[（「]?(?:[\u30a1-\u30fa\u30fc]+|[\u2e80-\uffef])[、。：；）」・]*|[^ \n\u2e80-\uffef]+[、。：；）」・ \n]*|[ \n]+/gu
    ) ?? []
  const lines: string[] = []
  let current = ''
  for (const piece of pieces) {
    if (current && textWidth((current + piece).trimEnd(), size, bold) > room) {
      lines.push(current.trimEnd())
      current = ''
    }
    current += piece
  }
  return current.trim() ? [...lines, current.trimEnd()] : lines
}

/** A text cut short until it fits, with a sign of it. */
export function shortened(text: string, size: number, room: number, bold = false): string {
  if (textWidth(text, size, bold) <= room) return text
  const letters = [...text]
  while (letters.length > 1 && textWidth(`${letters.join('').trimEnd()}…`, size, bold) > room) letters.pop()
  return `${letters.join('').trimEnd()}…`
}
