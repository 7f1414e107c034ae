/** SHA-256 (FIPS 180-4) of bytes that come by in pieces. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { firstState, loops, places, type Loops } from './module.ts'

const BLOCK = 64

export interface Sha256 {
  /** takes in bytes, in pieces of any length */
  update(bytes: Uint8Array): void
  /** 64 hex digits; nothing may come after it */
  digest(): string
}

export function startSha256(): Sha256 {
  const fast = loops()
  if (fast) return new Fast(fast)
  const slow = sha256.create()
  return { update: bytes => void slow.update(bytes), digest: () => bytesToHex(slow.digest()) }
}

class Fast implements Sha256 {
  private readonly state = Uint8Array.from(new Uint8Array(firstState.buffer))
  /** what does not fill a block yet */
  private readonly rest = new Uint8Array(BLOCK)
  private resting = 0
  private total = 0

  constructor(private readonly loops: Loops) {}

  update(bytes: Uint8Array): void {
    this.total += bytes.length
    let at = 0
    if (this.resting) {
      at = Math.min(BLOCK - this.resting, bytes.length)
      this.rest.set(bytes.subarray(0, at), this.resting)
      this.resting += at
      if (this.resting < BLOCK) return
      this.take(this.rest)
    }
    const end = at + (bytes.length - at) - ((bytes.length - at) % BLOCK)
    for (; at < end; at += places.inputBytes)
      this.take(bytes.subarray(at, Math.min(at + places.inputBytes, end)))
    this.resting = bytes.length - end
    this.rest.set(bytes.subarray(end))
  }

  digest(): string {
    const last = new Uint8Array(this.resting + 9 > BLOCK ? 2 * BLOCK : BLOCK)
    last.set(this.rest.subarray(0, this.resting))
    last[this.resting] = 0x80
    new DataView(last.buffer).setBigUint64(last.length - 8, BigInt(this.total) * 8n)
    this.take(last)
    const words = new DataView(this.state.buffer)
    return Array.from({ length: 8 }, (_, i) =>
      words
        .getUint32(4 * i, true)
        .toString(16)
        .padStart(8, '0')
    ).join('')
  }

  /** whole blocks, at most as many as fit in */
  private take(blocks: Uint8Array): void {
    const { memory, sha } = this.loops
    // several digests may be under way at once
    memory.set(this.state, places.state)
    memory.set(blocks, places.input)
    sha(places.input, places.input + blocks.length)
    this.state.set(memory.subarray(places.state, places.state + this.state.length))
  }
}
