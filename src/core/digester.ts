/**
 * Digests of bytes that are given away: on another thread where there is one, since SHA-256 of a large data set takes
 * longer than storing it. What a piece was is not to be touched by its owner until it has come back.
 */
import type { Bytes } from './storedDataset.ts'

export interface Digesting {
  /** takes in a piece; resolves to the same memory when it may be used again */
  update(piece: Bytes): Promise<Bytes>
  /** hexadecimal digits; nothing may come after it, nor after `drop` */
  digest(): Promise<string>
  drop(): void
}

export type DigestKind = 'sha256' | 'crc32'

export interface Digester {
  /** so many bytes will come: it may be worth another thread */
  prepare(bytes: number): void
  /** another thread is there: digests cost this one next to nothing */
  readonly apart: boolean
  start(kind: DigestKind): Digesting
}
