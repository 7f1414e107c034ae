/** The check sum of zip, gzip and PNG: CRC-32 with the polynomial 0xedb88320 (ISO 3309). */
import { loops, places, tables } from './module.ts'

/** Of `bytes`, going on from the sum of what came before. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before
  let at = 0
  const fast = bytes.length < 8 ? undefined : loops()
  while (fast && at + 8 <= bytes.length) {
    const count = Math.min(bytes.length - at, places.inputBytes) & ~7
    fast.memory.set(bytes.subarray(at, at + count), places.input)
    sum = fast.crc(places.input, places.input + count, sum)
    at += count
  }
  const [table] = tables
  for (; at < bytes.length; at++) sum = table[(sum ^ bytes[at]) & 255] ^ (sum >>> 8)
  return ~sum >>> 0
}
