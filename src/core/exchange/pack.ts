/**
 * Small integers as text, for links: one printable character for most, so that deflate's Huffman code comes close to what
 * the numbers are worth (digits and commas cost about half as much again). A number is zigzagged (0, -1, 1, -2, ... to 0,
 * 1, 2, 3, ...) and written in digits: all but the last come from the CARRY part of the alphabet, base 30, lowest first;
 * the last is one of the 60 END characters.
 */

/** 90 characters that JSON and deflate leave alone: ASCII 35 .. 125 without the backslash */
const ALPHABET = Array.from({ length: 91 }, (_, i) => String.fromCharCode(35 + i))
  .filter(c => c !== '\\')
  .join('')
const END = 60
const CARRY = 30

/** Safe integers only. */
export function packIntegers(values: readonly number[]): string {
  let text = ''
  for (const value of values) {
    let z = value < 0 ? -2 * value - 1 : 2 * value
    while (z >= END) {
      text += ALPHABET[END + ((z - END) % CARRY)]
      z = Math.floor((z - END) / CARRY)
    }
    text += ALPHABET[z]
  }
  return text
}

/** Undefined if the text is not of packIntegers. */
export function unpackIntegers(text: string): number[] | undefined {
  const values: number[] = []
  const carries: number[] = []
  for (const c of text) {
    const digit = ALPHABET.indexOf(c)
    if (digit < 0) return undefined
    if (digit >= END) {
      // a safe integer never needs more
      if (carries.push(digit - END) > 12) return undefined
      continue
    }
    let z = digit
    while (carries.length) z = z * CARRY + END + carries.pop()!
    if (!Number.isSafeInteger(z)) return undefined
    values.push(z % 2 ? -(z + 1) / 2 : z / 2)
  }
  return carries.length ? undefined : values
}
