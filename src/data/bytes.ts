/** Random bytes in bulk, for noise on pixels: eight from each block of the generator, the same on every machine. */
import { threefry, word, type Key } from '../core/random.ts'

/** Fills `noise` with bytes of a stream, eight a block. */
export function randomBytes(noise: Uint8Array, key: Key): void {
  const [k0, k1] = key
  for (let i = 0; i < noise.length; i += 8) {
    threefry(k0, k1, i, 0xb17e)
    let low = word[0]
    let high = word[1]
    for (let j = i; j < i + 4; j++) {
      noise[j] = low
      noise[j + 4] = high
      low >>>= 8
      high >>>= 8
    }
  }
}
