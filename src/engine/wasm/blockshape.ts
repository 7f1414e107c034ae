/** Shape of one conv block, and where things lie in its maps, in bytes. */
import { i32, type Code, type Local } from './assembler.ts'

/** One block: input [batch, height, width, channels], conv output [.., out], pooled by two. */
export interface BlockShape {
  height: number
  width: number
  channels: number
  out: number
  /** border of the pooled map and its gradient: 0 where it is flattened */
  pad: 0 | 1
}

export const inputRow = (s: BlockShape) => (s.width + 2) * s.channels * 4
export const inputImage = (s: BlockShape) => (s.height + 2) * inputRow(s)
export const pooledRow = (s: BlockShape) => ((s.width >> 1) + 2 * s.pad) * s.out * 4
export const pooledImage = (s: BlockShape) => ((s.height >> 1) + 2 * s.pad) * pooledRow(s)
/** from a map's start to its first pixel */
export const pooledStart = (s: BlockShape) => s.pad * (pooledRow(s) + s.out * 4)

/** local += bytes */
export const advance = (local: Local, bytes: number): Code =>
  bytes ? local.set(i32.add(local.get, i32.const(bytes))) : []
