/**
 * Memory that is used again. Ten thousand small images, each in an array of its own, leave megabytes behind before the
 * garbage collector comes round; in rooms that go from hand to hand they leave nothing.
 */
import type { Bytes } from './source.ts'

/** Where `length` bytes may be written; what they are before is anybody's guess. */
export type Room = (length: number) => Bytes

/** For who keeps the bytes. */
export const newRoom: Room = length => new Uint8Array(length)

const LEAST = 4096

export class Rooms {
  private readonly own = new WeakSet<ArrayBuffer>()
  private readonly free: ArrayBuffer[] = []

  /** `length` bytes that nobody else has until they are given back. */
  readonly take: Room = length => {
    const fits = this.free.findIndex(({ byteLength }) => byteLength >= length)
    if (fits >= 0) return new Uint8Array(this.free.splice(fits, 1)[0], 0, length)
    // one that is too small makes way, so that there are never more than were in use at a time
    this.free.pop()
    const buffer = new ArrayBuffer(Math.max(LEAST, 2 ** Math.ceil(Math.log2(length))))
    this.own.add(buffer)
    return new Uint8Array(buffer, 0, length)
  }

  /** Others may take these bytes from now on. Bytes that were not taken here stay whose they are. */
  give({ buffer }: Bytes): void {
    if (this.own.has(buffer) && !this.free.includes(buffer)) this.free.push(buffer)
  }
}
