/** Text that came from somewhere: names of data sets and classes, of strategies in a file. */

/** C0 and C1 controls, and the marks that change the direction of the text around them. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Whether a text can be shown among others without changing them. */
export const isSafeText = (text: string): boolean => text.search(UNSAFE) < 0

/** Characters of a name that files and links carry, at most. */
export const LONGEST_NAME = 200

/** A name as files and links carry it: what it has of unsafe characters, and beyond the longest, is left out. */
export const safeName = (text: string): string =>
  text
    .replace(UNSAFE, '')
    .slice(0, LONGEST_NAME)
    // half of a pair
    .replace(/[\ud800-\udbff]$/, '')

/** What an id of a strategy or selector may look like, also that of a later version. A plus joins the two (core/result.ts). */
export const isId = (text: string): boolean => /^[\w:.-]{1,40}$/.test(text)
