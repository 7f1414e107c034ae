/**
 * Blobs as Chromium reads them into memory that is given: while a read is on its way, the platform alone does not keep the
 * reader from being collected as garbage, which is collected here before each answer.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const turn = () => new Promise<void>(resolve => setImmediate(resolve))

type Result = ReadableStreamReadResult<Uint8Array>

/** What the platform knows of a reader; it must not lead to it. */
interface Known {
  reader: WeakRef<Reader>
  state: { waiting: boolean; cancelled: boolean }
}

/** Knows by itself how a read is answered: nobody else does. */
class Reader {
  readonly known: Known = {
    reader: new WeakRef(this),
    state: { waiting: false, cancelled: false }
  }
  private answered: (bytes: Uint8Array) => void = () => {}

  read(room: Uint8Array): Promise<Result> {
    this.known.state.waiting = true
    return new Promise<Result>(resolve => {
      this.answered = bytes => {
        room.set(bytes)
        const value = new Uint8Array(room.buffer, room.byteOffset, bytes.length)
        resolve({ done: bytes.length === 0, value } as Result)
      }
    })
  }

  answer(bytes: Uint8Array): void {
    this.known.state.waiting = false
    this.answered(bytes)
  }

  async cancel(): Promise<void> {
    this.known.state.cancelled = true
  }
}

/** Answers with a few bytes at a time; rejects if the reader is gone that waits for them. */
async function serve({ reader, state }: Known, blob: Blob, atOnce: number): Promise<void> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let at = 0
  // nothing here may hold the reader from one turn to the next
  const goesOn = () => {
    const there = reader.deref()
    if (!there && state.waiting) throw new Error('the reader was collected while it read')
    if (!there || state.cancelled) return false
    if (!state.waiting) return true
    const piece = bytes.subarray(at, at + atOnce)
    at += piece.length
    there.answer(piece)
    return piece.length > 0
  }
  do {
    await turn()
    collectGarbage()
  } while (goesOn())
}

/** What `work` comes to with such blobs. Rejects if a reader was collected while it read. */
export async function withForgetfulBlobs<T>(work: () => Promise<T>, atOnce = 7): Promise<T> {
  const { stream } = Blob.prototype
  try {
    return await new Promise<T>((resolve, reject) => {
      Blob.prototype.stream = function (this: Blob) {
        const getReader = () => {
          const reader = new Reader()
          serve(reader.known, this, atOnce).catch(reject)
          return reader
        }
        return { getReader } as unknown as ReturnType<typeof stream>
      }
      work().then(resolve, reject)
    })
  } finally {
    Blob.prototype.stream = stream
  }
}
