/** Digests on the thread that wants them, for where there is no other: in Node, in tests, and until the other one is there. */
import { startDigest } from '../core/digest.ts'
import type { Digester } from '../core/digester.ts'

/** Between two pieces whoever else waits for this thread has a turn: it may be a call to stop. */
const turn = () => new Promise<void>(resolve => setTimeout(resolve))

export const localDigester: Digester = {
  apart: false,
  prepare: () => {},
  start(kind) {
    const made = startDigest(kind)
    return {
      async update(piece) {
        made.update(piece)
        if (kind === 'sha256') await turn()
        return piece
      },
      digest: async () => made.digest(),
      drop: () => {}
    }
  }
}
