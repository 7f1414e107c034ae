/** The page's end of the data worker. A worker that dies is replaced at the next call; what it was doing is rejected. */
import {
  isFollowing,
  type DataAnswer,
  type DataCall,
  type DataCalls,
  type DataRequest,
  type Following,
  type Import
} from '../dataProtocol.ts'
import type { WorkerPort } from '../protocol.ts'
import { LabError } from './types.ts'

export function dataCalls(create: () => WorkerPort<DataRequest, DataAnswer>): DataCalls {
  interface Call {
    resolve(value: unknown): void
    reject(error: unknown): void
    progress: Following['progress']
  }
  const waiting = new Map<number, Call>()
  /** imports that were called off: what one still answers is discarded */
  const unwanted = new Set<number>()
  let port: WorkerPort<DataRequest, DataAnswer> | undefined
  let number = 0

  function connect(): WorkerPort<DataRequest, DataAnswer> {
    const fresh = create()
    fresh.listen(answer => {
      const call = waiting.get(answer.number)
      if ('progress' in answer) return call?.progress?.(answer.progress)
      waiting.delete(answer.number)
      if (unwanted.delete(answer.number) && 'value' in answer) {
        const { id } = answer.value as Import
        fresh.post({ number: ++number, call: 'discard', arguments: [id], followed: false })
      }
      if ('error' in answer) call?.reject(new LabError(answer.error.code, answer.error.parameters))
      else call?.resolve(answer.value)
    })
    fresh.onFailure(reason => {
      fresh.terminate()
      port = undefined
      for (const call of waiting.values()) call.reject(new LabError('workerFailed', { reason }))
      waiting.clear()
      unwanted.clear()
    })
    return fresh
  }

  const ask = (call: DataCall, values: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      const last = values.at(-1)
      const following = isFollowing(last) ? last : undefined
      const signal = following?.signal
      if (signal?.aborted) return reject(signal.reason)
      const mine = ++number
      const there = (port ??= connect())
      waiting.set(mine, { resolve, reject, progress: following?.progress?.bind(following) })
      there.post({
        number: mine,
        call,
        arguments: following ? values.slice(0, -1) : values,
        followed: following !== undefined
      })
      signal?.addEventListener('abort', () => {
        if (!waiting.delete(mine)) return
        reject(signal.reason)
        if (there !== port) return
        if (call === 'importFiles') unwanted.add(mine)
        there.post({ number: mine, abort: true })
      })
    })

  return new Proxy({} as DataCalls, {
    get:
      (_, call) =>
      (...values: unknown[]) =>
        ask(call as DataCall, values)
  })
}
