/**
 * From correct-bits to the integers of a comparison (paired.ts). Records hold one bit a test image; links hold these
 * sums instead, so that both give the same verdict to the last bit.
 */
export interface DiscordanceSums {
  images: number
  cells: number
}

/**
 * Sums over test images for two arms. `a` and `b` [seeds] hold the correct-bits of the same seeds in the same order,
 * image i at bit i & 7 of byte i >> 3; bits beyond the test set are 0.
 */
export function discordanceSums(a: readonly Uint8Array[], b: readonly Uint8Array[]): DiscordanceSums {
  const bytes = a[0]?.length ?? 0
  const net = new Int32Array(bytes * 8)
  let cells = 0
  for (let s = 0; s < a.length; s++) {
    for (let byte = 0; byte < bytes; byte++) {
      let differ = a[s][byte] ^ b[s][byte]
      while (differ) {
        const lowest = differ & -differ
        const bit = 31 - Math.clz32(lowest)
        net[byte * 8 + bit] += a[s][byte] & lowest ? 1 : -1
        cells++
        differ ^= lowest
      }
    }
  }
  let images = 0
  for (const n of net) images += n * n
  return { images, cells }
}
