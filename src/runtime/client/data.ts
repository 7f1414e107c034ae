/** The page's end of the data worker. A worker that dies is replaced at the next call; what it was doing is rejected. */
import type { DataAnswer, DataCall, DataCalls, DataRequest } from '../dataProtocol.ts'
import type { WorkerPort } from '../protocol.ts'
import { LabError } from './types.ts'

export function dataCalls(create: () => WorkerPort<DataRequest, DataAnswer>): DataCalls {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>()
  let port: WorkerPort<DataRequest, DataAnswer> | undefined
  let number = 0

  function connect(): WorkerPort<DataRequest, DataAnswer> {
    const fresh = create()
    fresh.listen(answer => {
      const call = waiting.get(answer.number)
      waiting.delete(answer.number)
      if ('error' in answer) call?.reject(new LabError(answer.error.code, answer.error.parameters))
      else call?.resolve(answer.value)
    })
    fresh.onFailure(reason => {
      fresh.terminate()
      port = undefined
      for (const call of waiting.values()) call.reject(new LabError('workerFailed', { reason }))
      waiting.clear()
    })
    return fresh
  }

  const ask = (call: DataCall, values: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      port ??= connect()
      waiting.set(++number, { resolve, reject })
      port.post({ number, call, arguments: values })
    })

  return new Proxy({} as DataCalls, {
    get:
      (_, call) =>
      (...values: unknown[]) =>
        ask(call as DataCall, values)
  })
}
