/** How wide a text will be, without a DOM: good enough to leave room for it. System sans-serif, tabular figures. */

const narrow = new Set("iljtfrI.,:;|!'()[] ·")
const wide = new Set('mwMWCOQDGN@%BA')

/** Estimated width in px: full-width characters count one em, others what a system sans-serif takes, rounded up. */
export function textWidth(text: string, size: number, bold = false): number {
  let em = 0
  for (const c of text) {
    if (c.codePointAt(0)! > 0x2e7f) em += 1
    else if (narrow.has(c)) em += 0.36
    else if (wide.has(c)) em += 0.82
    else em += 0.6
  }
  return em * size * (bold ? 1.07 : 1)
}
