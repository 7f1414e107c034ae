/**
 * Both ends of the thread that makes digests. It is started when it is first worth it, and whatever begins before it says
 * that it is there (or where it cannot be had) is made on the thread that asks.
 */
import { startDigest } from '../core/digest.ts'
import type { Digester, Digesting, DigestKind } from '../core/digester.ts'
import type { Bytes } from '../core/storedDataset.ts'
import { localDigester } from '../store/localDigester.ts'
import type { Port, WorkerPort } from './protocol.ts'

/** Fewer bytes than this are not worth a thread and its memory. */
const WORTH = 16 << 20

export type DigestRequest =
  { id: number; start: DigestKind } | { id: number; piece: Bytes } | { id: number; end: boolean }

/** In the order of the requests of one digest. */
export type DigestAnswer = 'ready' | { id: number; piece: Bytes } | { id: number; digest: string }

/** The end that works; whoever calls has prepared the digests. */
export function serveDigests(port: Port<DigestAnswer, DigestRequest>): void {
  const underWay = new Map<number, ReturnType<typeof startDigest>>()
  port.listen(request => {
    const { id } = request
    if ('start' in request) return void underWay.set(id, startDigest(request.start))
    const made = underWay.get(id)
    if ('piece' in request) {
      made?.update(request.piece)
      return port.post({ id, piece: request.piece }, [request.piece.buffer])
    }
    underWay.delete(id)
    port.post({ id, digest: (request.end && made?.digest()) || '' })
  })
  port.post('ready')
}

/** The end that asks. */
export function digesterApart(create: () => WorkerPort<DigestRequest, DigestAnswer>): Digester {
  interface Waiting {
    resolve(answer: Bytes | string): void
    reject(error: Error): void
  }
  const waiting = new Map<number, Waiting[]>()
  let worker: WorkerPort<DigestRequest, DigestAnswer> | undefined
  let state: 'none' | 'starting' | 'ready' | 'failed' = 'none'
  let last = 0

  function fail(reason: string): void {
    state = 'failed'
    for (const each of [...waiting.values()].flat()) each.reject(new Error(reason))
    waiting.clear()
    worker?.terminate()
  }

  function connect(): void {
    state = 'starting'
    try {
      worker = create()
    } catch {
      state = 'failed'
      return
    }
    worker.onFailure(fail)
    worker.listen(answer => {
      if (answer === 'ready') state = 'ready'
      else
        waiting
          .get(answer.id)
          ?.shift()
          ?.resolve('piece' in answer ? answer.piece : answer.digest)
    })
  }

  function start(kind: DigestKind): Digesting {
    const [id, there] = [++last, worker!]
    const answers: Waiting[] = []
    waiting.set(id, answers)
    const ask = <T extends Bytes | string>(request: DigestRequest, transfer: ArrayBuffer[] = []) =>
      new Promise<T>((resolve, reject) => {
        if (!waiting.has(id)) return reject(new Error('the thread of digests has ended'))
        answers.push({ resolve: answer => resolve(answer as T), reject })
        there.post(request, transfer)
      })
    there.post({ id, start: kind })
    const finish = (end: boolean) => ask<string>({ id, end }).finally(() => waiting.delete(id))
    return {
      update: (piece: Bytes) => ask<Bytes>({ id, piece }, [piece.buffer]),
      digest: () => finish(true),
      drop: () => void finish(false).catch(() => {})
    }
  }

  return {
    get apart() {
      return state === 'ready'
    },
    prepare(bytes) {
      if (state === 'none' && bytes > WORTH) connect()
    },
    start: kind => (state === 'ready' ? start(kind) : localDigester.start(kind))
  }
}
